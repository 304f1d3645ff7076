"""The ground: outlines that meet, valid postcodes, and on real geography the counts of the census."""

import csv
import json
import math
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import borough
from borough.common.errors import Problem
from borough.common.identifiers import clean_postcode, clean_uprn
from borough.synthetic import write_rehearsal
from borough.synthetic.borough_map import Streets, largest_remainder
from borough.synthetic.geojson import areas_geojson
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.places_real import real_borough, slug
from borough.synthetic.tests.conftest import read

SHARED = Path(os.environ.get("BOROUGH_SHARED") or Path(borough.__file__).parents[2] / "shared") / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason=f"open data is not at {SHARED}")


def size(ring: list[list[float]]) -> float:
    """Area of a ring in square degrees, positive when it runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def test_small_areas_fill_their_wards_without_gap_or_overlap() -> None:
    ground = made_up_borough(20_000)
    assert len(ground.areas) == 112
    assert len(ground.wards) == 12
    for ward in ground.wards:
        parts = sum(size(rings(area.geometry)[0]) for area in ground.areas if area.ward == ward.code)
        assert math.isclose(parts, size(rings(ward.geometry)[0]), rel_tol=1e-9)
    for area in ground.areas:
        ring = rings(area.geometry)[0]
        assert ring[0] == ring[-1]
        assert size(ring) > 0


def test_neighbours_share_their_points() -> None:
    uses = Counter(tuple(point) for area in made_up_borough(20_000).areas for point in rings(area.geometry)[0][:-1])
    assert max(uses.values()) == 3
    assert sum(count >= 2 for count in uses.values()) > 0.7 * len(uses)


def test_postcodes_are_valid_unique_and_of_no_real_area() -> None:
    postcodes = [postcode for area in made_up_borough(1000).areas for postcode, _, _ in area.spots]
    assert len(set(postcodes)) == len(postcodes)
    assert all(clean_postcode(postcode) == postcode and postcode.startswith("XA") for postcode in postcodes)


@pytest.mark.parametrize("residents", [200, 3000, 180_000])
def test_homes_have_their_own_uprn_and_one_postcode(residents: int) -> None:
    ground = made_up_borough(residents)
    uprns: set[str] = set()
    for area in ground.areas[:8]:
        streets = Streets(area, ground.town)
        homes = [streets.home(place) for place in range(streets.homes)]
        uprns |= {home.uprn for home in homes}
        assert len({(home.line(), home.postcode) for home in homes}) == len(homes)
        assert streets.home(streets.homes) == streets.home(0)
        assert {home.postcode for home in homes} <= {postcode for postcode, _, _ in area.spots}
    assert all(clean_uprn(uprn) == uprn for uprn in uprns)
    assert len(uprns) == sum(Streets(area, ground.town).homes for area in ground.areas[:8])


def test_the_map_file_has_wards_areas_and_lines(rehearsal: Path) -> None:
    features = json.loads((rehearsal / "areas.geojson").read_text(encoding="utf-8"))["features"]
    kinds = Counter(feature["properties"]["kind"] for feature in features)
    assert kinds == {"small_area": 112, "ward": 12, "river": 1, "high_street": 1}
    wards = {feature["properties"]["code"] for feature in features if feature["properties"]["kind"] == "ward"}
    small = [feature["properties"] for feature in features if feature["properties"]["kind"] == "small_area"]
    assert {properties["parent"] for properties in small} == wards
    for feature in features:
        assert set(feature["properties"]) == {"code", "name", "kind", "parent", "residents", "lat", "lon"}


def test_shares_add_up_to_the_whole() -> None:
    assert largest_remainder([1, 1, 1], 10) == [4, 3, 3]
    assert largest_remainder([0, 0], 5) == [3, 2]
    assert sum(largest_remainder([0.1, 7, 3.3], 1001)) == 1001


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Hammersmith and Fulham", "hammersmith_fulham"),
        ("hammersmith-and-fulham", "hammersmith_fulham"),
        ("Kingston upon Thames", "kingston"),
        ("Waltham Forest", "waltham_forest"),
        ("City of London", "city"),
    ],
)
def test_an_authority_is_known_by_several_names(name: str, short: str) -> None:
    assert slug(name) == short == slug(short)


def census_of(gss: str) -> dict[str, dict[str, str]]:
    with (SHARED / "need/census2021_lsoa21_london.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["lsoa21_code"]: row for row in csv.DictReader(file) if row["lad24_code"] == gss}


@needs_data
@pytest.mark.shared
@pytest.mark.parametrize(
    "authority", ["camden", "hackney", "newham", "hammersmith_fulham", "kingston", "waltham_forest"]
)
def test_every_small_area_has_an_outline_a_ward_and_postcodes(authority: str) -> None:
    ground = real_borough(SHARED, authority, 20_000)
    assert len(ground.areas) > 90
    assert {area.ward for area in ground.areas} == {ward.code for ward in ground.wards}
    features = json.loads((SHARED / f"geography/lsoa21_{authority}.geojson").read_text())["features"]
    assert {feature["properties"]["lsoa21cd"] for feature in features} == {area.code for area in ground.areas}
    for area in ground.areas:
        assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings(area.geometry))
        assert all(clean_postcode(postcode) == postcode for postcode, _, _ in area.spots)
    assert "Crown copyright" in json.loads(areas_geojson(ground))["attribution"]


@needs_data
@pytest.mark.shared
def test_residents_by_small_area_agree_with_the_census_within_two_per_cent(tmp_path: Path) -> None:
    residents = 25_000
    write_rehearsal(tmp_path, residents=residents, seed=3, data=SHARED, authority="camden", processes=1)
    census = census_of("E09000007")
    total = sum(int(row["residents"]) for row in census.values())
    people = [row for row in read(tmp_path / "truth" / "people.csv") if row["living"] != "gone"]
    counts = Counter(row["small_area"] for row in people)
    assert set(counts) == set(census)
    for code, row in census.items():
        assert abs(counts[code] / residents / (int(row["residents"]) / total) - 1) < 0.02
    postcodes = {row["postcode"] for row in read(tmp_path / "addresses.csv")}
    assert len(postcodes) > 800
    # Age, tenure and disability of the whole borough.
    old = sum(row["dob"] <= "1961-11-01" for row in people) / residents
    bands = ("age_65_69", "age_70_74", "age_75_79", "age_80_84", "age_85_plus")
    assert abs(old - sum(int(row[band]) for row in census.values() for band in bands) / total) < 0.005
    disabled = sum(int(row["dis_disabled_under_the_equality_act"]) for row in census.values())
    assert abs(sum(row["disabled"] == "1" for row in people) / residents - disabled / total) < 0.005
    tenures = Counter({row["household"]: row["tenure"] for row in people}.values())
    social = sum(
        int(row["ten_social_rented_other_social_rented"])
        + int(row["ten_social_rented_rents_from_council_or_local_authority"])
        for row in census.values()
    ) / sum(int(row["ten_total"]) for row in census.values())
    assert abs(tenures["social"] / tenures.total() - social) < 0.02


@needs_data
@pytest.mark.shared
def test_a_whole_borough_has_exactly_the_residents_of_the_census() -> None:
    census = census_of("E09000021")
    total = sum(int(row["residents"]) for row in census.values())
    ground = real_borough(SHARED, "kingston", total)
    assert {area.code: area.residents for area in ground.areas} == {
        code: int(row["residents"]) for code, row in census.items()
    }


@needs_data
@pytest.mark.shared
def test_an_unknown_authority_is_told_which_there_are() -> None:
    with pytest.raises(Problem, match="camden"):
        real_borough(SHARED, "atlantis", 1000)
