"""Opening times typed by hand become schedules that search finds, and what does not fit into rows is left alone."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import COORDINATOR, Viewer
from borough.common.clock import LONDON
from borough.directory.documents import read_service_document
from borough.directory.forms import TimesForm
from borough.directory.opening_times import (
    Slot,
    clock_words,
    others_told,
    read_time,
    read_times,
    times_told,
    with_times,
    write_times,
)
from borough.directory.queries import Wish, find_services, listing_fields, read_service
from borough.directory.suggesting import edit_service
from borough.directory.tests.test_directory import load, service

EDITOR = Viewer(kind="staff", id="U1", name="Cora", roles=frozenset({COORDINATOR}))
ROWS = {
    "day_1": "Monday to Friday", "from_1": "9", "to_1": "5.30 pm",
    "day_2": "Saturday and Sunday", "from_2": "10am", "to_2": "noon",
}  # fmt: skip
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9", time(9)), ("9am", time(9)), ("9 a.m.", time(9)), ("9:30", time(9, 30)), ("0930", time(9, 30)),
        ("5.30 pm", time(17, 30)), ("17:30", time(17, 30)), ("12am", time(0)), ("12pm", time(12)), ("24:00", time(0)),
        ("Noon", time(12)), ("25", None), ("13pm", None), ("9:60", None), ("nine", None), ("", None), ("9-5", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, at: time | None) -> None:
    assert read_time(typed) == at


@given(MINUTES)
def test_a_time_in_words_is_read_back(at: time) -> None:
    assert read_time(clock_words(at)) == at


@given(st.lists(st.builds(Slot, WEEKDAYS, MINUTES, MINUTES), max_size=6))
def test_what_is_written_is_read_back_the_same(slots: list[Slot]) -> None:
    text = write_times(slots)
    assert times_told(with_times([], text, str)) == text
    rows = enumerate(read_times(text), 1)
    given = {
        f"{name}_{row}": said for row, told in rows for name, said in zip(("day", "from", "to"), told, strict=True)
    }
    form = TimesForm(given, told="")
    if text and all(slot.opens != slot.closes for slot in slots):
        assert form.is_valid()
        assert form.changes == {"hours": text}


def test_what_does_not_fit_into_rows_stays_and_words_alone_are_replaced() -> None:
    weekly = {"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:00", "description": "Mornings"}
    monthly = {**weekly, "freq": "MONTHLY", "byday": "1MO", "description": "First Mondays"}
    ending = {**weekly, "until": "2027-04-01", "description": "Until Easter"}
    told = [weekly, monthly, ending, {"description": "Mornings in the week"}]
    assert times_told(told) == "Tuesday 10am to 12pm\nThursday 10am to 12pm"
    assert others_told(told) == ["First Mondays", "Until Easter"]
    changed = with_times(told, "Friday 9am to 1pm", str)
    assert [one["description"] for one in changed] == ["First Mondays", "Until Easter", "Friday 9am to 1pm"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"day_1": "Monday"}, "from_1"),
        ({"day_1": "Monday", "from_1": "9"}, "to_1"),
        ({"day_1": "Monday", "from_1": "9", "to_1": "9am"}, "to_1"),
        ({"day_1": "", "from_1": "9"}, "day_1"),
    ],
)
def test_an_error_names_its_field_and_day(row: dict[str, str], field: str) -> None:
    form = TimesForm(row, told="")
    assert not form.is_valid()
    assert field in form.errors
    assert ("row 1" if field == "day_1" else "Monday") in str(form.errors[field])


@pytest.mark.django_db
def test_a_search_finds_the_new_times_and_an_edit_of_something_else_leaves_them(
    open_agreements: None, tmp_path: Path
) -> None:
    told: dict[str, Any] = {"schedules": [{"id": "s", "description": "Ask us"}]}
    load(tmp_path, [service(1, "Food bank", "Parcels.", **told)])
    edit_service("S1", {"fees": "Free"}, by=EDITOR)
    assert read_service("S1").hours == "Ask us"
    edit_service("S1", {"hours": "Monday 9am to 12pm"}, by=EDITOR)
    assert read_service("S1").hours == "Monday 9am to 12pm"
    assert listing_fields("S1", viewer=EDITOR)["hours"] == "Monday 9am to 12pm"
    for hour, total in ((10, 1), (13, 0)):
        assert find_services(Wish(open_at=datetime(2026, 11, 30, hour, tzinfo=LONDON))).total == total
    [schedule] = read_service_document("S1")["schedules"]
    assert (schedule["freq"], schedule["byday"], schedule["opens_at"]) == ("WEEKLY", "MO", "09:00")
    edit_service("S1", {"hours": ""}, by=EDITOR)
    assert read_service("S1").hours == ""


def test_a_form_without_rows_changes_no_times() -> None:
    form = TimesForm({"name": "Food bank"}, told="Monday 9am to 12pm")
    assert form.is_valid()
    assert form.changes == {}
