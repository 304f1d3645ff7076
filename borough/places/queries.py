"""Published reads of places. Areas and properties are public in themselves: no purpose is asked."""

import csv
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from django.db.models import Avg, Count, F

from borough.common.identifiers import clean_postcode
from borough.places.models import Address, Area, MatchedAddress
from borough.places.policies import Point, choose_uprn, distance_km, match_key
from borough.places.shapes import Circle, Polygons, Shape, polygons_of, read_geojson

__all__ = [
    "AreaView",
    "Circle",
    "Place",
    "Point",
    "Polygons",
    "Shape",
    "area_at",
    "area_middles",
    "area_names",
    "area_parents",
    "attribution",
    "distance_km",
    "export_addresses",
    "find_uprn",
    "find_uprns",
    "list_areas",
    "list_places_in",
    "locate_postcode",
    "locate_postcodes",
    "locate_uprn",
    "read_geojson",
    "small_areas_of_postcodes",
]

# SQLite takes at most 32,766 values in one statement.
VALUES_PER_QUERY = 10_000
NEAREST_AREAS = 12


@dataclass(frozen=True)
class AreaView:
    """`residents` is the Census count, `outline` a GeoJSON geometry in degrees, `parent` the code of the ward."""

    code: str
    name: str
    kind: str
    parent: str | None
    residents: int | None
    lat: float
    lon: float
    outline: dict[str, Any]


@dataclass(frozen=True)
class Place:
    uprn: str
    address: str
    postcode: str
    lat: float
    lon: float
    small_area: str
    kind: str

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


def list_areas(kind: str) -> list[AreaView]:
    """All areas of a kind ("ward", "small_area", "river", "high_street"), by name."""
    return [
        AreaView(
            code=area.code,
            name=area.name,
            kind=area.kind,
            parent=area.parent_id,
            residents=area.residents,
            lat=area.lat,
            lon=area.lon,
            outline=area.outline,
        )
        for area in Area.objects.filter(kind=kind).order_by("name", "code")
    ]


def area_names(kind: str) -> dict[str, str]:
    """Name for each code, by name; without the outlines."""
    return dict(Area.objects.filter(kind=kind).order_by("name", "code").values_list("code", "name"))


def area_at(point: Point, kind: str) -> str | None:
    """The code of the ward or small area that a point lies in; None where it lies in none."""
    north, east = F("lat") - point.lat, F("lon") - point.lon
    # The middle of the area that holds a point is among the nearest, and few outlines are read.
    nearest = Area.objects.filter(kind=kind).order_by(north * north + east * east, "code")
    for code, outline in nearest.values_list("code", "outline")[:NEAREST_AREAS]:
        if polygons_of(outline).holds(point):
            return code
    return None


def area_middles(kind: str) -> dict[str, Point]:
    """The middle of each area, by code."""
    rows = Area.objects.filter(kind=kind).order_by("code").values_list("code", "lat", "lon")
    return {code: Point(lat, lon) for code, lat, lon in rows}


def area_parents() -> dict[str, str | None]:
    """For each small area the code of its ward, where it has one."""
    return dict(Area.objects.filter(kind="small_area").order_by("code").values_list("code", "parent_id"))


def attribution() -> str:
    """The line to print under a map, such as "Contains OS data © Crown copyright"; empty for a made-up borough."""
    lines = Area.objects.exclude(attribution="").order_by("attribution").values_list("attribution", flat=True)
    return " ".join(lines.distinct())


def locate_uprn(uprns: Iterable[str]) -> dict[str, Place]:
    """The place of each UPRN that the gazetteer knows."""
    columns = ("uprn", "address", "postcode", "lat", "lon", "small_area", "kind")
    return {
        row[0]: Place(*row)
        for chunk in _chunks(sorted(set(uprns)))
        for row in Address.objects.filter(uprn__in=chunk).values_list(*columns)
    }


def locate_postcode(postcode: str) -> Point | None:
    """The middle of a postcode's addresses; None when it is not a postcode or has none here."""
    return locate_postcodes([postcode]).get(postcode)


def locate_postcodes(postcodes: Collection[str]) -> dict[str, Point]:
    """As `locate_postcode`, for many. Keys are the postcodes as they were given."""
    standard = {given: clean for given in set(postcodes) if (clean := clean_postcode(given))}
    points: dict[str, Point] = {}
    for chunk in _chunks(sorted(set(standard.values()))):
        rows = Address.objects.filter(postcode__in=chunk).values("postcode").order_by()
        for postcode, lat, lon in rows.annotate(Avg("lat"), Avg("lon")).values_list("postcode", "lat__avg", "lon__avg"):
            points[postcode] = Point(lat, lon)
    return {given: points[clean] for given, clean in standard.items() if clean in points}


def small_areas_of_postcodes(postcodes: Collection[str]) -> dict[str, str]:
    """The small area that most addresses of each postcode lie in. Keys are the postcodes as they were given."""
    standard = {given: clean for given in set(postcodes) if (clean := clean_postcode(given))}
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(set(standard.values()))):
        rows = Address.objects.filter(postcode__in=chunk).exclude(small_area="").values("postcode", "small_area")
        fullest_last = rows.annotate(homes=Count("uprn")).order_by("homes", "small_area")
        found.update(fullest_last.values_list("postcode", "small_area"))
    return {given: found[clean] for given, clean in standard.items() if clean in found}


def list_places_in(shape: Shape) -> list[Place]:
    """Every address inside a piece of ground: by its box in the database, then exactly."""
    box = shape.box
    rows = Address.objects.filter(lat__range=(box.south, box.north), lon__range=(box.west, box.east))
    columns = ("uprn", "address", "postcode", "lat", "lon", "small_area", "kind")
    places = (Place(*row) for row in rows.order_by("uprn").values_list(*columns).iterator(chunk_size=VALUES_PER_QUERY))
    return [place for place in places if shape.holds(place.point)]


def find_uprn(address: str, postcode: str) -> str | None:
    """The UPRN of a written address; None where the gazetteer has none, or more than one that it could be."""
    return find_uprns([(address, postcode)])[0]


def find_uprns(pairs: Sequence[tuple[str, str]]) -> list[str | None]:
    """As `find_uprn`, for many (address, postcode) pairs, in their order."""
    cleaned = [clean_postcode(postcode) for _, postcode in pairs]
    in_postcode: dict[str, dict[str, str]] = {}
    for chunk in _chunks(sorted({postcode for postcode in cleaned if postcode})):
        rows = Address.objects.filter(postcode__in=chunk).values_list("postcode", "match_key", "uprn")
        for postcode, key, uprn in rows:
            keys = in_postcode.setdefault(postcode, {})
            # Two properties with one address: neither may be chosen.
            keys[key] = "" if key in keys else uprn
    found = [
        choose_uprn(match_key(address), in_postcode.get(postcode, {})) if postcode else None
        for (address, _), postcode in zip(pairs, cleaned, strict=True)
    ]
    matched = _matched(sorted({address for (address, _), uprn in zip(pairs, found, strict=True) if not uprn}))
    return [uprn or matched.get(pair) for pair, uprn in zip(pairs, found, strict=True)]


def _matched(addresses: Sequence[str]) -> dict[tuple[str, str], str]:
    """What an address matcher found of these addresses."""
    return {
        (address, postcode): uprn
        for chunk in _chunks(addresses)
        for address, postcode, uprn in MatchedAddress.objects.filter(address__in=chunk).values_list(
            "address", "postcode", "uprn"
        )
    }


def export_addresses(path: Path) -> int:
    """Write uprn, address, postcode, lat, lon, small_area, kind, match_key to a Parquet file. Returns how many."""
    columns = ("uprn", "address", "postcode", "lat", "lon", "small_area", "kind", "match_key")
    written = 0
    with tempfile.TemporaryDirectory(prefix="borough-addresses-") as folder:
        plain = Path(folder) / "addresses.csv"
        with plain.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in Address.objects.values_list(*columns).iterator(chunk_size=VALUES_PER_QUERY):
                writer.writerow(row)
                written += 1
        types = {column: "DOUBLE" if column in ("lat", "lon") else "VARCHAR" for column in columns}
        with duckdb.connect() as db:
            reading = db.read_csv(str(plain), header=True, columns=types)
            reading.write_parquet(str(path))
    return written


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), VALUES_PER_QUERY):
        yield values[start : start + VALUES_PER_QUERY]
