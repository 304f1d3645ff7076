"""What goes into a matching and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from borough.volunteers.availability import Days, Span

Why = str  # no_place, no_skill, no_check, no_drive, no_language, no_time, too_far, all_asked, no_second, no_capacity


@dataclass(frozen=True)
class Task:
    """An open task. `lat`, `lon` are None where the place is not known.

    `checked`: needs a DBS check in date on its day; `interpreter`: needs somebody who speaks `language`, which
    otherwise is only liked. `starts_at` and `ends_at` (aware) are its window, else it is done on or before `due_on`.
    `refused_by`: volunteers who had it before or whom one side does not want; `trusted`: those who helped this
    resident before, and the need was met. `people`: how many volunteers go together, all of them or nobody.
    """

    id: str
    lat: float | None
    lon: float | None
    skill: str
    checked: bool
    urgency: str
    language: str = ""
    refused_by: frozenset[str] = frozenset()
    interpreter: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    due_on: date | None = None
    trusted: frozenset[str] = frozenset()
    people: int = 1


@dataclass(frozen=True)
class Helper:
    """A volunteer on duty. `capacity`: the most tasks in a week; `loads`: those of each week, by its Monday.

    `checked_until` and `drives_until` (of who goes by car) are the days on which the checks end, `hours` their week
    (availability.week_of), `away` days off, `busy` windows promised. `idle_weeks` since they were last asked, 8 for
    never; `says_yes` the share of offers that they accept (matching_costs.yes_share); `rather_not` the skills that they
    have and would rather not be asked for.
    """

    id: str
    lat: float
    lon: float
    skills: frozenset[str]
    radius_km: float
    capacity: int
    loads: Mapping[date, int] = field(default_factory=dict)
    checked_until: date | None = None
    drives_until: date | None = None
    languages: frozenset[str] = frozenset()
    travel: str = "walk"
    hours: frozenset[str] = frozenset()
    away: tuple[Days, ...] = ()
    busy: tuple[Span, ...] = ()
    idle_weeks: int = 0
    says_yes: float = 2 / 3
    rather_not: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """Why this volunteer: how far and how long, for which skill, how many tasks they had that week, what else spoke
    for them. `next_best`: who would have been next for this task among those left, and `next_costs` minutes more.
    """

    task_id: str
    helper_id: str
    distance_km: float
    minutes: int
    skill: str
    load: int
    capacity: int
    checked: bool
    language: str
    trusted: bool
    idle_weeks: int
    candidates: int
    next_best: str = ""
    next_costs: int = 0
    rather_not: bool = False


@dataclass(frozen=True)
class Matching:
    """`matches` in the order of the tasks, one for each of the volunteers who go together; `unplaced` says why for each
    task that has none.

    `minutes` is the travel of all matches, `gap_minutes` the most that any other choice could cost less, where a task
    left without anybody counts as policies.UNPLACED: a gap below the least of these means that none could place more.
    """

    matches: list[Match]
    unplaced: dict[str, Why]
    minutes: float = 0.0
    gap_minutes: float = 0.0

    @property
    def gap(self) -> float:
        """The gap to the optimum as a share of the travel."""
        return self.gap_minutes / max(1.0, self.minutes)
