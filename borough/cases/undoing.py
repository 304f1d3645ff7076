"""The last step of a case can be undone by a counter-step that puts the case and its tasks back as they were."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import HELPERS, UNDOABLE, Case, CaseStep, Change, ChangedCase, Feedback, Task
from borough.cases.moving import TASK_FIELDS, lock_cases, settle, touch
from borough.cases.policies import may_undo
from borough.common import clock
from borough.common.errors import WrongState

CASE_FIELDS: tuple[str, ...] = ("state", "assigned_to", "closed_at", "outcome", "due_on", "need_met", "waiting_since")
CASE_FIELDS += ("merged_into_id", "resident_id", "team")
KEPT_OF_TASKS = ("case_id", *TASK_FIELDS, "due_on")


@dataclass
class Made:
    """What a change made anew: it is taken away when the change is undone."""

    cases: list[Case] = field(default_factory=list)


@contextmanager
def undoable(what: str, cases: Collection[Case], *, by: Viewer) -> Iterator[Made]:
    """Remember these locked cases as they are, so that what is done to them inside can be undone."""
    tasks: dict[str, dict[str, Any]] = defaultdict(dict)
    for task in Task.objects.filter(case__in=[case.pk for case in cases]):
        tasks[task.case_id][task.id] = {name: getattr(task, name) for name in KEPT_OF_TASKS}
    before = {
        case.id: {"case": {name: getattr(case, name) for name in CASE_FIELDS}, "tasks": tasks[case.id]}
        for case in cases
    }
    made = Made()
    yield made
    change = Change.objects.create(what=what, at=clock.now(), by_id=by.id)
    versions = Case.objects.filter(pk__in=[*before, *(case.pk for case in made.cases)]).values_list("id", "version")
    ChangedCase.objects.bulk_create(
        ChangedCase(change=change, case_id=case_id, version=version, before=before.get(case_id, {}))
        for case_id, version in versions
    )


@dataclass(frozen=True)
class LastStep:
    """What can be undone now. `references` of all cases that it changed; `told`: the person was asked about it."""

    what: str
    references: list[str]
    told: bool


def last_step_of(case: Case, viewer: Viewer) -> LastStep | None:
    """The last step of a case, where this viewer may undo it and nothing has come after it; else None."""
    row = _last(case, viewer)
    if row is None:
        return None
    references = row.change.cases.order_by("case__reference").values_list("case__reference", flat=True)
    return LastStep(gettext(UNDOABLE[row.change.what]), list(references), _was_asked(case))


def undo_last_step(*, by: Viewer, purpose: str, case_id: str, version: int | None = None) -> None:
    """Undo the last step of the case, and of all that the step changed with it.

    Raises WrongState where it is not theirs to undo, too old, or something came after it on any of the cases.
    """
    with transaction.atomic():
        (case,) = lock_cases([case_id], by=by, purpose=purpose, verb="cases.undo_last_step")
        row = _last(case, by)
        if row is None or (version is not None and version != case.version):
            raise WrongState(
                _("There is no step that you can undo."), _("Somebody worked on it since, or half an hour is over.")
            )
        changed = {each.case_id: each for each in row.change.cases.all()}
        cases = lock_cases(changed, by=by, purpose=purpose, verb="cases.undo_last_step")
        if any(each.version != changed[each.id].version for each in cases):
            raise WrongState(_("Somebody has worked on one of these cases since."), _("Put it right by hand."))
        restored = [each for each in cases if changed[each.id].before]
        made = [each for each in cases if not changed[each.id].before]
        _restore(restored, {each.id: changed[each.id].before for each in restored}, by=by, what=row.change.what)
        if made:
            settle(made, by=by, reason=_undone(row.change.what), closing="cancelled")
        Change.objects.filter(pk=row.change_id).update(undone_at=clock.now())


def _last(case: Case, viewer: Viewer) -> ChangedCase | None:
    row = case.changes.filter(change__undone_at=None).select_related("change").order_by("-id").first()
    if row is None or row.version != case.version:
        return None
    change = row.change
    return row if may_undo(change.what, change.at, change.by_id, viewer_id=viewer.id, now=clock.now()) else None


def _restore(cases: list[Case], before: dict[str, dict[str, Any]], *, by: Viewer, what: str) -> None:
    """Put cases and tasks back. A helper whose task was ended knows of it by now, so it goes back to the team."""
    now, steps, tasks = clock.now(), [], []
    images = {task_id: image for each in before.values() for task_id, image in each["tasks"].items()}
    for task in Task.objects.filter(pk__in=list(images)):
        old, image = task.state, images[task.id]
        for name in KEPT_OF_TASKS:
            # An image of before two volunteers could go together does not tell of the second.
            if name in image:
                setattr(task, name, _value(Task, name, image[name]))
        if task.owner_kind in HELPERS and task.state != old:
            task.owner_kind, task.owner_id, task.state, task.answered_at = "team", "", "requested", now
            task.companion_id, task.one_missing = "", False
        if task.state != old:
            steps.append(_step(task.case_id, by, old, task.state, what, task))
        tasks.append(task)
    Task.objects.bulk_update(tasks, KEPT_OF_TASKS, batch_size=200)
    for case in cases:
        old = case.state
        # A step that an earlier version of the house remembered lacks what is remembered since.
        for name, kept in before[case.id]["case"].items():
            setattr(case, name, _value(Case, name, kept))
        # A question that went out about this delivery is answered by nobody; one that did not is asked as if anew.
        if old == "delivered" != case.state and not _was_asked(case):
            case.deliveries -= 1
        if case.state != old:
            steps.append(_step(case.id, by, old, case.state, what))
        case.save(update_fields=[*(name for name in CASE_FIELDS), "deliveries"])
    touch(*cases)
    CaseStep.objects.bulk_create(steps)
    # Where a helper's task went back to the team, the case is in hand whatever it was before.
    settle([case for case in cases if case.closed_at is None], by=by, reason=_undone(what))


def _value(table: type[Model], name: str, kept: Any) -> Any:
    """What JSON kept of a field, as the field holds it."""
    column: Any = table._meta.get_field(name)
    return column.to_python(kept)


def _was_asked(case: Case) -> bool:
    return Feedback.objects.filter(case=case, delivery=case.deliveries).exists()


def _undone(what: str) -> str:
    return _("Undone: %(what)s") % {"what": gettext(UNDOABLE[what]).lower()}


def _step(case_id: str, by: Viewer, old: str, new: str, what: str, task: Task | None = None) -> CaseStep:
    owner = {"owner_kind": task.owner_kind, "owner_id": task.owner_id} if task else {}
    return CaseStep(
        case_id=case_id, task=task, at=clock.now(), by=by.name, old=old, new=new, reason=_undone(what), **owner
    )
