"""Rows between the main database and DuckDB, in batches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from borough.common.bulk import count_table, fill_table, way_into

_BATCH = 50_000
_TYPES = {"bigint": pa.int64(), "integer": pa.int64(), "double": pa.float64()}


def bring(
    con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], sql: str, params: Sequence[Any] = ()
) -> int:
    """Make DuckDB's `table` of these columns (name → type) with the rows of a query of the main database.

    Returns how many. Dates and times are to be asked for as text: so both databases give them alike.
    """
    con.execute(f"create or replace temp table {table} ({', '.join(f'{n} {kind}' for n, kind in columns.items())})")
    types = [_TYPES.get(kind, pa.string()) for kind in columns.values()]
    count = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(_BATCH):
            arrays = [pa.array(values, type=kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)]
            con.register("brought", pa.Table.from_arrays(arrays, names=list(columns)))
            con.execute(f"insert into {table} select * from brought")
            con.unregister("brought")
            count += len(rows)
    return count


def pour(con: duckdb.DuckDBPyConnection, sql: str, table: str, columns: Sequence[str]) -> int:
    """Insert the rows of a DuckDB query into a table of the main database, in the caller's transaction."""
    if connection.vendor != "postgresql":
        return fill_table(table, columns, _rows(con, sql))
    with TemporaryDirectory(prefix="borough-pour-") as folder:
        path = Path(folder) / "rows.csv"
        count = int(con.execute(f"copy ({sql}) to '{path}' (format csv, header false, nullstr '\\N')").fetchall()[0][0])
        names = ", ".join(columns)
        with (
            way_into(table, names) as open_table,
            connection.cursor() as cursor,
            path.open("rb") as file,
            cursor.copy(f"COPY {open_table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')") as copy,
        ):
            while part := file.read(1 << 20):
                copy.write(part)
    return count


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    # Dates become text in the engine: a Python object for each of a million would take longer than all else.
    kinds = [kind for _, kind, *_ in con.execute(f"describe {sql}").fetchall()]
    names = [f"c{place}" for place in range(len(kinds))]
    wanted = (f"{name}::varchar" if kind == "DATE" else name for name, kind in zip(names, kinds, strict=True))
    result = con.execute(f"select {', '.join(wanted)} from ({sql}) as t({', '.join(names)})")
    while rows := result.fetchmany(_BATCH):
        yield from rows


def name_rows(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: str = "") -> None:
    """Make a temporary table of the main database with these rows; `columns` as "id bigint", `key` its primary key."""
    kinds, ending = ", ".join(columns), ""
    if connection.vendor != "postgresql" and key:
        # SQLite then keeps the rows by their key, and not an index beside them.
        kinds = kinds.replace("bigint", "integer")
        ending = "" if f"{key} integer" in kinds else " WITHOUT ROWID"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TEMP TABLE {name} ({kinds}{f', PRIMARY KEY ({key})' if key else ''}){ending}")
    fill_table(name, [column.split()[0] for column in columns], rows)
    count_table(name)
