"""The directory on the wire: what was taken in comes out again, and the standard's own description holds."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from borough.accounts.policies import system_viewer
from borough.directory.actions import import_services
from borough.places.actions import load_addresses
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.services import KINDS, services_page

BASE = "/api/open-referral-uk/v3"
CHECKING = "--checks all --max-examples 20 --seed 1 --no-color --suppress-health-check all"
BY = system_viewer("test")


@pytest.fixture
def kit(shared: Path) -> Path:
    return shared / "kits" / "open_referral_uk"


def get(path: str, status: int = 200, **asked: Any) -> Any:
    response = Client().get(f"{BASE}{path}", asked)
    assert response.status_code == status, response.content[:300]
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def holds(told: Any, sent: Any, where: str = "") -> None:
    """Whatever was sent is told again: lists in any order, what is empty left out, more allowed."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            if value not in (None, "", []):
                assert name in told, f"{where}.{name} is lost"
                holds(told[name], value, f"{where}.{name}")
    elif isinstance(sent, list):
        assert len(told) == len(sent), where
        by_id = {one["id"]: one for one in told}
        for one in sent:
            holds(by_id[one["id"]], one, f"{where}[{one['id']}]")
    else:
        assert told == sent, where


def take_in(path: Path) -> Any:
    return import_services(path, by=BY)


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("example", "path"),
    [
        ("service_full", "/services/{id}"),
        ("service_list", "/services"),
        ("service_at_location_full", "/service_at_locations/{id}"),
        ("service_at_location_list", "/service_at_locations"),
        ("taxonomy", "/taxonomies/{id}"),
        ("taxonomy_list", "/taxonomies"),
        ("taxonomy_term", "/taxonomy_terms/{id}"),
        ("taxonomy_term_list", "/taxonomy_terms"),
    ],
)
def test_a_published_example_comes_out_as_it_went_in(kit: Path, example: str, path: str) -> None:
    sent = json.loads((kit / "examples" / f"{example}.json").read_text())
    report = take_in(kit / "examples" / f"{example}.json")
    assert report.rejected == 0
    if "contents" in sent:
        assert report.services == (1 if "service" in example else 0)
        holds(get(path)["contents"], sent["contents"])
    else:
        holds(get(path.format(id=sent["id"])), sent)


@pytest.mark.shared
@pytest.mark.django_db
def test_an_organization_with_its_services_comes_out_at_each_of_them(kit: Path) -> None:
    sent = json.loads((kit / "examples" / "organization_full.json").read_text())
    take_in(kit / "examples" / "organization_full.json")
    [service] = sent.pop("services")
    holds(get(f"/services/{service['id']}"), {**service, "organization": sent})


@pytest.mark.shared
@pytest.mark.django_db
def test_all_examples_at_once_and_again_change_nothing(kit: Path) -> None:
    take_in(kit / "examples")
    before = get("/services/ac148810-d857-441c-9679-408f346de14b")
    assert (report := take_in(kit / "examples")).new == report.changed == 0
    assert get("/services/ac148810-d857-441c-9679-408f346de14b") == before


@pytest.mark.shared
@pytest.mark.django_db
def test_the_tables_in_csv_come_out_as_one_service(kit: Path) -> None:
    folder = kit / "examples_csv"
    report = take_in(folder)
    assert report.services == 1
    # These rows name others that are not in the kit's tables.
    bad = {one.file for one in report.rejects if not one.taken}
    assert bad == {"attributes.csv", "metadata.csv"}
    told = json.dumps(get("/services/ac148810-d857-441c-9679-408f346de14b"))
    terms = json.dumps(get("/taxonomy_terms")) + json.dumps(get("/taxonomies"))
    for path in folder.glob("*.csv"):
        if path.name in bad or path.name == "meta_table_descriptions.csv":
            continue
        for row in csv.DictReader(path.open(encoding="utf-8")):
            for name, cell in row.items():
                assert json.dumps(cell)[1:-1] in told + terms, f"{path.name} {name}"


@pytest.fixture
def many(db: None, tmp_path: Path) -> dict[str, Any]:
    return fill(tmp_path, services=60)


def fill(folder: Path, *, services: int) -> dict[str, Any]:
    page = services_page(made_up_borough(1000), 4, per_kind=-(-services // len(KINDS)))
    file = folder / "services.json"
    file.write_text(json.dumps(page))
    take_in(file)
    return page


def test_lists_are_paged_and_each_service_is_once(many: dict[str, Any]) -> None:
    active = {one["id"] for one in many["contents"] if one["status"] == "active"}
    pages = [get("/services", page=number, per_page=25) for number in (1, 2, 3)]
    assert [one["id"] for page in pages for one in page["contents"]] == sorted(active)
    assert (pages[0]["total_items"], pages[0]["total_pages"]) == (len(active), 3)
    assert [(page["first_page"], page["last_page"]) for page in pages] == [(True, False), (False, False), (False, True)]
    beyond = get("/services", page=9)
    assert (beyond["empty"], beyond["contents"]) == (True, [])


def test_filters_narrow(many: dict[str, Any]) -> None:
    def ids(**asked: Any) -> set[str]:
        return {one["id"] for one in get("/services", per_page=500, **asked)["contents"]}

    def sent(fits: Any) -> set[str]:
        return {one["id"] for one in many["contents"] if one["status"] == "active" and fits(one)}

    saturday = sent(lambda one: "SA" in one["schedules"][0]["byday"])
    assert saturday
    assert ids(day="SA") == ids(day="saturday") == saturday
    assert ids(day="no day") == set()
    assert ids(start_time="18:00:00Z") == sent(lambda one: one["schedules"][0]["opens_at"] >= "18:00") != set()
    assert ids(minimum_age="50") == sent(lambda one: one.get("minimum_age", 0) >= 50) != set()
    term = many["contents"][0]["attributes"][0]["taxonomy_term"]["id"]
    assert ids(taxonomy_term_id=term) == sent(
        lambda one: term in {held["taxonomy_term"]["id"] for held in one["attributes"]}
    )
    [needs] = get("/taxonomies")["contents"]
    assert ids(taxonomy_id=needs["id"]) == sent(lambda one: True)
    assert get("/services", search="food bank")["contents"][0]["name"].endswith("food bank")


def test_the_nearest_to_a_postcode_within_so_many_metres(many: dict[str, Any], tmp_path: Path) -> None:
    active = next(one for one in many["contents"] if one["status"] == "active")
    place = active["service_at_locations"][0]["location"]
    addresses = tmp_path / "addresses.csv"
    addresses.write_text(
        "uprn,address,postcode,lat,lon,small_area,kind\n"
        f"1,1 High St,NW1 2DB,{place['latitude']},{place['longitude']},E01000001,house\n"
    )
    load_addresses(addresses, by=BY)
    found = get("/service_at_locations", postcode="nw12db", per_page=100)
    first = found["contents"][0]["location"]
    assert (first["latitude"], first["longitude"]) == (place["latitude"], place["longitude"])
    near = get("/service_at_locations", postcode="NW1 2DB", proximity="500")
    assert 0 < near["total_items"] < found["total_items"]
    assert get("/service_at_locations", postcode="SW1A 1AA")["empty"]
    assert "metres" in get("/service_at_locations", 409, postcode="NW1 2DB", proximity="near")["message"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/services/none", "/service_at_locations/a%2Fb%00", "/taxonomies/x", "/taxonomy_terms/x"]
)
def test_an_unknown_id_says_so(path: str) -> None:
    assert set(get(path, 404)) == {"message", "remedy"}


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"page": "x"}, {"start_time": ""}, {"minimum_age": "NaN"}])
def test_a_parameter_that_cannot_be_read_is_named(asked: dict[str, str]) -> None:
    assert get("/services", 400, **asked)["fields"][0]["field"] in asked


def test_as_many_queries_for_fifty_as_for_one(many: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    pair = get("/service_at_locations", per_page=1)["contents"][0]
    for path, most in (
        ("/services", 5),
        ("/service_at_locations", 5),
        (f"/services/{pair['service']['id']}", 5),
        (f"/service_at_locations/{pair['id']}", 7),
    ):
        with django_assert_max_num_queries(most):
            get(path)


def test_what_a_reader_has_is_not_sent_again(many: dict[str, Any]) -> None:
    first = Client().get(f"{BASE}/services")
    assert "public" in first["Cache-Control"]
    again = Client().get(f"{BASE}/services", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_service_that_left_its_list_is_told_as_not_active(tmp_path: Path, db: None) -> None:
    page = services_page(made_up_borough(1000), 4, per_kind=1)
    file = tmp_path / "services.json"
    for services in (page["contents"], page["contents"][1:]):
        file.write_text(json.dumps(services))
        report = import_services(file, by=BY, feed="rehearsal")
    assert report.left == 1
    gone = page["contents"][0]["id"]
    assert get(f"/services/{gone}")["status"] == "inactive"
    assert gone not in {one["id"] for one in get("/services", per_page=500)["contents"]}


# On one database: it takes half a minute.
@pytest.mark.postgresql
@pytest.mark.shared
@pytest.mark.django_db(transaction=True)
def test_the_running_server_answers_as_the_standard_describes(kit: Path, live_server: Any, tmp_path: Path) -> None:
    """All checks of schemathesis over the nine operations, on 5,000 services.

    The kit describes only answers with status 200. An id that is not there and a parameter that cannot be read have no
    such answer, so each operation gets a `default` for them; and real ids, as examples, so that they are asked for.
    """
    assert len(fill(tmp_path, services=5000)["contents"]) >= 5000
    pair = get("/service_at_locations", per_page=1)["contents"][0]
    ids = {
        "services": pair["service"]["id"],
        "service_at_locations": pair["id"],
        "taxonomies": get("/taxonomies")["contents"][0]["id"],
        "taxonomy_terms": get("/taxonomy_terms")["contents"][0]["id"],
    }
    folder = tmp_path / "kit"
    shutil.copytree(kit, folder, ignore=shutil.ignore_patterns(".schemathesis", "examples*"))
    for one in (folder, *folder.rglob("*")):
        one.chmod(0o755)
    described = json.loads((folder / "openapi.json").read_text())
    operations = list(described["paths"].items())
    assert len(operations) == 9
    for path, item in operations:
        item["get"]["responses"]["default"] = {
            "description": "What is wrong, and what to do.",
            "content": {"application/json": {"schema": {"type": "object", "required": ["message", "remedy"]}}},
        }
        for parameter in item.get("parameters", []):
            parameter["example"] = ids[path.split("/")[1]]
    (folder / "openapi.json").write_text(json.dumps(described))
    ran = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *f"run openapi.json --url {live_server.url}{BASE} {CHECKING}".split(),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "9 passed" in ran.stdout or "Tested: 9" in ran.stdout, ran.stdout[-3000:]
