"""How a case moves: its tasks are changed under its lock, and its state follows from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer
from borough.cases.events import CaseClosed, TaskEnded
from borough.cases.kinds import kind
from borough.cases.models import CASE_STATES, CLOSED, HELPERS, TASK_ENDED, TASK_STATES, Case, CaseStep, Task
from borough.cases.policies import check_may_work_on, state_of
from borough.common import clock
from borough.common.errors import NotFound, WrongState
from borough.common.events import announce
from borough.governance.door import open_door, without_the_door

TASK_FIELDS = (
    "owner_kind",
    "owner_id",
    "companion_id",
    "one_missing",
    "state",
    "asked_at",
    "answered_at",
    "finished_at",
    "reopened",
)


class StaleWrite(WrongState):
    """The case has changed since the writer saw it. Pages show both versions (stale.py)."""


def lock_case(
    case_id: str, *, by: Viewer, purpose: str, verb: str, version: int | None = None, volunteers: bool = False
) -> Case:
    """The case, locked until the transaction ends, after the checks and the ledger row of a write."""
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    if not (volunteers and by.has_role(VOLUNTEER)):
        check_may_work_on(by, kind(case.service), purpose)
    opening.wrote([case.resident_id] if case.resident_id else [])
    if version is not None and version != case.version:
        raise StaleWrite(
            _("Somebody else changed this case while you had it open."), _("Read what changed, then try again.")
        )
    return case


def lock_task(
    task_id: str, *, by: Viewer, purpose: str, verb: str, version: int | None = None, volunteers: bool = False
) -> tuple[Case, Task]:
    """As `lock_case`, for the case of this task. A volunteer gets no task but their own."""
    with without_the_door():
        case_id = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    case = lock_case(case_id or "", by=by, purpose=purpose, verb=verb, version=version, volunteers=volunteers)
    task = Task.objects.get(pk=task_id)
    if by.has_role(VOLUNTEER) and by.id not in task.volunteers:
        raise NotFound(_("This task is not yours any more."), _("Call us if you think that is wrong."))
    return case, task


def lock_tasks(
    task_ids: Collection[str], which: Q, *, by: Viewer, purpose: str, verb: str
) -> tuple[list[Case], list[Task]]:
    """Those of the tasks that `which` is true of, and their cases, locked, in a few statements however many."""
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    ids = list(task_ids)
    found = Case.objects.select_for_update().filter(pk__in=Task.objects.filter(pk__in=ids).values("case_id"))
    by_id = {
        case.id: case
        for case in found.order_by("id").only("id", "state", "resident_id", "service", "need_met", "flags")
    }
    for service in {case.service for case in by_id.values()}:
        if not by.has_role(VOLUNTEER):
            check_may_work_on(by, kind(service), purpose)
    tasks = list(Task.objects.filter(which, pk__in=ids).order_by("id"))
    cases = [by_id[case_id] for case_id in dict.fromkeys(task.case_id for task in tasks)]
    opening.wrote(case.resident_id for case in cases if case.resident_id)
    return cases, tasks


def lock_cases(case_ids: Collection[str], *, by: Viewer, purpose: str, verb: str) -> list[Case]:
    """As `lock_case`, for several; raises NotFound where one of them is not there."""
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    ids = set(case_ids)
    cases = list(Case.objects.select_for_update().filter(pk__in=ids).order_by("id"))
    for service in {case.service for case in cases}:
        check_may_work_on(by, kind(service), purpose)
    if len(cases) < len(ids):
        raise NotFound(_("Some of these cases are not there any more."), _("Go back to the queue and choose again."))
    opening.wrote(case.resident_id for case in cases if case.resident_id)
    return cases


def tasks_of_case(case: Case) -> list[Task]:
    """The tasks of a case, the first need first."""
    return list(case.tasks.order_by("asked_at", "id"))


def move_tasks(
    cases: Collection[Case], tasks: Iterable[Task], to: str, *, by: Viewer, reason: str = "", closing: str = ""
) -> None:
    """Change these tasks of locked cases, whose owners the caller has set already, and let the cases follow.

    `closing`: could_not_help or cancelled, where a person closes the case as a whole whatever else was done.
    """
    now, steps, changed = clock.now(), [], []
    for task in tasks:
        if task.state != to:
            TASK_STATES.check_change(task.state, to)
        if task.owner_kind != "volunteer" or to == "rejected":
            task.companion_id = ""
        task.one_missing = task.one_missing and task.owner_kind == "volunteer" and to == "requested"
        steps.append(_step(task, by=by, old=task.state, new=to, reason=reason))
        if to == "requested":
            ended = task.state in TASK_ENDED
            task.reopened += ended
            task.asked_at, task.finished_at = now, None
            task.answered_at = None if ended or task.owner_kind in HELPERS else task.answered_at
        elif to in TASK_ENDED:
            task.finished_at = now
            if task.owner_kind in HELPERS:
                announce(TaskEnded(task_id=task.id, case_id=task.case_id, state=to))
        elif task.state in ("requested", "rejected"):
            task.answered_at = now
        task.state = to
        changed.append(task)
    Task.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=TASK_FIELDS, batch_size=500
    )
    CaseStep.objects.bulk_create(steps, batch_size=1000)
    settle(cases, by=by, reason=reason, closing=closing)


def add_tasks_to(
    case: Case,
    needs: Iterable[str],
    *,
    by: Viewer,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> list[Task]:
    """A task of the team for each need of a locked case."""
    when = {"due_on": case.due_on, "asked_at": clock.now(), "starts_at": starts_at, "ends_at": ends_at}
    tasks = [Task(case=case, need=need, **when) for need in needs]
    Task.objects.bulk_create(tasks)
    CaseStep.objects.bulk_create(_step(task, by=by, old="", new="requested", reason="") for task in tasks)
    return tasks


def touch(*cases: Case) -> None:
    """Count a change of locked cases that is none of their tasks: what else is on them, or who has them."""
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(version=F("version") + 1)


def settle(cases: Collection[Case], *, by: Viewer, reason: str = "", closing: str = "") -> None:
    """Bring locked cases to the state that their tasks say, and count a change of each."""
    now, reason = clock.now(), reason.strip()
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(case__in=[case.pk for case in cases]):
        tasks[task.case_id].append(task)
    moved: dict[str, list[Case]] = defaultdict(list)
    steps = []
    for case in cases:
        to = closing or state_of(tasks[case.id], case.need_met)
        if to != case.state:
            CASE_STATES.check_change(case.state, to)
            steps.append(CaseStep(case=case, at=now, by=by.name, old=case.state, new=to, reason=reason))
            moved[to].append(case)
    CaseStep.objects.bulk_create(steps, batch_size=1000)
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(version=F("version") + 1)
    for to, those in moved.items():
        changes: dict[str, Any] = {"state": to, "closed_at": now if to in CLOSED else None}
        if reason and to in CLOSED:
            changes["outcome"] = reason
        if to == "delivered":
            # Whether it met the need is asked anew of each delivery.
            changes |= {"deliveries": F("deliveries") + 1, "need_met": ""}
        Case.objects.filter(pk__in=[case.pk for case in those]).update(**changes)
        for case in those:
            case.state = to
            if to == "delivered":
                # Jobs stand above verbs, so a verb names its job. In this transaction: a crash loses no question.
                import_string("borough.cases.tasks.ask_whether_met").enqueue(case.id)
            if to in CLOSED:
                announce(CaseClosed(case_id=case.id, service=case.service, state=to))


def _step(task: Task, *, by: Viewer, old: str, new: str, reason: str) -> CaseStep:
    return CaseStep(
        case_id=task.case_id,
        task=task,
        at=clock.now(),
        by=by.name,
        old=old,
        new=new,
        owner_kind=task.owner_kind,
        owner_id=task.owner_id,
        reason=reason.strip(),
    )
