"""DuckDB's functions of text and dates for one value at a time: the same answers, by test, as DuckDB gives.

No argument is None: what is null has been dealt with by the caller. A function may answer None, for null.
"""

import math
import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

_jaro_winkler = JaroWinkler.similarity
_damerau_levenshtein = DamerauLevenshtein.distance
_MARKS = frozenset(("Mn", "Mc", "Me"))
# One separator, kept to; a time may follow.
_DATE = re.compile(
    r"\s*([1-9]\d{3})([-/ \\])(\d{1,2})\2(\d{1,2})(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?\s*",
    re.ASCII,
)


def jaro_winkler_similarity(a: str, b: str) -> float:
    """0 to 1. DuckDB compares bytes, not letters, and finds two empty texts unlike."""
    if a.isascii() and b.isascii():
        return _jaro_winkler(a, b) if a else 0.0
    return _jaro_winkler(a.encode(), b.encode())


def damerau_levenshtein(a: str, b: str) -> int:
    """Bytes changed, put in, left out or swapped, the swapped ones free to be changed again (unrestricted)."""
    if a.isascii() and b.isascii():
        return _damerau_levenshtein(a, b)
    return _damerau_levenshtein(a.encode(), b.encode())


def strip_accents(text: str) -> str:
    if text.isascii():
        return text
    letters = (letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) not in _MARKS)
    return unicodedata.normalize("NFC", "".join(letters))


def strlen(text: str) -> int:
    """In bytes."""
    return len(text) if text.isascii() else len(text.encode())


def upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(map(_upper_letter, text))


def _upper_letter(letter: str) -> str:
    # Letter for letter: ß becomes one capital, not SS.
    if letter == "ß":
        return "ẞ"
    for changed in (letter.upper(), letter.title()):
        if len(changed) == 1:
            return changed
    return letter


def lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join("i" if letter == "İ" else letter.lower() for letter in text)


def trim(text: str) -> str:
    """Without the spaces, of any width, at both ends; tabs and line ends stay."""
    start, end = 0, len(text)
    while start < end and _is_space(text[start]):
        start += 1
    while end > start and _is_space(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_space(letter: str) -> bool:
    return letter == " " or (letter > "\x7f" and unicodedata.category(letter) == "Zs")


def split_part(text: str, separator: str, place: int) -> str:
    """The part at `place`, counted from 1; "" beyond the last."""
    parts = text.split(separator)
    return parts[place - 1] if place <= len(parts) else ""


def regexp_extract(pattern: "re.Pattern[str]", text: str, group: int) -> str:
    found = pattern.search(text)
    return (found.group(group) or "") if found else ""


def to_date(text: str | date) -> date | None:
    """A date written year first; None where it is none, or is before the year 1000 or after 9999."""
    if isinstance(text, date):
        return text
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def to_number(text: str) -> float | None:
    """A number written in figures; None where it is none."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def minus(a: Any, b: Any) -> Any:
    """Numbers; or days between two dates; or a date so many days earlier."""
    if type(a) is date:
        return (a - b).days if type(b) is date else a - timedelta(days=b)
    return a - b


def round_to(value: float, parts: float) -> float:
    """To the nearest of so many parts of one; a half goes away from zero."""
    return math.copysign(math.floor(abs(value) * parts + 0.5), value) / parts


def least(first: Any, *others: Any) -> Any:
    """The least of those that are not null; None where all are."""
    for other in others:
        if other is not None and (first is None or other < first):
            first = other
    return first


def greatest(first: Any, *others: Any) -> Any:
    for other in others:
        if other is not None and (first is None or other > first):
            first = other
    return first


def concat_ws(separator: str, *values: str | None) -> str:
    return separator.join(value for value in values if value is not None)


def to_text(value: Any) -> str:
    """Text, a whole number or a date as text."""
    if isinstance(value, bool | float):
        raise TypeError(f"{value!r} is not written as text the same way everywhere.")
    return str(value)
