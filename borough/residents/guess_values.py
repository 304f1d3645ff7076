"""What a column's values look like: dates, postcodes, flags. Shares are of the values that are not empty."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from borough.common.identifiers import clean_email, clean_nhs_number, clean_nino, clean_phone, clean_postcode
from borough.residents.cells import TITLES
from borough.residents.mapping import FactRule

DATE_FORMATS = (
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%Y%m%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%y",
    "%d/%m/%y",
    "%d%m%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)
# A column of dates may hold a few that are not in the calendar.
MOST = 0.9
_YES_NO = (("y", "n"), ("yes", "no"), ("true", "false"), ("t", "f"), ("1", "0"))
_SEXES = {"m", "f", "male", "female", "u", "x", "unknown", "other", "1", "2", "9", "not known"}
_MONEY_WORDS = {"balance", "amount", "rent", "award", "arrears", "charge", "cost", "price", "debt", "owed", "income"}
_CHECKS: dict[str, Callable[[str], str | None]] = {
    "nino": clean_nino,
    "nhs_number": clean_nhs_number,
    "postcode": clean_postcode,
    "phone": clean_phone,
    "email": clean_email,
}


def share(values: list[str], test: Callable[[str], object]) -> float:
    """Which part of the values passes; 0 where there are none."""
    return sum(1 for value in values if test(value)) / len(values) if values else 0.0


def share_valid(field: str, values: list[str]) -> float:
    """Which part of the values can be this field, for those fields that have a form."""
    if field == "title":
        return share(values, lambda value: value.strip().rstrip(".").casefold() in TITLES)
    if field == "sex":
        return share(values, lambda value: value.strip().casefold() in _SEXES)
    return share(values, _CHECKS[field])


def date_format(values: list[str]) -> tuple[str, float]:
    """The format that reads most of the values, and which part it reads; "" where it is no column of dates.

    Where day and month could be either, the British order wins.
    """
    values = [value.strip() for value in values]
    shares = {pattern: share(values, partial(_reads, pattern)) for pattern in DATE_FORMATS}
    best = max(DATE_FORMATS, key=lambda pattern: shares[pattern])
    return (best, shares[best]) if shares[best] >= MOST else ("", 0.0)


def _reads(pattern: str, value: str) -> bool:
    try:
        return 1890 <= datetime.strptime(value, pattern).year <= 2100  # noqa: DTZ007
    except ValueError:
        return False


def fact_rule(column: str, words: list[str], values: list[str]) -> FactRule:
    """How a column that is no standard field is best read."""
    kinds = {value.strip().casefold() for value in values}
    for yes, no in _YES_NO:
        if kinds and kinds <= {yes, no}:
            written = next((value.strip() for value in values if value.strip().casefold() == yes), yes.upper())
            return FactRule(column, "flag", yes=(written,))
    pattern, _ = date_format(values)
    if pattern:
        return FactRule(column, "date", format=pattern)
    if share(values, lambda value: re.fullmatch(r"[-(]?\s*£?\s*-?[\d,]+(\.\d+)?\)?", value.strip())) >= MOST:
        is_money = not _MONEY_WORDS.isdisjoint(words) or any("£" in value for value in values)
        has_pence = share(values, lambda value: re.search(r"\.\d\d\)?$", value.strip())) >= MOST
        # A reference of digits is no number: it may begin with zeros, and nobody adds it up.
        if is_money or has_pence:
            return FactRule(column, "money")
        if {"id", "ref", "no"}.isdisjoint(words) and not any(
            re.match(r"0\d", value.strip()) or len(value.strip()) > 9 for value in values
        ):
            return FactRule(column, "number")
    return FactRule(column, "text")
