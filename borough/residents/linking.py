"""Links all records into residents and households, and writes the result in one transaction.

The engine works on a copy in memory; the database is asked for its rows in batches and given the result set-wise.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection, transaction

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.bulk import fill_table
from borough.common.ids import mint_id
from borough.governance.door import log_write, open_door
from borough.places.queries import export_addresses, find_uprns
from borough.residents.linkage.inherit import Inheritance, inherit
from borough.residents.linkage.persons import describe_persons, explain_links
from borough.residents.linkage.pipeline import STAGES, Progress, Stages, link_table, open_engine
from borough.residents.models import Household, Record, Resident, ResidentEvent
from borough.residents.search import refresh_search

VERB = "residents.link_records"
# A property with so many surnames that no two residents share is let by the room.
SURNAMES_OF_SHARED = 7
SHARED_KINDS = ("hmo", "care_home", "hostel")

_RECORD, _RESIDENT = Record._meta.db_table, Resident._meta.db_table
_HOUSEHOLD, _EVENT = Household._meta.db_table, ResidentEvent._meta.db_table
_TEXTS = ("forename", "middle_names", "surname", "previous_surname", "sex", "phone", "email", "language")
_PLACE = ("address", "postcode", "uprn")
_NULLABLE = ("dob", "nino", "nhs_number", "started_on", "ended_on", "deceased_on")
_FIELDS = ("forename", "surname", "dob", "sex", "phone", "email", "language", *_PLACE, "small_area", "left_on")
_BATCH = 50_000


@dataclass(frozen=True)
class LinkReport:
    """`residents` and `households` as they are now; `minted`, `retired` ids of this time; `refused` joins that would
    have made one person of two; `seconds` by stage."""

    records: int
    residents: int
    households: int
    minted: int
    retired: int
    refused: int
    seconds: dict[str, float]


def link_records(*, by: Viewer, purpose: str, progress: Progress | None = None) -> LinkReport:
    """Decide which records are one person, and bring residents, households and search up to it.

    Ids last: a resident goes on as the person that has most of its records. The same records give the same residents.
    `progress` is told how many stages are done. Raises NotAllowed without a live agreement for the purpose.
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    open_door(viewer=by, purpose=purpose, verb=VERB)
    stages = Stages(total=len(STAGES) + 3, progress=progress)
    with TemporaryDirectory(prefix="borough-link-") as folder, open_engine(Path(folder)) as con:
        with stages.stage("read"):
            records = _read_records(con)
            _read_addresses(con, Path(folder))
        linkage = link_table(con, "loaded", stages)
        with stages.stage("describe"):
            describe_persons(con, clock.today().isoformat())
            explain_links(con, linkage.model)
            # The pairs are the largest table, and nobody asks for them again.
            con.execute("drop table if exists edges")
        with stages.stage("write"), transaction.atomic():
            counts = _write(con)
            log_write(by=by, purpose=purpose, verb=VERB, everyone=True, people=counts["residents"])
            refresh_search()
    return LinkReport(records=records, refused=linkage.refused, seconds=stages.seconds, **counts)


def _read_records(con: duckdb.DuckDBPyConnection) -> int:
    """Make the table `loaded` from the records that have not gone. Returns how many."""
    columns = ("source", *_TEXTS, *_PLACE, *_NULLABLE)
    con.execute(f"create temp table loaded (id bigint, {', '.join(f'{name} varchar' for name in columns)})")
    # As text, so that both databases give dates alike.
    wanted = ", ".join(["id", "source_id", *(f"CAST({name} AS text)" for name in columns[1:])])
    types = [pa.int64(), *(pa.string() for _ in columns)]
    for rows in _batches(f"SELECT {wanted} FROM {_RECORD} WHERE gone_at IS NULL AND id > %s ORDER BY id LIMIT %s"):
        arrays = [pa.array(values, type=kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)]
        con.register("batch", pa.Table.from_arrays(arrays, names=["id", *columns]))
        con.execute("insert into loaded select * from batch")
        con.unregister("batch")
    return _count(con, "loaded")


def _batches(sql: str) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a query that takes (last id, limit) and has the id first."""
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(sql, [last, _BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            last = rows[-1][0]


def _read_addresses(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the table `addresses`, and give `loaded` the UPRN of each address that is written without one."""
    path = folder / "addresses.parquet"
    export_addresses(path)
    con.execute("create temp table addresses as select uprn, small_area, kind from read_parquet(?)", [str(path)])
    path.unlink()
    written = con.execute(
        """select distinct address, postcode from loaded
        where uprn = '' and address <> '' and postcode <> '' order by all"""
    ).fetchall()
    found = [(*pair, uprn) for pair, uprn in zip(written, find_uprns(written), strict=True) if uprn]
    if not found:
        return
    con.register(
        "found", pa.table(dict(zip(("address", "postcode", "uprn"), map(list, zip(*found, strict=True)), strict=True)))
    )
    con.execute(
        """update loaded set uprn = found.uprn from found
        where loaded.uprn = '' and loaded.address = found.address and loaded.postcode = found.postcode"""
    )
    con.unregister("found")


def _write(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two linkings at once would each mint an id for the same new person.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [VERB])
        heirs = _inherit(con)
        minted = _mint(con, heirs)
        _assign_households(con)
        _write_households(con, cursor)
        _write_residents(con, cursor)
        _write_records(con, cursor)
        _retire(con, cursor, heirs)
        _write_events(con, heirs, minted)
        _mark_left(cursor)
        _drop_empty_households(cursor)
        cursor.execute(f"SELECT count(*) FROM {_RESIDENT} WHERE retired_at IS NULL")
        residents = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT count(*) FROM {_HOUSEHOLD}")
        households = int(cursor.fetchone()[0])
    return {"residents": residents, "households": households, "minted": len(minted), "retired": len(heirs.retired)}


def _inherit(con: duckdb.DuckDBPyConnection) -> Inheritance:
    """Who was who before. Read inside the transaction, so that no other linking comes between."""
    con.execute("create temp table before (id bigint, resident varchar)")
    sql = f"SELECT id, resident_id FROM {_RECORD} WHERE resident_id IS NOT NULL AND id > %s ORDER BY id LIMIT %s"
    for rows in _batches(sql):
        ids, residents = zip(*rows, strict=True)
        con.register("batch", pa.table({"id": list(ids), "resident": list(residents)}))
        con.execute("insert into before select * from batch")
        con.unregister("batch")
    return inherit(
        con.execute("select cluster, resident, count(*) from before join clusters using (id) group by all").fetchall()
    )


def _mint(con: duckdb.DuckDBPyConnection, heirs: Inheritance) -> dict[int, str]:
    """Give every person an id: add the column `resident` to `persons`. Returns the ids that are new, by cluster."""
    clusters = [row[0] for row in con.execute("select cluster from persons order by cluster").fetchall()]
    minted = {cluster: mint_id("R") for cluster in clusters if cluster not in heirs.kept}
    ids = [heirs.kept.get(cluster) or minted[cluster] for cluster in clusters]
    con.register("ids", pa.table({"cluster": pa.array(clusters, pa.int64()), "resident": pa.array(ids, pa.string())}))
    con.execute("create or replace temp table persons as select * from persons join ids using (cluster)")
    con.unregister("ids")
    return minted


def _assign_households(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `homes` (uprn, size, shared, household) of the properties where somebody lives now, and add
    `household` and `small_area` to `persons`."""
    con.execute("create temp table known_homes (uprn varchar, household varchar)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT uprn, id FROM {_HOUSEHOLD}")
        known = cursor.fetchall()
    if known:
        con.register("batch", pa.table({"uprn": [row[0] for row in known], "household": [row[1] for row in known]}))
        con.execute("insert into known_homes select * from batch")
        con.unregister("batch")
    kinds = ", ".join(f"'{kind}'" for kind in SHARED_KINDS)
    con.execute(
        f"""
        create temp table homes as
        with surnames as (
            select uprn, upper(surname) as surname, count(*) as n from persons
            where uprn <> '' and left_on is null group by all
        ),
        sizes as (
            select uprn, sum(n)::bigint as size, count(*) filter (n = 1 and surname <> '') as unrelated
            from surnames group by uprn
        )
        select uprn, size, unrelated >= {SURNAMES_OF_SHARED} or coalesce(kind in ({kinds}), false) as shared, household
        from sizes left join addresses using (uprn) left join known_homes using (uprn) order by uprn
        """
    )
    new = [row[0] for row in con.execute("select uprn from homes where household is null order by uprn").fetchall()]
    if new:
        con.register("batch", pa.table({"uprn": new, "household": [mint_id("H") for _ in new]}))
        con.execute("update homes set household = batch.household from batch where homes.uprn = batch.uprn")
        con.unregister("batch")
    con.execute(
        """
        create or replace temp table persons as
        select p.*, case when p.left_on is null then h.household end as household,
               coalesce(a.small_area, '') as small_area
        from persons p left join homes h using (uprn) left join addresses a using (uprn) order by cluster
        """
    )


def _write_households(con: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    rows = con.execute("select household, uprn, size, shared from homes order by uprn").fetchall()
    _upsert(cursor, _HOUSEHOLD, ("id", "uprn", "size", "shared"), rows)


def _write_residents(con: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    columns = ("id", "household_id", *_FIELDS, "minted_at")
    moment = clock.now().isoformat(sep=" ") if connection.vendor == "postgresql" else _sqlite_time()
    fields = ", ".join(_FIELDS)
    result = con.execute(f"select resident, household, {fields}, '{moment}' from persons order by resident")
    while rows := result.fetchmany(_BATCH):
        _upsert(cursor, _RESIDENT, columns, rows, keep=("minted_at",))


def _write_records(con: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    """Bring the records up to their links; rows that stay as they are are not written."""
    columns = ("resident_id", "linked_to", "link_weight", "link_reasons")
    result = con.execute(
        """select links.id, resident, linked_to, weight, reasons from links join clusters using (id)
        join persons using (cluster) order by links.id"""
    )
    sets = ", ".join(f"{name} = new.{name}" for name in columns)
    differs = " OR ".join(f"{_RECORD}.{name} IS DISTINCT FROM new.{name}" for name in columns)
    kind = "jsonb" if connection.vendor == "postgresql" else "text"
    cursor.execute(
        f"CREATE TEMP TABLE new_links (id bigint PRIMARY KEY, resident_id varchar(20), linked_to bigint,"
        f" link_weight double precision, link_reasons {kind})"
    )
    while rows := result.fetchmany(_BATCH):
        fill_table("new_links", ("id", *columns), rows)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE new_links")
        cursor.execute(f"UPDATE {_RECORD} SET {sets} FROM new_links new WHERE {_RECORD}.id = new.id AND ({differs})")
        cursor.execute("DELETE FROM new_links")
    cursor.execute("DROP TABLE new_links")


def _retire(con: duckdb.DuckDBPyConnection, cursor: Any, heirs: Inheritance) -> None:
    """Retired ids point to who they are now, and their records that have gone go along."""
    resident_of = _residents_of(con, heirs.retired.values())
    cursor.execute("CREATE TEMP TABLE leaving (id varchar(20) PRIMARY KEY, heir varchar(20))")
    fill_table("leaving", ("id", "heir"), [(old, resident_of[cluster]) for old, cluster in heirs.retired.items()])
    cursor.execute(
        f"UPDATE {_RESIDENT} SET retired_at = %s, retired_into_id = leaving.heir, household_id = NULL "
        f"FROM leaving WHERE {_RESIDENT}.id = leaving.id",
        [clock.now()],
    )
    cursor.execute(f"UPDATE {_RECORD} SET resident_id = leaving.heir FROM leaving WHERE resident_id = leaving.id")
    cursor.execute("DROP TABLE leaving")


def _write_events(con: duckdb.DuckDBPyConnection, heirs: Inheritance, minted: dict[int, str]) -> None:
    """What happened to each id: minted anew, split off another, retired into another."""
    at = clock.now().isoformat(sep=" ") if connection.vendor == "postgresql" else _sqlite_time()
    rows: list[tuple[str, str, str, str | None]] = []
    for cluster, resident in minted.items():
        parent = heirs.split.get(cluster)
        rows.append((at, "split" if parent else "minted", resident, parent))
    resident_of = _residents_of(con, heirs.retired.values())
    rows += [(at, "retired", retired, resident_of[cluster]) for retired, cluster in heirs.retired.items()]
    for start in range(0, len(rows), _BATCH):
        fill_table(_EVENT, ("at", "kind", "resident_id", "other_id"), rows[start : start + _BATCH])


def _mark_left(cursor: Any) -> None:
    """A resident of whom every record has gone has left, on the day that the last of them went."""
    gone = f"SELECT max(gone_at) FROM {_RECORD} r WHERE r.resident_id = {_RESIDENT}.id"
    day = f"CAST(({gone}) AS date)" if connection.vendor == "postgresql" else f"date(({gone}))"
    cursor.execute(
        f"UPDATE {_RESIDENT} SET left_on = {day}, household_id = NULL WHERE retired_at IS NULL AND left_on IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {_RECORD} r WHERE r.resident_id = {_RESIDENT}.id AND r.gone_at IS NULL)"
    )


def _drop_empty_households(cursor: Any) -> None:
    cursor.execute(
        f"DELETE FROM {_HOUSEHOLD} WHERE NOT EXISTS "
        f"(SELECT 1 FROM {_RESIDENT} r WHERE r.household_id = {_HOUSEHOLD}.id)"
    )


def _upsert(
    cursor: Any, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]], keep: tuple[str, ...] = ()
) -> None:
    """Insert the rows by their id, or bring those that are there up to them; `keep` columns stay as they were."""
    names = ", ".join(columns)
    cursor.execute(f"CREATE TEMP TABLE incoming AS SELECT {names} FROM {table} WHERE false")
    fill_table("incoming", columns, rows)
    change = [name for name in columns[1:] if name not in keep]
    sets = ", ".join(f"{name} = excluded.{name}" for name in change)
    differs = " OR ".join(f"{table}.{name} IS DISTINCT FROM excluded.{name}" for name in change)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming WHERE true "
        f"ON CONFLICT (id) DO UPDATE SET {sets} WHERE {differs}"
    )
    cursor.execute("DROP TABLE incoming")


def _residents_of(con: duckdb.DuckDBPyConnection, clusters: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(clusters))
    rows = con.execute("select cluster, resident from persons where list_contains(?, cluster)", [wanted]).fetchall()
    return dict(rows)


def _sqlite_time() -> str:
    """As Django writes a time to SQLite: UTC without its zone."""
    return clock.now().replace(tzinfo=None).isoformat(sep=" ")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
