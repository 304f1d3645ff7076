"""Fills a table quickly on either database. Ordinary writes go through the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

ROWS_AT_A_TIME = 20_000


def fill_table(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert the rows, in the caller's transaction. Returns how many. `table` and `columns` are names of our own."""
    names = ", ".join(columns)
    filled = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    filled += 1
            return filled
        marks = ", ".join(["%s"] * len(columns))
        for chunk in _chunks(rows):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", chunk)
            filled += len(chunk)
    return filled


def empty_table(table: str) -> None:
    """Delete all rows, in the caller's transaction; readers go on seeing them until it commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_A_TIME)):
        yield chunk
