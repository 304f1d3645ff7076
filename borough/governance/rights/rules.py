"""The clock and the limits of rights. Pure: no tables."""

import calendar
from datetime import date, datetime, timedelta

# A link can be passed on or found on a lost telephone: it works for so long, once.
LINK_WORKS_FOR = timedelta(days=3)
# Long enough to read slowly; a telephone that is put down does not stay open.
PAGE_STAYS_OPEN = timedelta(minutes=30)
WRONG_DATES_ALLOWED = 5
LINKS_A_DAY = 3
# Who is younger asks with a parent or worker: a telephone of the family's is no proof of which of them it is.
LINK_FROM_AGE = 16


def one_month_after(day: date) -> date:
    """The day by which to answer: UK GDPR Articles 12(3) and 12A, one month, or that month's last day if shorter."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def acknowledge_by(received: date) -> date:
    """The last day to acknowledge a complaint: Data Protection Act 2018 section 164A(3), put in by section 103 of the
    Data (Use and Access) Act 2025: 30 days beginning when it is received."""
    return received + timedelta(days=29)


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def link_works(*, made_at: datetime | None, opened_at: datetime | None, wrong_dates: int, now: datetime) -> bool:
    """Whether a link can still be opened."""
    return (
        made_at is not None
        and opened_at is None
        and wrong_dates < WRONG_DATES_ALLOWED
        and now < made_at + LINK_WORKS_FOR
    )
