"""Who can do which task: every pair that no hard rule forbids, with what it costs; and why a task has nobody.

All rules are looked at for a block of tasks and all volunteers at once, as tables of true and false, so that 23
million pairs take a second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from borough.common.clock import LONDON
from borough.volunteers.availability import TASK_TAKES, Horizon, day_of, free_time, monday_of
from borough.volunteers.matching_costs import LANGUAGE_IS_WORTH, NO_COSTS, RATHER_NOT_COSTS, SPEED_KMH, TRUST_IS_WORTH
from borough.volunteers.matching_shapes import Helper, Task, Why

# On a borough's scale a flat map is right to a part in five hundred.
KM_PER_DEGREE = 111.195
BLOCK = 512

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Pairs in the order of tasks, then volunteers: their places in both lists, the way, and the cost in minutes.

    By task: where its pairs start, how many `count` there are, the `days` by which it is done, which of `weeks`
    (Mondays) it counts for, and the half hours `since` to `until` that it fills, equal for one without an hour.
    """

    task: Places
    helper: Places
    km: Floats
    minutes: Floats
    cost: Floats
    starts: Places
    count: Places
    days: list[date]
    weeks: list[date]
    week: Places
    since: Places
    until: Places


def pairs_of(tasks: Sequence[Task], helpers: Sequence[Helper], *, now: datetime) -> tuple[Pairs, dict[str, Why]]:
    """All pairs that may be, and why some tasks have none."""
    rules = _Rules(tasks, helpers, now)
    found: list[tuple[Places, Places, Numbers]] = []
    for start in range(0, len(tasks), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(tasks)))
        squared = rules.squared_km(block)
        fit = squared <= rules.radius**2
        for _why, mask in rules.look_at(block, fit):
            fit &= mask
        cells = np.flatnonzero(fit)
        rows, who = np.divmod(cells, len(helpers))
        found.append((block[rows], who, np.sqrt(squared.ravel()[cells])))
    task, helper, km = (np.concatenate(parts) for parts in zip(*found, strict=True))
    able, people = np.bincount(task, minlength=len(tasks)), np.array([one.people for one in tasks])
    short = np.flatnonzero(able < people).tolist()
    nobody = {tasks[t].id: "no_second" if able[t] else rules.why_nobody(t) for t in short}
    enough = (able >= people)[task]
    task, helper, km = task[enough], helper[enough], km[enough]
    minutes = km * np.array([60 / SPEED_KMH[one.travel] for one in helpers], dtype=np.float32)[helper]
    refuses = np.array([NO_COSTS * (1 - one.says_yes) for one in helpers], dtype=np.float32)
    liked = LANGUAGE_IS_WORTH * rules.speaks[rules.language[task], helper].astype(np.float32)
    unwilling = RATHER_NOT_COSTS * rules.rather_not[rules.skill[task], helper].astype(np.float32)
    cost = minutes + refuses[helper] + unwilling - liked
    starts = np.searchsorted(task, np.arange(len(tasks) + 1))
    for t, one in enumerate(tasks):
        if one.trusted:
            own = slice(starts[t], starts[t + 1])
            cost[own][np.isin(helper[own], [rules.place[v] for v in one.trusted if v in rules.place])] -= TRUST_IS_WORTH
    count = np.diff(starts)
    until = np.where(rules.fixed, rules.until, rules.since)
    pairs = Pairs(
        task, helper, km, minutes, cost, starts, count, rules.days, rules.weeks, rules.week, rules.since, until
    )
    return pairs, nobody


class _Rules:
    """The hard rules as tables: by task or by what tasks have in common, and by volunteer."""

    def __init__(self, tasks: Sequence[Task], helpers: Sequence[Helper], now: datetime) -> None:
        self.tasks = tasks
        self.place = {helper.id: place for place, helper in enumerate(helpers)}
        self._in_space(tasks, helpers)
        self._in_time(tasks, helpers, Horizon.from_now(now))
        skills = {skill: place for place, skill in enumerate(dict.fromkeys(task.skill for task in tasks))}
        self.skill = np.array([skills[task.skill] for task in tasks])
        self.able = np.array([[skill in helper.skills for helper in helpers] for skill in skills], dtype=bool)
        self.rather_not = np.array([[skill in helper.rather_not for helper in helpers] for skill in skills], dtype=bool)
        languages = {one: place for place, one in enumerate(dict.fromkeys(["", *(task.language for task in tasks)]))}
        self.language = np.array([languages[task.language] for task in tasks])
        self.speaks = np.array([[one in helper.languages for helper in helpers] for one in languages], dtype=bool)
        self.interpreter = np.array([task.interpreter for task in tasks])
        self.check = np.array([task.checked for task in tasks])
        self.checked_until = _ordinals(helper.checked_until for helper in helpers)
        self.by_car = np.array([helper.travel == "car" for helper in helpers], dtype=bool)
        self.drives_until = _ordinals(helper.drives_until for helper in helpers)

    def _in_space(self, tasks: Sequence[Task], helpers: Sequence[Helper]) -> None:
        self.radius = np.array([helper.radius_km for helper in helpers], dtype=np.float32)
        middle = np.radians(np.mean([helper.lat for helper in helpers])) if helpers else 0.0
        scale, nowhere = np.array([KM_PER_DEGREE, KM_PER_DEGREE * np.cos(middle)]), float("nan")
        here = np.array([[one.lat, one.lon] for one in helpers], dtype=float).reshape(-1, 2)
        there = [[nowhere if one.lat is None else one.lat, nowhere if one.lon is None else one.lon] for one in tasks]
        # Measured from one of the places, so that half the digits are enough for a metre.
        origin = here[0] if helpers else np.zeros(2)
        self.here = ((here - origin) * scale).astype(np.float32)
        self.there = ((np.array(there, dtype=float) - origin) * scale).astype(np.float32)

    def _in_time(self, tasks: Sequence[Task], helpers: Sequence[Helper], horizon: Horizon) -> None:
        tomorrow = horizon.start.astimezone(LONDON).date() + timedelta(days=1)
        spans: list[tuple[int, int, bool]] = []
        days: list[date] = []
        for task in tasks:
            days.append(day_of(task.ends_at, task.due_on, tomorrow=tomorrow))
            if task.starts_at and task.ends_at:
                spans.append((horizon.slot(task.starts_at), horizon.slot(task.ends_at, up=True), True))
            else:
                spans.append((0, horizon.end_of(days[-1]), False))
        self.days = days
        self.day = np.array([day.toordinal() for day in days])
        mondays = [monday_of(day) for day in days]
        self.weeks = sorted(set(mondays))
        self.week = np.array([self.weeks.index(monday) for monday in mondays])
        self.has_room = np.array(
            [[helper.capacity > helper.loads.get(week, 0) for helper in helpers] for week in self.weeks], dtype=bool
        )
        self.since, self.until = np.array([one[0] for one in spans]), np.array([one[1] for one in spans])
        self.fixed = np.array([one[2] for one in spans])
        known = {span: place for place, span in enumerate(dict.fromkeys(spans))}
        self.span = np.array([known[span] for span in spans])
        free = free_time(
            horizon,
            [helper.hours for helper in helpers],
            [helper.away for helper in helpers],
            [helper.busy for helper in helpers],
        )
        # How many half hours each volunteer is free before each half hour: the difference of two is a window's.
        before = np.zeros((horizon.slots + 1, len(helpers)), dtype=np.int32)
        np.cumsum(free.T, axis=0, out=before[1:])
        self.in_time = np.array(
            [
                (before[end] - before[start] == end - start) & (end > start)
                if fixed
                else before[end] - before[start] >= TASK_TAKES
                for start, end, fixed in known
            ],
            dtype=bool,
        )

    def squared_km(self, block: Places) -> Floats:
        """(tasks, volunteers); NaN, which is less than no radius, where the task's place is not known."""
        north: Floats = self.there[block, 0, None] - self.here[:, 0]
        east: Floats = self.there[block, 1, None] - self.here[:, 1]
        north *= north
        east *= east
        north += east
        return north

    def look_at(self, block: Places, near: Mask) -> Iterator[tuple[Why, Mask]]:
        """Each hard rule with its table for these tasks, in the order in which a coordinator would ask."""
        yield "no_skill", self.able[self.skill[block]]
        day = self.day[block, None]
        # A check is in date while its last day is after the day of the task: policies.is_checked.
        yield "no_check", ~self.check[block, None] | (self.checked_until > day)
        yield "no_drive", ~self.by_car | (self.drives_until > day)
        yield "no_language", ~self.interpreter[block, None] | self.speaks[self.language[block]]
        yield "no_time", self.in_time[self.span[block]]
        yield "too_far", near
        yield "all_asked", self._not_refused(block)
        yield "no_capacity", self.has_room[self.week[block]]

    def why_nobody(self, t: int) -> Why:
        """The first rule that leaves nobody."""
        if self.tasks[t].lat is None or self.tasks[t].lon is None:
            return "no_place"
        left = np.ones(len(self.place), dtype=bool)
        block = np.array([t])
        for why, mask in self.look_at(block, self.squared_km(block) <= self.radius**2):
            left &= mask[0]
            if not left.any():
                return why
        raise LookupError(f"task {self.tasks[t].id} has somebody")

    def _not_refused(self, block: Places) -> Mask:
        if not any(self.tasks[t].refused_by for t in block):
            return np.ones((1, 1), dtype=bool)
        willing = np.ones((len(block), len(self.place)), dtype=bool)
        for row, t in enumerate(block.tolist()):
            who = [self.place[one] for one in self.tasks[t].refused_by if one in self.place]
            willing[row, who] = False
        return willing


def _ordinals(days: Iterator[date | None]) -> Places:
    return np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64)
