"""Working a case: who has it, what they write on it, what they set by hand."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.events import ConcernRaised
from borough.cases.kinds import kind
from borough.cases.minding import restart_clock
from borough.cases.models import CASE_STATES, CLOSED, HELPERS, TASK_ENDED, Case, CaseNote, Task
from borough.cases.moving import add_tasks_to, lock_case, lock_task, move_tasks, settle, tasks_of_case, touch
from borough.cases.policies import BY_HAND, NEEDS_REASON, asked_again, is_waiting, may_set_by_hand
from borough.cases.routing import route
from borough.cases.undoing import undoable
from borough.common import clock
from borough.common.errors import Problem, WrongState
from borough.common.events import announce
from borough.governance.door import log_write


def take_case(*, by: Viewer, purpose: str, case_id: str, version: int | None = None) -> None:
    """Assign the case to oneself; a new or reopened case is then in hand."""
    assign_case(by=by, purpose=purpose, case_id=case_id, to=by.id, version=version)


def assign_case(*, by: Viewer, purpose: str, case_id: str, to: str, version: int | None = None) -> None:
    """Give the case to a member of staff, by user id, with those of its tasks that wait. Empty gives it back to all."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.assign_case", version=version)
        with undoable("assign", [case], by=by):
            give([case], to, by=by)


def give(cases: Collection[Case], to: str, *, by: Viewer) -> None:
    """Give locked cases to a member of staff, with those of their tasks that wait; empty gives them back to all."""
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(assigned_to=to)
    live = Task.objects.filter(case__in=[case.pk for case in cases]).exclude(state__in=TASK_ENDED).order_by("id")
    tasks = [task for task in live if (is_waiting(task) if to else task.owner_kind == "person")]
    for task in tasks:
        task.owner_kind, task.owner_id = ("person", to) if to else ("team", "")
    having = {task.case_id for task in tasks}
    for state in dict.fromkeys(task.state for task in tasks):
        those = [task for task in tasks if task.state == state]
        move_tasks([case for case in cases if case.id in having], those, "accepted" if to else state, by=by)
    touch(*(case for case in cases if case.id not in having))


def add_note(*, by: Viewer, purpose: str, case_id: str, text: str, flagged: bool = False) -> None:
    """Write on the case. `flagged`: worried about the person; it shows in the queue, and those who look after people
    at risk are told at once. Volunteers may write too."""
    if not text.strip():
        raise Problem(_("Write a note first."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.add_note", volunteers=True)
        note = CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip(), flagged=flagged)
        if flagged:
            case.concern = True
            case.save(update_fields=["concern"])
            touch(case)
            announce(ConcernRaised(case_id=case.id, reference=case.reference, note_id=note.pk))


def settle_concern(*, by: Viewer, purpose: str, case_id: str, text: str) -> None:
    """Say what was done about a worry, and take its flag off the queue."""
    if not text.strip():
        raise Problem(_("Write what you did about it."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.settle_concern")
        CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip())
        case.concern = False
        case.save(update_fields=["concern"])
        touch(case)


def identify_resident(*, by: Viewer, purpose: str, case_id: str, resident_id: str, version: int | None = None) -> None:
    """Say which resident the asker is."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.identify_resident", version=version)
        if case.resident_id:
            raise WrongState(_("This case has its resident already."), _("Open it again to see who."))
        with undoable("identify", [case], by=by):
            case.resident_id = resident_id
            if not case.team:
                # Where they live is known now.
                given = {"resident_id": resident_id, "postcode": case.asker_postcode}
                case.team = route(kind(case.service), case.need, **given, by=by, purpose=purpose)
            case.save(update_fields=["resident_id", "team"])
            touch(case)
        log_write(by=by, purpose=purpose, verb="cases.identify_resident", residents=[resident_id])


def change_state(
    *, by: Viewer, purpose: str, case_id: str, to: str, reason: str = "", version: int | None = None
) -> None:
    """Set a state by hand, one of `BY_HAND`, for all the tasks that are open, or when reopened have ended."""
    if to not in BY_HAND:
        raise WrongState(_("Nobody sets this state by hand."), _("Make an offer, a referral or record the answer."))
    if to in NEEDS_REASON and not reason.strip():
        raise Problem(_("Say why."), _("Write the reason in a sentence; it stays on the case."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.change_state", version=version)
        if CASE_STATES.may_change(case.state, to) and not may_set_by_hand(case.state, to):
            raise WrongState(
                _("A volunteer or a service has this case."), _("Take the offer back, or write down the answer.")
            )
        CASE_STATES.check_change(case.state, to)
        tasks = tasks_of_case(case)
        with undoable("state", [case], by=by):
            if to == "reopened":
                reopen(case, asked_again(tasks, ""), by=by, reason=reason)
                return
            live = [task for task in tasks if (is_waiting(task) if to == "in_hand" else task.state not in TASK_ENDED)]
            closing = to if to in ("could_not_help", "cancelled") else ""
            move_tasks([case], live, _TASK_STATE[to], by=by, reason=reason, closing=closing)


_TASK_STATE = {"in_hand": "accepted", "delivered": "completed", "could_not_help": "failed", "cancelled": "cancelled"}


def end_task(*, by: Viewer, purpose: str, task_id: str, to: str, version: int | None = None) -> None:
    """A member of staff says of one task that it is completed, failed or cancelled; the others go on.

    A task that a volunteer or service has not answered yet can only be cancelled.
    """
    with transaction.atomic():
        case, task = lock_task(task_id, by=by, purpose=purpose, verb="cases.end_task", version=version)
        if to not in TASK_ENDED or (to != "cancelled" and task.owner_kind in HELPERS and task.state == "requested"):
            raise WrongState(_("This task waits for an answer."), _("Take the offer back first, or cancel the task."))
        with undoable("state", [case], by=by):
            move_tasks([case], [task], to, by=by)


def reopen(case: Case, tasks: Collection[Task], *, by: Viewer, reason: str = "") -> None:
    """Ask these tasks of a locked case again, of the team."""
    for task in tasks:
        task.owner_kind, task.owner_id = "team", ""
    move_tasks([case], tasks, "requested", by=by, reason=reason)


def note_once(case: Case, *, by: Viewer, purpose: str, text: str) -> None:
    """A handler may run twice; the message's id in the text keeps its note single."""
    with transaction.atomic():
        locked = lock_case(case.id, by=by, purpose=purpose, verb="cases.add_note")
        if not locked.notes.filter(text=text).exists():
            CaseNote.objects.create(case=locked, at=clock.now(), by=by.name, text=text)
            # The person has answered, whatever they say.
            restart_clock(locked)


def record_assessment(
    *, by: Viewer, purpose: str, case_id: str, needs: Collection[str], text: str, version: int | None = None
) -> list[str]:
    """What an assessment found: a note, and a task of the team for each further need. Returns the tasks' ids."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.record_assessment", version=version)
        unknown = set(needs) - set(kind(case.service).needs)
        if unknown or not text.strip():
            raise Problem(_("Choose the needs that you found, and write what the person told you."))
        if case.state in (*CLOSED, "delivered"):
            raise WrongState(_("This case waits for nothing more."), _("Reopen it first."))
        live = {task.need for task in tasks_of_case(case) if task.state not in TASK_ENDED}
        tasks = add_tasks_to(case, [need for need in dict.fromkeys(needs) if need not in live], by=by)
        CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip())
        settle([case], by=by)
    return [task.id for task in tasks]
