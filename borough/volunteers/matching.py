"""Which volunteer for which task: one choice for all open tasks at once. Pure: plain values in and out.

Nearest-first gives the nearest volunteer to whoever comes first and leaves others with none. Here all tasks are
weighed together: as many as possible have a volunteer, the urgent before the others; then ways are short, residents
keep the volunteer they trust, and the work is spread. Where nobody is to go alone, two go together or nobody.
`matching_pairs` says who can do what, `matching_solve` chooses, and this module tells why. The same input gives the
same answer. Costs are minutes, as on a clock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from borough.volunteers.matching_costs import slot_price
from borough.volunteers.matching_pairs import Pairs, pairs_of
from borough.volunteers.matching_shapes import Helper, Match, Matching, Task, Why
from borough.volunteers.matching_solve import Choice, choose

__all__ = ["Helper", "Match", "Matching", "Task", "Why", "match", "rank"]


def match(tasks: Sequence[Task], helpers: Sequence[Helper], *, now: datetime) -> Matching:
    """Choose volunteers for the tasks, from all who can do each."""
    if not tasks:
        return Matching([], {})
    helpers = sorted(helpers, key=lambda helper: helper.id)
    pairs, unplaced = pairs_of(tasks, helpers, now=now)
    choice = choose(tasks, helpers, pairs)
    held: dict[tuple[int, date], int] = {}
    matches = []
    for pair in choice.pairs.tolist():
        t, h = int(pairs.task[pair]), int(pairs.helper[pair])
        week = pairs.weeks[pairs.week[t]]
        load = helpers[h].loads.get(week, 0) + held.get((h, week), 0)
        held[h, week] = held.get((h, week), 0) + 1
        matches.append(_explained(tasks[t], helpers[h], pairs, pair, load, choice, helpers))
    placed = {one.task_id for one in matches}
    for task in tasks:
        if task.id not in placed:
            unplaced.setdefault(task.id, "no_capacity")
    minutes = float(pairs.minutes[choice.pairs].sum())
    return Matching(matches, unplaced, minutes, choice.gap_minutes)


def rank(task: Task, helpers: Sequence[Helper], *, now: datetime, limit: int = 10) -> list[Match]:
    """The volunteers who can do this task, the best first, with reasons: for a person to choose from.

    Where two go together each of them is told, also when there is only one."""
    helpers = sorted(helpers, key=lambda helper: helper.id)
    pairs, _unplaced = pairs_of([replace(task, people=1)], helpers, now=now)
    week = pairs.weeks[0]
    price = [slot_price(helpers[h].loads.get(week, 0), helpers[h].idle_weeks) for h in pairs.helper.tolist()]
    order = np.lexsort((pairs.helper, pairs.cost + np.array(price)))[:limit]
    return [
        _explained(task, helpers[h], pairs, pair, helpers[h].loads.get(week, 0))
        for pair, h in zip(order.tolist(), pairs.helper[order].tolist(), strict=True)
    ]


def _explained(
    task: Task,
    helper: Helper,
    pairs: Pairs,
    pair: int,
    load: int,
    choice: Choice | None = None,
    helpers: Sequence[Helper] = (),
) -> Match:
    t = int(pairs.task[pair])
    runner_up, more = (int(choice.next_helper[t]), float(choice.next_costs[t])) if choice else (-1, 0.0)
    return Match(
        task_id=task.id,
        helper_id=helper.id,
        distance_km=round(float(pairs.km[pair]), 2),
        minutes=round(float(pairs.minutes[pair])),
        skill=task.skill,
        load=load,
        capacity=helper.capacity,
        checked=helper.checked_until is not None and helper.checked_until > pairs.days[t],
        language=task.language if task.language in helper.languages else "",
        trusted=helper.id in task.trusted,
        idle_weeks=helper.idle_weeks,
        candidates=int(pairs.count[t]),
        next_best=helpers[runner_up].id if runner_up >= 0 else "",
        next_costs=max(0, round(more)),
        rather_not=task.skill in helper.rather_not,
    )
