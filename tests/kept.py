"""What many tests begin with: made once by the house's own verbs, and for each other test its rows written again."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction

from borough.common import clock
from borough.common.bulk import count_table

# Rows of a table from which PostgreSQL plans badly as long as it takes the table for empty.
MANY = 500


class _Rows(NamedTuple):
    """Of one table: what goes back in. PostgreSQL's are as COPY writes them, SQLite's as they are stored."""

    table: str
    columns: list[str]
    stored: Any


_kept: dict[tuple[str, date], list[_Rows]] = {}


def begin_with(name: str, make: Callable[[], object]) -> None:
    """Run `make`, which fills tables that are empty; where it ran for an earlier test, write the rows that it made.

    Their moments are those of the earlier run: of the same day, or the same moment where the test's clock is set.
    """
    key = (name, clock._fixed.get() or clock.today())
    if key in _kept:
        with transaction.atomic():
            for rows in _kept[key]:
                _write(rows)
        return
    before = {table: _read(table) for table in _filled()}
    make()
    assert [_read(table) for table in before] == [*before.values()], "it changes what was there before"
    _kept[key] = [_read(table) for table in _filled() if table not in before]


def _filled() -> list[str]:
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables))
        return [name for (name,) in cursor.fetchall()]


def _read(table: str) -> _Rows:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with _copy(cursor, f"{table} TO STDOUT") as copy:
                return _Rows(table, [], b"".join(bytes(part) for part in copy))
        cursor.execute(f"SELECT name FROM pragma_table_xinfo('{table}') WHERE hidden = 0")
        columns = [name for (name,) in cursor.fetchall()]
        # A column as such would be turned into what Python makes of its type; behind a plus it stays as it is stored.
        as_stored = ", ".join(f'+"{name}"' for name in columns)
        cursor.execute(f"SELECT {as_stored} FROM {table}")
        return _Rows(table, columns, cursor.fetchall())


def _write(rows: _Rows) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with _copy(cursor, f"{rows.table} FROM STDIN") as copy:
                copy.write(rows.stored)
            if rows.stored.count(b"\n") >= MANY:
                count_table(rows.table)
            return
        names = ", ".join(f'"{name}"' for name in rows.columns)
        places = ", ".join(["%s"] * len(rows.columns))
        cursor.executemany(f"INSERT INTO {rows.table} ({names}) VALUES ({places})", rows.stored)


def _copy(cursor: Any, what: str) -> Any:
    # As the owner: tests.site_role does not see a COPY, and would leave the role of the statement before it.
    cursor.execute("RESET ROLE")
    return cursor.copy(f"COPY {what}")
