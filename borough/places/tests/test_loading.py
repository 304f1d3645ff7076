import json

import duckdb
import pytest
from django.core.management import call_command

from borough.accounts.policies import system_viewer
from borough.common.errors import NotAllowed, Problem
from borough.places.actions import load_addresses, load_areas
from borough.places.models import Address, Area
from borough.places.queries import (
    attribution,
    export_addresses,
    find_uprn,
    find_uprns,
    list_areas,
    locate_postcode,
    locate_postcodes,
    locate_uprn,
)

pytestmark = pytest.mark.django_db
SYSTEM = system_viewer("a test")
HEADER = "uprn,address,postcode,lat,lon,small_area,kind\n"
ROWS = [
    '10001,"Flat 1, 12 High Street, Alderbrook",NW1 2DB,51.50,-0.10,S1,flat\n',
    '010002,"Flat 2, 12 High Street, Alderbrook",nw12db,51.52,-0.12,S1,flat\n',
    "10003,14 High Street,NW1 2DD,51.6,-0.2,S2,house\n",
]


@pytest.fixture
def gazetteer(tmp_path):
    path = tmp_path / "addresses.csv"
    path.write_text(HEADER + "".join(ROWS), encoding="utf-8-sig")
    return path


def test_loading_twice_changes_nothing(gazetteer):
    seen = []
    assert load_addresses(gazetteer, by=SYSTEM, progress=lambda done, total: seen.append((done, total))) == 3
    before = list(Address.objects.order_by("uprn").values())
    assert load_addresses(gazetteer, by=SYSTEM) == 3
    assert list(Address.objects.order_by("uprn").values()) == before
    assert seen[-1][0] == seen[-1][1] == gazetteer.stat().st_size


def test_a_later_file_brings_up_to_date_and_drops_nothing(gazetteer):
    load_addresses(gazetteer, by=SYSTEM)
    gazetteer.write_text(HEADER + "10003,14a High Street,NW1 2DD,51.6,-0.2,S2,house\n" * 2 + ROWS[2])
    load_addresses(gazetteer, by=SYSTEM)
    assert Address.objects.count() == 3
    assert Address.objects.get(uprn="10003").address == "14 High Street"


@pytest.mark.django_db(transaction=True)
def test_finding_and_locating(gazetteer, tmp_path, django_assert_num_queries):
    load_addresses(gazetteer, by=SYSTEM)
    assert find_uprn("Apartment 2, 12 High St", "NW1 2DB") == "10002"
    assert find_uprn("12 High St", "NW1 2DB") is None
    assert find_uprn("14 High St", "no postcode") is None
    # One for what the gazetteer has, one for what a matcher found of the rest.
    with django_assert_num_queries(2):
        pairs = [("flat 1 12 high street", "NW1 2DB"), ("9 High Street", "NW1 2DD"), ("14 HIGH STREET", "NW12DD")]
        assert find_uprns(pairs * 500) == ["10001", None, "10003"] * 500
    assert locate_postcode("nw12db") == pytest.approx((51.51, -0.11))
    assert locate_postcodes(["NW1 2DD", "NW1 9ZZ", "?"]) == {"NW1 2DD": pytest.approx((51.6, -0.2))}
    places = locate_uprn(["10002", "99"])
    assert places["10002"].postcode == "NW1 2DB" and places["10002"].small_area == "S1" and "99" not in places
    assert export_addresses(tmp_path / "a.parquet") == 3
    found = duckdb.sql(f"SELECT uprn, lat, match_key FROM '{tmp_path}/a.parquet' ORDER BY uprn").fetchall()
    assert found[0] == ("10001", 51.5, "FLAT 1 12 HIGH ST ALDERBROOK")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "addresses.csv is empty"),
        (b"uprn,address\n1,x\n", "line 1: there is no column postcode, lat, lon, small_area, kind"),
        ((HEADER.strip() + ",uprn\n").encode(), "line 1: column uprn is there twice"),
        ((HEADER + ROWS[0] + "x,1 High St,NW1 2DB,51,0,S,house\n").encode(), "line 3, column uprn: 'x'"),
        ((HEADER + "1,1 High St,NW1,51,0,S,house\n").encode(), "line 2, column postcode: 'NW1'"),
        ((HEADER + "1,1 High St,NW1 2DB,530000,0,S,house\n").encode(), "line 2, column lat: '530000'"),
        ((HEADER + "1,1 High St,NW1 2DB,nan,0,S,house\n").encode(), "line 2, column lat: 'nan'"),
        ((HEADER + "1,,NW1 2DB,51,0,S,house\n").encode(), "line 2, column address"),
        ((HEADER + "1,a\0b,NW1 2DB,51,0,S,house\n").encode(), "line 2, column address"),
        ((HEADER + "1,1 High St,NW1 2DB,51\n").encode(), "line 2: 4 values for 7 columns"),
        ((HEADER + "1,Café,NW1 2DB,51,0,S,house\n").encode("cp1252"), "is not UTF-8"),
        ((HEADER + "1," + "x" * 20_000).encode(), "line 2 is longer than 10,000 characters"),
        ((HEADER + '1,"never closed,NW1 2DB,51,0,S,house\n').encode(), "line 2"),
    ],
)
def test_a_bad_file_is_named_by_line_and_column_and_changes_nothing(tmp_path, content, says):
    path = tmp_path / "addresses.csv"
    path.write_bytes(content)
    with pytest.raises(Problem) as raised:
        load_addresses(path, by=SYSTEM)
    assert says in str(raised.value) and raised.value.remedy
    assert Address.objects.count() == 0


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Problem, match="cannot be read"):
        load_addresses(tmp_path / "none.csv", by=SYSTEM)
    with pytest.raises(Problem, match="cannot be read"):
        load_areas(tmp_path / "none.geojson", by=SYSTEM)


def feature(code, kind="small_area", geometry=None, **properties):
    square = [[[-0.1, 51.5], [-0.1, 51.51], [-0.09, 51.51], [-0.1, 51.5]]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"Area {code}", "kind": kind, **properties},
        "geometry": geometry or {"type": "Polygon", "coordinates": square},
    }


LINE = {"type": "LineString", "coordinates": [[-0.1, 51.5], [-0.05, 51.55]]}


def write(path, features, **more):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def test_areas_are_replaced_as_a_whole(tmp_path):
    path = tmp_path / "areas.geojson"
    first = [feature("S1", parent="W1", residents=1500), feature("W1", "ward"), feature("R1", "river", LINE)]
    assert load_areas(write(path, first, attribution="Contains OS data"), by=SYSTEM) == 3
    assert load_areas(path, by=SYSTEM) == 3
    (area,) = list_areas("small_area")
    assert (area.parent, area.residents, area.lat) == ("W1", 1500, pytest.approx(51.505))
    assert list_areas("river")[0].outline == LINE
    assert attribution() == "Contains OS data"
    load_areas(write(path, [feature("S9", lat=51.9, lon=0.5)]), by=SYSTEM)
    assert [(a.code, a.lat) for a in Area.objects.all()] == [("S9", 51.9)]
    assert attribution() == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not GeoJSON"),
        ("[]", "holds no features"),
        (json.dumps({"features": [{}]}), "feature 1: it has no properties"),
        (json.dumps({"features": [feature("")]}), "feature 1: code is missing"),
        (json.dumps({"features": [feature("A", "town")]}), "kind 'town' is not known"),
        (json.dumps({"features": [feature("A", geometry=LINE)]}), "a small area cannot be a LineString"),
        (json.dumps({"features": [feature("A", residents="many")]}), "residents 'many' is not a count"),
        (json.dumps({"features": [feature("A"), feature("A")]}), "feature 2: code A is there twice"),
        (json.dumps({"features": [feature("A", parent="W")]}), "its parent W is no ward"),
        (
            json.dumps(
                {"features": [feature("R", "river", {"type": "LineString", "coordinates": [[530000, 180000]]})]}
            ),
            "are not degrees",
        ),
        (
            json.dumps({"features": [feature("R", "river", {"type": "LineString", "coordinates": [5]})]}),
            "cannot be read",
        ),
    ],
)
def test_a_bad_map_is_named_by_feature_and_changes_nothing(tmp_path, content, says):
    path = tmp_path / "areas.geojson"
    load_areas(write(path, [feature("S9")]), by=SYSTEM)
    path.write_text(content)
    with pytest.raises(Problem) as raised:
        load_areas(path, by=SYSTEM)
    assert says in str(raised.value)
    assert [area.code for area in Area.objects.all()] == ["S9"]


def test_who_may_load(gazetteer, alice):
    with pytest.raises(NotAllowed):
        load_addresses(gazetteer, by=alice)
    with pytest.raises(NotAllowed):
        load_areas(gazetteer, by=alice)


def test_the_commands(gazetteer, tmp_path, capsys):
    call_command("load_addresses", str(gazetteer))
    call_command("load_areas", str(write(tmp_path / "areas.geojson", [feature("S1")])))
    assert capsys.readouterr().out == "3 addresses loaded\n1 areas loaded\n"
