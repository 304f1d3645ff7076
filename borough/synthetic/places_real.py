"""A London borough as it is: small areas, postcodes and counts from open data that the user holds.

The data: census counts, LSOA outlines and postcodes in one folder; `FILES` says which. Shown on any map: the
attribution lines that come with it.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from borough.common.errors import Problem
from borough.synthetic.borough_map import BoroughMap, Geometry, Profile, SmallArea, Ward, largest_remainder

FILES = {
    "census": "need/census2021_lsoa21_london.csv",
    "english": "need/english_proficiency_census2021_msoa21_london.csv",
    "postcodes": "geography/london_postcodes_2025.csv.gz",
    "outlines": "geography/london_lsoa21.topo.json",
    "wards": "geography/london_wards24_bestfit.topo.json",
    "lookup": "geography/lookup_lsoa21_ward24_lad24_london.csv",
}
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and "
    "database right 2025. Source: Office for National Statistics licensed under the Open Government Licence v3.0."
)
OWNED = ("ten_owned_owns_outright", "ten_owned_owns_with_a_mortgage_or_loan", "ten_shared_ownership_shared_ownership")
SOCIAL = ("ten_social_rented_other_social_rented", "ten_social_rented_rents_from_council_or_local_authority")


def real_borough(data: Path, authority: str, residents: int) -> BoroughMap:
    """The borough named `authority` ("camden", "hammersmith_fulham", or any other of London) with this many residents.

    Residents fall to small areas as in the census. Raises Problem where a file or the authority is missing.
    """
    data = Path(data)
    for name in FILES.values():
        if not (data / name).is_file():
            raise Problem(f"{data / name} is not there.", "Give --data the folder that holds need/ and geography/.")
    census = [row for row in _rows(data / FILES["census"]) if slug(row["lad24_name"]) == slug(authority)]
    if not census:
        known = sorted({slug(row["lad24_name"]) for row in _rows(data / FILES["census"])})
        raise Problem(
            f"There is no London authority {authority!r} in the census.", f"Choose one of {', '.join(known)}."
        )
    census.sort(key=lambda row: row["lsoa21_code"])
    outlines = Outlines(data / FILES["outlines"], "lsoa21cd")
    names = {row["ward24_code"]: row["ward24_name"] for row in _rows(data / FILES["lookup"])}
    other_language = {
        row["msoa21cd"]: float(row["main_lang_not_english"])
        / (float(row["main_lang_english"]) + float(row["main_lang_not_english"]))
        for row in _rows(data / FILES["english"])
    }
    spots = _spots(data / FILES["postcodes"], {row["lsoa21_code"] for row in census})
    counts = largest_remainder([float(row["residents"]) for row in census], residents)
    areas = []
    for index, (row, count) in enumerate(zip(census, counts, strict=True)):
        code = row["lsoa21_code"]
        outline = outlines[code]
        places = spots.get(code)
        if not places:
            raise Problem(f"No postcode lies in {code}.", f"Check {FILES['postcodes']}.")
        areas.append(
            SmallArea(
                index=index,
                code=code,
                name=row["lsoa21_name"],
                ward=row["ward24_code"],
                residents=count,
                census=round(float(row["residents"])),
                lat=round(sum(lat for _, lat, _ in places) / len(places), 6),
                lon=round(sum(lon for _, _, lon in places) / len(places), 6),
                profile=_profile(row, other_language.get(outlines.properties[code].get("msoa21cd", ""), 0.2)),
                spots=tuple(places),
                geometry=outline,
            )
        )
    ward_outlines = Outlines(data / FILES["wards"], "")
    wards = tuple(_ward(code, names, areas, ward_outlines) for code in sorted({area.ward for area in areas}))
    return BoroughMap(census[0]["lad24_name"], "London", wards, tuple(areas), (), ATTRIBUTION)


def slug(name: str) -> str:
    """hammersmith_fulham for Hammersmith and Fulham; Kingston is Kingston upon Thames."""
    words = name.lower().replace("&", " ").replace("-", " ").replace("_", " ").split()
    words = [word for word in words if word not in ("and", "upon", "thames", "london", "borough", "of", "royal", "the")]
    return "_".join(words) or "london"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _spots(path: Path, codes: set[str]) -> dict[str, list[tuple[str, float, float]]]:
    found: dict[str, list[tuple[str, float, float]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        code, postcode, lat, lon = (header.index(name) for name in ("lsoa21", "postcode", "lat", "lon"))
        for row in rows:
            if row[code] in codes:
                found.setdefault(row[code], []).append((row[postcode], float(row[lat]), float(row[lon])))
    return found


def _profile(row: dict[str, str], other_language: float) -> Profile:
    ages = [float(row[column]) for column in row if column.startswith("age_")]
    tenures = max(1.0, float(row["ten_total"]))
    return Profile(
        ages=tuple(ages),
        owned=sum(float(row[column]) for column in OWNED) / tenures,
        social=sum(float(row[column]) for column in SOCIAL) / tenures,
        disabled=float(row["dis_disabled_under_the_equality_act"]) / max(1.0, float(row["dis_total"])),
        other_language=other_language,
        residents_per_home=min(4.0, max(1.4, float(row["residents"]) / tenures)),
    )


def _ward(code: str, names: dict[str, str], areas: list[SmallArea], outlines: "Outlines") -> Ward:
    mine = [area for area in areas if area.ward == code]
    lat, lon = (sum(values) / len(mine) for values in ([area.lat for area in mine], [area.lon for area in mine]))
    return Ward(code, names.get(code, code), round(lat, 6), round(lon, 6), outlines[code])


class Outlines:
    """Outlines of a TopoJSON file as GeoJSON, by the property `code`; where that is "", by the ward code among them."""

    def __init__(self, path: Path, code: str) -> None:
        topology = json.loads(path.read_text(encoding="utf-8"))
        scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
        self.arcs = [_points(arc, scale, origin) for arc in topology["arcs"]]
        self.geometries: dict[str, Any] = {}
        self.properties: dict[str, dict[str, str]] = {}
        for geometry in next(iter(topology["objects"].values()))["geometries"]:
            properties = geometry["properties"]
            key = properties.get(code) or next(value for value in properties.values() if str(value).startswith("E05"))
            self.geometries[key] = geometry
            self.properties[key] = properties

    def __getitem__(self, code: str) -> Geometry:
        geometry = self.geometries[code]
        arcs = geometry["arcs"]
        if geometry["type"] == "Polygon":
            return {"type": "Polygon", "coordinates": [self._ring(ring) for ring in arcs]}
        return {"type": "MultiPolygon", "coordinates": [[self._ring(ring) for ring in polygon] for polygon in arcs]}

    def _ring(self, arcs: list[int]) -> list[list[float]]:
        """Arcs end to end; a negative number is an arc walked backwards (TopoJSON 2.1.4)."""
        ring: list[list[float]] = []
        for number in arcs:
            points = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            ring += points[1:] if ring else points
        return ring


def _points(arc: list[list[int]], scale: list[float], origin: list[float]) -> list[list[float]]:
    """Absolute degrees from a quantised arc, whose points are steps from the one before."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append([round(x * scale[0] + origin[0], 6), round(y * scale[1] + origin[1], 6)])
    return points
