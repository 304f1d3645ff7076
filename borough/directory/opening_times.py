"""Opening times as somebody types them, and as the schedules of a listing have them. Pure.

Only schedules that say every week on which days from when to when are edited so. Others ("the first Monday of a month",
"until Easter") stay as their publisher wrote them; one that has words alone is replaced, since it would go on saying
what it used to.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import gettext_noop as _

from borough.directory.schedules import DAYS, hours_of, weekday_of, weekdays_of

Json = dict[str, Any]
NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
# What a row may say, the longest first: a name → its weekdays.
SPANS = {_("Every day"): range(7), _("Monday to Friday"): range(5), _("Saturday and Sunday"): range(5, 7)}
SPANS |= {name: range(day, day + 1) for day, name in enumerate(NAMES)}
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_LINE = re.compile(r"(.+) (\S+) to (\S+)")
_NOT_EVERY_WEEK = ("bymonthday", "until", "count", "valid_to", "valid_from")
_SAYS_WHEN = ("freq", "byday", "bymonthday", "dtstart", "opens_at", "closes_at")


@dataclass(frozen=True, order=True)
class Slot:
    """Open on these weekdays, from 0, Monday. What closes before it opens goes on past midnight."""

    days: tuple[int, ...]
    opens: time
    closes: time


def read_time(text: str) -> time | None:
    """A time as people write it, such as 9, 9am, 17:30, 5.30 pm or noon; None for what is none."""
    plain = text.strip().lower()
    found = _TIME.fullmatch(plain)
    if plain in _NAMED or found is None:
        return _NAMED.get(plain)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return time(hour % 24, minute) if hour <= 24 and minute < 60 and (hour, minute) <= (24, 0) else None


def clock_words(at: time) -> str:
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def write_times(slots: Iterable[Slot]) -> str:
    """A line for each row, always the same for the same times: "Monday to Friday 9am to 5pm"."""
    days: dict[tuple[time, time], set[int]] = {}
    for slot in slots:
        days.setdefault((slot.opens, slot.closes), set()).update(slot.days)
    rows = []
    for (opens, closes), left in days.items():
        for name, span in SPANS.items():
            if left.issuperset(span):
                rows.append((span[0], opens, closes, name))
                left = left.difference(span)
    return "\n".join(
        f"{name} {clock_words(opens)} to {clock_words(closes)}" for _day, opens, closes, name in sorted(rows)
    )


def read_times(text: str) -> list[tuple[str, str, str]]:
    """The rows of what `write_times` wrote: (name of the days, from, to)."""
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return [(row[1], row[2], row[3]) for row in found if row and row[1] in SPANS]


def times_told(schedules: Iterable[Mapping[str, Any]]) -> str:
    """What may be edited of these schedules."""
    return write_times(slot for one in schedules if (slot := _slot(one)))


def others_told(schedules: Iterable[Mapping[str, Any]]) -> list[str]:
    """In words, what stays as it is."""
    return [str(one.get("description") or "") for one in schedules if _stays(one) and one.get("description")]


def with_times(schedules: Iterable[Json], text: str, make_id: Any) -> list[Json]:
    """The schedules with these opening times in place of those that were edited or only had words."""
    made = [
        {
            "id": make_id(f"{name} {opens} {closes}"),
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[day] for day in SPANS[name]),
            "opens_at": f"{read_time(opens):%H:%M}",
            "closes_at": f"{read_time(closes):%H:%M}",
            "description": f"{name} {opens} to {closes}",
        }
        for name, opens, closes in read_times(text)
    ]
    return [one for one in schedules if _stays(one)] + made


def _slot(schedule: Mapping[str, Any]) -> Slot | None:
    opens, closes = hours_of(schedule)
    days = [day.strip() for day in str(schedule.get("byday") or "").split(",")]
    is_weekly = str(schedule.get("freq") or "WEEKLY").upper() == "WEEKLY" and str(schedule.get("interval") or 1) == "1"
    plain = is_weekly and not any(schedule.get(name) for name in _NOT_EVERY_WEEK)
    if opens is None or closes is None or not plain or any(weekday_of(day) is None for day in days):
        return None
    return Slot(tuple(sorted(weekdays_of(schedule))), opens, closes)


def _stays(schedule: Mapping[str, Any]) -> bool:
    return _slot(schedule) is None and any(schedule.get(name) for name in _SAYS_WHEN)
