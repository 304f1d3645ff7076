"""Ledger rows as the leaves that are hashed, and the runs of ids that say which rows a batch holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import BigIntegerField, Func, Q

from borough.governance.models import LedgerEntry, LedgerSubject

Run = Sequence[int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = ("kind", "viewer_kind", "viewer_id", "viewer_name", "purpose", "agreement", "verb")
_REST = (*_TEXTS, "people", "everyone", "opening")


class _Micros(Func):
    """A moment as microseconds since 1970, reckoned by the database: a third of the time."""

    template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Text with as many decimals as were written, from none to six.
        return super().as_sql(
            compiler,
            connection,
            template="strftime('%%%%s', substr(%(expressions)s, 1, 19)) * 1000000 "
            "+ CAST(substr(substr(%(expressions)s, 21) || '000000', 1, 6) AS integer)",
            **context,
        )


def runs_of(ids: Iterable[int]) -> list[list[int]]:
    """Ascending ids as runs: [1, 2, 3, 7] → [[1, 3], [7, 7]]."""
    runs: list[list[int]] = []
    for number in ids:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def ids_in(runs: Iterable[Run]) -> Iterator[int]:
    for first, last in runs:
        yield from range(first, last + 1)


def without(ids: Iterable[int], runs: Sequence[Run]) -> Iterator[int]:
    """The ascending ids that are in none of the ascending runs."""
    at = 0
    for number in ids:
        while at < len(runs) and runs[at][1] < number:
            at += 1
        if at == len(runs) or number < runs[at][0]:
            yield number


def leaves_of(runs: Sequence[Run]) -> list[list[Any]]:
    """The entries with these ids that are there, ascending, each as the values that are hashed (hashing.LEAF)."""
    about: dict[int, list[str]] = defaultdict(list)
    subjects = LedgerSubject.objects.filter(within(runs, "entry")).order_by("id")
    for entry_id, resident_id in subjects.values_list("entry_id", "resident_id"):
        about[entry_id].append(resident_id)
    entries = LedgerEntry.objects.filter(within(runs, "id")).order_by("id")
    rows = entries.values_list("id", _Micros("at"), _Micros("written_at"), *_REST)
    return [[*row, about.get(row[0], [])] for row in rows]


def within(runs: Sequence[Run], column: str) -> Q:
    """That this column is an id of the runs."""
    if len(runs) == 1:
        return Q((f"{column}__gte", runs[0][0]), (f"{column}__lte", runs[0][1]))
    return Q((f"{column}__in", list(ids_in(runs))))


def micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
