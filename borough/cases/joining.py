"""Two cases that are one, and one that is two. Both can be undone (undoing.py)."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.events import CaseOpened
from borough.cases.kinds import kind
from borough.cases.models import TASK_ENDED, Case, CaseNote, CaseStep, Task
from borough.cases.moving import lock_case, lock_cases, move_tasks, settle, tasks_of_case
from borough.cases.policies import is_waiting
from borough.cases.routing import route
from borough.cases.undoing import undoable
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.events import announce
from borough.common.ids import mint_reference

# What a case that is split off has of the one that it comes from.
COPIED = (
    *("service", "resident_id", "urgency", "channel", "text", "answers", "flags", "due_on", "assigned_to"),
    *("asker_name", "asker_phone", "asker_email", "asker_postcode"),
)


def merge_cases(*, by: Viewer, purpose: str, case_id: str, duplicate_id: str, version: int | None = None) -> None:
    """The duplicate asks for the same as the case: it is closed, what it needs beyond the case goes with it.

    Both are open, of one service, of one person, and nobody outside the team has a task of the duplicate.
    """
    if case_id == duplicate_id:
        raise Problem(_("A case is no duplicate of itself."), _("Choose another."))
    with transaction.atomic():
        lock_case(case_id, by=by, purpose=purpose, verb="cases.merge_cases", version=version)
        both = {
            case.id: case
            for case in lock_cases([case_id, duplicate_id], by=by, purpose=purpose, verb="cases.merge_cases")
        }
        case, duplicate = both[case_id], both[duplicate_id]
        live = [task for task in tasks_of_case(duplicate) if task.state not in TASK_ENDED]
        if (
            case.closed_at
            or duplicate.closed_at
            or (case.service, case.resident_id) != (duplicate.service, duplicate.resident_id)
        ):
            raise WrongState(
                _("Only open cases of one person and one service can be merged."),
                _("Say first which resident the asker is, or reopen the case."),
            )
        if not all(is_waiting(task) for task in live):
            raise WrongState(_("Somebody is helping with the duplicate already."), _("Merge this case into that one."))
        with undoable("merge", [case, duplicate], by=by):
            known = {task.need for task in tasks_of_case(case) if task.state not in TASK_ENDED}
            moved = [task for task in live if task.need not in known]
            Task.objects.filter(pk__in=[task.pk for task in moved]).update(case=case)
            said = _("From the duplicate %(reference)s: %(text)s") % {
                "reference": duplicate.reference,
                "text": duplicate.text or "–",
            }
            CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=said)
            duplicate.merged_into = case
            duplicate.save(update_fields=["merged_into"])
            reason = _("The same as %(reference)s") % {"reference": case.reference}
            rest = [task for task in live if task not in moved]
            move_tasks([duplicate], rest, "cancelled", by=by, reason=reason, closing="cancelled")
            settle([case], by=by)


def split_case(*, by: Viewer, purpose: str, case_id: str, task_ids: Collection[str], version: int | None = None) -> str:
    """Take some tasks of a case, that wait, into a case of their own. Returns the new case's id."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.split_case", version=version)
        tasks = tasks_of_case(case)
        chosen = [task for task in tasks if task.id in set(task_ids)]
        if not chosen or len(chosen) == len(tasks):
            raise Problem(_("Choose some of the tasks, and leave at least one with this case."))
        if len(chosen) < len(set(task_ids)):
            raise NotFound(_("There is no such task."), _("Open the case again."))
        if not all(is_waiting(task) for task in chosen):
            raise WrongState(_("Somebody is helping with one of these tasks, or it has ended."), _("Choose others."))
        with undoable("split", [case], by=by) as made:
            now = clock.now()
            known = {"resident_id": case.resident_id, "postcode": case.asker_postcode}
            new = Case.objects.create(
                reference=mint_reference(kind(case.service).reference_prefix),
                need=chosen[0].need,
                source_key=f"split:{case.id}:{chosen[0].id}:{case.version}",
                opened_at=now,
                team=route(kind(case.service), chosen[0].need, **known, by=by, purpose=purpose),
                **{name: getattr(case, name) for name in COPIED},
            )
            made.cases.append(new)
            CaseStep.objects.create(case=new, at=now, by=by.name, new="new")
            said = _("Split from %(reference)s") % {"reference": case.reference}
            CaseNote.objects.create(case=new, at=now, by=by.name, text=said)
            Task.objects.filter(pk__in=[task.pk for task in chosen]).update(case=new)
            settle([case, new], by=by)
            announce(CaseOpened(case_id=new.id, service=new.service))
    return new.id
