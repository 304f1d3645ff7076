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
from borough.residents.models import Comparable, LinkageModel, Pair, Statistic
from borough.residents.transfer import name_rows, pour
from borough.residents.worth import worth_sql

_COMPARABLE, _PAIR, _STATISTIC = Comparable._meta.db_table, Pair._meta.db_table, Statistic._meta.db_table
_PAIR_COLUMNS = ("low", "high", "weight", "rule", "refused")


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


def keep_changed_people(con: duckdb.DuckDBPyConnection, changed: Iterable[int]) -> None:
    """Put the standard values of these records, as far as `people` has them, in the place of what was kept."""
    name_rows("changed", ["id bigint"], [(one,) for one in changed], key="id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_COMPARABLE} WHERE record_id IN (SELECT id FROM changed)")
    pour(con, f"select {', '.join(PEOPLE_COLUMNS)} from people order by unique_id", _COMPARABLE, KEPT_COLUMNS)


def add_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Add the pairs that were weighed anew; one that is what it was is refused as it was."""
    sql = """select l, r, p.weight, rule, coalesce(refused, '') from pairs p left join former_pairs f using (l, r)
        order by l, r"""
    pour(con, sql, _PAIR, _PAIR_COLUMNS)


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
