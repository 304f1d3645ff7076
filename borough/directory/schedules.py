"""When a service is open, by the recurrences of Open Referral UK: RFC 5545, section 3.3.10, weekly and monthly. Pure.

A schedule is its JSON object: freq, interval, byday ("TU,TH", or "2MO" for the second Monday of a month), bymonthday,
dtstart, until, count, valid_from, valid_to, opens_at, closes_at. Times are those of a clock on the wall in London.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from borough.common.clock import LONDON

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY_DAY = frozenset(range(7))
RULE = ("freq", "interval", "byday", "bymonthday", "dtstart", "until", "count", "valid_from", "valid_to")
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
Schedule = Mapping[str, Any]


def weekday_of(text: str) -> int | None:
    """0 to 6 for "MO", "Monday" or "mon"; None for what is no day."""
    code = text.strip()[:2].upper()
    full = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    at = DAYS.index(code) if code in DAYS else None
    return at if at is not None and full[at].startswith(text.strip().upper()) else None


def weekdays_of(schedule: Schedule) -> frozenset[int]:
    """The weekdays on which it may be open."""
    if days := {DAYS.index(code) for _nth, code in _by_day(schedule)}:
        return frozenset(days)
    start = as_date(schedule.get("dtstart"))
    is_weekly = str(schedule.get("freq") or "WEEKLY").upper() == "WEEKLY"
    return frozenset({start.weekday()}) if is_weekly and start else EVERY_DAY


def hours_of(schedule: Schedule) -> tuple[time | None, time | None]:
    """(opens, closes), None where it does not say."""
    return as_time(schedule.get("opens_at")), as_time(schedule.get("closes_at"))


def last_day_of(schedule: Schedule) -> date | None:
    return min((end for name in ("until", "valid_to") if (end := as_date(schedule.get(name)))), default=None)


def rule_of(schedule: Schedule) -> dict[str, Any]:
    """What `is_on` needs of a schedule."""
    return {name: schedule[name] for name in RULE if schedule.get(name) not in (None, "")}


def is_on(schedule: Schedule, day: date) -> bool:
    """Whether it is open on some part of this day."""
    start, first, last = as_date(schedule.get("dtstart")), as_date(schedule.get("valid_from")), last_day_of(schedule)
    if any(begin and day < begin for begin in (start, first)) or (last and day > last):
        return False
    if not _falls_on(schedule, day, start):
        return False
    most = _whole(schedule.get("count"))
    return not most or not start or sum(_falls_on(schedule, one, start) for one in _days(start, day)) <= most


def is_open(rule: Schedule, opens: time, closes: time, moment: datetime) -> bool:
    """Whether it is open at this moment (aware). What closes before it opens goes on past midnight."""
    here = moment.astimezone(LONDON)
    today, now = here.date(), here.time()
    if opens < closes:
        return opens <= now < closes and is_on(rule, today)
    return (now >= opens and is_on(rule, today)) or (now < closes and is_on(rule, today - timedelta(days=1)))


def _falls_on(schedule: Schedule, day: date, start: date | None) -> bool:
    every = _whole(schedule.get("interval")) or 1
    if str(schedule.get("freq") or "WEEKLY").upper() == "MONTHLY":
        if start and ((day.year - start.year) * 12 + day.month - start.month) % every:
            return False
        return _in_month(schedule, day, start)
    if start and ((day - _monday(start)).days // 7) % every:
        return False
    return day.weekday() in weekdays_of(schedule)


def _in_month(schedule: Schedule, day: date, start: date | None) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    dates = [_whole(part) for part in str(schedule.get("bymonthday") or "").split(",")]
    numbers = [number if number > 0 else last + 1 + number for number in dates if number]
    by_day = _by_day(schedule)
    if not numbers and not by_day:
        return start is None or day.day == start.day
    from_start, from_end = (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)
    on_weekday = any(DAYS[day.weekday()] == code and nth in (0, from_start, from_end) for nth, code in by_day)
    return (not numbers or day.day in numbers) and (not by_day or on_weekday)


def _by_day(schedule: Schedule) -> list[tuple[int, str]]:
    return [(int(nth or 0), code) for nth, code in _BY_DAY.findall(str(schedule.get("byday") or "").upper())]


def _days(start: date, last: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in range((last - start).days + 1))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _whole(value: Any) -> int:
    """A number as files write it; 0 for what is none."""
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return 0


def as_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def as_time(value: Any) -> time | None:
    try:
        return time.fromisoformat(str(value)).replace(tzinfo=None) if value else None
    except ValueError:
        return None
