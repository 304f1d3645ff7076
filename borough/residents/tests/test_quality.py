"""What the quality page counts is what is there, and it tells of nobody."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import ANALYST, IG_OFFICER, LINK_WORKER, Viewer
from borough.common.errors import NotAllowed
from borough.governance.queries import list_ledger
from borough.residents.actions import count_quality, take_records
from borough.residents.charts import Bar, draw_bars
from borough.residents.erasure import remember_erased
from borough.residents.models import Load, Pair, Quality, Resident
from borough.residents.quality import keep_quality
from borough.residents.quality_pages import PARTS
from borough.residents.queries import read_quality
from borough.residents.tests.conftest import Take, Town, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(town: Town) -> Town:
    """Twelve residents of two traditions: all in council tax, four of them in libraries as well, one there twice."""
    for n in range(12):
        surname = "Warsame" if n < 9 else "Taylor"
        made = town.resident("Hodan" if n < 9 else "Grace", surname, dob=date(2015 if n < 3 else 1980, 3, 14))
        if n < 4:
            town.record(made, "libraries", dob=None, forename="Hodan")
        if n == 0:
            town.record(made, "libraries", forename="Hodan")
    return town


def newest() -> dict[str, Any]:
    return dict(Quality.objects.latest("id").figures)


def test_each_source_is_counted(indexed: Town) -> None:
    keep_quality()
    figures = newest()
    assert (figures["records"], figures["residents"]) == (17, 12)
    libraries, council_tax = figures["sources"]["libraries"], figures["sources"]["council_tax"]
    assert (libraries["records"], libraries["residents"], libraries["doubles"], libraries["elsewhere"]) == (5, 4, 1, 5)
    assert (council_tax["records"], council_tax["doubles"], council_tax["elsewhere"]) == (12, 0, 4)
    assert (libraries["missing"]["dob"], council_tax["missing"]["dob"]) == (4, 0)
    assert figures["overlaps"] == [["council_tax", "libraries", 4], ["libraries", "council_tax", 5]]


def test_groups_are_counted_by_the_records_names_and_dates(indexed: Town) -> None:
    keep_quality()
    figures = newest()
    naming = {row["code"]: (row["records"], row["elsewhere"], row["no_dob"]) for row in figures["naming"]}
    assert naming == {"somali": (14, 9, 4), "british": (3, 0, 0)}
    ages = {row["code"]: row["records"] for row in figures["ages"]}
    assert ages == {"0-17": 4, "40-64": 9, "not_told": 4}


def test_rules_are_counted_with_what_was_refused(indexed: Town) -> None:
    Pair.objects.create(low=1, high=2, weight=5, rule=0)
    Pair.objects.create(low=1, high=3, weight=5, rule=0, refused="dob")
    Pair.objects.create(low=1, high=4, weight=-3, rule=2)
    keep_quality()
    rules = [(rule["found"], rule["strong"], rule["refused"]) for rule in newest()["rules"]]
    assert rules == [(2, 2, 1), (1, 0, 0)]


def test_no_name_date_or_id_is_kept_with_the_figures(indexed: Town) -> None:
    keep_quality()
    kept = json.dumps(newest())
    resident = Resident.objects.first()
    assert resident is not None
    for personal in ("Hodan", "HODAN", "Warsame", "1980-03-14", resident.id):
        assert personal not in kept


def test_postcodes_that_no_address_of_the_borough_has_are_outside(indexed: Town) -> None:
    from django.apps import apps

    apps.get_model("places", "Address").objects.create(
        uprn="1",
        address="1 High Street",
        postcode="NW1 2DB",
        lat=51,
        lon=0,
        small_area="",
        kind="dwelling",
        match_key="1",
    )
    mover = indexed.resident("Ines", "Silva", postcode="NW1 2DB")
    indexed.record(mover, "hackney_council_tax", postcode="E8 1EA")
    keep_quality()
    assert newest()["places"] == {"sources": {"hackney_council_tax": 1}, "residents_here_and_there": 1}


def test_counting_anew_is_for_analysts_and_stands_in_the_ledger(
    indexed: Town, analyst: Viewer, ig_officer: Viewer
) -> None:
    assert count_quality(by=analyst, purpose="residents-index") == 17
    with pytest.raises(NotAllowed):
        count_quality(by=ig_officer, purpose="residents-index")
    looks = [look for look in list_ledger(viewer=ig_officer) if look.verb == "residents.count_quality"]
    assert [look.people for look in looks if look.kind == "read"] == [12]


# --- pages ---

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(open_agreements: None) -> SignIn:
    def client_of(role: str) -> Client:
        client = Client()
        user = add_user(email=f"{role}@council.example", name="Grace", role=role)
        client.force_login(get_user_model().objects.get(pk=user))
        session = client.session
        session["second_factor_passed"] = True
        session.save()
        return client

    return client_of


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_a_chart_with_the_table_under_it_for_analysts_and_ig(
    part: str, indexed: Town, sign_in: SignIn
) -> None:
    keep_quality()
    for role in (ANALYST, IG_OFFICER):
        response = sign_in(role).get(f"/residents/quality/{part}/")
        assert response.status_code == 200
    page = response.content.decode()
    for chart in re.findall(r"<svg[^>]*quality-bars.*?</svg>", page, re.DOTALL):
        drawn = ElementTree.fromstring(chart)
        assert drawn.find("{*}title") is not None
    assert "NaN" not in page and "None" not in text_of(response)
    assert sign_in(LINK_WORKER).get(f"/residents/quality/{part}/").status_code == 403


def test_small_groups_are_protected_on_the_page(indexed: Town, sign_in: SignIn) -> None:
    keep_quality()
    client = sign_in(ANALYST)
    said = client.get("/residents/quality/names/?format=csv").content.decode("utf-8-sig").splitlines()
    assert said[1].split(",")[:4] == ["British and Irish", "7 or fewer", "", ""]
    assert said[2].split(",")[:3] == ["Somali", "15", "66.7"]
    assert "not measured for enough groups" in text_of(client.get("/residents/quality/names/"))


def test_nothing_is_shown_as_measured_that_is_not(indexed: Town, sign_in: SignIn) -> None:
    keep_quality()
    page = text_of(sign_in(ANALYST).get("/residents/quality/review/"))
    assert page.count("Not measured yet: too few of the drawn pairs have been decided.") == 2
    assert "at most 2,401 decisions more" in page


def test_before_anything_was_counted_the_page_says_how(town: Town, sign_in: SignIn) -> None:
    response = sign_in(ANALYST).get("/residents/quality/")
    assert response.status_code == 200
    assert "Nothing was counted yet" in text_of(response)
    assert sign_in(ANALYST).get("/residents/quality/horoscope/").status_code == 404


def test_a_held_file_and_what_is_odd_about_a_load_are_shown(take: Take, system: Viewer, sign_in: SignIn) -> None:
    rows = [row(f"T{n}", Last=f"Name{n}", NI=f"AB{100_000 + n}C", DOB="02/01/1901") for n in range(60)]
    take(rows)
    numbers = [one[4] for one in rows]
    moved = [[*one[:4], number, *one[5:]] for one, number in zip(rows, [numbers[-1], *numbers[:-1]], strict=True)]
    with pytest.raises(Exception, match="is held"):
        take(moved)
    keep_quality()
    page = text_of(sign_in(ANALYST).get("/residents/quality/"))
    assert "60 of 60 dates of birth are 2 January 1901" in page
    assert "is held, and nothing was changed" in page
    assert Load.objects.latest("id").state == "held"
    assert "Held" in text_of(sign_in(ANALYST).get("/residents/sources/"))


def test_the_command_prints_what_the_page_shows(indexed: Town, open_agreements: None, capsys: Any) -> None:
    with pytest.raises(CommandError, match="Nothing was counted yet"):
        call_command("quality")
    call_command("quality", "sources", "names", "--refresh")
    printed = capsys.readouterr().out
    assert "17 records of 12 residents" in printed
    assert re.search(r"Libraries\s+5\s+100.0\s+20.0", printed)
    assert "Warsame" not in printed and "Right and missed" not in printed
    with pytest.raises(CommandError, match="There is no part horoscope"):
        call_command("quality", "horoscope")


def test_the_door_of_the_figures(indexed: Town, ig_officer: Viewer, alice: Viewer) -> None:
    keep_quality()
    assert read_quality(viewer=ig_officer) is not None
    with pytest.raises(NotAllowed):
        read_quality(viewer=alice)


def test_a_chart_escapes_its_labels_and_shortens_long_ones() -> None:
    drawn = draw_bars([Bar("<b>" + "x" * 60, 1.4, "140%", low=-0.2, high=0.9)], title="a & b")
    svg = ElementTree.fromstring(drawn)
    label = svg.findall("{*}text")[0].text
    assert label is not None and label.startswith("<b>x") and label.endswith("…") and len(label) == 44
    widths = [float(bar.get("width", "")) for bar in svg.findall("{*}rect")]
    assert widths == [360.0, 360.0], "a bar stays on its ground"
    assert [(line.get("x1"), line.get("x2")) for line in svg.findall("{*}line")] == [("0.0", "324.0")] * 2


def test_the_next_drawn_pair_is_one_click_away(indexed: Town, sign_in: SignIn) -> None:
    Pair.objects.create(low=1, high=2, weight=5, rule=0)
    keep_quality()
    assert 'href="/residents/review/1/2/"' in sign_in(ANALYST).get("/residents/quality/review/").content.decode()


def test_rows_that_arrive_by_themselves_are_no_extract_to_compare_with(take: Take, system: Viewer) -> None:
    take([row(f"T{n}", Last=f"Name{n}") for n in range(60)])
    arrived = take_records(by=system, purpose="residents-index", source="housing_rents", rows=[{"Ref": "T99"}])
    assert arrived.added == 1
    keep_quality()
    view = read_quality(viewer=system)
    assert view is not None
    (source,) = view.sources
    assert (source.records, source.rows, source.drift) == (61, 60, None)


def test_an_erased_record_does_not_arrive_again_by_itself(take: Take, system: Viewer) -> None:
    take([row("T1")])
    remember_erased("housing_rents", ["T2"])
    arrived = take_records(by=system, purpose="residents-index", source="housing_rents", rows=[{"Ref": "T2"}])
    assert [(reject.row, reject.reason) for reject in arrived.rejected] == [(1, "This record was erased.")]
