from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.working_days import add_working_days, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        # From a Friday over the weekend.
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        # Christmas 2026: Friday 25; Boxing Day is a Saturday, so Monday 28 stands in for it.
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        # Easter 2027: Good Friday 26 March and Monday 29 March.
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
        (date(2026, 11, 28), 10, date(2026, 12, 11)),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days) == end


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 40))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    end = add_working_days(start, days)
    assert is_working_day(end)
    assert working_days_between(start, end) == days
    assert working_days_between(end, start) == 0
