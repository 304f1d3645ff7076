"""Ten weeks of help as Hammersmith & Fulham gave it in spring 2020, played with one way of choosing volunteers.

9,000 shielded residents, 2,300 volunteers, 12,500 food parcels, and 6,000 calls that each ask for one of the five kinds
of help of that time; all evenly on fifty working days, due two days later. Each day has two rounds of offers. How
volunteers answer is ours, not measured: four in ten are keen (say yes to 85 in 100), four in ten are not always free
(60), and two in ten hardly ever answer (15); each task that they have in the week makes a yes a tenth less likely. Who
said no or nothing is not asked for the same task again. A task that nobody has at the end of its day is unmet. Every
way keeps the same hard rules.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bench.borough import CHECKED, NEEDS, START, Borough
from bench.rivals import one_by_one
from borough.volunteers.availability import monday_of
from borough.volunteers.matching import Helper, Task, match
from borough.volunteers.matching_costs import yes_share
from borough.volunteers.matching_pairs import pairs_of

RESIDENTS, PARCELS, CALLS = 9_000, 12_500, 6_000
DAYS = 50
ROUNDS = 2
WILLING = ((0.4, 0.85), (0.4, 0.6), (0.2, 0.15))
TIRED = 0.9

Chosen = list[tuple[str, str, float]]  # task, volunteer, km
Way = Callable[[Sequence[Task], Sequence[Helper], datetime], Chosen]


@dataclass(frozen=True)
class Told:
    tasks: int
    unmet: int
    volunteers: int
    never_asked: int
    mean_km: float


def all_at_once(tasks: Sequence[Task], helpers: Sequence[Helper], now: datetime) -> Chosen:
    return [(one.task_id, one.helper_id, one.distance_km) for one in match(tasks, helpers, now=now).matches]


def nearest_first(tasks: Sequence[Task], helpers: Sequence[Helper], now: datetime) -> Chosen:
    return _one_by_one(tasks, helpers, now, nearest=True)


def first_come(tasks: Sequence[Task], helpers: Sequence[Helper], now: datetime) -> Chosen:
    return _one_by_one(tasks, helpers, now, nearest=False)


WAYS: dict[str, Way] = {"all at once": all_at_once, "nearest first": nearest_first, "first come": first_come}


def ten_weeks(way: str, *, seed: int, share: float = 1.0) -> Told:
    """`share` of the residents, volunteers and tasks, for a test."""
    borough = Borough(seed)
    helpers = {one.id: one for one in borough.helpers(idle=False)[:: round(1 / share)]}
    homes = [borough.place() for _ in range(round(RESIDENTS * share))]
    chance, rates = random.Random(f"{seed} answers"), [rate for _part, rate in WILLING]
    willing = {one: chance.choices(rates, [part for part, _rate in WILLING])[0] for one in helpers}
    asked_on: dict[str, date] = {}
    loads: dict[str, Counter[date]] = defaultdict(Counter)
    refused: dict[str, set[str]] = defaultdict(set)
    waiting: list[Task] = []
    count = unmet = 0
    asked, accepted = Counter[str](), Counter[str]()
    due: dict[str, date] = {}
    way_km: list[float] = []
    for day in range(DAYS):
        now = START + timedelta(days=day + 2 * (day // 5))
        today = now.date()
        for _ in range(round((PARCELS + CALLS) * share / DAYS)):
            due[f"T{count:06}"] = today + timedelta(days=2)
            waiting.append(_task(count, borough, homes[chance.randrange(len(homes))], today + timedelta(days=2)))
            count += 1
        for part in range(ROUNDS):
            open_tasks = [replace(one, refused_by=frozenset(refused[one.id])) for one in waiting]
            free = [
                _as_of(one, today, asked_on.get(one.id), loads[one.id], yes_share(accepted[one.id], asked[one.id]))
                for one in helpers.values()
            ]
            for task_id, who, km in WAYS[way](open_tasks, free, now + timedelta(hours=5 * part)):
                asked_on[who] = today
                asked[who] += 1
                week = monday_of(due[task_id])
                if chance.random() < willing[who] * TIRED ** loads[who][week]:
                    loads[who][week] += 1
                    accepted[who] += 1
                    way_km.append(km)
                    waiting = [one for one in waiting if one.id != task_id]
                else:
                    refused[task_id].add(who)
        late = [one for one in waiting if one.due_on and one.due_on <= today]
        unmet += len(late)
        waiting = [one for one in waiting if one not in late]
    return Told(count, unmet + len(waiting), len(helpers), len(helpers) - len(asked_on), sum(way_km) / len(way_km))


def _task(number: int, borough: Borough, home: tuple[float, float], due_on: date) -> Task:
    parcel = borough.rng.random() < PARCELS / (PARCELS + CALLS)
    need = "food" if parcel else borough.rng.choices(list(NEEDS), list(NEEDS.values()))[0]
    return Task(
        id=f"T{number:06}",
        lat=home[0],
        lon=home[1],
        skill=need,
        checked=need in CHECKED,
        urgency="soon",
        due_on=due_on,
    )


def _as_of(helper: Helper, today: date, asked_on: date | None, loads: Counter[date], says_yes: float) -> Helper:
    # A task of next week counts for next week: both are what the volunteer has promised by now.
    idle = (today - asked_on).days // 7 if asked_on else 8
    return replace(helper, loads=dict(loads), idle_weeks=idle, says_yes=says_yes)


def _one_by_one(tasks: Sequence[Task], helpers: Sequence[Helper], now: datetime, *, nearest: bool) -> Chosen:
    pairs, _nobody = pairs_of(tasks, helpers, now=now)
    return [
        (tasks[pairs.task[pair]].id, helpers[pairs.helper[pair]].id, float(pairs.km[pair]))
        for pair in one_by_one(tasks, helpers, pairs, nearest=nearest)
    ]
