"""Merges the staged rows of one load into the records of its source, set-wise, in the caller's transaction."""

from dataclasses import dataclass

from django.db import connection

from borough.common import clock
from borough.common.bulk import count_table
from borough.residents.models import Load, Record, Reject, StagedRecord
from borough.residents.reading import Row

_CONTENT = ("row_hash", *Row._fields[3:])
_STAGED = StagedRecord._meta.db_table
_RECORD = Record._meta.db_table


@dataclass(frozen=True)
class MergeCounts:
    """`before`, `after`: records that the source holds. `doubled`: line → the earlier line with the same key."""

    before: int
    after: int
    added: int
    changed: int
    gone: int
    doubled: dict[int, int]


def analyse_staging() -> None:
    """Tell PostgreSQL's planner of rows that came a moment ago."""
    count_table(_STAGED)


def merge_staged(load: Load, *, full: bool) -> MergeCounts:
    """Bring the records up to the staged rows, and empty the staging. `full`: what is not staged has left."""
    with connection.cursor() as cursor:

        def number(sql: str, *params: str | int) -> int:
            cursor.execute(sql, params)
            return int(cursor.fetchone()[0])

        doubled = _set_doubled_aside(load)
        source = load.source_id
        before = number(f"SELECT count(*) FROM {_RECORD} WHERE source_id = %s AND gone_at IS NULL", source)
        cursor.execute(
            "SELECT count(*), count(r.id), "
            "count(CASE WHEN r.row_hash <> s.row_hash OR r.gone_at IS NOT NULL THEN 1 END), count(r.gone_at) "
            f"FROM {_STAGED} s LEFT JOIN {_RECORD} r ON r.source_id = %s AND r.key = s.key WHERE s.load_id = %s",
            [source, load.pk],
        )
        staged, known, changed, returned = (int(count) for count in cursor.fetchone())
        added = staged - known
        columns = ", ".join(_CONTENT)
        updates = ", ".join(f"{column} = excluded.{column}" for column in _CONTENT)
        cursor.execute(
            f"INSERT INTO {_RECORD} (source_id, key, {columns}, first_load_id, last_load_id, pending) "
            f"SELECT %s, key, {columns}, load_id, load_id, true FROM {_STAGED} s WHERE load_id = %s AND NOT EXISTS "
            f"(SELECT 1 FROM {_RECORD} r WHERE r.source_id = %s AND r.key = s.key AND r.row_hash = s.row_hash "
            "AND r.gone_at IS NULL) ORDER BY key "
            f"ON CONFLICT (source_id, key) DO UPDATE SET {updates}, "
            "last_load_id = excluded.last_load_id, gone_at = NULL, pending = true",
            [source, load.pk, source],
        )
        gone = 0
        if full and before > known - returned:
            cursor.execute(
                f"UPDATE {_RECORD} SET gone_at = %s, last_load_id = %s, pending = true "
                "WHERE source_id = %s AND gone_at IS NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {_STAGED} s WHERE s.load_id = %s AND s.key = {_RECORD}.key) "
                f"AND key NOT IN (SELECT key FROM {Reject._meta.db_table} WHERE load_id = %s)",
                [clock.now(), load.pk, source, load.pk, load.pk],
            )
            gone = cursor.rowcount
        empty_staging(load)
    return MergeCounts(
        before=before,
        after=before + added + returned - gone,
        added=added,
        changed=changed,
        gone=gone,
        doubled=doubled,
    )


def _set_doubled_aside(load: Load) -> dict[int, int]:
    """Unstage each row whose key an earlier line has. Returns line → that earlier line."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line, first.line FROM {_STAGED} s JOIN "
            f"(SELECT key, min(line) AS line FROM {_STAGED} WHERE load_id = %s GROUP BY key HAVING count(*) > 1) first "
            "ON first.key = s.key AND s.line > first.line WHERE s.load_id = %s",
            [load.pk, load.pk],
        )
        doubled = dict(cursor.fetchall())
        lines = list(doubled)
        for start in range(0, len(lines), 500):
            part = lines[start : start + 500]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"DELETE FROM {_STAGED} WHERE load_id = %s AND line IN ({marks})", [load.pk, *part])
    return doubled


def empty_staging(load: Load) -> None:
    """Drop the staged rows of this load."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(load_id), max(load_id) FROM {_STAGED}")
        if tuple(cursor.fetchone()) == (load.pk, load.pk):
            # Alone in the table: SQLite then drops its pages at once instead of row by row.
            cursor.execute(f"DELETE FROM {_STAGED}")
        else:
            cursor.execute(f"DELETE FROM {_STAGED} WHERE load_id = %s", [load.pk])
