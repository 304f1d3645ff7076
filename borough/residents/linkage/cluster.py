"""Pairs into people: the best evidence first, and never two who cannot be one.

Joining all that is connected makes one person of two families as soon as one pair is wrong. Here each pair, from the
strongest down, joins the people that its two records belong to by then, unless what is known of those two people
contradicts: two valid NHS or National Insurance numbers, two dates of birth, two first names that are not forms of
each other. What a person has decided goes before all evidence.

A pure function of records, pairs and decisions, and local: what is not connected has no bearing on each other, so that
a part of the records gives what it gives within the whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from borough.residents.linkage.joining import Decided, Floats, Ints, Known, connected_components, join_records

Decision = tuple[int, int, Literal["same", "different"]]

# Bits of evidence that join two records; 0 is as likely as not. A little under: contradictions are refused anyway.
JOIN_FROM = -0.5

# Where a component holds one value of each of these at most, nothing in it can be refused: dates of one year and names
# that start alike are alike (see alike).
_CONTRADICTING = {
    "nino": "nino",
    "nhs_number": "nhs_number",
    "year": "left(dob, 4)",
    "name": "case when length(forename_full) > 1 then left(forename_full, 3) end",
}
_KNOWN = ("nino", "nhs_number", "dob", "forename_full", "surname", "forename", "email")
# The columns of `people` that are looked at.
CLUSTERED = ("unique_id", *_KNOWN)


@dataclass(frozen=True)
class Clusters:
    """How many people were found, and how many pairs were refused."""

    persons: int
    refused: int


def cluster_pairs(con: duckdb.DuckDBPyConnection, decisions: Iterable[Decision] = ()) -> Clusters:
    """Make the tables `clusters` (id, cluster: the smallest id of the person's records) and `refusals` (l, r, because).

    Joins the records of `people` by `pairs`, those of at least JOIN_FROM, and by what people have decided:
    (l, r, "same" or "different"), one for each pair of ids at most. "same" overrides contradictions, "different"
    keeps the two apart whatever else joins them. Decisions about records that are not there are left out.
    """
    codes = ", ".join(
        f"case when {sql} is null then -1 else (hash({sql}) >> 1)::bigint end as {name}"
        for name, sql in _CONTRADICTING.items()
    )
    held = con.execute(f"select unique_id, {codes} from people order by unique_id").fetchnumpy()
    ids = np.asarray(held["unique_id"], dtype=np.int64)
    found = con.execute(f"select l, r, weight from pairs where weight >= {JOIN_FROM}").fetchnumpy()
    low, high = np.searchsorted(ids, found["l"]), np.searchsorted(ids, found["r"])
    weight = np.asarray(found["weight"], dtype=np.float64)
    decided = _decided(ids, decisions)
    same = np.array(decided.same, dtype=np.int64).reshape(-1, 2)
    labels = connected_components(len(ids), np.append(low, same[:, 0]), np.append(high, same[:, 1]))

    doubtful = np.zeros(len(ids), dtype=bool)
    for name in _CONTRADICTING:
        doubtful |= _holds_several(labels, np.asarray(held[name], dtype=np.int64))
    doubtful[labels[[place for pair in decided.different for place in pair]]] = True
    places = np.flatnonzero(doubtful[labels])
    inside = doubtful[labels[low]]
    refusals = _join(con, ids, places, low[inside], high[inside], weight[inside], decided, labels)
    _keep(con, ids, labels, refusals)
    return Clusters(persons=int((labels == np.arange(len(ids))).sum()), refused=len(refusals))


def _decided(ids: Ints, decisions: Iterable[Decision]) -> Decided:
    said: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    for one, other, says in decisions:
        pair = (min(one, other), max(one, other))
        low, high = np.searchsorted(ids, pair).tolist()
        if high < len(ids) and (ids[low], ids[high]) == pair:
            said[says].append((low, high))
    return Decided(same=tuple(said["same"]), different=tuple(said["different"]))


def _holds_several(component: Ints, codes: Ints) -> NDArray[np.bool_]:
    """For each place that names a component: do its records hold more than one value?"""
    lowest = np.full(len(component), np.iinfo(np.int64).max)
    highest = np.full(len(component), -1)
    filled = codes >= 0
    np.minimum.at(lowest, component[filled], codes[filled])
    np.maximum.at(highest, component[filled], codes[filled])
    return lowest < highest


def _join(
    con: duckdb.DuckDBPyConnection,
    ids: Ints,
    places: Ints,
    low: Ints,
    high: Ints,
    weight: Floats,
    decided: Decided,
    labels: Ints,
) -> list[tuple[int, int, str]]:
    """Join the records at `places` one by one, and change their `labels`. Returns the refusals, by id."""
    new = np.full(len(ids), -1, dtype=np.int64)
    new[places] = np.arange(len(places))

    def inside(pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((int(new[a]), int(new[b])) for a, b in pairs if new[a] >= 0 and new[b] >= 0)

    here = Decided(same=inside(decided.same), different=inside(decided.different))
    joined = join_records(_recall(con, ids[places]), new[low], new[high], weight, here)
    labels[places] = places[joined.labels]
    own = ids[places]
    return [(int(own[one.low]), int(own[one.high]), one.because) for one in joined.refusals]


def _recall(con: duckdb.DuckDBPyConnection, ids: Ints) -> Known:
    con.register("wanted", {"id": ids})
    columns = ", ".join(f"coalesce({name}, '')" for name in _KNOWN)
    rows = con.execute(f"select {columns} from people join wanted on unique_id = id order by unique_id").fetchall()
    con.unregister("wanted")
    return Known(*(list(column) for column in zip(*rows, strict=True))) if rows else Known([], [], [], [], [], [], [])


def _keep(con: duckdb.DuckDBPyConnection, ids: Ints, labels: Ints, refusals: list[tuple[int, int, str]]) -> None:
    names = ("l", "r", "because")
    rows = [dict(zip(names, row, strict=True)) for row in sorted(refusals)]
    schema = pa.schema([("l", pa.int64()), ("r", pa.int64()), ("because", pa.string())])
    con.register("found", pa.table({"id": ids, "cluster": ids[labels]}))
    con.register("refused", pa.Table.from_pylist(rows, schema=schema))
    con.execute("create or replace temp table clusters as select id, cluster from found order by id")
    con.execute("create or replace temp table refusals as select l, r, because from refused")
    con.unregister("found")
    con.unregister("refused")
