"""Dates and numbers as a person reads them, after the GOV.UK style guide."""

import re
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _

from borough.common.clock import LONDON


def date_words(value: date) -> str:
    """22 November 2026"""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    return f"{value.day} {formats.date_format(value, 'F Y')}"


def time_words(value: datetime) -> str:
    """22 November 2026 at 5:30pm"""
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{date_words(local)} at {hour}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def month_words(value: date) -> str:
    """November 2026"""
    return formats.date_format(value, "F Y")


def number_words(value: float) -> str:
    """12,500"""
    return f"{value:,.0f}"


def distance_words(km: float) -> str:
    """400 metres, 1.2 km; "less than 100 metres" for who is next door."""
    if km < 0.05:
        return _("less than 100 metres")
    if km < 0.95:
        return _("%(metres)s metres") % {"metres": f"{round(km, 1) * 1000:.0f}"}
    return _("%(km)s km") % {"km": f"{km:.1f}"}


def counted_words(value: int, *, most: int) -> str:
    """12,500; or "More than 1,000" for a count that stopped at `most`."""
    if value > most:
        return _("More than %(most)s") % {"most": number_words(most)}
    return number_words(value)


def phone_words(number: str) -> str:
    """07700 900 123 for +447700900123, grouped as people read it out. A number of another country stays as it is."""
    if not re.fullmatch(r"\+44[0-9]{9,10}", number):
        return number
    digits = "0" + number[3:]
    first = 3 if digits.startswith("02") else 4 if re.match(r"0(3|8|11|1.1)", digits) else 5
    # 020 7946 0123 and 0113 496 0000: the last four stand together where the code is short.
    last = 4 if first < 5 else 3
    return f"{digits[:first]} {digits[first:-last]} {digits[-last:]}"
