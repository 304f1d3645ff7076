"""Fills a table quickly on either database. Ordinary writes go through the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from django.db import connection

ROWS_AT_A_TIME = 20_000
# SQLite begins each statement with a savepoint and a look at the table's last number, which take longer than a row.
# From so many rows on a statement takes several, of no more values than any SQLite allows.
FEWEST_ROWS_TOGETHER = 1_000
VALUES_TOGETHER = 500
# What SQLite may hold: its own pages in KiB, which it writes with a minus, and bytes of the file as the system has it.
ROOM = {"cache_size": -262_144, "mmap_size": 2_147_418_112}


def fill_table(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert the rows, in the caller's transaction. Returns how many. `table` and `columns` are names of our own."""
    names = ", ".join(columns)
    filled = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with way_into(table, names) as open_table, cursor.copy(f"COPY {open_table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    filled += 1
            return filled
        row = f"({', '.join(['%s'] * len(columns))})"
        together = max(1, VALUES_TOGETHER // len(columns))
        for chunk in _chunks(rows):
            whole = len(chunk) // together * together if len(chunk) >= FEWEST_ROWS_TOGETHER else 0
            if whole:
                several = ", ".join([row] * together)
                batches = [tuple(chain.from_iterable(chunk[at : at + together])) for at in range(0, whole, together)]
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES {several}", batches)
            if rest := chunk[whole:]:
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES {row}", rest)
            filled += len(chunk)
    return filled


@contextmanager
def way_into(table: str, names: str) -> Iterator[str]:
    """The table to COPY these columns into: itself, or one beside it that is emptied into it at the end.

    PostgreSQL copies into no table of which it may hold rows back from this role, as the door has it do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s::regclass)", [table])
        if not cursor.fetchone()[0]:
            yield table
            return
        cursor.execute(f"CREATE TEMP TABLE way_in ON COMMIT DROP AS SELECT {names} FROM {table} WHERE false")
        yield "way_in"
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM way_in")
        cursor.execute("DROP TABLE way_in")


@contextmanager
def room_for_pages() -> Iterator[None]:
    """Let SQLite hold more of its file in memory meanwhile, for work on rows that lie all over it: each page is then
    read once, and written once, at the end. PostgreSQL has its memory from its own settings."""
    if connection.vendor == "postgresql":
        yield
        return
    former = {name: _pragma(name) for name in ROOM}
    for name, room in ROOM.items():
        _pragma(f"{name} = {room}")
    try:
        yield
    finally:
        for name, room in former.items():
            _pragma(f"{name} = {room}")


def _pragma(said: str) -> int:
    """What SQLite answers, 0 where that is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {said}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def empty_table(table: str) -> None:
    """Delete all rows, in the caller's transaction; readers go on seeing them until it commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Take the table's indexes away while it is filled, and build them afterwards: for a table that was empty.

    A million rows sorted once are indexed several times faster than one by one. What a constraint keeps stays, and all
    of them where the table is not this role's own.
    """
    if not _is_ours(table):
        yield
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i WHERE indrelid = "
                "%s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
                [table],
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}" if connection.vendor == "postgresql" else f'DROP INDEX "{name}"')
        yield
        if connection.vendor == "postgresql":
            # A table whose foreign keys are still to be checked cannot be indexed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, definition in indexes:
            cursor.execute(definition)
        count_table(table)


def _is_ours(table: str) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = %s::regclass", [table])
        return bool(cursor.fetchone()[0])


def count_table(table: str) -> None:
    """Let PostgreSQL's planner know how many rows a table has now. SQLite's does better without being told."""
    if connection.vendor == "postgresql" and _is_ours(table):
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_A_TIME)):
        yield chunk
