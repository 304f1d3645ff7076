"""Keeps what linking made: the model with its statistics, the standard values, the pairs."""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from inspect import getsource

import duckdb
from django.db import connection

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.bulk import empty_table, without_indexes
from borough.residents.gathering import KEPT_COLUMNS
from borough.residents.linkage import comparisons, corpus, moves, names, predict, scoring, standardise
from borough.residents.linkage.model import Model
from borough.residents.linkage.standardise import PEOPLE_COLUMNS
from borough.residents.models import Comparable, HomeTie, LinkageModel, Pair, Statistic
from borough.residents.touched_homes import TIES_SQL
from borough.residents.transfer import name_rows, pour
from borough.residents.worth import worth_sql

_COMPARABLE, _PAIR, _STATISTIC = Comparable._meta.db_table, Pair._meta.db_table, Statistic._meta.db_table
_TIE = HomeTie._meta.db_table
_PAIR_COLUMNS = ("low", "high", "weight", "rule", "refused")

# So many sets of columns are written each by itself; who differs in another way is written whole.
MOST_WAYS_TO_DIFFER = 12

# A model with the number that it is kept under.
Kept = tuple[int, Model]


def newest_model() -> Kept | None:
    """The model in use with its number; None where nothing was learnt yet, or not by the way this code compares."""
    number = newest_number()
    if number is None:
        return None
    return number, Model.from_json(LinkageModel.objects.values_list("parameters", flat=True).get(pk=number))


def newest_number() -> int | None:
    """The number of the model in use; None as for newest_model."""
    newest = LinkageModel.objects.order_by("-id").values_list("id", "engine").first()
    return newest[0] if newest and newest[1] == engine_version() else None


@cache
def engine_version() -> str:
    """16 hex digits of the code that makes values comparable and weighs them: another, and all is learnt anew."""
    said = "".join(getsource(module) for module in (comparisons, corpus, moves, names, predict, scoring, standardise))
    return blake2b(said.encode(), digest_size=8).hexdigest()


def keep_model(con: duckdb.DuckDBPyConnection, model: Model, *, records: int, by: Viewer) -> int:
    """Keep the model with the table `statistics`; those of earlier models go. Returns its number."""
    row = LinkageModel.objects.create(
        trained_at=clock.now(), by=by.name, records=records, engine=engine_version(), parameters=model.to_json()
    )
    empty_table(_STATISTIC)
    sql = f"select {row.pk}, kind, value, number from statistics order by kind, value"
    pour(con, sql, _STATISTIC, ("model_id", "kind", "value", "number"))
    return row.pk


def keep_all_people(con: duckdb.DuckDBPyConnection) -> None:
    """The standard values of all records, as `people` has them."""
    _refill(con, _COMPARABLE, KEPT_COLUMNS, f"select {', '.join(PEOPLE_COLUMNS)} from people order by unique_id")


def keep_all_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """All pairs, with what refused them and what it is worth to look at them. Needs `after` of settling.py."""
    con.execute(
        """
        create or replace temp table weighed as
        select p.l as low, p.r as high, p.weight, p.rule, coalesce(because, '') as refused
        from pairs p left join refusals f on f.l = p.l and f.r = p.r
        """
    )
    con.execute(
        """create or replace temp view held as
        select id as record, resident as person, source from after join loaded using (id)"""
    )
    con.execute(f"create or replace temp table worths as {worth_sql('weighed', 'held')}")
    sql = "select w.*, worth from weighed w left join worths using (low, high) order by low, high"
    _refill(con, _PAIR, (*_PAIR_COLUMNS, "worth"), sql)


def _refill(con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], sql: str) -> None:
    empty_table(table)
    with without_indexes(table):
        pour(con, sql, table, tuple(columns))


def keep_changed_people(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the standard values that were kept, DuckDB's `former`, up to `people`.

    Only columns that differ are written: an index of any other column has nothing to do then.
    """
    gone = con.execute("select unique_id from former anti join people using (unique_id) order by 1").fetchall()
    name_rows("gone", ["id bigint"], gone, key="id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_COMPARABLE} WHERE record_id IN (SELECT id FROM gone)")
    values = list(PEOPLE_COLUMNS)[1:]
    differs = ", ".join(f"case when f.{name} is distinct from p.{name} then '{name}' end" for name in values)
    con.execute(
        f"""
        create or replace temp table differing as
        select unique_id, concat_ws(' ', {differs}) as names
        from former f join people p using (unique_id)
        """
    )
    often = con.execute(
        f"""select names from differing where names <> ''
        group by names order by count(*) desc, names limit {MOST_WAYS_TO_DIFFER}"""
    ).fetchall()
    for (which,) in often:
        _update_people(con, which.split(), f"names = '{which}'")
    others = ", ".join(f"'{which}'" for (which,) in often) or "''"
    _update_people(con, values, f"names <> '' and names not in ({others})")
    sql = f"select {', '.join(PEOPLE_COLUMNS)} from people anti join former using (unique_id) order by unique_id"
    pour(con, sql, _COMPARABLE, KEPT_COLUMNS)


def _update_people(con: duckdb.DuckDBPyConnection, names: list[str], which: str) -> None:
    """Write these columns of the records of `differing` for which this holds."""
    columns = ("record_id", *names)
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_values")
        cursor.execute(f"CREATE TEMP TABLE incoming_values AS SELECT {listed} FROM {_COMPARABLE} WHERE false")
        wanted = ", ".join(("unique_id", *names))
        sql = f"select {wanted} from people where unique_id in (select unique_id from differing where {which})"
        if pour(con, sql, "incoming_values", columns):
            sets = ", ".join(f"{name} = i.{name}" for name in names)
            cursor.execute(
                f"UPDATE {_COMPARABLE} SET {sets} FROM incoming_values i WHERE {_COMPARABLE}.record_id = i.record_id"
            )


def replace_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make `pairs` of what was kept of them, `former_pairs`, and write what differs, as `altered` (l, r, weight) both
    before and after. A pair that weighs what it did is refused as it was."""
    same = "f.l = p.l and f.r = p.r and f.weight = p.weight"
    con.execute(
        f"""
        create or replace temp table altered as
        select id, l, r, weight, rule, refused from former_pairs f
        where not exists (select 1 from pairs p where {same} and f.rule = p.rule)
        union all
        select null, l, r, weight, rule, coalesce((select refused from former_pairs f where {same}), '') from pairs p
        where not exists (select 1 from former_pairs f where {same} and f.rule = p.rule)
        """
    )
    gone = con.execute("select id from altered where id is not null order by id").fetchall()
    name_rows("gone_pairs", ["id bigint"], gone, key="id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_PAIR} WHERE id IN (SELECT id FROM gone_pairs)")
    sql = "select l, r, weight, rule, refused from altered where id is null order by l, r"
    pour(con, sql, _PAIR, _PAIR_COLUMNS)


def keep_all_ties(con: duckdb.DuckDBPyConnection) -> None:
    """What ties each home to others, as `ties` has it."""
    _refill(con, _TIE, ("home", "key", "initial", "bits", "sure"), f"{TIES_SQL} order by home")


def keep_refusals(con: duckdb.DuckDBPyConnection) -> None:
    """Bring what refused the kept pairs among the records of `clusters` up to `refusals`."""
    changed = con.execute(
        """select s.l, s.r, coalesce(because, '') from scope_pairs s left join refusals f on f.l = s.l and f.r = s.r
        where coalesce(because, '') <> s.refused"""
    ).fetchall()
    if not changed:
        return
    name_rows("refused", ["low bigint", "high bigint", "because varchar(10)"], changed, key="low, high")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_PAIR} SET refused = refused.because FROM refused "
            f"WHERE {_PAIR}.low = refused.low AND {_PAIR}.high = refused.high"
        )
