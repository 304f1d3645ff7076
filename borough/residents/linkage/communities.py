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
_SEED = 1

Floats = NDArray[np.float64]


def lift_surnames(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `lifts` (surname, lift): how many times likelier it is within its own tradition than among all."""
    con.execute("create or replace temp table lifts (surname varchar, lift double)")
    rows = con.execute(
        """select forename_full, surname, count(distinct home)::double as homes from people
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
    # To begin with, a surname belongs somewhere at random, and all who bear it with it.
    belief: Floats = random.dirichlet(np.full(TRADITIONS, 0.3), size=surnames)[last]
    share: Any = np.full(TRADITIONS, 1 / TRADITIONS)
    of_surname: Any = np.zeros((surnames, TRADITIONS))
    for _ in range(ROUNDS):
        weighted = belief * homes[:, None]
        of_first = np.stack([np.bincount(first, weighted[:, z], forenames) for z in range(TRADITIONS)], axis=1) + 0.01
        of_surname = np.stack([np.bincount(last, weighted[:, z], surnames) for z in range(TRADITIONS)], axis=1) + 0.01
        share = weighted.sum(axis=0) / homes.sum()
        chance = share * (of_first / of_first.sum(axis=0))[first] * (of_surname / of_surname.sum(axis=0))[last]
        belief = chance / chance.sum(axis=1, keepdims=True)
    theirs = of_surname / of_surname.sum(axis=1, keepdims=True)
    lift: Floats = (theirs**2 / np.maximum(share, LEAST_SHARE)).sum(axis=1)
    return lift
