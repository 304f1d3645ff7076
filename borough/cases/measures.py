"""What figures are made of: each case in dates and answers, without words or names."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.cases.models import CLOSED, Case, Feedback, Task, Wellbeing
from borough.cases.wellbeing import INSTRUMENTS
from borough.common import clock
from borough.governance.door import open_door


@dataclass(frozen=True)
class MeasuredCase:
    """A case for counting. `unmet`: no help was found, it was not what the person needed, or it is late.

    `postcode` is the asker's own, where no resident is known; `helped_on` the day that help was first given. `helpers`:
    (owner kind, owner id), as of a task, of all who completed one or went along, whoever finished last first.
    `chased`: they were asked more than once. `change` holds (before, after) by measure of wellbeing.
    """

    service: str
    need: str
    resident_id: str
    postcode: str
    opened_on: date
    due_on: date
    helped_on: date | None
    need_met: str
    unmet: bool
    unanswered: bool
    chased: bool
    helpers: tuple[tuple[str, str], ...]
    change: Mapping[str, tuple[float, float]]


def measure_cases(*, viewer: Viewer, purpose: str) -> list[MeasuredCase]:
    """Every case of the services of this purpose, for the job that makes figures. Logged as one read of everybody.

    Five statements, however many cases there are.
    """
    check_may_work_as(viewer, SYSTEM)
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.measure_cases")
    services = [one.code for one in all_kinds() if one.purpose == purpose]
    cases = Case.objects.filter(service__in=services)
    opening.saw_everyone(cases.exclude(resident_id="").values("resident_id").distinct().count())
    today, shows = clock.today(), opening.shows("address")
    rows = cases.annotate(helped_at=Min("steps__at", filter=Q(steps__new="delivered", steps__task=None))).order_by()
    columns = ("id", "service", "need", "resident_id", "asker_postcode", "opened_at", "due_on", "helped_at")
    values = rows.values_list(*columns, "need_met", "state").iterator(chunk_size=5000)
    done = Task.objects.filter(case__service__in=services, state="completed").order_by("-finished_at", "-id")
    helpers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case, owner_kind, owner, companion in done.values_list("case_id", "owner_kind", "owner_id", "companion_id"):
        helpers[case] += [(owner_kind, who) for who in ([owner, companion] if companion else [owner])]
    asked_twice = Feedback.objects.filter(case__service__in=services, chased_at__isnull=False)
    chased, changes = set(asked_twice.values_list("case_id", flat=True)), _changes(services)
    return [
        MeasuredCase(
            service=service,
            need=need,
            resident_id=resident,
            postcode=postcode if shows else "",
            opened_on=_day(opened),
            due_on=due,
            helped_on=_day(helped) if helped else None,
            need_met=met,
            unmet=(due < today and state not in (*CLOSED, "delivered"))
            or state == "could_not_help"
            or met in ("partly", "no"),
            unanswered=state == "unanswered",
            chased=case_id in chased,
            helpers=tuple(helpers.get(case_id, ())),
            change=changes.get(case_id, {}),
        )
        for case_id, service, need, resident, postcode, opened, due, helped, met, state in values
    ]


def _changes(services: Collection[str]) -> dict[str, dict[str, tuple[float, float]]]:
    """(before, after) by measure, of the cases whose person answered the same instrument twice."""
    said: dict[str, dict[str, tuple[str, dict[str, int]]]] = {}
    rows = Wellbeing.objects.filter(case__service__in=services)
    for case_id, phase, code, answers in rows.values_list("case_id", "phase", "instrument", "answers"):
        said.setdefault(case_id, {})[phase] = (code, answers)
    changes = {}
    for case_id, phases in said.items():
        (first, before), (second, after) = phases.get("before", ("", {})), phases.get("after", ("", {}))
        if first and first == second:
            scores = [INSTRUMENTS[first].scores(answers) for answers in (before, after)]
            changes[case_id] = {code: (scores[0][code], scores[1][code]) for code in scores[0].keys() & scores[1]}
    return changes


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()
