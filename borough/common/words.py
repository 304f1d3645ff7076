"""Dates and numbers as a person reads them, after the GOV.UK style guide."""

from datetime import date, datetime

from django.utils import formats

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


def number_words(value: float) -> str:
    """12,500"""
    return f"{value:,.0f}"
