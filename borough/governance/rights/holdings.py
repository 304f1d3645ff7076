"""What each room holds of a resident: the one registry that a copy of their data is made from.

A room registers from its own apps.ready. A test walks every table with personal data: each is in a holding, or has a
reason here why it is in none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

Export = Callable[[Collection[str]], Iterable[Mapping[str, Any]]]
SOMEBODY_ELSE = "[somebody else]"


@dataclass(frozen=True)
class Holding:
    """`export(ids)` gives rows of what is held of the resident with these ids. `others`: its fields that tell of
    somebody else, which are blacked out. `check`: free text, where a person must look whether it does.

    `erase(ids)` deletes it where the resident is erased, and returns how many rows; else `stays` says why it is kept.
    """

    code: str
    title: str | Promise
    tables: tuple[type[Model], ...]
    export: Export
    others: frozenset[str] = frozenset()
    check: frozenset[str] = frozenset()
    erase: Callable[[Collection[str]], int] | None = None
    stays: str | Promise = ""

    @property
    def keep(self) -> str:
        return "; ".join(dict.fromkeys(table.personal_data.keep for table in self.tables))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Collected:
    """What one holding gave: rows ready to be read, and how many of their fields were blacked out."""

    code: str
    title: str
    keep: str
    rows: list[dict[str, Any]]
    blacked_out: int
    check: list[str]


_holdings: dict[str, Holding] = {}
_reasons: dict[type[Model], str] = {}


def register_holding(holding: Holding) -> None:
    _holdings[holding.code] = holding


def give_reason(why: str, *tables: type[Model]) -> None:
    """These tables are in no copy of anybody's data, for this reason."""
    _reasons.update(dict.fromkeys(tables, why))


def all_holdings() -> list[Holding]:
    return [_holdings[code] for code in sorted(_holdings)]


def accounted_for() -> set[type[Model]]:
    """Every table that is in a holding, or has a reason why not."""
    return {table for holding in _holdings.values() for table in holding.tables} | set(_reasons)


def rows_of(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    """These fields of the rows; what is empty is left out."""
    return [
        {name: value for name, value in row.items() if value not in (None, "", [], {})} for row in rows.values(*fields)
    ]


def collect(holding: Holding, ids: Collection[str]) -> Collected:
    """What the holding has of these ids, with what tells of others blacked out."""
    rows, blacked_out = [], 0
    for raw in holding.export(ids):
        row = {}
        for name, value in raw.items():
            hides = name in holding.others and bool(value)
            row[name] = SOMEBODY_ELSE if hides else _plain(value)
            blacked_out += hides
        rows.append(row)
    found = sorted({name for row in rows for name in row} & holding.check)
    return Collected(holding.code, str(holding.title), holding.keep, rows, blacked_out, found)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
