"""The third kind of pair: two people of one home.

A model of two classes, one person or strangers, takes a family for one person: same surname, same address, same
telephone are far beyond chance. So a third class is learnt from all pairs of records of one home, without labels, by
expectation maximisation with the class of one person held at what Splink learnt; the weight of a pair is then its
evidence for one person against strangers or family, whichever explains it better.
"""

import duckdb
import numpy as np
from numpy.typing import NDArray

from borough.residents.linkage.model import HomeClass, Model

# A sample of homes with about so many pairs teaches as much as all of them.
MOST_PAIRS = 400_000
FEWEST_PAIRS = 200
# A home of more records than this is a hostel or a block without flat numbers, and would drown the families.
MOST_RECORDS_OF_HOME = 40
# Two people of one home seldom share a first name or a birthday.
MOST_ALIKE = 0.2
ROUNDS = 200

Floats = NDArray[np.float64]


def learn_homes(con: duckdb.DuckDBPyConnection, model: Model) -> HomeClass | None:
    """Learn the class of two people of one home from `people`; None where too few records share a home."""
    standard = model.standard
    if not standard.has("home"):
        return None
    pairs = _home_pairs(con)
    if pairs < FEWEST_PAIRS:
        return None
    vectors, counts, strangers, unlike = _vectors(con, model, max(1, round(pairs / MOST_PAIRS)))
    names = [comparison.name for comparison in model.comparisons]
    m = [np.asarray(model.m[name]) for name in names]
    known = _known_strangers(vectors, counts, strangers, unlike, names, m)
    fixed = [name == "address" for name in names]
    h, share = _maximise(vectors, counts, m, fixed, known)
    if any(levels[-1] > MOST_ALIKE for name, levels in zip(names, h, strict=True) if name in ("forename", "dob")):
        # What was found is one person again, written with more slips: nobody here shares a home with another.
        return None
    if "initial" in names:
        # Two of one home have one initial as often as strangers, or because they have one name.
        name, first = h[names.index("forename")][-1], model.u["initial"][-1]
        h[names.index("initial")] = np.array([(1 - name) * (1 - first), name + (1 - name) * first])
    # Homes that a pair of records of one home would show as such: the rest moved, or are written differently.
    at_home = next((float(model.m[name][-1]) for name in names if name == "address"), 1.0)
    every = max(1.0, standard.records * (standard.records - 1) / 2)
    prior = pairs * (1 - share) / max(at_home, 0.2) / every
    return HomeClass(
        h={name: tuple(np.round(levels, 10).tolist()) for name, levels in zip(names, h, strict=True)},
        prior=round(min(prior, 0.5), 15),
    )


_HOMES = (
    f"select home from people where home is not null group by home having count(*) between 2 and {MOST_RECORDS_OF_HOME}"
)


def _home_pairs(con: duckdb.DuckDBPyConnection) -> int:
    counted = f"select count(*) as n from people where home in ({_HOMES}) group by home"
    return int(con.execute(f"select coalesce(sum(n * (n - 1) / 2), 0) from ({counted})").fetchall()[0][0])


def _vectors(
    con: duckdb.DuckDBPyConnection, model: Model, one_in: int
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """The levels of each comparison that pairs of one home reach, with the number of pairs, one home in `one_in`;
    which of them are two people by a number that only one can have, and which by their dates of birth."""
    columns = sorted({column for comparison in model.comparisons for column in comparison.columns} & _columns(con))
    columns += [name for name in ("nino", "nhs_number", "dob") if name not in columns]
    left = ", ".join(f"l.{column} as {column}_l, r.{column} as {column}_r" for column in columns)
    gammas = ", ".join(f"{comparison.gamma_sql()} as g_{comparison.name}" for comparison in model.comparisons)
    rows = con.execute(
        f"""
        with chosen as (select * from people where home in ({_HOMES}) and hash(home) % {one_in} = 0),
        pairs as (select {left} from chosen l join chosen r on l.home = r.home and l.unique_id < r.unique_id),
        levels as (select {gammas},
            coalesce(damerau_levenshtein(nino_l, nino_r) > 2, false)
            or coalesce(nhs_number_l <> nhs_number_r, false) as strangers,
            coalesce(damerau_levenshtein(dob_l, dob_r) > 2 and left(dob_l, 4) <> left(dob_r, 4), false) as unlike
            from pairs)
        select *, count(*) as n from levels group by all order by all
        """
    ).fetchall()
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(model.comparisons) + 3)
    return table[:, :-3], table[:, -1].astype(np.float64), table[:, -3] == 1, table[:, -2] == 1


def _known_strangers(
    vectors: NDArray[np.int64],
    counts: Floats,
    strangers: NDArray[np.bool_],
    unlike: NDArray[np.bool_],
    names: list[str],
    m: list[Floats],
) -> dict[int, Floats]:
    """By place of the comparison, how often each level occurs between people of one home who are two for certain.

    Expectation maximisation alone takes many a bare pair of one name for father and son. Dates of birth are learnt
    from those whose numbers differ, and all else from those whose numbers or dates do.
    """
    known: dict[int, Floats] = {}
    for place, name in enumerate(names):
        if name in ("address", "source", "nino", "nhs_number"):
            continue
        sure = strangers if name == "dob" else strangers | unlike
        sure = sure & (vectors[:, place] >= 0)
        if counts[sure].sum() >= FEWEST_PAIRS:
            seen = np.bincount(vectors[sure, place], weights=counts[sure], minlength=len(m[place])) + 0.5
            known[place] = seen / seen.sum()
    return known


def _columns(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in con.execute("describe people").fetchall()}


def _maximise(
    vectors: NDArray[np.int64], counts: Floats, m: list[Floats], fixed: list[bool], known: dict[int, Floats]
) -> tuple[list[Floats], float]:
    """The level frequencies of family pairs, and the share of pairs of one home that are one person.

    A `fixed` comparison (the address, by which the pairs were chosen) tells the two apart in no way here, and is
    given the frequencies of one person; a `known` one keeps what is known of it.
    """
    h = [known.get(place, levels if fixed[place] else _guess(levels)) for place, levels in enumerate(m)]
    share = 0.4
    one_person = _log_likelihood(vectors, m, fixed)
    for _ in range(ROUNDS):
        family = _log_likelihood(vectors, h, fixed)
        odds = np.clip(np.log1p(-share) + family - np.log(share) - one_person, -500, 500)
        belief = 1 / (1 + np.exp(odds))
        before, share = share, float(np.clip((belief * counts).sum() / counts.sum(), 0.01, 0.99))
        for place, keep in enumerate(fixed):
            if not keep and place not in known:
                filled = vectors[:, place] >= 0
                seen = np.bincount(
                    vectors[filled, place], weights=((1 - belief) * counts)[filled], minlength=len(m[place])
                )
                h[place] = (seen + 0.5) / (seen + 0.5).sum()
        if abs(share - before) < 1e-7:
            break
    return h, share


def _guess(levels: Floats) -> Floats:
    """To begin with, family mostly disagree; where they agree it is wholly."""
    start = np.full(len(levels), 0.1 / len(levels))
    start[0] += 0.7
    start[-1] += 0.2
    return start


def _log_likelihood(vectors: NDArray[np.int64], tables: list[Floats], fixed: list[bool]) -> Floats:
    total = np.zeros(len(vectors))
    for place, (levels, keep) in enumerate(zip(tables, fixed, strict=True)):
        if not keep:
            reached = vectors[:, place]
            total += np.where(reached >= 0, np.log(levels)[np.clip(reached, 0, None)], 0.0)
    return total
