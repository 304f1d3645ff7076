"""The ground that the rehearsal stands on: wards, small areas, and the streets and homes in them.

Homes are computed, not stored: `Streets(area).home(i)` is the same in every process, so that a person who moved from
another area carries a real old address without that area being at hand.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from borough.synthetic.words import load_words

Geometry = dict[str, Any]

# Ordnance Survey has given out no UPRN that begins with 99.
UPRN_PREFIX = "99"


@dataclass(frozen=True)
class Profile:
    """What the census says of an area. Shares run from 0 to 1; `ages` are 18 five-year bands, the last 85 and over."""

    ages: tuple[float, ...]
    owned: float
    social: float
    disabled: float
    other_language: float
    residents_per_home: float


@dataclass(frozen=True)
class SmallArea:
    """`residents`: how many the rehearsal puts here. `census`: how many the Census counted, on a made-up map the same.
    `spots`: postcode, latitude, longitude."""

    index: int
    code: str
    name: str
    ward: str
    residents: int
    census: int
    lat: float
    lon: float
    profile: Profile
    spots: tuple[tuple[str, float, float], ...]
    geometry: Geometry = field(repr=False)


@dataclass(frozen=True)
class Ward:
    code: str
    name: str
    lat: float
    lon: float
    geometry: Geometry = field(repr=False)


@dataclass(frozen=True)
class BoroughMap:
    """`lines`: name, kind ("river" or "high_street") and coordinates of what is drawn besides areas."""

    name: str
    town: str
    wards: tuple[Ward, ...]
    areas: tuple[SmallArea, ...]
    lines: tuple[tuple[str, str, list[list[float]]], ...] = ()
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """An address in its parts: "Flat 3", "Brunel House", "12", "Mill Road"."""

    uprn: str
    flat: str
    building: str
    number: str
    street: str
    town: str
    postcode: str
    lat: float
    lon: float

    def line(self) -> str:
        """The address in one line, without its postcode: Flat 3, 12 Mill Road, Alderbrook."""
        house = f"{self.number} {self.street}".strip()
        return ", ".join(part for part in (self.flat, self.building, house, self.town) if part)


_WORDS = {name: words.split() for name, words in load_words("streets").items()}


def _two_words(rng: random.Random, kind: str) -> str:
    return f"{rng.choice(_WORDS[kind + '_first'])} {rng.choice(_WORDS[kind + '_last'])}"


class Streets:
    """The homes of one small area, numbered from 0. About as many as its households need, and a few empty ones."""

    def __init__(self, area: SmallArea, town: str) -> None:
        self.area = area
        self.town = town
        self.homes = max(4, round(area.residents / area.profile.residents_per_home * 1.04) + 2)
        # Streets depend on the area alone, so that two seeds share a map.
        rng = random.Random(f"streets {area.code}")
        # About 14 homes share a postcode, as in most of England.
        wanted = max(1, min(len(area.spots), -(-self.homes // 14)))
        step = len(area.spots) / wanted
        spots = [area.spots[int(place * step)] for place in range(wanted)]
        sizes = [rng.randint(8, 20) for _ in spots]
        scale = self.homes / sum(sizes)
        self.ends = [round(end * scale) for end in accumulate(sizes)]
        self.spots = spots
        self.names: list[str] = []
        self.blocks: list[str] = []
        self.first_numbers: list[int] = []
        flats = min(0.85, 0.25 + area.profile.social)
        number = 1
        name = ""
        for place in range(wanted):
            # One to four postcodes along a street.
            if place == 0 or rng.random() < 0.45:
                name = _two_words(rng, "street")
                number = 1
            self.names.append(name)
            self.first_numbers.append(number)
            block = _two_words(rng, "block") if rng.random() < flats else ""
            self.blocks.append(block)
            number += 2 if block else self.ends[place] - (self.ends[place - 1] if place else 0)

    def home(self, index: int) -> Home:
        """The home with this number; numbers beyond the last one wrap round."""
        index %= self.homes
        place = min(bisect_right(self.ends, index), len(self.ends) - 1)
        within = index - (self.ends[place - 1] if place else 0)
        postcode, lat, lon = self.spots[place]
        first = self.first_numbers[place]
        if self.blocks[place]:
            flat, building, number = f"Flat {within + 1}", self.blocks[place], str(first) if place % 2 else ""
        elif (index * 7 + first) % 5 == 0:
            flat, building, number = f"Flat {'ABC'[index % 3]}", "", str(first + within)
        else:
            flat, building, number = "", "", str(first + within)
        uprn = f"{UPRN_PREFIX}{self.area.index + 1:05d}{index:05d}"
        # A few metres apart, in a row: enough to tell two homes on a map.
        lat += ((index * 37) % 21 - 10) * 0.000012
        lon += ((index * 53) % 21 - 10) * 0.000018
        return Home(uprn, flat, building, number, self.names[place], self.town, postcode, round(lat, 6), round(lon, 6))


def largest_remainder(weights: list[float], total: int) -> list[int]:
    """Share `total` out by weight in whole numbers that add up to it exactly."""
    whole = sum(weights)
    if whole <= 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    exact = [weight * total / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (counts[place] - exact[place], place))
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts
