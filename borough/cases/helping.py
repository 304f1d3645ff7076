"""Who does what is asked: tasks offered, accepted, handed back and done.

Where nobody is to go alone two volunteers go together: a task is accepted once both have said yes, done when either
says so, and one more is looked for whenever there is only one.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer
from borough.cases.events import CompanionMissing, MayGoAlone
from borough.cases.models import HELPERS, Case, Task
from borough.cases.moving import lock_task, lock_tasks, move_tasks
from borough.cases.policies import WANTS_VOLUNTEER, people_of
from borough.common.errors import WrongState
from borough.common.events import announce


def mark_offered(*, by: Viewer, purpose: str, owners: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Say that volunteers were asked, by task. Returns those taken, by task; a task that does not wait is left alone.

    Never more than are to go: two where nobody is to go alone, with those asked before.
    """
    taken: dict[str, list[str]] = {}
    with transaction.atomic():
        cases, tasks = lock_tasks(owners, WANTS_VOLUNTEER, by=by, purpose=purpose, verb="cases.mark_offered")
        flags = {case.id: case.flags for case in cases}
        for task in tasks:
            before = task.volunteers if task.one_missing else []
            people = 2 if before else people_of(flags[task.case_id])
            new = [one for one in dict.fromkeys(owners[task.id]) if one not in before][: people - len(before)]
            if not new:
                continue
            taken[task.id] = new
            _give(task, [*before, *new], people)
        move_tasks(cases, [task for task in tasks if task.id in taken], "requested", by=by)
    return taken


def mark_matched(*, by: Viewer, purpose: str, task_id: str) -> bool:
    """All the volunteers who were asked accepted. False, and nothing is changed, while one more is to be found."""
    with transaction.atomic():
        case, task = lock_task(task_id, by=by, purpose=purpose, verb="cases.mark_matched", volunteers=True)
        if (task.owner_kind, task.state) != ("volunteer", "requested"):
            raise WrongState(_("No volunteer is asked to do this now."), _("Open the case to see where it stands."))
        if not task.one_missing:
            move_tasks([case], [task], "accepted", by=by)
    return not task.one_missing


def hand_back(
    *,
    by: Viewer,
    purpose: str,
    task_ids: Collection[str],
    reason: str,
    leaving: Mapping[str, Collection[str]] | None = None,
) -> list[str]:
    """Offers or a referral came to nothing: the team looks again. Returns the tasks changed; twice is as once.

    `leaving`: which volunteers of a task are meant, by task; without it all. Who of two stays, stays, and another is
    looked for to go with them.
    """
    with transaction.atomic():
        live = Q(owner_kind__in=HELPERS, state__in=("requested", "accepted", "in_progress"))
        cases, tasks = lock_tasks(task_ids, live, by=by, purpose=purpose, verb="cases.hand_back")
        stay = {task.id: _staying(task, (leaving or {}).get(task.id)) for task in tasks}
        changed = [task for task in tasks if leaving is None or stay[task.id] != task.volunteers]
        shared = [task for task in changed if stay[task.id]]
        alone = [task for task in changed if not stay[task.id]]
        for task in shared:
            _give(task, stay[task.id], 2)
            _announce_missing(task)
        refused = [task for task in alone if task.state == "requested"]
        begun = [task for task in alone if task.state != "requested"]
        for task in begun:
            task.owner_kind, task.owner_id = "team", ""
        for those, to in ((refused, "rejected"), (begun, "requested"), (shared, "requested")):
            if those:
                move_tasks(cases, those, to, by=by, reason=reason)
    return [task.id for task in changed]


def find_companions(cases: QuerySet[Case], *, by: Viewer, reason: str) -> None:
    """Nobody is to go alone to these people any more: who was to, waits until somebody goes with them."""
    locked = list(cases.select_for_update().order_by("id"))
    alone = Task.objects.filter(
        case__in=locked,
        owner_kind="volunteer",
        state__in=("requested", "accepted", "in_progress"),
        companion_id="",
        one_missing=False,
    )
    tasks = list(alone.order_by("id"))
    for task in tasks:
        task.one_missing = True
        _announce_missing(task)
    if tasks:
        theirs = {task.case_id for task in tasks}
        move_tasks([case for case in locked if case.id in theirs], tasks, "requested", by=by, reason=reason)


def let_go_alone(cases: QuerySet[Case], *, by: Viewer, reason: str) -> None:
    """These people may be visited alone after all: nobody waits for a second volunteer. Two who are to go, go."""
    locked = list(cases.select_for_update().order_by("id"))
    tasks = list(Task.objects.filter(case__in=locked, one_missing=True).order_by("id"))
    for task in tasks:
        task.one_missing = False
        announce(MayGoAlone(task_id=task.id))
    if tasks:
        theirs = {task.case_id for task in tasks}
        move_tasks([case for case in locked if case.id in theirs], tasks, "requested", by=by, reason=reason)


def record_delivery(*, by: Viewer, purpose: str, task_id: str, version: int | None = None) -> None:
    """The help was given. With the case's last task done, the person is asked whether their need was met."""
    with transaction.atomic():
        case, task = lock_task(
            task_id, by=by, purpose=purpose, verb="cases.record_delivery", version=version, volunteers=True
        )
        if by.has_role(VOLUNTEER) and task.state == "requested":
            raise WrongState(_("Nobody is to go there alone."), _("Wait until the other volunteer has said yes."))
        move_tasks([case], [task], "completed", by=by)


def _give(task: Task, volunteers: Sequence[str], people: int) -> None:
    task.owner_kind, task.owner_id = "volunteer", volunteers[0]
    task.companion_id = "".join(volunteers[1:2])
    task.one_missing = len(volunteers) < people


def _announce_missing(task: Task) -> None:
    # Who waits for another to say yes, as from the start, needs no message.
    if task.state != "requested":
        announce(CompanionMissing(task_id=task.id))


def _staying(task: Task, leaving: Collection[str] | None) -> list[str]:
    return [] if leaving is None else [one for one in task.volunteers if one not in leaving]
