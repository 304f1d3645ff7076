"""Volunteers for 10,000 open tasks at once, beside nearest-first and first-come on the same seeded borough.

    python -m bench.matching [--tasks 10000] [--seed 20]

All hard rules hold for all three. Then ten weeks as Hammersmith & Fulham had them in spring 2020, on seeds on which no
cost was chosen: see bench.ten_weeks.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import product
from time import perf_counter, process_time

from bench.borough import START, Borough
from bench.machine import machine_line
from bench.rivals import one_by_one
from bench.ten_weeks import WAYS, ten_weeks
from borough.volunteers.matching import Helper, Task
from borough.volunteers.matching_pairs import Pairs, pairs_of
from borough.volunteers.matching_solve import choose

# What the matching weighs was chosen with seed 20.
FRESH_SEEDS = (101, 102, 103, 104)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    borough = Borough(options.seed)
    helpers, tasks = borough.helpers(), list(borough.tasks(options.tasks))
    print(machine_line())
    room = sum(helper.capacity for helper in helpers)
    print(f"{len(tasks):,} tasks over two weeks, {len(helpers):,} volunteers with room for {room:,} a week")
    wall, used = perf_counter(), process_time()
    pairs, nobody = pairs_of(tasks, helpers, now=START)
    building = process_time() - used
    choice = choose(tasks, helpers, pairs)
    wall, used = perf_counter() - wall, process_time() - used
    print(f"{len(pairs.task):,} pairs that the hard rules allow; {len(nobody):,} tasks have none\n")
    print("                   placed   unmet  mean km  minutes  with a task  most each  s CPU")
    _tell("all at once", tasks, helpers, pairs, choice.pairs.tolist(), used)
    for name, nearest in (("nearest first", True), ("first come", False)):
        begun = process_time()
        taken = one_by_one(tasks, helpers, pairs, nearest=nearest)
        _tell(name, tasks, helpers, pairs, taken, building + process_time() - begun)
    minutes = float(pairs.minutes[choice.pairs].sum())
    print(
        f"\n  all at once: {wall:.2f} s wall; gap to the optimum {choice.gap_minutes:.2f} minutes of {minutes:,.0f} "
        f"({100 * choice.gap_minutes / minutes:.4f} %), from the bound of the relaxation over all pairs"
    )
    print("\nTen weeks: 9,000 residents, 2,300 volunteers, 12,500 parcels and 6,000 calls (bench.ten_weeks says how)")
    print("  seed                     tasks   unmet    unmet %  never asked %  mean km  s CPU")
    for seed, way in product(FRESH_SEEDS, WAYS):
        begun = process_time()
        told = ten_weeks(way, seed=seed)
        print(
            f"  {seed:>4} {way:<15} {told.tasks:>8,} {told.unmet:>7,} {100 * told.unmet / told.tasks:>9.2f} "
            f"{100 * told.never_asked / told.volunteers:>14.1f} {told.mean_km:>8.2f} {process_time() - begun:>6.1f}",
            flush=True,
        )
    return 0


def _tell(
    name: str, tasks: Sequence[Task], helpers: Sequence[Helper], pairs: Pairs, taken: list[int], seconds: float
) -> None:
    each = Counter(pairs.helper[taken].tolist())
    print(
        f"  {name:<15} {len(taken):>8,} {len(tasks) - len(taken):>7,} {pairs.km[taken].mean():>8.2f} "
        f"{pairs.minutes[taken].mean():>8.1f} {len(each):>12,} {max(each.values()):>10} {seconds:>6.2f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
