"""The queue of open cases: its lines, what it may show, and how much of each there is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from borough.accounts.policies import Viewer
from borough.accounts.queries import list_staff, staff_names
from borough.cases.kinds import kind
from borough.cases.models import CASE_STATES, CLOSED, WAITING, Case, Task
from borough.cases.policies import FLAGS
from borough.cases.scope import check_some, kinds_of, to_ask_by_hand, worked_by
from borough.common import clock
from borough.governance.door import open_door
from borough.residents.queries import ids_of

# Cases on one page of the queue, and in a file of it.
PAGE, MOST_IN_A_FILE = 100, 5000
# Up to here the queue counts; where there are more, it says so.
MOST_COUNTED = 1000
LATE_IN = tuple(state for state in CASE_STATES.labels if state not in (*CLOSED, "delivered"))


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `resident_id` is empty for an asker who is not known to be a resident.

    `done` of `tasks` are done; those that are not needed any more are not counted.
    """

    id: str
    reference: str
    service: str
    resident_id: str
    need: str
    urgency: str
    state: str
    assigned_to: str
    assigned_name: str
    opened_at: datetime
    due_on: date
    overdue: bool
    concern: bool
    channel: str
    flags: tuple[str, ...]
    done: int
    tasks: int

    @property
    def title(self) -> str:
        return gettext(kind(self.service).title)

    @property
    def need_label(self) -> str:
        return gettext(kind(self.service).needs.get(self.need, self.need))

    @property
    def flag_words(self) -> list[str]:
        return [gettext(FLAGS[flag]) for flag in self.flags]


def list_queue(
    *,
    viewer: Viewer,
    purpose: str,
    show: str = "all",
    need: str = "",
    state: str = "",
    limit: int = PAGE,
    offset: int = 0,
) -> list[CaseLine]:
    """The open cases that this viewer works on, most pressing first: those with a worry, then by the day they are due.

    `show`: all, mine, team, unassigned, overdue, concern, to_ask. `state` may name a closed state too.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_queue")
    cases = worked_by(viewer, purpose)
    cases = cases.filter(state=state) if state else cases.filter(closed_at=None)
    if need:
        cases = cases.filter(need=need)
    cases = _shown(cases, show, viewer)
    rows = list(cases.order_by("-concern", "due_on", "opened_at", "id")[offset : offset + limit])
    names = staff_names({case.assigned_to for case in rows if case.assigned_to})
    counted = _count_tasks(case.id for case in rows)
    opening.saw([case.resident_id for case in rows if case.resident_id])
    return [CaseLine(**line_of(case, names, counted)) for case in rows]


def find_case(reference: str, *, viewer: Viewer, purpose: str) -> str | None:
    """The id of the case with this reference, if the viewer works on such cases. Tells nothing else of it."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.find_case")
    wanted = reference.strip().upper()
    return worked_by(viewer, purpose).filter(reference=wanted).values_list("id", flat=True).first()


def read_references(case_ids: Collection[str], *, viewer: Viewer, purpose: str) -> dict[str, str]:
    """The references of those of these cases that the viewer works on, by id, in the order of the queue."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.read_references")
    rows = worked_by(viewer, purpose).filter(pk__in=list(case_ids)).order_by("-concern", "due_on", "opened_at", "id")
    return dict(rows.values_list("id", "reference"))


def list_workers(*, viewer: Viewer, purpose: str) -> list[tuple[str, str]]:
    """(user id, name) of the staff who work the same cases as this viewer."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.list_workers")
    kinds = kinds_of(viewer, purpose)
    check_some(kinds)
    return list_staff(roles={role for one in kinds for role in one.roles})


def list_cases_of(resident_ids: Collection[str], *, viewer: Viewer, purpose: str) -> list[CaseLine]:
    """The cases of these residents, newest first, open and closed."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_cases_of")
    same = {one for ids in ids_of(resident_ids).values() for one in ids}
    rows = list(worked_by(viewer, purpose).filter(resident_id__in=same).order_by("-opened_at"))
    names = staff_names({case.assigned_to for case in rows if case.assigned_to})
    counted = _count_tasks(case.id for case in rows)
    opening.saw({case.resident_id for case in rows})
    return [CaseLine(**line_of(case, names, counted)) for case in rows]


def count_queue(*, viewer: Viewer, purpose: str) -> dict[str, int]:
    """How many open cases wait for what: all, mine, team, unassigned, overdue, concern, to_ask. One statement.

    `MOST_COUNTED + 1` stands for any number above `MOST_COUNTED`, so that it costs the same however many there are.
    """
    open_door(viewer=viewer, purpose=purpose, verb="cases.count_queue")
    cases, conditions = worked_by(viewer, purpose).filter(closed_at=None), conditions_of(viewer)
    counts: list[str] = []
    values: list[Any] = []
    for number, condition in enumerate(conditions.values()):
        sql, params = cases.filter(condition).values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS some_{number})")
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        return dict(zip(conditions, cursor.fetchone(), strict=True))


def needs_in_queue(*, viewer: Viewer, purpose: str) -> list[tuple[str, str]]:
    """(code, label) of the needs of the services that this viewer works on, for a filter."""
    needs = {code: label for one in kinds_of(viewer, purpose) for code, label in one.needs.items()}
    return [(code, gettext(label)) for code, label in needs.items()]


def conditions_of(viewer: Viewer) -> dict[str, Q]:
    """What the queue may show of the open cases, each as a condition that an index answers."""
    return {
        "all": Q(),
        "mine": Q(assigned_to=viewer.id),
        "team": Q(team__in=list(viewer.roles)),
        "unassigned": Q(assigned_to="", state__in=WAITING),
        "overdue": Q(due_on__lt=clock.today(), waiting_since=None, state__in=LATE_IN),
        # SQLite finds a truth in an index only where it is compared.
        "concern": Q(concern__in=[True]),
        "to_ask": to_ask_by_hand(),
    }


def _shown(cases: QuerySet[Case], show: str, viewer: Viewer) -> QuerySet[Case]:
    return cases.filter(conditions_of(viewer).get(show, Q()))


def _count_tasks(case_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(done, all) of each case's tasks, in one query."""
    states: dict[str, list[str]] = {}
    for case_id, state in Task.objects.filter(case__in=list(case_ids)).values_list("case_id", "state"):
        states.setdefault(case_id, []).append(state)
    return {case_id: done_of(found) for case_id, found in states.items()}


def done_of(states: Iterable[str]) -> tuple[int, int]:
    """(done, all) of tasks in these states."""
    needed = [state for state in states if state != "cancelled"]
    return needed.count("completed"), len(needed)


def line_of(case: Case, names: Mapping[str, str], counted: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """The fields of a `CaseLine`, of a case that was read."""
    done, tasks = counted.get(case.id, (0, 0))
    return {
        "id": case.id,
        "reference": case.reference,
        "service": case.service,
        "resident_id": case.resident_id,
        "need": case.need,
        "urgency": case.urgency,
        "state": case.state,
        "assigned_to": case.assigned_to,
        "assigned_name": names.get(case.assigned_to, ""),
        "opened_at": case.opened_at,
        "due_on": case.due_on,
        "overdue": case.due_on < clock.today() and not case.waiting_since and case.state in LATE_IN,
        "concern": case.concern,
        "channel": case.channel,
        "flags": tuple(case.flags),
        "done": done,
        "tasks": tasks,
    }
