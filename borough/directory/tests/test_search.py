"""Finding help: by need, place, time, age, cost, language and access; and what is searched for in vain."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import COORDINATOR, Viewer, system_viewer
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotAllowed, NotFound
from borough.directory.actions import Figures, import_services, note_gap, set_service_figures
from borough.directory.models import Gap, Service, ServiceFigures
from borough.directory.policies import MOST_KM, is_step_free, nearer_by_km, nearest_word
from borough.directory.queries import find_services, gaps_by_hexagon, list_gaps, read_service
from borough.directory.tests.test_directory import load, service
from borough.places.actions import load_addresses, load_areas
from borough.places.queries import Point, distance_km

pytestmark = pytest.mark.django_db
BY = system_viewer("test")


def weekly(byday: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    when = {"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes, **more}
    return {"schedules": [{"id": "s", "description": f"{byday} {opens}", **when}]}


def at_place(number: int, *, access: str = "", lat: float = 51.53, kind: str = "physical") -> dict[str, Any]:
    told = [{"id": f"A{number}", "description": access}] if access else []
    place = {"id": f"L{number}", "location_type": kind, "latitude": lat, "longitude": -0.13, "accessibility": told}
    return {"service_at_locations": [{"id": f"P{number}", "location": place}]}


SERVICES = [
    service(1, "Evening advice", "Money and debt.", "Money", **weekly("TH", "18:00", "20:30")),
    service(2, "Saturday lunch", "A hot meal.", "Food", **weekly("SA", "12:00", "14:00"), minimum_age=60),
    service(3, "Homework club", "After school.", "Kids", **at_place(3, access="No step free access"), maximum_age=16),
    service(4, "Counselling by phone", "Talk to somebody.", "Wellbeing", **at_place(4, kind="virtual"), fees="Free"),
    service(
        5, "Women’s kitchen", "Cook together.", "Food",
        languages=[{"id": "l", "name": "Somali", "code": "so"}],
        cost_options=[{"id": "c", "amount": 0}],
        **at_place(5, access="Step-free entrance", lat=51.60),
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def directory(db: None, tmp_path: Path) -> None:
    load(tmp_path, SERVICES)
    addresses = tmp_path / "addresses.csv"
    rows = "1,1 High St,NW1 2DB,51.53,-0.13,E01000001,house\n2,2 High St,NW1 2DB,51.53,-0.13,E01000001,house\n"
    addresses.write_text("uprn,address,postcode,lat,lon,small_area,kind\n" + rows)
    load_addresses(addresses, by=BY)


def found(client: Client, **asked: str) -> set[str]:
    page = client.get("/services/", {"need": "", **asked, "format": "csv"}).content.decode()
    return {str(one["name"]) for one in SERVICES if str(one["name"]) in page}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"day": "5"}, {"Saturday lunch"}),
        ({"day": "weekend"}, {"Saturday lunch"}),
        ({"part": "evening"}, {"Evening advice"}),
        ({"day": "3", "part": "morning"}, set()),
        ({"age": "12"}, {"Homework club", "Evening advice", "Counselling by phone", "Women’s kitchen"}),
        ({"age": "70", "need": "food"}, {"Saturday lunch", "Women’s kitchen"}),
        ({"free": "on"}, {"Counselling by phone", "Women’s kitchen"}),
        ({"step_free": "on"}, {"Women’s kitchen"}),
        ({"remote": "on"}, {"Counselling by phone"}),
        ({"language": "Somali"}, {"Women’s kitchen"}),
        ({"access": "Step-free entrance"}, {"Women’s kitchen"}),
        ({"near": "NW1 2DB", "within": "5", "need": "food"}, {"Saturday lunch"}),
        ({"need": "I am hungri"}, {"Saturday lunch", "Women’s kitchen"}),
        ({"need": "counceling"}, {"Counselling by phone"}),
    ],
)
def test_what_is_asked_for_narrows(client: Client, asked: dict[str, str], names: set[str]) -> None:
    assert found(client, **asked) == names


def test_open_now(client: Client) -> None:
    thursday = datetime(2026, 11, 26, 19, 0, tzinfo=LONDON)
    for hours, names in ((0, {"Evening advice"}), (2, set()), (24, set())):
        with clock.at(thursday + timedelta(hours=hours)):
            assert found(client, now="on") == names


def test_a_postcode_outside_the_borough_says_so_and_still_finds(client: Client) -> None:
    page = client.get("/services/", {"need": "food", "near": "SW1A 1AA", "within": "1"}).content.decode()
    assert "SW1A 1AA is not in this borough" in page
    assert "Saturday lunch" in page


def test_nothing_found_says_whom_to_call_and_what_was_asked_stays(client: Client, settings: Any) -> None:
    page = client.get("/services/", {"need": "xylophone", "day": "weekend"}).content.decode()
    assert "No service found" in page
    assert settings.AUTHORITY.phone in page
    assert 'value="xylophone"' in page
    assert '<option value="weekend" selected>' in page


def test_a_wrong_filter_is_an_error_at_its_field(client: Client) -> None:
    page = client.get("/services/", {"age": "old", "day": "someday"}).content.decode()
    assert "There is a problem" in page
    assert 'href="#id_age"' in page


def test_the_page_of_a_service_shows_all_that_is_known(client: Client) -> None:
    page = client.get("/services/S5/").content.decode()
    for words in ("Somali", "Step-free entrance", "openstreetmap.org", "Women’s kitchen"):
        assert words in page


@pytest.mark.parametrize(
    ("access", "is_so"),
    [
        ("Step-free entrance", True),
        ("Wheelchair access is possible on all levels.", True),
        ("No steps to the door", True),
        ("Hearing loop", False),
        ("Not wheelchair accessible", False),
        ("No step free access", False),
    ],
)
def test_step_free_is_what_a_place_says(access: str, is_so: bool) -> None:
    assert is_step_free([access]) == is_so


def test_misspelt_words_are_read_as_the_nearest() -> None:
    known = ["counselling", "food", "debt"]
    assert nearest_word("counseling", known) == "counselling"
    assert nearest_word("fod", known) == ""
    assert nearest_word("xylophone", known) == ""


# Figures


def test_figures_are_shown_once_enough_people_stand_behind_them(client: Client) -> None:
    few = Figures("S1", referred=7, accepted=7, answer_days=1, asked=3, met=3)
    many = Figures("S2", referred=40, accepted=38, answer_days=3, waiting_days=9, asked=12, met=11)
    assert set_service_figures([few, many, Figures("none")], by=BY) == 2
    assert "How referrals from us went" not in client.get("/services/S1/").content.decode()
    page = client.get("/services/S2/").content.decode()
    assert "100 %" in page
    assert "3 days" in page
    view = read_service("S2").figures
    assert view is not None
    assert (view.accepted_percent, view.met_percent) == (100.0, 100.0)


def test_new_figures_take_the_place_of_all_old_ones() -> None:
    set_service_figures([Figures("S1", referred=9), Figures("S2", referred=9)], by=BY)
    set_service_figures([Figures("S2", referred=10)], by=BY)
    assert list(ServiceFigures.objects.values_list("pk", "referred")) == [("S2", 10)]


def test_figures_order_what_fits_equally_and_nothing_else() -> None:
    names = [one.name for one in find_services_of("food")]
    assert names == ["Saturday lunch", "Women’s kitchen"]
    set_service_figures([Figures("S5", referred=40, accepted=40, waiting_days=2, asked=40, met=40)], by=BY)
    assert [one.name for one in find_services_of("food")] == ["Women’s kitchen", "Saturday lunch"]
    assert find_services_of("meal")[0].name == "Saturday lunch"


def find_services_of(need: str) -> Any:
    from borough.directory.queries import Wish

    return find_services(Wish(need=need)).services


_PERCENT = st.none() | st.floats(0, 100)


@given(_PERCENT, _PERCENT, st.none() | st.floats(0, 10_000))
def test_figures_move_a_service_a_kilometre_at_most(accepted: Any, met: Any, days: Any) -> None:
    assert abs(nearer_by_km(accepted_percent=accepted, met_percent=met, waiting_days=days)) <= MOST_KM + 1e-9


# Gaps


def test_a_search_in_vain_is_counted_by_word_and_area_and_day(client: Client) -> None:
    for _ in range(9):
        client.get("/services/", {"need": "Help me with the piano lessons", "near": "NW1 2DB", "day": "2"})
    assert set(Gap.objects.values_list("word", "small_area", "times")) == {
        ("piano", "E01000001", 9),
        ("lesson", "E01000001", 9),
    }
    [first, *_rest] = list_gaps(viewer=BY_COORDINATOR, by_area=True)
    assert (first.small_area, first.times) == ("E01000001", 10)


BY_COORDINATOR = Viewer(kind="staff", id="U1", name="Cora", roles=frozenset({COORDINATOR}))


def test_what_few_people_wrote_stays_unseen_unless_it_is_a_word_of_ours() -> None:
    note_gap("Gwendolyn Fairfax-Moncrieff", "")
    note_gap("debt", "NW1 2DB")
    assert [(one.word, one.times) for one in list_gaps(viewer=BY_COORDINATOR)] == [("debt", None)]
    assert list_gaps(viewer=BY_COORDINATOR, by_area=True) == []


def test_the_public_sees_no_gaps(client: Client, charlie: Viewer) -> None:
    with pytest.raises(NotAllowed):
        list_gaps(viewer=charlie)
    assert client.get("/services/gaps/").status_code == 302


def two_small_areas(folder: Path) -> None:
    """Two small areas far from each other, each with a postcode."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code, "kind": "small_area"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 51.53], [x + 0.001, 51.53], [x + 0.001, 51.531], [x, 51.531], [x, 51.53]]],
            },
        }
        for code, x in (("E01000001", -0.13), ("E01000002", -0.03))
    ]
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    load_areas(folder / "areas.geojson", by=BY)
    rows = "1,1 High St,NW1 2DB,51.53,-0.13,E01000001,house\n2,2 Low St,NW1 3BT,51.53,-0.03,E01000002,house\n"
    (folder / "two.csv").write_text("uprn,address,postcode,lat,lon,small_area,kind\n" + rows)
    load_addresses(folder / "two.csv", by=BY)


def test_gaps_show_on_a_map_where_enough_were_counted(client: Client, tmp_path: Path) -> None:
    two_small_areas(tmp_path)
    for postcode, times in (("NW1 2DB", 12), ("NW1 3BT", 7), ("", 9)):
        for _ in range(times):
            note_gap("piano", postcode)
    found = gaps_by_hexagon(viewer=BY_COORDINATOR, word="piano")
    [only] = found.hexagons
    assert (only.count, found.nowhere) == (10, 10)
    assert distance_km(Point(*only.middle), Point(51.5305, -0.1295)) < 0.5
    client.get(make_rehearsal_link(add_user(email="cora@example.org", name="Cora", role=COORDINATOR)))
    page = client.get("/services/gaps/?by=hexagon&word=piano").content.decode()
    for words in ("<svg", only.cell, "10 gave no postcode", "<option selected>piano</option>"):
        assert words in page
    assert only.cell in client.get("/services/gaps/?by=hexagon&word=piano&format=csv").content.decode()


def test_a_word_that_stays_unseen_has_no_map(client: Client, charlie: Viewer) -> None:
    note_gap("Gwendolyn", "NW1 2DB")
    with pytest.raises(NotFound):
        gaps_by_hexagon(viewer=BY_COORDINATOR, word="gwendolyn")
    with pytest.raises(NotAllowed):
        gaps_by_hexagon(viewer=charlie)
    client.get(make_rehearsal_link(add_user(email="cora@example.org", name="Cora", role=COORDINATOR)))
    page = client.get("/services/gaps/?by=hexagon").content.decode()
    assert "No place has a number large enough" in page
    assert "gwendolyn" not in page


# Bringing in


def test_staff_bring_in_a_file_and_see_what_to_correct(client: Client, tmp_path: Path) -> None:
    client.get(make_rehearsal_link(add_user(email="cora@example.org", name="Cora", role=COORDINATOR)))
    file = tmp_path / "more.json"
    file.write_text('[{"id": "S9", "name": "No organisation"}]')
    with file.open("rb") as sent:
        page = client.post("/services/bring-in/", {"file": sent}).content.decode()
    assert "organization is missing" in page
    assert "Give each service its organization" in page
    empty = client.post("/services/bring-in/", {}).content.decode()
    assert "Choose a file" in empty


def test_what_left_its_list_is_marked_and_comes_back(client: Client, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    for services, left in ((SERVICES, 0), (SERVICES[1:], 1), (SERVICES, 0)):
        load(folder, services)
        report = import_services(folder, by=BY, feed="charities")
        assert report.left == left
        assert Service.objects.get(pk="S1").active == (left == 0)
        assert ("has left the list" in client.get("/services/S1/").content.decode()) == (left == 1)
