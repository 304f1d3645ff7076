"""What is done to several cases of the queue at once. One step for all of them, which can be undone as one."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import CLOSED, TASK_ENDED, Case, CaseNote, Task
from borough.cases.moving import lock_cases, move_tasks, touch
from borough.cases.policies import may_set_by_hand
from borough.cases.undoing import undoable
from borough.cases.working import give
from borough.common import clock
from borough.common.errors import Problem, WrongState
from borough.common.words import date_words

MOST_AT_ONCE = 500


def assign_cases(*, by: Viewer, purpose: str, case_ids: Collection[str], to: str) -> int:
    """Give these cases to a member of staff, by user id; empty gives them back to all. Returns how many."""
    with transaction.atomic():
        cases = _lock(case_ids, by=by, purpose=purpose, verb="cases.assign_cases")
        with undoable("assign", cases, by=by):
            give(cases, to, by=by)
    return len(cases)


def close_cases(*, by: Viewer, purpose: str, case_ids: Collection[str], to: str, reason: str) -> int:
    """Close these cases by hand, as could_not_help or cancelled, for one reason. Returns how many.

    Raises WrongState, and closes none, where one of them is with a volunteer or a service.
    """
    with transaction.atomic():
        cases = _lock(case_ids, by=by, purpose=purpose, verb="cases.close_cases")
        if to not in ("could_not_help", "cancelled") or not reason.strip():
            raise Problem(_("Say how and why."), _("Write the reason in a sentence; it stays on the cases."))
        stuck = [case.reference for case in cases if not may_set_by_hand(case.state, to)]
        if stuck:
            raise WrongState(
                _("These cases cannot be closed so: %(references)s.") % {"references": ", ".join(stuck)},
                _("A volunteer or a service has them, or they are closed. Leave them out."),
            )
        with undoable("state", cases, by=by):
            live = Task.objects.filter(case__in=[case.pk for case in cases]).exclude(state__in=TASK_ENDED)
            ending = "failed" if to == "could_not_help" else "cancelled"
            move_tasks(cases, list(live.order_by("id")), ending, by=by, reason=reason, closing=to)
    return len(cases)


def change_due(*, by: Viewer, purpose: str, case_ids: Collection[str], due_on: date, reason: str) -> int:
    """Set another day that these cases and their open tasks are due. Returns how many."""
    with transaction.atomic():
        cases = _lock(case_ids, by=by, purpose=purpose, verb="cases.change_due")
        if not reason.strip():
            raise Problem(_("Say why."), _("Write the reason in a sentence; it stays on the cases."))
        with undoable("due", cases, by=by):
            ids = [case.pk for case in cases]
            Case.objects.filter(pk__in=ids).update(due_on=due_on)
            Task.objects.filter(case__in=ids).exclude(state__in=TASK_ENDED).update(due_on=due_on)
            text = _("Due on %(day)s: %(reason)s") % {"day": date_words(due_on), "reason": reason.strip()}
            now = clock.now()
            CaseNote.objects.bulk_create(CaseNote(case=case, at=now, by=by.name, text=text) for case in cases)
            touch(*cases)
    return len(cases)


def _lock(case_ids: Collection[str], *, by: Viewer, purpose: str, verb: str) -> list[Case]:
    """The cases, locked; all of them are open."""
    cases = lock_cases(case_ids, by=by, purpose=purpose, verb=verb)
    if not cases or len(cases) > MOST_AT_ONCE:
        raise Problem(_("Choose between 1 and 500 cases."), _("Go back to the queue and tick them."))
    if any(case.state in CLOSED for case in cases):
        raise WrongState(_("Some of these cases are closed."), _("Go back to the queue and choose again."))
    return cases
