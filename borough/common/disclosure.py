"""Small numbers are not published: a count of 7 or under is hidden, the others are rounded to 5.

After the practice of NHS England and OpenSAFELY: redact first, then round, and add up totals from the rounded cells,
so that no total tells what a hidden cell holds. Redacting at 5 or under would leave a published 5 that means 6 or 7.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

HIDDEN_UP_TO = 7
ROUNDED_TO = 5


def protect(count: int) -> int | None:
    """The count as it may be published; None when it is hidden. Nought is hidden too: it tells of everybody."""
    if count <= HIDDEN_UP_TO:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def total_of(protected: Iterable[int | None]) -> int:
    """The total of published cells; what is hidden counts as nought."""
    return sum(count or 0 for count in protected)


def percentage(part: int | None, whole: int | None) -> float | None:
    """Part of whole in percent, both as published; None where either is hidden. Never over 100."""
    return min(100.0, 100 * part / whole) if part is not None and whole else None


def count_words(protected: int | None) -> str | int:
    return _("7 or fewer") if protected is None else protected
