"""How common a surname is among those with whom it is shared.

First names and surnames are not drawn apart from each other: of the few who are called Esi many are called Mensah, so
that two homes with an Esi Mensah prove little. Without being told of any community, a mixture of K naming traditions
is fitted to the full names (expectation maximisation; each tradition has its own first names and surnames).
"""

from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

# More traditions than are told apart by name in an inner borough; what is not needed stays small.
TRADITIONS = 24
ROUNDS = 25
# Of fewer full names nothing can be learnt.
FEWEST_NAMES = 500
# A tradition is not taken for smaller than this share of all.
LEAST_SHARE = 0.004
# What is foretold counts for as much as so many others who were seen to bear both names.
FORETOLD = 10.0
_SEED = 1

Floats = NDArray[np.float64]


def lift_surnames(con: duckdb.DuckDBPyConnection, people: str) -> None:
    """Make the table `lifts` (surname, lift) of the table `people`: how many times likelier a surname is within its own
    tradition than among all."""
    con.execute("create or replace temp table lifts (surname varchar, lift double)")
    rows = con.execute(
        f"""select forename_full, surname, count(distinct home)::double as homes from {people}
        where length(forename) > 1 and surname is not null and home is not null
        group by all order by forename_full, surname"""
    ).fetchnumpy()
    if len(rows["homes"]) < FEWEST_NAMES:
        return
    forenames, first = np.unique(rows["forename_full"].astype(str), return_inverse=True)
    surnames, last = np.unique(rows["surname"].astype(str), return_inverse=True)
    lift = _lifts(first, last, np.asarray(rows["homes"]), len(forenames), len(surnames))
    con.register("found", {"surname": surnames.astype(object), "lift": lift})
    con.execute("insert into lifts select surname, round(lift, 6) from found order by surname")
    con.unregister("found")


def _lifts(first: NDArray[np.int64], last: NDArray[np.int64], homes: Floats, forenames: int, surnames: int) -> Floats:
    random = np.random.default_rng(_SEED)
    # To begin with, a surname belongs somewhere at random, and all who bear it with it. A row for each tradition: what
    # is worked on lies together.
    belief: Floats = np.ascontiguousarray(random.dirichlet(np.full(TRADITIONS, 0.3), size=surnames)[last].T)
    share: Any = np.full(TRADITIONS, 1 / TRADITIONS)
    of_first: Any = np.zeros((TRADITIONS, forenames))
    of_surname: Any = np.zeros((TRADITIONS, surnames))
    for _ in range(ROUNDS):
        belief *= homes
        share = belief.sum(axis=1) / homes.sum()
        for z in range(TRADITIONS):
            of_first[z] = np.bincount(first, belief[z], forenames) + 0.01
            of_surname[z] = np.bincount(last, belief[z], surnames) + 0.01
            # The chance of each full name in this tradition.
            belief[z] = (share[z] * of_first[z] / of_first[z].sum())[first]
            belief[z] *= (of_surname[z] / of_surname[z].sum())[last]
        belief /= belief.sum(axis=0)
    theirs = of_surname / of_surname.sum(axis=0)
    foretold = (theirs**2 / np.maximum(share, LEAST_SHARE)[:, None]).sum(axis=0)
    # Of a common surname it can be counted how often others of one first name bear it, too: that also knows that in
    # some traditions women and men bear it in two forms.
    bearers, namesakes = np.bincount(last, homes, surnames), np.bincount(first, homes, forenames)
    seen = np.bincount(last, homes * (homes - 1), surnames)
    by_chance = np.bincount(last, homes * (namesakes[first] - 1), surnames) * bearers / homes.sum()
    lift: Floats = (seen + FORETOLD) / (by_chance + FORETOLD / foretold)
    return lift
