"""Prices to begin with: roughly what an hour of each volunteer is worth, before the exact programme starts.

Volunteers whom more tasks want than they can take get dearer, in steps that shrink (a subgradient of the dual). A
tenth of a second here saves the simplex most of its work; the optimum does not depend on it.
"""

import numpy as np

from borough.volunteers.matching_pairs import Floats, Numbers, Pairs, Places

NEAREST = 64
ROUNDS = 120
STEP = 4.0


def cheapest(pairs: Pairs, count: int = NEAREST) -> Places:
    """(tasks, count): the pairs of each task that cost least, -1 where there are fewer."""
    near = np.full((len(pairs.count), count), -1, dtype=np.int64)
    for t, (start, has) in enumerate(zip(pairs.starts.tolist(), pairs.count.tolist(), strict=False)):
        if has > count:
            near[t] = start + np.argpartition(pairs.cost[start : start + has], count)[:count]
        else:
            near[t, :has] = np.arange(start, start + has)
    return near


def guess_prices(cost: Floats, row: Places, slots: Numbers) -> Numbers:
    """The price of each row of `slots` (rows, most slots; the rising prices of each, infinite beyond the last).

    `cost` and `row`: (tasks, pairs) of the cheapest pairs, with infinite cost where there is none.
    """
    price = np.where(np.isfinite(slots[:, 0]), slots[:, 0], 0.0)
    floor, tasks = price.copy(), np.arange(len(cost))
    for number in range(ROUNDS):
        wanted = np.bincount(row[tasks, (cost + price[row]).argmin(axis=1)], minlength=len(slots))
        most = (slots <= price[:, None] + 1e-9).sum(axis=1)
        least = (slots < price[:, None] - 1e-9).sum(axis=1)
        excess = np.maximum(wanted - most, 0) - np.maximum(least - wanted, 0)
        price = np.maximum(price + STEP / (1 + number / 8) * np.clip(excess, -2, 2), floor)
    return price
