"""Services: taken in from Open Referral UK files, found in plain words, shown to everybody."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from borough.accounts.policies import PUBLIC, system_viewer
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.directory.actions import ImportReport, import_services
from borough.directory.models import Service, ServiceReject
from borough.directory.policies import search_words
from borough.directory.queries import read_service, search_services
from borough.places.actions import load_addresses
from borough.places.queries import Point

pytestmark = pytest.mark.django_db


def service(
    number: int, name: str, description: str, term: str = "", lat: float = 51.53, **more: Any
) -> dict[str, Any]:
    terms = [{"taxonomy_term": {"id": f"T-{term}", "name": term}}] if term else []
    return {
        "id": f"S{number}",
        "name": name,
        "description": description,
        "status": "active",
        "phones": [{"number": "020 7946 0001"}],
        "organization": {"id": "O1", "name": "Good Neighbours", "description": ""},
        "attributes": terms,
        "service_at_locations": [
            {
                "location": {
                    "id": f"L{number}",
                    "latitude": lat,
                    "longitude": -0.13,
                    "addresses": [{"address_1": "Hall"}],
                }
            }
        ],
        **more,
    }


SERVICES = [
    service(1, "Eastside food bank", "Food parcels, no referral needed.", "Food"),
    service(2, "Lunch club", "A hot meal with company.", "Food", lat=51.60),
    service(3, "Money advice", "Help with debt, bills and benefits.", "Money"),
    service(4, "Phone friends", "Befriending calls each week.", "Befriending", lat=51.535),
    service(5, "Closed club", "Food once.", "Food", status="inactive"),
]


def load(path: Path, services: Any) -> ImportReport:
    file = path / "services.json"
    file.write_text(services if isinstance(services, str) else json.dumps(services))
    return import_services(file, by=system_viewer("test"))


@pytest.fixture
def directory(tmp_path: Path) -> None:
    load(tmp_path, SERVICES)


def names(need: str, **more: Any) -> list[str]:
    return [one.name for one in search_services(need, **more)]


def test_plain_words_find_what_listings_call_otherwise(directory: None) -> None:
    assert names("I am lonely")[0] == "Phone friends"
    assert names("help with my debts") == ["Money advice"]
    assert names("I need something to eat please") == ["Eastside food bank", "Lunch club"]
    assert names("xylophone") == []
    assert len(names("")) == 4


def test_the_nearest_first_among_equals(directory: None) -> None:
    found = search_services("", near=Point(51.6, -0.13))
    assert found[0].name == "Lunch club"
    assert found[0].distance_km == pytest.approx(0, abs=0.01)
    distances = [one.distance_km for one in found]
    assert distances == sorted(distances)


def test_a_page_of_contents_is_read_as_well_as_a_list(tmp_path: Path) -> None:
    assert load(tmp_path, {"contents": SERVICES[:2], "total_items": 2}).services == 2


def test_again_changes_nothing_and_a_newer_file_brings_up_to_date(tmp_path: Path) -> None:
    for _ in range(2):
        report = load(tmp_path, SERVICES)
        assert (report.services, report.organizations, report.locations, report.rejected) == (5, 1, 5, 0)
    assert Service.objects.count() == 5
    load(tmp_path, [service(1, "Westside food bank", "Food parcels.", "Food")])
    view = read_service("S1")
    assert (view.name, view.terms, len(view.locations)) == ("Westside food bank", ["Food"], 1)
    assert names("westside") == ["Westside food bank"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": ""}, "name is empty"),
        ({"name": "x" * 201}, "longer than 200"),
        ({"id": None}, "id is empty"),
        ({"organization": None}, "organization is missing"),
        ({"url": "javascript:alert(1)"}, "not an http"),
        ({"description": {"a": 1}}, "description is not text"),
        ({"last_modified": "yesterday"}, "last_modified"),
        ({"service_at_locations": [{"location": {"id": "L", "latitude": "north"}}]}, "not a number"),
        ({"service_at_locations": [{"location": {"id": "L", "latitude": 51}}]}, "needs both"),
        ({"attributes": "food"}, "not a list"),
    ],
)
def test_a_bad_entry_is_kept_and_the_others_go_in(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    report = load(tmp_path, [{**SERVICES[0], **change}, SERVICES[1]])
    assert (report.services, report.rejected) == (1, 1)
    assert reason in report.rejects[0].reason
    assert reason in ServiceReject.objects.get().reason


def test_an_entry_that_is_no_object_and_one_that_is_twice(tmp_path: Path) -> None:
    report = load(tmp_path, ["food bank", SERVICES[0], SERVICES[0]])
    assert (report.services, [one.position for one in report.rejects]) == (1, [1, 3])


@pytest.mark.parametrize("content", ["", "[", '{"a": 1}', "42", "[" * 100_000])
def test_a_file_that_is_no_list_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(Problem):
        load(tmp_path, content)
    assert Service.objects.count() == 0


def test_real_open_referral_examples_go_in(shared: Path, tmp_path: Path) -> None:
    example = shared / "kits" / "open_referral_uk" / "examples" / "service_full.json"
    if not example.exists():
        pytest.skip("standards kits: put the folder shared/ beside the project")
    one = json.loads(example.read_text())
    report = load(tmp_path, [one])
    # The kit's example gives latitude 100, which is on no globe; without it, it goes in.
    assert "latitude" in report.rejects[0].reason
    for at in one["service_at_locations"]:
        at["location"]["latitude"] = 51.5
    assert load(tmp_path, [one]).services == 1
    assert read_service(one["id"]).organization


def test_the_public_may_not_import(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        import_services(tmp_path / "services.json", by=PUBLIC)


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "services.json"
    file.write_text(json.dumps([*SERVICES, {}]))
    call_command("import_services", str(file))
    said = capsys.readouterr().out
    assert "5 services" in said
    assert "entry 6" in said
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_services", str(tmp_path / "none.json"))


def test_small_words_are_left_out() -> None:
    assert search_words("I need help with the") == []


def test_the_search_page(client: Client, directory: None, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    addresses = tmp_path / "addresses.csv"
    addresses.write_text(
        "uprn,address,postcode,lat,lon,small_area,kind\n1,1 High St,NW1 2DB,51.53,-0.13,E01000001,house\n"
    )
    load_addresses(addresses, by=system_viewer("test"))
    with django_assert_max_num_queries(13):
        page = client.get("/services/", {"need": "food", "near": "nw12db"}).content.decode()
    assert "Eastside food bank" in page
    assert "less than 100 metres" in page
    assert 'value="food"' in page
    empty = client.get("/services/", {"need": "xylophone", "near": "SW1A 1AA"}).content.decode()
    assert "No service found" in empty
    assert "not in this borough" in empty
    wrong = client.get("/services/", {"need": "food", "near": "nowhere"}).content.decode()
    assert "Enter a full postcode" in wrong
    assert 'value="nowhere"' in wrong


def test_the_page_of_a_service(client: Client, directory: None) -> None:
    assert "Food parcels" in client.get("/services/S1/").content.decode()
    assert client.get("/services/none/").status_code == 404
    with pytest.raises(NotFound):
        read_service("none")
