"""Tables on pages: sorted by their headings, offered as CSV from the same address.

    table = Table(
        caption=_("Loads"),
        columns=[Column("source", _("Source"), sort=True), Column("rows", _("Rows"), numeric=True)],
        rows=[{"source": "Council tax", "source_href": "/…", "rows": 12_500}],
        request=request,
    )
    return respond_with_table(request, "residents/loads.html", table, {…})

A row maps a column's name to a value; `<name>_href` makes it a link, `<name>_colour` a tag of that colour,
`<name>_pick` a box to tick that sends this value as `pick`. The
template shows `{{ table(table) }}` from `house/parts.html`.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from borough.common.words import date_words, number_words, time_words

# OWASP, CSV injection: a cell that starts so is run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Column:
    """`sort` offers sorting by it; `numeric` sets figures to the right. `on_page`: not in the file."""

    name: str
    title: str
    sort: bool = False
    numeric: bool = False
    on_page: bool = False


@dataclass(frozen=True)
class Heading:
    title: str
    numeric: bool
    href: str
    direction: str


@dataclass(frozen=True)
class Cell:
    text: str
    numeric: bool
    href: str
    colour: str
    pick: str


@dataclass(frozen=True)
class Table:
    """Rows as a person reads them. `download=False` offers no CSV."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    request: HttpRequest
    download: bool = True
    totals: Mapping[str, Any] = field(default_factory=dict)

    @property
    def _asked(self) -> tuple[str, bool]:
        """(column to sort by or "", descending)."""
        wish = self.request.GET.get("sort", "")
        name = wish.removeprefix("-")
        known = any(column.name == name and column.sort for column in self.columns)
        return (name if known else "", wish.startswith("-"))

    @cached_property
    def sorted_rows(self) -> Sequence[Mapping[str, Any]]:
        name, descending = self._asked
        if not name:
            return self.rows
        # What is not known stays last either way.
        known = [row for row in self.rows if row.get(name) not in (None, "")]
        unknown = [row for row in self.rows if row.get(name) in (None, "")]
        return sorted(known, key=lambda row: _sort_key(row[name]), reverse=descending) + unknown

    @cached_property
    def shown(self) -> Sequence[Column]:
        """The columns that have something to say on this page; the file has all of them."""
        rows = [*self.rows, *([self.totals] if self.totals else [])]
        by, _descending = self._asked
        if not rows:
            return self.columns
        return [
            each
            for each in self.columns
            if each.name == by
            or any(row.get(each.name) not in (None, "") or row.get(f"{each.name}_pick") for row in rows)
        ]

    @property
    def headings(self) -> list[Heading]:
        name, descending = self._asked
        headings = []
        for column in self.shown:
            current = column.name == name
            direction = "" if not column.sort else "none"
            if current:
                direction = "descending" if descending else "ascending"
            href = self._address(sort=f"{'-' if current and not descending else ''}{column.name}")
            headings.append(Heading(str(column.title), column.numeric, href if column.sort else "", direction))
        return headings

    @property
    def cells(self) -> list[list[Cell]]:
        rows = [*self.sorted_rows, *([self.totals] if self.totals else [])]
        return [
            [
                Cell(
                    words(row.get(column.name)),
                    column.numeric,
                    str(row.get(f"{column.name}_href") or ""),
                    str(row.get(f"{column.name}_colour") or ""),
                    str(row.get(f"{column.name}_pick") or ""),
                )
                for column in self.shown
            ]
            for row in rows
        ]

    @property
    def csv_href(self) -> str:
        return self._address(format="csv") if self.download and self.rows else ""

    def to_csv(self) -> str:
        """The rows as CSV, safe to open in a spreadsheet: dates as 2026-11-22, numbers bare."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        columns = [column for column in self.columns if not column.on_page]
        writer.writerow([safe_cell(str(column.title)) for column in columns])
        writer.writerows([safe_cell(row.get(column.name)) for column in columns] for row in self.sorted_rows)
        return file.getvalue()

    def _address(self, **changes: str) -> str:
        query = self.request.GET.copy()
        for key, value in changes.items():
            query[key] = value
        return f"?{query.urlencode()}"


def respond_with_table(
    request: HttpRequest, template: str, table: Table, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page, with the table as `table`, or the table as a CSV file when the address asks for `format=csv`."""
    if request.GET.get("format") == "csv" and table.download:
        # The byte order mark tells Excel that this is UTF-8.
        response = HttpResponse("\ufeff" + table.to_csv(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{slugify(table.caption) or "table"}.csv"'
        return response
    return render(request, template, {**(context or {}), "table": table})


def words(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return number_words(value)
    if isinstance(value, datetime):
        return time_words(value)
    return date_words(value) if isinstance(value, date) else str(value)


def safe_cell(value: Any) -> str | int | float:
    """A value for a CSV file; text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    text = words(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _sort_key(value: Any) -> tuple[int, Any]:
    if isinstance(value, int | float):
        return (0, value)
    return (1, value.isoformat()) if isinstance(value, date) else (2, str(value).casefold())
