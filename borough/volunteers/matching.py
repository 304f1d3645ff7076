"""Which volunteer for which case: one choice for all waiting cases at once. Pure: plain values in and out.

Nearest-first gives the nearest volunteer to whoever comes first and leaves others with none. Here it is a transport
problem, solved to its optimum by HiGHS: as many cases as possible have a volunteer, the urgent before the others; then
the ways are short and the work is spread, because each further case of a volunteer costs more than the one before.
The same input gives the same answer.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088
NEAREST = 30
FIRST_PAIRS = 6

# Costs, in kilometres. A case left without anybody costs more than any way there; LOAD is what a volunteer's each
# further case adds; a common language is worth a way of this length.
UNPLACED = {"urgent": 10_000.0, "soon": 5_000.0, "routine": 2_500.0}
LOAD = 0.5
LANGUAGE = 1.0

Why = str  # no_place, no_skill, no_check, too_far, all_asked, no_capacity


@dataclass(frozen=True)
class Task:
    """A waiting case. `lat`, `lon` None where the place is not known. `refused_by`: volunteers who had it before."""

    id: str
    lat: float | None
    lon: float | None
    skill: str
    checked: bool
    urgency: str
    language: str = ""
    refused_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Helper:
    """A volunteer who is free. `load`: the cases held now, `capacity`: the most at once."""

    id: str
    lat: float
    lon: float
    skills: frozenset[str]
    radius_km: float
    capacity: int
    load: int
    checked: bool
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """Why this volunteer: how far, for which skill, how many cases they held before, a language in common."""

    task_id: str
    helper_id: str
    distance_km: float
    skill: str
    load: int
    capacity: int
    checked: bool
    language: str


@dataclass(frozen=True)
class Matching:
    """`matches` in the order of the tasks; `unplaced` says why for each task that has none."""

    matches: list[Match]
    unplaced: dict[str, Why]


def match(tasks: Sequence[Task], helpers: Sequence[Helper], *, nearest: int = NEAREST) -> Matching:
    """Choose a volunteer for each task, of the `nearest` volunteers who can do it."""
    helpers = sorted(helpers, key=lambda helper: helper.id)
    pairs, unplaced = _candidates(tasks, helpers, nearest)
    chosen = _solve(tasks, helpers, pairs) if pairs else {}
    matches, held = [], Counter[int]()
    for t, task in enumerate(tasks):
        if t not in chosen:
            unplaced.setdefault(task.id, "no_capacity")
            continue
        h, distance = chosen[t]
        matches.append(_explained(task, helpers[h], distance, helpers[h].load + held[h]))
        held[h] += 1
    return Matching(matches, unplaced)


def rank(task: Task, helpers: Sequence[Helper], *, limit: int = 10) -> list[Match]:
    """The volunteers who can do this task, the best first, with reasons: for a person to choose from."""
    pairs, _unplaced = _candidates([task], helpers, limit)
    scored = sorted((cost, helpers[h].id, h, distance) for _t, h, distance, cost in pairs)
    return [_explained(task, helpers[h], distance, helpers[h].load) for _cost, _id, h, distance in scored]


def _explained(task: Task, helper: Helper, distance: float, load: int) -> Match:
    return Match(
        task_id=task.id,
        helper_id=helper.id,
        distance_km=round(distance, 2),
        skill=task.skill,
        load=load,
        capacity=helper.capacity,
        checked=helper.checked,
        language=task.language if task.language in helper.languages else "",
    )


Pair = tuple[int, int, float, float]  # task, helper, distance in km, cost


def _candidates(tasks: Sequence[Task], helpers: Sequence[Helper], nearest: int) -> tuple[list[Pair], dict[str, Why]]:
    """Each task with the nearest volunteers who can do it, and why others have none."""
    pairs: list[Pair] = []
    unplaced: dict[str, Why] = {}
    place = np.radians(np.array([[helper.lat, helper.lon] for helper in helpers]).reshape(-1, 2))
    radius = np.array([helper.radius_km for helper in helpers])
    free = np.array([helper.capacity > helper.load for helper in helpers], dtype=bool)
    checked = np.array([helper.checked for helper in helpers], dtype=bool)
    load = np.array([helper.load for helper in helpers], dtype=float)
    index = {helper.id: h for h, helper in enumerate(helpers)}
    able = {
        skill: np.array([skill in helper.skills for helper in helpers], dtype=bool)
        for skill in {task.skill for task in tasks}
    }
    for t, task in enumerate(tasks):
        if task.lat is None or task.lon is None:
            unplaced[task.id] = "no_place"
            continue
        steps: Iterator[tuple[Why, NDArray[np.bool_]]] = iter(
            [("no_skill", able[task.skill]), ("no_check", checked if task.checked else np.ones_like(checked))]
        )
        fit = np.ones(len(helpers), dtype=bool)
        why = ""
        for name, mask in steps:
            fit = fit & mask
            if not fit.any():
                why = name
                break
        if not why:
            who = np.flatnonzero(fit)
            distance = _distances(task.lat, task.lon, place[who])
            near = distance <= radius[who]
            who, distance = who[near], distance[near]
            refused = [index[one] for one in task.refused_by if one in index]
            willing = ~np.isin(who, refused)
            ready = willing & free[who]
            why = "too_far" if not who.size else "all_asked" if not willing.any() else ""
            why = why or ("no_capacity" if not ready.any() else "")
            who, distance = who[ready], distance[ready]
        if why:
            unplaced[task.id] = why
            continue
        # Stable, so that of two at the same distance the one with the lower id is kept: no chance in it.
        order = np.argsort(distance, kind="stable")[:nearest]
        for h, far in zip(who[order].tolist(), distance[order].tolist(), strict=True):
            speaks = LANGUAGE if task.language and task.language in helpers[h].languages else 0.0
            pairs.append((t, h, far, far + LOAD * float(load[h]) - speaks))
    return pairs, unplaced


def _distances(lat: float, lon: float, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in km from a point in degrees to places in radians."""
    here_lat, here_lon = np.radians(lat), np.radians(lon)
    a = (
        np.sin((place[:, 0] - here_lat) / 2) ** 2
        + np.cos(here_lat) * np.cos(place[:, 0]) * np.sin((place[:, 1] - here_lon) / 2) ** 2
    )
    distances: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))
    return distances


def _solve(tasks: Sequence[Task], helpers: Sequence[Helper], pairs: Sequence[Pair]) -> dict[int, tuple[int, float]]:
    """Task → (helper, distance), by a linear programme whose corner points are whole numbers (a transport network).

    Rows: a task goes to one volunteer at most; a volunteer's pairs fill their slots. Columns: a slot for each further
    case of a volunteer, whose cost rises; and the pairs, worth their cost less what the task would cost unplaced. The
    programme begins with the nearest pairs alone and takes in others as long as their prices say that one of them
    would improve it (column generation): the optimum over all pairs, four times sooner than with all from the start.
    """
    task_rows = {t: row for row, t in enumerate(dict.fromkeys(t for t, *_rest in pairs))}
    helper_rows = {h: len(task_rows) + row for row, h in enumerate(dict.fromkeys(h for _t, h, *_rest in pairs))}
    row_of_task = np.array([task_rows[t] for t, *_rest in pairs], dtype=np.int32)
    row_of_helper = np.array([helper_rows[h] for _t, h, *_rest in pairs], dtype=np.int32)
    cost = np.array([price - UNPLACED[tasks[t].urgency] for t, _h, _distance, price in pairs])
    slots = [(row, LOAD * n) for h, row in helper_rows.items() for n in range(helpers[h].capacity - helpers[h].load)]

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("solver", "simplex")
    for row in range(len(task_rows) + len(helper_rows)):
        solver.addRow(-highspy.kHighsInf, 1.0 if row < len(task_rows) else 0.0, 0, [], [])
    _add_columns(solver, np.array([price for _row, price in slots]), [np.array([row for row, _p in slots])], [-1.0])
    columns: list[int] = []
    waiting = np.arange(len(pairs))
    # A task's pairs stand together, the nearest first: the place in its group is the distance to the group's start.
    group_start = np.concatenate(([0], np.flatnonzero(np.diff(row_of_task)) + 1))
    place = waiting - np.repeat(group_start, np.diff(np.concatenate((group_start, [len(pairs)]))))
    entering = waiting[place < FIRST_PAIRS]
    while entering.size:
        _add_columns(solver, cost[entering], [row_of_task[entering], row_of_helper[entering]], [1.0, 1.0])
        columns += entering.tolist()
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"matching did not end: {solver.modelStatusToString(solver.getModelStatus())}")
        solution = solver.getSolution()
        price = np.array(solution.row_dual)
        waiting = np.setdiff1d(waiting, entering, assume_unique=True)
        entering = waiting[cost[waiting] - price[row_of_task[waiting]] - price[row_of_helper[waiting]] < -1e-6]
    taken = solver.getSolution().col_value[len(slots) :]
    return {pairs[p][0]: (pairs[p][1], pairs[p][2]) for p, x in zip(columns, taken, strict=True) if x > 0.5}


def _add_columns(
    solver: highspy.Highs, cost: NDArray[np.float64], rows: list[NDArray[np.int32]], values: list[float]
) -> None:
    """Columns between 0 and 1, each with the entries `values` in its `rows`."""
    count, each = len(cost), len(rows)
    solver.addCols(
        count,
        cost,
        np.zeros(count),
        np.ones(count),
        count * each,
        np.arange(0, count * each, each, dtype=np.int32),
        np.column_stack(rows).ravel().astype(np.int32),
        np.tile(values, count),
    )
