"""When two written addresses are the same property, and how far two points are apart."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
# Measured on rehearsal extracts: two slips in a street's name pass, another street of the postcode does not.
ALIKE = 0.85

# Both ways of writing a word come to one. SAINT and STREET share theirs, because ST stands for either.
_SAME_WORD = {
    "APARTMENT": "FLAT",
    "APPARTMENT": "FLAT",
    "APPT": "FLAT",
    "APT": "FLAT",
    "FLT": "FLAT",
    "FL": "FLAT",
    "STREET": "ST",
    "STR": "ST",
    "SAINT": "ST",
    "ROAD": "RD",
    "AVENUE": "AV",
    "AVE": "AV",
    "LANE": "LN",
    "LA": "LN",
    "CLOSE": "CL",
    "COURT": "CT",
    "CRT": "CT",
    "CRESCENT": "CRES",
    "CRESC": "CRES",
    "DRIVE": "DR",
    "DRV": "DR",
    "GARDENS": "GDNS",
    "GARDEN": "GDNS",
    "GDN": "GDNS",
    "GROVE": "GR",
    "GRV": "GR",
    "HOUSE": "HSE",
    "MANSIONS": "MANS",
    "PLACE": "PL",
    "SQUARE": "SQ",
    "TERRACE": "TER",
    "TERR": "TER",
    "MOUNT": "MT",
    "WALK": "WK",
    "WLK": "WK",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
}
_LEFT_OUT = frozenset({"THE", "AND", "NO", "NUMBER", "LONDON"})
_POSTCODE_AT_END = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\s*$")


class Point(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float


def match_key(address: str) -> str:
    """The address in one spelling: upper case, no punctuation, one word for its synonyms, the flat first.

    `12 High Street, Apartment 3` and `FLAT 3, 12 HIGH ST.` both give `FLAT 3 12 HIGH ST`.
    """
    text = address.upper().replace("'", "").replace("’", "")
    text = _POSTCODE_AT_END.sub("", text)
    words = [_SAME_WORD.get(word, word) for word in re.findall(r"[A-Z0-9]+", text)]
    words = _join_letters([word for word in words if word not in _LEFT_OUT])
    if "FLAT" in words[1:-1]:
        at = words.index("FLAT", 1)
        words = words[at : at + 2] + words[:at] + words[at + 2 :]
    return " ".join(words)


def _join_letters(words: list[str]) -> list[str]:
    """`12 A HIGH ST` is written `12A HIGH ST`; a letter that ends the address is no part of a number."""
    joined: list[str] = []
    for at, word in enumerate(words):
        follows_number = bool(joined) and joined[-1].isdigit()
        if follows_number and len(word) == 1 and word.isalpha() and word not in "NSEW" and at + 1 < len(words):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def choose_uprn(key: str, properties: Mapping[str, str]) -> str | None:
    """The UPRN of the address written `key`, out of `properties` of its postcode (match key → UPRN).

    In turn: the whole address; all that one of the two says of it when only one names the town (`12 HIGH ST` is
    `12 HIGH ST ALDERBROOK`); the same numbers with a slip of the pen in the words (`12 HIHG ST`). Each only where one
    property alone fits: None rather than a guess.
    """
    if uprn := properties.get(key):
        return uprn
    words = key.split()
    if len(words) < 2 or not any(word[0].isdigit() for word in words):
        return None
    found = {
        uprn
        for other, uprn in properties.items()
        if other.startswith(key + " ") or (key.startswith(other + " ") and len(other.split()) >= 2)
    } or _with_a_slip(key, properties)
    return found.pop() or None if len(found) == 1 else None


def _with_a_slip(key: str, properties: Mapping[str, str]) -> set[str]:
    numbers, words = _numbers_and_words(key)
    found = set()
    for other, uprn in properties.items():
        # Most are of another number, which is told without taking them apart.
        if numbers[0] not in other:
            continue
        other_numbers, other_words = _numbers_and_words(other)
        if other_numbers == numbers and SequenceMatcher(None, words, other_words).ratio() >= ALIKE:
            found.add(uprn)
    return found


def _numbers_and_words(key: str) -> tuple[list[str], str]:
    """What tells doors of one street apart, exactly, and the rest."""
    words = key.split()
    numbers = [word for word in words if len(word) == 1 or any(letter.isdigit() for letter in word)]
    return numbers, " ".join(word for word in words if word not in numbers)


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half_chord = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))


def mean_point(points: Iterable[Point]) -> Point:
    """The mean of points that lie close together."""
    listed = list(points)
    return Point(sum(p.lat for p in listed) / len(listed), sum(p.lon for p in listed) / len(listed))
