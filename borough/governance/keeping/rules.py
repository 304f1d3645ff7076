"""How long a table's rows are kept, read from its own words. Pure: no rows."""

import re
from datetime import date, timedelta

# "6 years after it ends", "until the next load, at most 1 year"
_TIME = re.compile(r"(?:^|\bat most )(\d+) (day|month|year)s?\b")


def names_a_time(keep: str) -> bool:
    return _TIME.search(keep) is not None


def over_before(keep: str, today: date) -> date:
    """Rows that count from before this day are over today. Raises ValueError for words that name no time."""
    found = _TIME.search(keep)
    if found is None:
        raise ValueError(f"{keep!r} names no time")
    number, unit = int(found[1]), found[2]
    if unit == "day":
        return today - timedelta(days=number)
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    # The 31st of a shorter month, or 29 February: a day later rather than a day early.
    for day in (today.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day, today.day))
        except ValueError:
            continue
    raise ValueError(f"no day {months}")
