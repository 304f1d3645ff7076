import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from borough.common.tables import FORMULA_STARTS, Column, Table, respond_with_table, safe_cell, words

COLUMNS = [Column("name", "Name", sort=True), Column("rows", "Rows", sort=True, numeric=True)]
ROWS = [{"name": "Rents", "rows": 20, "name_href": "/rents/"}, {"name": "benefit", "rows": 3}, {"name": "", "rows": 9}]


def table(query: str = "", rows: Any = ROWS) -> Table:
    return Table(caption="Loads", columns=COLUMNS, rows=rows, request=RequestFactory().get(f"/loads/?{query}"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Rents", "benefit", ""]),
        ("sort=name", ["benefit", "Rents", ""]),
        ("sort=-name", ["Rents", "benefit", ""]),
        ("sort=rows", ["benefit", "", "Rents"]),
        ("sort=nonsense", ["Rents", "benefit", ""]),
    ],
)
def test_rows_are_sorted_by_the_heading(query: str, names: list[str]) -> None:
    assert [row[0].text for row in table(query).cells] == names


def test_headings_say_and_turn_the_order() -> None:
    name, rows = table("sort=rows&kind=full").headings
    assert (rows.direction, rows.href) == ("ascending", "?sort=-rows&kind=full")
    assert (name.direction, name.href) == ("none", "?sort=name&kind=full")


def test_a_link_stands_in_its_cell() -> None:
    assert table().cells[0][0].href == "/rents/"


def test_the_address_with_format_csv_gives_a_file() -> None:
    one = table("format=csv&sort=rows")
    response = respond_with_table(one.request, "unused.html", one)
    assert response["Content-Disposition"] == 'attachment; filename="loads.csv"'
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Name", "Rows"],
        ["benefit", "3"],
        ["", "9"],
        ["Rents", "20"],
    ]


@given(st.text())
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    cell = safe_cell(text)
    assert isinstance(cell, str)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12500, "12,500"),
        (None, ""),
        (True, "Yes"),
        (date(2026, 11, 22), "22 November 2026"),
        (datetime(2026, 7, 1, 16, 30, tzinfo=UTC), "1 July 2026 at 5:30pm"),
    ],
)
def test_values_in_words(value: object, text: str) -> None:
    assert words(value) == text


def test_a_column_in_which_nothing_stands_takes_no_room_but_is_in_the_file(rf: RequestFactory) -> None:
    columns = [Column("name", "Name", sort=True), Column("late", "Late", sort=True), Column("on", "On")]
    rows = [{"name": "Ann", "late": "", "on": False}, {"name": "Ben", "late": None, "on": False}]
    table = Table("People", columns, rows, rf.get("/"))
    assert [heading.title for heading in table.headings] == ["Name", "On"]
    assert [len(row) for row in table.cells] == [2, 2]
    assert table.to_csv().startswith("Name,Late,On")
    assert len(Table("People", columns, rows, rf.get("/?sort=late")).headings) == 3
    assert len(Table("People", columns, [], rf.get("/")).headings) == 3
