"""Reads the two files of the gazetteer, row by row, and says exactly where one is wrong."""

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from borough.common.errors import Problem
from borough.common.identifiers import clean_postcode, clean_uprn
from borough.places.models import AREA_KINDS, INHABITED, Area
from borough.places.policies import match_key

ADDRESS_COLUMNS = ("uprn", "address", "postcode", "lat", "lon", "small_area", "kind")
LONGEST_LINE = 10_000
_SHAPES = {"Polygon": 2, "MultiPolygon": 3, "LineString": 1, "MultiLineString": 2}
AddressRow = tuple[str, str, str, float, float, str, str, str]


def read_addresses(path: Path) -> Iterator[AddressRow]:
    """Rows of a CSV file with the ADDRESS_COLUMNS, in any order, as values of Address (its match key last).

    UTF-8, points in degrees. Raises Problem with file, line and column at the first row that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _address_rows(path, file)
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path.name} is not UTF-8 (byte {error.start:,}).", "Save it as “CSV UTF-8”.") from error


def _address_rows(path: Path, file: TextIO) -> Iterator[AddressRow]:
    reader = csv.reader(_bounded_lines(path, file), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        columns = _columns_at(path, header)
        for row in reader:
            if row:
                yield _address_row(path, reader.line_num, header, columns, row)
    except csv.Error as error:
        raise Problem(f"{path.name}, line {reader.line_num}: {error}.", "Save the file as CSV again.") from error


def _columns_at(path: Path, header: list[str]) -> list[int]:
    if not header:
        raise Problem(f"{path.name} is empty.", f"It needs a first line with {', '.join(ADDRESS_COLUMNS)}.")
    if missing := [name for name in ADDRESS_COLUMNS if name not in header]:
        raise Problem(
            f"{path.name}, line 1: there is no column {', '.join(missing)}.",
            f"The columns are {', '.join(ADDRESS_COLUMNS)}.",
        )
    if twice := [name for name in ADDRESS_COLUMNS if header.count(name) > 1]:
        raise Problem(f"{path.name}, line 1: column {', '.join(twice)} is there twice.", "Keep one of them.")
    return [header.index(name) for name in ADDRESS_COLUMNS]


def _address_row(path: Path, line: int, header: list[str], columns: list[int], row: list[str]) -> AddressRow:
    if len(row) != len(header):
        raise Problem(
            f"{path.name}, line {line}: {len(row)} values for {len(header)} columns.",
            "Put quotation marks around a value that holds a comma.",
        )
    given_uprn, address, given_postcode, lat, lon, small_area, kind = (row[at].strip() for at in columns)
    uprn, postcode = clean_uprn(given_uprn), clean_postcode(given_postcode)
    if uprn is None:
        raise _bad_value(path, line, "uprn", given_uprn, "A UPRN has up to 12 digits.")
    if postcode is None:
        raise _bad_value(path, line, "postcode", given_postcode, "Write it as NW1 2DB.")
    for column, value, longest in (("address", address, 250), ("small_area", small_area, 20), ("kind", kind, 40)):
        if len(value) > longest or "\0" in value:
            raise _bad_value(path, line, column, value[:40], f"Use at most {longest} characters of text.")
    if not address:
        raise _bad_value(path, line, "address", "", "Give the address in words.")
    points = (_degrees(path, line, "lat", lat, 90), _degrees(path, line, "lon", lon, 180))
    return (uprn, address, postcode, *points, small_area, kind, match_key(address))


def _degrees(path: Path, line: int, column: str, text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise _bad_value(path, line, column, text, "Give degrees (WGS 84), not eastings and northings.")
    return value


def _bad_value(path: Path, line: int, column: str, value: str, remedy: str) -> Problem:
    return Problem(f"{path.name}, line {line}, column {column}: {value!r} cannot be used.", remedy)


def _bounded_lines(path: Path, file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Problem(
                f"{path.name}, line {number} is longer than {LONGEST_LINE:,} characters.", "Check its line ends."
            )
        yield line


def read_areas(path: Path) -> list[Area]:
    """The features of a GeoJSON FeatureCollection as unsaved areas, wards first.

    Properties: code, name, kind, parent (of a small area: the code of its ward), residents (Census count or null),
    lat and lon (of the middle; left out, the middle of the outline's box). Raises Problem naming feature and property.
    """
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    except ValueError as error:
        raise Problem(f"{path.name} is not GeoJSON: {error}.", "Export it as GeoJSON in UTF-8.") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise Problem(f"{path.name} holds no features.", "It must be a GeoJSON FeatureCollection of areas.")
    attribution = str(collection.get("attribution") or "")[:300]
    areas = [_area(path, number, feature, attribution) for number, feature in enumerate(features, start=1)]
    _check_codes(path, areas)
    return sorted(areas, key=lambda area: area.parent_id is not None)


def _area(path: Path, number: int, feature: Any, attribution: str) -> Area:
    def wrong(what: str, remedy: str) -> Problem:
        return Problem(f"{path.name}, feature {number}: {what}.", remedy)

    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise wrong("it has no properties or no geometry", "Export it as GeoJSON again.")
    code, kind, residents = str(properties.get("code") or ""), properties.get("kind"), properties.get("residents")
    if not 0 < len(code) <= 20:
        raise wrong("code is missing or longer than 20 characters", "Give each area its own code.")
    if kind not in AREA_KINDS:
        raise wrong(f"kind {kind!r} is not known", f"Choose one of {', '.join(AREA_KINDS)}.")
    if residents is not None and (not isinstance(residents, int) or residents < 0):
        raise wrong(f"residents {residents!r} is not a count", "Give a whole number, or null where nobody counted.")
    shape = geometry.get("type")
    if shape not in _SHAPES or ("Polygon" in shape) != (kind in INHABITED):
        raise wrong(f"a {AREA_KINDS[kind].lower()} cannot be a {shape}", "Areas are polygons, the others lines.")
    try:
        points = list(_points(geometry.get("coordinates"), _SHAPES[shape]))
    except (TypeError, ValueError) as error:
        raise wrong("its coordinates cannot be read", "Export it as GeoJSON again.") from error
    if not points or any(abs(lon) > 180 or abs(lat) > 90 for lon, lat in points):
        raise wrong("its coordinates are not degrees", "Export it in WGS 84 (EPSG:4326).")
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return Area(
        code=code,
        name=str(properties.get("name") or code)[:120],
        kind=kind,
        parent_id=str(properties["parent"]) if kind == "small_area" and properties.get("parent") else None,
        residents=residents,
        lat=_middle(properties.get("lat"), lats),
        lon=_middle(properties.get("lon"), lons),
        outline={"type": shape, "coordinates": geometry["coordinates"]},
        attribution=attribution,
    )


def _middle(given: Any, values: list[float]) -> float:
    return float(given) if isinstance(given, int | float) else (min(values) + max(values)) / 2


def _points(coordinates: Any, depth: int) -> Iterator[tuple[float, float]]:
    if depth == 0:
        lon, lat = coordinates[:2]
        yield float(lon), float(lat)
        return
    for part in coordinates:
        yield from _points(part, depth - 1)


def _check_codes(path: Path, areas: list[Area]) -> None:
    seen: set[str] = set()
    wards = {area.code for area in areas if area.kind == "ward"}
    for number, area in enumerate(areas, start=1):
        if area.code in seen:
            raise Problem(f"{path.name}, feature {number}: code {area.code} is there twice.", "Keep one of them.")
        seen.add(area.code)
        if area.parent_id and area.parent_id not in wards:
            raise Problem(
                f"{path.name}, feature {number}: its parent {area.parent_id} is no ward of this file.",
                "Add the ward, or leave the parent out.",
            )
