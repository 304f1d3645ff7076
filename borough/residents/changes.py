"""What a change touches: the pairs that the changed records can make, and all records whose person might differ."""

from collections.abc import Iterable

import duckdb
from django.db import connection

from borough.residents.blocking import Rules, conditions
from borough.residents.linkage.cluster import JOIN_FROM
from borough.residents.models import Comparable, Membership, Pair
from borough.residents.transfer import bring, name_rows

_COMPARABLE, _PAIR = Comparable._meta.db_table, Pair._meta.db_table
_MEMBERSHIP = Membership._meta.db_table
_NUMBERS = {"l": "bigint", "r": "bigint"}
_REACHING = {**_NUMBERS, "weight": "double", "rule": "bigint", "refused": "varchar"}
_FORMER = {"id": "bigint", **_REACHING}


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


def close_scope(con: duckdb.DuckDBPyConnection, start: Iterable[int], same: Iterable[tuple[int, int]]) -> set[int]:
    """All records whose person may differ when these do: what pairs, people's decisions or a resident connect.

    A component of the graph of pairs is clustered as a whole, and gives alone what it gives among all others. Makes
    `before` (id, resident, natural_id) of all records of the residents concerned, and of the pairs that connect them
    `pairs` (l, r, weight, rule) and `scope_pairs` (l, r, refused).
    """
    _begin_scope(con)
    joined: dict[int, set[int]] = {}
    for low, high in same:
        joined.setdefault(low, set()).add(high)
        joined.setdefault(high, set()).add(low)
    scope: set[int] = set()
    found = set(start)
    while found:
        # Of whoever a resident brings, the resident is known.
        frontier = found | _fellows(con, found) - scope
        scope |= frontier
        reached = _neighbours(con, frontier)
        for record in frontier:
            reached |= joined.get(record, set())
        found = reached - scope
    con.execute(
        """create or replace temp table scope_pairs as select distinct l, r, weight, rule, refused from reaching"""
    )
    con.execute("create or replace temp table pairs as select l, r, weight, rule from scope_pairs")
    return scope


def _begin_scope(con: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _REACHING.items())
    con.execute(f"create or replace temp table reaching ({columns})")
    con.execute("create or replace temp table before (id bigint, resident varchar, natural_id varchar)")
    name_rows("met", ["id varchar(20)"], (), key="id")


def _neighbours(con: duckdb.DuckDBPyConnection, ids: Iterable[int]) -> set[int]:
    """The records that a kept pair which could join people connects with these; the pairs are added to `reaching`."""
    name_rows("frontier", ["id bigint"], [(one,) for one in sorted(ids)], key="id")
    queries = [
        f"SELECT p.low, p.high, p.weight, p.rule, p.refused FROM frontier f CROSS JOIN {_PAIR} p "
        f"WHERE p.{side} = f.id AND p.weight >= %s"
        for side in ("low", "high")
    ]
    bring(con, "reached", _REACHING, " UNION ALL ".join(queries), [JOIN_FROM, JOIN_FROM])
    con.execute("insert into reaching select * from reached")
    return set(_numbers(con, "select l from reached union select r from reached"))


def _fellows(con: duckdb.DuckDBPyConnection, ids: Iterable[int]) -> set[int]:
    """The records of the residents that these are of and that were not met yet; they are added to `before`."""
    name_rows("frontier", ["id bigint"], [(one,) for one in sorted(ids)], key="id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT m.resident_id FROM frontier f CROSS JOIN {_MEMBERSHIP} m WHERE m.record_id = f.id "
            "AND m.ended_at IS NULL AND m.resident_id NOT IN (SELECT id FROM met) ORDER BY 1"
        )
        residents = cursor.fetchall()
        name_rows("meeting", ["id varchar(20)"], residents, key="id")
        cursor.execute("INSERT INTO met SELECT id FROM meeting")
    bring(
        con,
        "fellows",
        {"id": "bigint", "resident": "varchar", "natural_id": "varchar"},
        "SELECT m.record_id, m.resident_id, CASE WHEN m.natural_id = '' THEN m.resident_id ELSE m.natural_id END "
        f"FROM meeting n CROSS JOIN {_MEMBERSHIP} m WHERE m.resident_id = n.id AND m.ended_at IS NULL",
    )
    con.execute("insert into before select * from fellows")
    return set(_numbers(con, "select id from fellows"))


def _numbers(con: duckdb.DuckDBPyConnection, sql: str) -> list[int]:
    return [row[0] for row in con.execute(sql).fetchall()]
