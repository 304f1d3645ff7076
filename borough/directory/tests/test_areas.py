"""Services that serve certain wards or boroughs are found from there, and by nobody elsewhere."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from borough.accounts.policies import system_viewer
from borough.directory.finding import Wish
from borough.directory.models import Facet, Gap
from borough.directory.policies import area_key
from borough.directory.queries import list_pair_documents, list_service_documents, search_services
from borough.directory.tests.test_directory import load, service
from borough.places.actions import load_addresses, load_areas
from borough.places.queries import locate_postcode

pytestmark = pytest.mark.django_db
BY = system_viewer("test")
WARD = "http://statistics.data.gov.uk/id/statistical-geography/"


def area(name: str = "", **more: Any) -> dict[str, Any]:
    return {"service_areas": [{"id": f"A-{name}", "name": name, **more}]}


SERVICES = [
    service(1, "For all", "Lunch."),
    service(2, "For the borough", "Lunch.", **area("London Borough of Camden")),
    service(3, "For the west by name", "Lunch.", **area("West Ward", extent_type="text")),
    service(4, "For the east by code", "Lunch.", **area("The east", uri=f"{WARD}E05000002")),
    service(5, "For a neighbour", "Lunch.", **area("Hackney")),
    service(6, "For a neighbour by code", "Lunch.", **area("Next door", uri=f"{WARD}E09000012")),
    service(7, "For somewhere", "Lunch.", **area("North of the canal")),
    service(8, "For England", "Lunch.", **area("England", uri=f"{WARD}E92000001")),
    service(9, "For west or a neighbour", "Lunch.", service_areas=[{"name": "West"}, {"name": "Brent"}]),
    service(10, "Badly told", "Lunch.", service_areas="everywhere"),
]
FOR_ALL = {"For all", "For the borough", "For somewhere", "For England", "Badly told"}
WEST, EAST = FOR_ALL | {"For the west by name", "For west or a neighbour"}, FOR_ALL | {"For the east by code"}


@pytest.fixture(autouse=True)
def borough(db: None, tmp_path: Path, settings: Any) -> None:
    """Two wards side by side, a postcode in each."""
    settings.AUTHORITY = import_module("borough.web.authorities.camden").AUTHORITY
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "kind": "ward"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 51.5], [x + 0.1, 51.5], [x + 0.1, 51.6], [x, 51.6], [x, 51.5]]],
            },
        }
        for code, name, x in (("E05000001", "West", -0.2), ("E05000002", "East", -0.1))
    ]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    load_areas(tmp_path / "areas.geojson", by=BY)
    rows = "1,1 High St,NW1 2DB,51.53,-0.13,,house\n2,1 Low St,NW1 3BT,51.53,-0.07,,house\n"
    (tmp_path / "addresses.csv").write_text("uprn,address,postcode,lat,lon,small_area,kind\n" + rows)
    load_addresses(tmp_path / "addresses.csv", by=BY)
    load(tmp_path, SERVICES)


def found(postcode: str) -> set[str]:
    return {one.name for one in search_services("lunch", near=locate_postcode(postcode))}


def test_a_service_is_found_from_where_it_serves_and_not_from_elsewhere() -> None:
    assert found("NW1 2DB") == WEST
    assert found("NW1 3BT") == EAST
    assert found("") == {one["name"] for one in SERVICES}


def test_a_borough_goes_by_its_short_and_its_full_name(settings: Any, tmp_path: Path) -> None:
    settings.AUTHORITY = import_module("borough.web.authorities.kingston").AUTHORITY
    load(tmp_path, [service(2, "For Kingston", "Lunch.", **area("Royal Borough of Kingston upon Thames"))])
    assert "For Kingston" in found("NW1 2DB")


def test_where_no_outline_of_a_ward_is_known_its_services_are_for_all(tmp_path: Path) -> None:
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    apps.get_model("places", "Area").objects.all().delete()
    assert found("NW1 2DB") == WEST | EAST


def test_the_api_and_the_pairs_leave_out_the_same() -> None:
    near = locate_postcode("NW1 3BT")
    listed = list_service_documents(Wish(near=near), start=0, size=50).contents
    assert {one["name"] for one in listed} == EAST
    for wish in (Wish(near=near), Wish(near=near, need="lunch")):
        pairs = list_pair_documents(wish, start=0, size=50).contents
        assert {one["service"]["name"] for one in pairs} == EAST


def test_the_pages_say_whom_it_is_for(client: Client) -> None:
    page = client.get("/services/?need=lunch&near=NW1+2DB").content.decode()
    assert "West Ward" in page
    assert "For the east by code" not in page
    assert "For people in" in client.get("/services/S4/").content.decode()
    for everybody in ("S1", "S2", "S10"):
        assert "For people in" not in client.get(f"/services/{everybody}/").content.decode()


def test_who_is_outside_every_area_is_counted_as_a_gap(client: Client, tmp_path: Path) -> None:
    load(tmp_path, [service(11, "Chess for the west", "Chess.", **area("West"))])
    assert "No service found" in client.get("/services/?need=chess&near=NW1+3BT").content.decode()
    assert Gap.objects.get().word == "chess"


def test_more_services_with_areas_ask_the_database_no_more(tmp_path: Path) -> None:
    near = locate_postcode("NW1 2DB")
    with CaptureQueriesContext(connection) as few:
        search_services("lunch", near=near)
    load(tmp_path, [service(number, f"Club {number}", "Lunch.", **area("West")) for number in range(20, 60)])
    with CaptureQueriesContext(connection) as many:
        search_services("lunch", near=near)
    assert len(many) == len(few)


def test_listings_that_were_taken_in_before_are_read_again() -> None:
    before = set(Facet.objects.filter(kind="area").values_list("service_id", "name"))
    Facet.objects.filter(kind="area").delete()
    import_module("borough.directory.migrations.0010_areas_of_services").read_areas(apps, None)
    assert set(Facet.objects.filter(kind="area").values_list("service_id", "name")) == before
    assert len(before) == 9


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Royal Borough of Kingston upon Thames", "kingston upon thames"),
        ("Hammersmith & Fulham Council", "hammersmith and fulham"),
        ("City of Westminster", "westminster"),
        ("E05000138", "E05000138"),
        ("", "unnamed"),
    ],
)
def test_areas_are_compared_by_code_or_plain_name(name: str, key: str) -> None:
    assert area_key(name) == key
