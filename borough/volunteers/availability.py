"""When a volunteer can help: a week's pattern in the hours of London, days away, and what they have promised. Pure.

Times are half hours counted from the start of a `Horizon` in UTC, so that the hour which the clocks repeat in October
is there twice and the one which they leave out in March is not there; the pattern speaks of wall time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from borough.common.clock import LONDON

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# From and to, in hours of the day; a night belongs to the day on which it begins.
PARTS = {"morning": (7, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 31)}
HOURS = tuple(f"{day}_{part}" for day in DAYS for part in PARTS)
# Of somebody who told us no hours: every day, not at night.
DAYTIME = frozenset(f"{day}_{part}" for day in DAYS for part in PARTS if part != "night")

HALF_HOUR = timedelta(minutes=30)
WEEK = 7 * 48
# A task without an hour of its own wants this much time of its volunteer on or before its day.
TASK_TAKES = 2

Span = tuple[datetime, datetime]
Days = tuple[date, date]


@lru_cache(maxsize=4096)
def week_of(hours: frozenset[str]) -> NDArray[np.bool_]:
    """336 half hours from Monday 00:00 wall time, true where the pattern (`sat_night`, `mon_morning`) says free."""
    week = np.zeros(WEEK, dtype=bool)
    for day_at, day in enumerate(DAYS):
        for part, (start, end) in PARTS.items():
            if f"{day}_{part}" in hours:
                week[np.arange(day_at * 48 + start * 2, day_at * 48 + end * 2) % WEEK] = True
    week.setflags(write=False)
    return week


@dataclass(frozen=True)
class Horizon:
    """The half hours from `start` (in UTC: times of one zone are subtracted by its wall clock) that a plan looks at."""

    start: datetime
    slots: int = 28 * 48

    @classmethod
    def from_now(cls, now: datetime) -> "Horizon":
        return cls(now.astimezone(UTC).replace(minute=now.minute // 30 * 30, second=0, microsecond=0))

    def slot(self, moment: datetime, *, up: bool = False) -> int:
        """The half hour that holds this moment, or with `up` the first that does not begin before it; kept inside."""
        count, rest = divmod(moment - self.start, HALF_HOUR)
        return min(max(count + (1 if up and rest else 0), 0), self.slots)

    def end_of(self, day: date) -> int:
        """The half hour after the last of this day in London."""
        return self.slot(midnight_after(day), up=True)

    def wall(self) -> NDArray[np.int32]:
        """For each half hour its place in the week of wall time."""
        places = []
        for count in range(self.slots):
            local = (self.start + count * HALF_HOUR).astimezone(LONDON)
            places.append(local.weekday() * 48 + local.hour * 2 + local.minute // 30)
        return np.array(places, dtype=np.int32)

    def days(self, span: Days) -> tuple[int, int]:
        return self.slot(midnight_before(span[0])), self.end_of(span[1])


def midnight_before(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def midnight_after(day: date) -> datetime:
    return midnight_before(day + timedelta(days=1))


def free_time(
    horizon: Horizon,
    hours: Sequence[frozenset[str]],
    away: Sequence[Iterable[Days]],
    busy: Sequence[Iterable[Span]],
) -> NDArray[np.bool_]:
    """(people, half hours): true where the pattern says free, no day away falls and nothing is promised."""
    free = np.array([week_of(one or DAYTIME) for one in hours], dtype=bool).reshape(-1, WEEK)[:, horizon.wall()]
    for row, (spans, promised) in enumerate(zip(away, busy, strict=True)):
        for span in spans:
            start, end = horizon.days(span)
            free[row, start:end] = False
        for since, until in promised:
            free[row, horizon.slot(since) : horizon.slot(until, up=True)] = False
    return free


def is_free(
    hours: Collection[str], away: Iterable[Days], busy: Iterable[Span], *, start: datetime, end: datetime
) -> bool:
    """Can this one person help from `start` to `end` (aware)?"""
    horizon = Horizon.from_now(start)
    return bool(free_time(horizon, [frozenset(hours)], [away], [busy])[0, : horizon.slot(end, up=True)].all())


def monday_of(day: date) -> date:
    """The first day of this day's week."""
    return day - timedelta(days=day.weekday())


def day_of(ends_at: datetime | None, due_on: date | None, *, tomorrow: date) -> date:
    """The day on which a task is done at the latest: what was due before may still be done until tomorrow night."""
    return ends_at.astimezone(LONDON).date() if ends_at else max(due_on or tomorrow, tomorrow)
