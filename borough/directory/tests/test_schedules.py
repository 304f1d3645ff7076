"""When a service is open: cases from the calendar, the nights the clocks change among them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.clock import LONDON
from borough.directory.schedules import DAYS, is_on, is_open, weekday_of, weekdays_of


def days(schedule: dict[str, Any], year: int = 2026, month: int = 11) -> list[int]:
    return [number for number in range(1, 31) if is_on(schedule, date(year, month, number))]


@pytest.mark.parametrize(
    ("schedule", "on"),
    [
        ({"freq": "WEEKLY", "byday": "TU,TH"}, [3, 5, 10, 12, 17, 19, 24, 26]),
        ({"freq": "WEEKLY", "byday": "MO", "interval": 2, "dtstart": "2026-11-04"}, [16, 30]),
        ({"freq": "WEEKLY", "dtstart": "2026-11-04", "count": "2"}, [4, 11]),
        ({"freq": "WEEKLY", "byday": "FR", "valid_from": "2026-11-10", "valid_to": "2026-11-20"}, [13, 20]),
        ({"freq": "WEEKLY", "byday": "FR", "until": "2026-11-06"}, [6]),
        ({"freq": "MONTHLY", "byday": "2MO"}, [9]),
        ({"freq": "MONTHLY", "byday": "-1FR"}, [27]),
        ({"freq": "MONTHLY", "bymonthday": "1,-1"}, [1, 30]),
        ({"freq": "MONTHLY", "dtstart": "2026-10-05"}, [5]),
        ({"freq": "MONTHLY", "byday": "1TU", "interval": "2", "dtstart": "2026-10-01"}, []),
    ],
)
def test_a_recurrence_falls_on_these_days_of_november(schedule: dict[str, Any], on: list[int]) -> None:
    assert days(schedule) == on


@given(
    st.fixed_dictionaries(
        {
            "freq": st.sampled_from(["WEEKLY", "MONTHLY"]),
            "byday": st.lists(st.sampled_from(DAYS), min_size=1, max_size=3).map(",".join),
            "interval": st.integers(1, 3),
            "dtstart": st.dates(date(2026, 1, 1), date(2026, 6, 1)).map(str),
        }
    ),
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_it_is_only_ever_on_on_its_weekdays(schedule: dict[str, Any], day: date) -> None:
    assert not is_on(schedule, day) or day.weekday() in weekdays_of(schedule)


def open_at(moment: datetime, opens: time, closes: time, byday: str) -> bool:
    return is_open({"freq": "WEEKLY", "byday": byday}, opens, closes, moment)


def test_what_closes_after_midnight_is_open_into_the_next_day() -> None:
    friday = datetime(2026, 11, 27, 23, 0, tzinfo=LONDON)
    assert open_at(friday, time(20), time(2), "FR")
    assert open_at(friday + timedelta(hours=2), time(20), time(2), "FR")
    assert not open_at(friday + timedelta(hours=4), time(20), time(2), "FR")
    assert not open_at(friday + timedelta(hours=2), time(20), time(2), "SA")


def test_on_the_night_the_clocks_go_back_the_hour_that_comes_twice_is_open_twice() -> None:
    # 25 October 2026: 1:30 comes at 0:30 and at 1:30 UTC; the slot from 1 to 2 is on the wall both times.
    for fold in (0, 1):
        assert open_at(datetime(2026, 10, 25, 1, 30, fold=fold, tzinfo=LONDON), time(1), time(2), "SU")


def test_on_the_night_the_clocks_go_forward_the_lost_hour_opens_nothing() -> None:
    # 29 March 2026: the wall goes from 0:59 to 2:00.
    first = datetime.fromisoformat("2026-03-29T00:00:00+00:00")
    seen = [first + timedelta(minutes=number) for number in range(180)]
    assert not any(open_at(moment, time(1), time(2), "SU") for moment in seen)
    assert sum(open_at(moment, time(0, 30), time(2, 30), "SU") for moment in seen) == 60


@pytest.mark.parametrize(("text", "day"), [("MO", 0), ("Monday", 0), ("sat", 5), ("Someday", None), ("", None)])
def test_days_by_their_names(text: str, day: int | None) -> None:
    assert weekday_of(text) == day
