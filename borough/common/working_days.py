"""Days on which the council and the services around it work: Monday to Friday but for England's bank holidays."""

from datetime import date, timedelta
from functools import cache

import holidays

A_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The day that many working days after `start`, which itself does not count; 0 gives `start`."""
    day = start
    while days:
        day += A_DAY
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to `end` and with it; 0 where `end` is not later."""
    return sum(is_working_day(start + A_DAY * number) for number in range(1, (end - start).days + 1))


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
