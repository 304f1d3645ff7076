"""Brings what linking needs from the main database into DuckDB: records, standard values, addresses, statistics."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from borough.places.queries import export_addresses, find_uprns, locate_uprn
from borough.residents.linkage.corpus import ASKED, GIVEN
from borough.residents.linkage.standardise import PEOPLE_COLUMNS
from borough.residents.models import Comparable, Record, Statistic
from borough.residents.transfer import bring, name_rows

_RECORD, _COMPARABLE, _STATISTIC = Record._meta.db_table, Comparable._meta.db_table, Statistic._meta.db_table
_TEXTS = ("forename", "middle_names", "surname", "previous_surname", "sex", "phone", "email", "language")
_PLACE = ("address", "postcode", "uprn")
_AS_TEXT = ("dob", "started_on", "ended_on", "deceased_on")
_LOADED = ("source_id", *_TEXTS, *_PLACE, "nino", "nhs_number", *_AS_TEXT)
# The columns of `people` under the names that the main database has for them.
KEPT_COLUMNS = ("record_id", *(name for name in PEOPLE_COLUMNS if name != "unique_id"))

# The statistics of few lines, of which all are brought in place of a look for each record.
_BRIEF = tuple(
    f"filled_{given.kind}" if name.startswith("tf_") else given.kind
    for name, given in GIVEN.items()
    if name.startswith("tf_") or given.kind.startswith("struck_")
)


def bring_loaded(con: duckdb.DuckDBPyConnection, ids: Iterable[int] | None, *, comparable: bool = False) -> int:
    """Make `loaded`: the records that have not gone, or those of them with these ids, as they were loaded.

    `comparable`: whoever of them does not wait was made comparable, so that its UPRN need not be looked for again.
    """
    columns = {"id": "bigint", **{name.removesuffix("_id"): "varchar" for name in _LOADED}}
    asked = {name: f"CAST(c.{name} AS text)" if name in _AS_TEXT else f"c.{name}" for name in _LOADED}
    if comparable:
        found = f"SELECT p.uprn FROM {_COMPARABLE} p WHERE p.record_id = c.id"
        asked["uprn"] = f"CASE WHEN c.uprn = '' AND NOT c.pending THEN coalesce(({found}), '') ELSE c.uprn END"
    wanted = ", ".join(asked.values())
    sql = f"SELECT c.id, {wanted} FROM {_few_of(_RECORD, 'c', 'id', ids)} AND c.gone_at IS NULL ORDER BY c.id"
    records = bring(con, "loaded", columns, sql)
    _find_missing_uprns(con)
    return records


def _few_of(table: str, alias: str, key: str, ids: Iterable[int] | None) -> str:
    """What follows FROM to read a table, whole or where its key is one of these ids."""
    if ids is None:
        return f"{table} {alias} WHERE true"
    name_rows("only_ids", ["id bigint"], [(one,) for one in sorted(set(ids))], key="id")
    # CROSS JOIN tells SQLite to begin with the few: it would read the whole table.
    return f"only_ids CROSS JOIN {table} {alias} WHERE {alias}.{key} = only_ids.id"


def _find_missing_uprns(con: duckdb.DuckDBPyConnection) -> None:
    """Give `loaded` the UPRN of each address that is written without one and that the gazetteer has."""
    written = con.execute(
        """select distinct address, postcode from loaded
        where uprn = '' and address <> '' order by all"""
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


def bring_addresses(con: duckdb.DuckDBPyConnection, uprns: Sequence[str] | None) -> None:
    """Make `addresses` (uprn, small_area, kind) of the whole gazetteer, or of these properties."""
    con.execute("create or replace temp table addresses (uprn varchar, small_area varchar, kind varchar)")
    if uprns is None:
        with TemporaryDirectory(prefix="borough-addresses-") as folder:
            path = Path(folder) / "addresses.parquet"
            export_addresses(path)
            con.execute("insert into addresses select uprn, small_area, kind from read_parquet(?)", [str(path)])
        return
    places = [(place.uprn, place.small_area, place.kind) for place in locate_uprn(uprns).values()]
    if places:
        names = ("uprn", "small_area", "kind")
        con.register("places", pa.table(dict(zip(names, map(list, zip(*places, strict=True)), strict=True))))
        con.execute("insert into addresses select * from places")
        con.unregister("places")


def bring_people(
    con: duckdb.DuckDBPyConnection, ids: Iterable[int], names: Iterable[str] = PEOPLE_COLUMNS, table: str = "people"
) -> int:
    """Make `people`: the standard values of these names, the id first, that were kept of the records with these ids."""
    columns = {name: PEOPLE_COLUMNS[name] for name in names}
    _, *values = columns
    wanted = "".join(f", CAST(p.{name} AS text)" if columns[name] == "date" else f", p.{name}" for name in values)
    few = _few_of(_COMPARABLE, "p", "record_id", ids)
    return bring(con, table, columns, f"SELECT p.record_id{wanted} FROM {few} ORDER BY p.record_id")


def bring_more_people(con: duckdb.DuckDBPyConnection, ids: Iterable[int], names: Sequence[str]) -> None:
    """Make `people` of these ids and names, out of what `people` has of them already and the main database."""
    con.register("asked", pa.table({"unique_id": pa.array(sorted(ids), pa.int64())}))
    rest = con.execute("select unique_id from asked anti join people using (unique_id)").fetchall()
    bring_people(con, [row[0] for row in rest], names, table="more_people")
    con.execute(
        f"""create or replace temp table people as select * from (
            select {", ".join(names)} from people semi join asked using (unique_id) union all from more_people
        ) order by unique_id"""
    )
    con.unregister("asked")


def bring_statistics(con: duckdb.DuckDBPyConnection, model_id: int, *, everything: bool) -> None:
    """Make `statistics` (kind, value, number): all that the model learnt, or what it says of the values in `people`."""
    where, params = f"FROM {_STATISTIC} s WHERE s.model_id = %s", [model_id]
    if not everything:
        keys = " union ".join(
            f"select '{kind}', {key} from people where {key} is not null" for kind, key in ASKED if kind not in _BRIEF
        )
        wanted = con.execute(f"{keys} order by all").fetchall()
        name_rows("wanted", ["kind varchar(16)", "value varchar(400)"], wanted, key="kind, value")
        kinds = ", ".join(f"'{kind}'" for kind in _BRIEF)
        where = (
            f"FROM wanted w CROSS JOIN {_STATISTIC} s WHERE s.model_id = %s AND s.kind = w.kind AND s.value = w.value "
            f"UNION ALL SELECT s.kind, s.value, s.number FROM {_STATISTIC} s "
            f"WHERE s.model_id = %s AND s.kind IN ({kinds})"
        )
        params = [model_id, model_id]
    columns = {"kind": "varchar", "value": "varchar", "number": "double"}
    bring(con, "statistics", columns, f"SELECT s.kind, s.value, s.number {where}", params)
