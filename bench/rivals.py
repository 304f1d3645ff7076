"""What the matching is measured against, under the same hard rules: one task after another, and no look back."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np

from borough.volunteers.matching import Helper, Task
from borough.volunteers.matching_pairs import Pairs


def one_by_one(tasks: Sequence[Task], helpers: Sequence[Helper], pairs: Pairs, *, nearest: bool) -> list[int]:
    """The pairs taken: each task in its turn has the nearest volunteer who is left, or the first on the list."""
    held: Counter[tuple[int, date]] = Counter()
    promised: dict[int, list[tuple[int, int]]] = {}
    taken: list[int] = []
    for t in range(len(tasks)):
        start, end = int(pairs.starts[t]), int(pairs.starts[t + 1])
        order = start + (np.argsort(pairs.km[start:end], kind="stable") if nearest else np.arange(end - start))
        since, until, week = int(pairs.since[t]), int(pairs.until[t]), pairs.weeks[pairs.week[t]]
        for pair, h in zip(order.tolist(), pairs.helper[order].tolist(), strict=True):
            full = held[h, week] + helpers[h].loads.get(week, 0) >= helpers[h].capacity
            if full or any(since < end and begin < until for begin, end in promised.get(h, ())):
                continue
            held[h, week] += 1
            if until > since:
                promised.setdefault(h, []).append((since, until))
            taken.append(pair)
            break
    return taken
