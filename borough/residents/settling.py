"""Writes who is who into the main database: ids that last, memberships with their history, residents, households.

What is decided comes in DuckDB tables, for all records or for those that a change touched; both are written alike.
`loaded` (live records, raw values), `by_evidence` and `clusters` (id, cluster: without and with people's decisions),
`before` (id, resident, natural_id of every record of the residents concerned), `addresses` (uprn, small_area, kind).
"""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from borough.common import clock
from borough.common.bulk import fill_table, without_indexes
from borough.common.ids import mint_id
from borough.residents.gathering import bring_loaded
from borough.residents.homes import make_homes, write_households
from borough.residents.linkage.inherit import Inheritance, inherit
from borough.residents.linkage.persons import describe_persons
from borough.residents.models import Membership, Record, Resident, ResidentEvent
from borough.residents.transfer import bring, name_rows, pour

_RESIDENT, _EVENT = Resident._meta.db_table, ResidentEvent._meta.db_table
_MEMBERSHIP, _RECORD = Membership._meta.db_table, Record._meta.db_table
_FIELDS = (
    "forename",
    "surname",
    "dob",
    "sex",
    "phone",
    "email",
    "language",
    "address",
    "postcode",
    "uprn",
    "small_area",
    "home_since",
    "left_on",
)
# How many records went from which resident to which.
_MOVED = (
    "select b.resident as was, a.resident as now, count(*) as n from before b join after a using (id) "
    "where a.resident <> b.resident group by all"
)


@dataclass(frozen=True)
class Settled:
    """What came of the ids: `minted` new ones, `split` id → the one it was told apart from, `retired` id → who it is
    now, `revived` ids that came back; `touched` residents who were described anew, and their `records` if not all."""

    minted: list[str]
    split: dict[str, str]
    retired: dict[str, str]
    revived: list[str]
    touched: list[str]
    records: set[int]


def settle(con: duckdb.DuckDBPyConnection, *, at: datetime, changed: Collection[int] | None = None) -> Settled:
    """Write it all, in the caller's transaction. `at`: the moment from which it holds.

    `changed`: the records that say something new, none where a person decided. Then only the residents whom that or
    another membership concerns are described anew, from what this brings as `loaded`; else all are.
    """
    minted: list[str] = []
    _name_clusters(con, minted)
    retired = _find_retired(con)
    new, revived, split = _find_new(con, minted)
    _write_memberships(con, at)
    touched, records = _find_concerned(con, changed)
    settled = Settled(new, split, retired, revived, touched, records)
    describe_persons(con, clock.today().isoformat())
    make_homes(con, everywhere=changed is None, moving=changed is None or bool(changed))
    write_households(con)
    _write_residents(con, at)
    _retire(settled, at)
    _mark_left(con)
    _write_events(settled, at)
    return settled


def _find_concerned(con: duckdb.DuckDBPyConnection, changed: Collection[int] | None) -> tuple[list[str], set[int]]:
    """Make `concerned` (resident), and `loaded` of their records, where not all are. Returns both, as in Settled."""
    records: set[int] = set()
    if changed is None:
        con.execute(
            "create or replace temp table concerned as select resident from after union select resident from before"
        )
    else:
        con.register("changed_ids", pa.table({"id": pa.array(sorted(changed), pa.int64())}))
        con.execute(
            """
            create or replace temp table concerned as
            with ids as (select id from changed_ids union select id from parted)
            select resident from after join ids using (id) union select resident from before join ids using (id)
            """
        )
        con.unregister("changed_ids")
        records = {row[0] for row in con.execute("select id from after join concerned using (resident)").fetchall()}
        bring_loaded(con, records, comparable=True)
    return [row[0] for row in con.execute("select resident from concerned order by 1").fetchall()], records


def _name_clusters(con: duckdb.DuckDBPyConnection, minted: list[str]) -> None:
    """Make `after` (id, resident, natural_id) of every record of `before` and `clusters`.

    The natural ids go from the natural persons of before to those of now; people's decisions then only say which of
    them stand together. So when every decision is undone, every record has the id that it had.
    """
    naturally = inherit(
        con.execute(
            "select cluster, b.natural_id, count(*) from by_evidence join before b using (id) group by all"
        ).fetchall()
    )
    natural_ids = _ids_of(con, "by_evidence", naturally, minted)
    _make_ids(con, "natural_ids", natural_ids)
    con.execute(
        "create or replace temp table named as "
        "select id, resident as natural_id from by_evidence join natural_ids using (cluster)"
    )
    _make_ids(con, "actual_ids", _actual_ids(con, natural_ids, minted))
    # A record that has gone follows the one it was: its natural resident's heir, or whoever holds that one now.
    _make_pairs(con, "heirs", {old: natural_ids[cluster] for old, cluster in naturally.retired.items()})
    con.execute(
        """
        create or replace temp table after as
        with gone as (
            select b.id, b.resident, coalesce(heirs.new, b.natural_id) as natural_id
            from before b left join heirs on heirs.old = b.natural_id where b.id not in (select id from clusters)
        ),
        holders as (
            select natural_id, resident as holder from (
                select natural_id, resident, count(*) as n from clusters join named using (id)
                join actual_ids using (cluster) where natural_id in (select natural_id from gone) group by all
            ) qualify row_number() over (partition by natural_id order by n desc, resident) = 1
        )
        select id, i.resident, natural_id from clusters join named using (id) join actual_ids i using (cluster)
        union all
        select id, coalesce(holder, gone.resident), natural_id from gone left join holders using (natural_id)
        """
    )


def _actual_ids(con: duckdb.DuckDBPyConnection, natural_ids: dict[int, str], minted: list[str]) -> dict[int, str]:
    """The id of each cluster that people's decisions left, by the natural ids of its records."""
    if not con.execute(
        "select 1 from by_evidence join clusters c using (id) where c.cluster <> by_evidence.cluster limit 1"
    ).fetchall():
        return natural_ids
    actually = inherit(
        con.execute("select cluster, natural_id, count(*) from clusters join named using (id) group by all").fetchall()
    )
    # Who was told apart by a decision keeps the id that was minted for that.
    apart = con.execute(
        """select cluster, b.resident, count(*) from clusters join before b using (id)
        where b.resident not in (select natural_id from named) group by all"""
    ).fetchall()
    by_decision = inherit(row for row in apart if row[0] not in actually.kept)
    return _ids_of(con, "clusters", Inheritance({**by_decision.kept, **actually.kept}, {}), minted)


def _ids_of(con: duckdb.DuckDBPyConnection, table: str, heirs: Inheritance, minted: list[str]) -> dict[int, str]:
    """The id of each cluster of the table; those without an heir get a new one, told in `minted`."""
    ids: dict[int, str] = {}
    for (cluster,) in con.execute(f"select distinct cluster from {table} order by cluster").fetchall():
        known = heirs.kept.get(cluster)
        if known is None:
            known = mint_id("R")
            minted.append(known)
        ids[cluster] = known
    return ids


def _make_ids(con: duckdb.DuckDBPyConnection, table: str, ids: dict[int, str]) -> None:
    rows = pa.table({"cluster": pa.array(ids.keys(), pa.int64()), "resident": pa.array(ids.values(), pa.string())})
    _make(con, table, rows)


def _make_pairs(con: duckdb.DuckDBPyConnection, table: str, pairs: dict[str, str]) -> None:
    _make(con, table, pa.table({"old": pa.array(pairs, pa.string()), "new": pa.array(pairs.values(), pa.string())}))


def _make(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    con.register("rows_in", rows)
    con.execute(f"create or replace temp table {table} as select * from rows_in")
    con.unregister("rows_in")


def _find_retired(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Residents that no record is taken to be of any more → who has most of their records now."""
    return dict(
        con.execute(
            f"""
            select was, now from ({_MOVED}) where was not in (select resident from after)
            qualify row_number() over (partition by was order by n desc, now) = 1
            """
        ).fetchall()
    )


def _find_new(con: duckdb.DuckDBPyConnection, minted: list[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """The ids that are new, those that came back (also as the table `revived`), and who each was told apart from."""
    _make(con, "minted_ids", pa.table({"resident": pa.array(minted, pa.string())}))
    wanted = _column(con, "select resident from minted_ids semi join after using (resident) order by minted_ids.rowid")
    revived = _column(
        con,
        """select distinct resident from after anti join before using (resident) anti join minted_ids using (resident)
        order by 1""",
    )
    parents = dict(
        con.execute(
            f"""
            select now, was from ({_MOVED}) where now not in (select resident from before)
            qualify row_number() over (partition by now order by n desc, was) = 1
            """
        ).fetchall()
    )
    _make(con, "revived", pa.table({"resident": pa.array(revived, pa.string())}))
    split = {resident: parents[resident] for resident in (*wanted, *revived) if resident in parents}
    return wanted, revived, split


def _column(con: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [row[0] for row in con.execute(sql).fetchall()]


def _write_memberships(con: duckdb.DuckDBPyConnection, at: datetime) -> None:
    """End the memberships that hold no longer and begin the new ones; what stays as it is is not written."""
    con.execute(
        """
        create or replace temp table parted as
        select a.id, a.resident, case when a.natural_id = a.resident then '' else a.natural_id end as natural_id,
               b.id is not null as known
        from after a left join before b using (id)
        where b.id is null or a.resident <> b.resident or a.natural_id <> b.natural_id order by a.id
        """
    )
    ended = con.execute("select id from parted where known").fetchall()
    with connection.cursor() as cursor:
        if ended:
            name_rows("parted", ["id bigint"], ended, key="id")
            cursor.execute(
                f"UPDATE {_MEMBERSHIP} SET ended_at = %s "
                "WHERE ended_at IS NULL AND record_id IN (SELECT id FROM parted)",
                [at],
            )
    sql = f"select id, resident, natural_id, '{moment(at)}' from parted order by id"
    columns = ("record_id", "resident_id", "natural_id", "began_at")
    if con.execute("select count(*) from before").fetchall()[0][0]:
        pour(con, sql, _MEMBERSHIP, columns)
    else:
        with without_indexes(_MEMBERSHIP):
            pour(con, sql, _MEMBERSHIP, columns)


def _write_residents(con: duckdb.DuckDBPyConnection, at: datetime) -> None:
    """Bring the residents up to their persons; `minted_at` stays as it was."""
    columns = ("id", "household_id", *_FIELDS, "minted_at")
    sql = f"select resident, household, {', '.join(_FIELDS)}, '{moment(at)}' from persons order by resident"
    with connection.cursor() as cursor:
        if not Resident.objects.exists():
            with without_indexes(_RESIDENT):
                pour(con, sql, _RESIDENT, columns)
            return
        names = ", ".join(columns)
        cursor.execute(f"CREATE TEMP TABLE incoming AS SELECT {names} FROM {_RESIDENT} WHERE false")
        pour(con, sql, "incoming", columns)
        changing = columns[1:-1]
        sets = ", ".join(f"{name} = excluded.{name}" for name in changing)
        differs = " OR ".join(f"{_RESIDENT}.{name} IS DISTINCT FROM excluded.{name}" for name in changing)
        cursor.execute(
            f"INSERT INTO {_RESIDENT} ({names}) SELECT {names} FROM incoming WHERE true ON CONFLICT (id) DO UPDATE "
            f"SET {sets}, retired_at = NULL, retired_into_id = NULL "
            f"WHERE {differs} OR {_RESIDENT}.retired_at IS NOT NULL"
        )
        cursor.execute("DROP TABLE incoming")


def _retire(settled: Settled, at: datetime) -> None:
    """A retired id points to who it is now."""
    if not settled.retired:
        return
    name_rows("leaving", ["id varchar(20)", "heir varchar(20)"], settled.retired.items(), key="id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_RESIDENT} SET retired_at = %s, retired_into_id = leaving.heir, household_id = NULL "
            f"FROM leaving WHERE {_RESIDENT}.id = leaving.id",
            [at],
        )


def _mark_left(con: duckdb.DuckDBPyConnection) -> None:
    """A resident of whom every record has gone has left, on the day that the last of them went."""
    emptied = con.execute(
        """select distinct resident from after join concerned using (resident)
        where resident not in (select resident from persons) order by 1"""
    ).fetchall()
    if not emptied:
        return
    name_rows("emptied", ["id varchar(20)"], emptied, key="id")
    gone = (
        f"SELECT max(c.gone_at) FROM {_MEMBERSHIP} m JOIN {_RECORD} c ON c.id = m.record_id "
        f"WHERE m.resident_id = {_RESIDENT}.id AND m.ended_at IS NULL"
    )
    day = f"CAST(({gone}) AS date)" if connection.vendor == "postgresql" else f"date(({gone}))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_RESIDENT} SET left_on = coalesce(left_on, {day}), household_id = NULL "
            "WHERE id IN (SELECT id FROM emptied)"
        )


def _write_events(settled: Settled, at: datetime) -> None:
    """What happened to each id: minted anew, split off another, retired into another, back again."""
    said = moment(at)
    rows: list[Sequence[Any]] = []
    # In the order in which the residents stand in their own index, where each is looked up.
    for resident in sorted(settled.minted):
        parent = settled.split.get(resident)
        rows.append((said, "split" if parent else "minted", resident, parent))
    rows += [(said, "retired", old, heir) for old, heir in sorted(settled.retired.items())]
    rows += [(said, "revived", resident, settled.split.get(resident)) for resident in settled.revived]
    with without_indexes(_EVENT) if not ResidentEvent.objects.exists() else nullcontext():
        fill_table(_EVENT, ("at", "kind", "resident_id", "other_id"), rows)


def moment(at: datetime) -> str:
    """A time as each database takes it as text."""
    return at.isoformat(sep=" ") if connection.vendor == "postgresql" else at.replace(tzinfo=None).isoformat(sep=" ")


def bring_before(con: duckdb.DuckDBPyConnection) -> None:
    """Make `before`: the memberships of today of all records."""
    bring(
        con,
        "before",
        {"id": "bigint", "resident": "varchar", "natural_id": "varchar"},
        "SELECT m.record_id, m.resident_id, CASE WHEN m.natural_id = '' THEN m.resident_id ELSE m.natural_id END "
        f"FROM {_MEMBERSHIP} m WHERE m.ended_at IS NULL",
    )
