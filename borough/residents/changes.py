"""What a change touches: the pairs that the changed records can make, and all records whose person might differ."""

from collections.abc import Collection, Iterable

import duckdb
from django.db import connection

from borough.residents.blocking import Rules, conditions
from borough.residents.linkage.cluster import JOIN_FROM
from borough.residents.models import Comparable, Membership, Pair, Record
from borough.residents.transfer import bring, name_rows

_COMPARABLE, _PAIR = Comparable._meta.db_table, Pair._meta.db_table
_MEMBERSHIP, _RECORD = Membership._meta.db_table, Record._meta.db_table
_NUMBERS = {"l": "bigint", "r": "bigint"}
_FORMER = {"id": "bigint", **_NUMBERS, "weight": "double", "rule": "bigint", "refused": "varchar"}


def find_candidates(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make `candidates` (l, r): each pair of a record of the database's table `changed` with any other that one of the
    blocking rules brings together, once. By the indexes of the standard values."""
    queries = [
        # CROSS JOIN tells SQLite to begin with the few that changed.
        f"SELECT p.record_id, c.record_id FROM changed t CROSS JOIN {_COMPARABLE} p CROSS JOIN {_COMPARABLE} c "
        f"WHERE p.record_id = t.id AND {condition} AND c.record_id <> p.record_id"
        for condition in conditions(rules, lambda column: f"p.{column}")
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # It believes that some thousand rows are worth reading a million for.
            cursor.execute(
                "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"
            )
    bring(con, "blocked", _NUMBERS, " UNION ALL ".join(queries))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_seqscan")
    con.execute(
        """create or replace temp table candidates as
        select distinct least(l, r) as l, greatest(l, r) as r from blocked order by all"""
    )


def neighbours_of(ids: Iterable[int], *, least: float) -> set[int]:
    """The records that a kept pair of at least this weight joins to one of these."""
    name_rows("frontier", ["id bigint"], [(one,) for one in sorted(ids)], key="id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.high FROM frontier f CROSS JOIN {_PAIR} p WHERE p.low = f.id AND p.weight >= %s "
            f"UNION ALL SELECT p.low FROM frontier f CROSS JOIN {_PAIR} p WHERE p.high = f.id AND p.weight >= %s",
            [least, least],
        )
        return {row[0] for row in cursor.fetchall()}


def bring_pairs_of_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Make `former_pairs` (id, l, r, weight, rule, refused) of the kept pairs of the database's table `changed`."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _FORMER.items())
    con.execute(f"create or replace temp table former_pairs ({columns}, primary key (id))")
    for side in ("low", "high"):
        bring_pairs(con, f"FROM changed t CROSS JOIN {_PAIR} p WHERE p.{side} = t.id")


def bring_pairs(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Add the kept pairs `p` of this FROM clause to `former_pairs`."""
    bring(con, "found_pairs", _FORMER, f"SELECT p.id, p.low, p.high, p.weight, p.rule, p.refused {sql}")
    con.execute("insert or ignore into former_pairs select * from found_pairs")


def close_scope(start: Collection[int], same: Iterable[tuple[int, int]]) -> set[int]:
    """All records whose person may differ when these do: what pairs, people's decisions or a resident connect.

    A component of the graph of pairs is clustered as a whole, and gives alone what it gives among all others.
    """
    joined: dict[int, set[int]] = {}
    for low, high in same:
        joined.setdefault(low, set()).add(high)
        joined.setdefault(high, set()).add(low)
    scope: set[int] = set()
    frontier = set(start)
    while frontier:
        scope |= frontier
        reached = neighbours_of(frontier, least=JOIN_FROM)
        for record in frontier:
            reached |= joined.get(record, set())
        reached |= _fellows(frontier)
        frontier = reached - scope
    return scope


def _fellows(ids: set[int]) -> set[int]:
    """The records of the residents that these are of."""
    name_rows("frontier", ["id bigint"], [(one,) for one in sorted(ids)], key="id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.record_id FROM {_MEMBERSHIP} o WHERE o.ended_at IS NULL AND o.resident_id IN ("
            f"SELECT m.resident_id FROM frontier f CROSS JOIN {_MEMBERSHIP} m "
            "WHERE m.record_id = f.id AND m.ended_at IS NULL)"
        )
        return {row[0] for row in cursor.fetchall()}


def residents_of(ids: Iterable[int]) -> list[str]:
    """Who these records are taken to be today."""
    name_rows("frontier", ["id bigint"], [(one,) for one in sorted(ids)], key="id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT m.resident_id FROM frontier f CROSS JOIN {_MEMBERSHIP} m "
            "WHERE m.record_id = f.id AND m.ended_at IS NULL ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def bring_scope_pairs(con: duckdb.DuckDBPyConnection, scope: Iterable[int]) -> None:
    """Make `pairs` (l, r, weight, rule) and `scope_pairs` (l, r, refused) of the kept pairs among these records."""
    name_rows("scope", ["id bigint"], [(one,) for one in sorted(scope)], key="id")
    bring(
        con,
        "scope_pairs",
        {**_NUMBERS, "weight": "double", "rule": "bigint", "refused": "varchar"},
        # Not "high IN (…)": SQLite would then try every record of the scope with every other.
        f"SELECT p.low, p.high, p.weight, p.rule, p.refused FROM scope s CROSS JOIN {_PAIR} p CROSS JOIN scope o "
        "WHERE p.low = s.id AND o.id = p.high",
    )
    con.execute("create or replace temp table pairs as select l, r, weight, rule from scope_pairs")
