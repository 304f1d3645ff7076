"""Each check finds what it should, leaves out what it should, and shows nothing that its agreement does not open."""

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from borough.accounts.policies import Viewer, system_viewer
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.actions import approve_agreement, draft_agreement, restrict_use, revoke_agreement
from borough.governance.queries import Look, list_decisions, list_ledger, list_looks_at
from borough.governance.tests.terms import WHOLE
from borough.places.actions import load_addresses
from borough.residents.actions import propose_decisions
from borough.residents.checks import all_checks
from borough.residents.models import Comparable, Household, Pair, Record, Resident
from borough.residents.queries import list_checks, run_check
from borough.residents.tests.conftest import Town

HOME, FLAT, AWAY = "100", "200", "300"
ADULT, CHILD = date(1980, 5, 1), date(2017, 5, 1)


class Scene:
    """A town whose records stand at properties."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def person(self, forename: str, uprn: str = HOME, dob: date | None = ADULT, **fields: Any) -> Resident:
        for at in (uprn,):
            Household.objects.get_or_create(uprn=at, defaults={"id": f"H{at}"})
        return Resident.objects.create(
            forename=forename,
            surname=fields.pop("surname", "Adeyemi"),
            dob=dob,
            uprn=uprn,
            address=f"{uprn} High Street",
            postcode="NW1 2DB",
            minted_at=clock.now(),
            **fields,
        )

    def record(self, who: Resident, source: str, uprn: str = HOME, began: str = "2020-01-01", **fields: Any) -> Record:
        fields.setdefault("dob", who.dob)
        made = self.town.record(who, source, uprn=uprn, started_on=date.fromisoformat(began), **fields)
        Record.objects.filter(pk=made.pk).update(address=f"{uprn} High Street")
        Comparable.objects.update_or_create(record=made, defaults={"source": source, "uprn": uprn, "home": uprn})
        return made


@pytest.fixture
def scene(town: Town, open_agreements: None) -> Scene:
    for code in ("council_tax", "electoral_roll", "housing_rents", "libraries", "parking_permits", "children_schools"):
        town.source(code)
    town.source("adult_social_care")
    town.source("housing_benefit")
    return Scene(town)


def ask(code: str, viewer: Viewer, **more: Any) -> Any:
    purpose = next(check.purpose for check in all_checks() if check.code == code)
    return run_check(code, viewer=viewer, purpose=more.pop("purpose", purpose), **more)


def test_occupancy_says_by_which_system_since_when_and_until_when(scene: Scene, analyst: Viewer) -> None:
    ann, ben = scene.person("Ann"), scene.person("Ben", uprn=AWAY)
    scene.record(ann, "council_tax", began="2019-03-01")
    scene.record(ann, "libraries", began="2021-01-01")
    scene.record(ben, "parking_permits", began="2018-01-01", ended_on=date(2019, 2, 1))
    scene.record(scene.person("Cy", uprn=FLAT), "council_tax", uprn=FLAT)
    found = ask("occupancy", analyst, answers={"property": HOME})
    rows = [
        (row["name"], row["systems"], row["earlier"], row["since"], row["until"], row["found"]) for row in found.rows
    ]
    assert rows == [
        ("Ann Adeyemi", "Council tax, Libraries", "", date(2019, 3, 1), None, "Here"),
        ("Ben Adeyemi", "", "Parking permits", date(2018, 1, 1), date(2019, 2, 1), "Elsewhere in the borough"),
    ]
    with pytest.raises(Problem, match="postcode"):
        ask("occupancy", analyst, answers={"property": "somewhere"})


def lay_out(folder: Path, by: Viewer, **latitudes: float) -> None:
    """A gazetteer of these properties, all of one street and longitude."""
    rows = [f"{uprn[1:]},{uprn[1:]} High Street,NW1 2DB,{lat},-0.1,,dwelling" for uprn, lat in latitudes.items()]
    path = folder / "addresses.csv"
    path.write_text("\n".join(["uprn,address,postcode,lat,lon,small_area,kind", *rows]))
    load_addresses(path, by=by)


def test_a_property_is_found_by_its_address(scene: Scene, analyst: Viewer, tmp_path: Path) -> None:
    lay_out(tmp_path, analyst, u100=51.5)
    scene.record(scene.person("Ann"), "council_tax")
    assert ask("occupancy", analyst, answers={"property": "100 High St, NW1 2DB"}).total == 1


def sublet(scene: Scene, since: str = "2015-06-01") -> Resident:
    tenant = scene.person("Ann", uprn=AWAY)
    scene.record(tenant, "housing_rents", began=since, facts={"relationship": "Tenant"})
    scene.record(tenant, "electoral_roll", uprn=AWAY, began="2024-01-01")
    scene.record(tenant, "parking_permits", uprn=AWAY, began="2025-01-01")
    other = scene.person("Zoe")
    scene.record(other, "electoral_roll", began="2024-03-01")
    return tenant


def test_a_sublet_has_its_tenant_elsewhere_and_others_at_home(scene: Scene, analyst: Viewer) -> None:
    tenant = sublet(scene)
    [row] = ask("sublets", analyst).rows
    assert row["resident_id"] == tenant.id
    assert row["elsewhere"] == "Electoral roll, Parking permits"
    assert (row["others"], row["others_by"], row["evidence"]) == (1, "Electoral roll", 3)


def test_whoever_the_landlord_knows_is_no_subtenant_and_older_records_say_nothing(
    scene: Scene, analyst: Viewer
) -> None:
    tenant = scene.person("Ann")
    scene.record(tenant, "housing_rents", began="2020-06-01", facts={"relationship": "Tenant"})
    scene.record(tenant, "libraries", uprn=AWAY, began="2012-01-01")
    son = scene.person("Sam")
    scene.record(son, "housing_rents", began="2020-06-01", facts={"relationship": "Occupant"})
    scene.record(son, "electoral_roll", began="2022-01-01")
    assert ask("sublets", analyst).total == 0
    # Newer records elsewhere, but nobody else at the property.
    scene.record(tenant, "libraries", uprn=AWAY, began="2024-01-01")
    assert ask("sublets", analyst).total == 0


def test_an_elector_is_confirmed_by_another_system_at_the_same_property(scene: Scene, analyst: Viewer) -> None:
    sure, unsure, moved = scene.person("Ann"), scene.person("Ben"), scene.person("Cy")
    for who in (sure, unsure, moved):
        scene.record(who, "electoral_roll")
    scene.record(sure, "libraries")
    scene.record(unsure, "libraries", ended_on=date(2021, 1, 1))
    scene.record(moved, "council_tax", uprn=AWAY)
    found = ask("electoral", analyst)
    assert [(row["name"], row["elsewhere"]) for row in found.rows] == [
        ("Cy Adeyemi", "Council tax"),
        ("Ben Adeyemi", ""),
    ]
    assert [number for number, _ in found.summary.figures] == [3, "33.3%", 2]
    assert [(row["electors"], row["confirmed"]) for row in found.summary.rows] == [(3, 1)]


def test_a_discount_with_a_second_adult_is_listed_and_a_child_is_none(scene: Scene, analyst: Viewer) -> None:
    for uprn, other in ((HOME, ADULT), (FLAT, CHILD)):
        owner = scene.person("Ann", uprn=uprn)
        scene.record(owner, "council_tax", uprn=uprn, facts={"discount": "single person"})
        scene.record(scene.person("Ben", uprn=uprn, dob=other), "libraries", uprn=uprn)
    gone = scene.person("Di", uprn=FLAT, left_on=date(2024, 1, 1))
    scene.record(gone, "libraries", uprn=FLAT)
    [row] = ask("discount", analyst).rows
    assert (row["address"], row["others"], row["systems"]) == ("100 High Street, NW1 2DB", "Ben Adeyemi", "Libraries")


def test_the_rule_proposes_for_each_row_once_and_again_when_the_row_has_changed(scene: Scene, analyst: Viewer) -> None:
    owner, other = scene.person("Ann"), scene.person("Ben")
    scene.record(owner, "council_tax", facts={"discount": "single person"})
    scene.record(other, "libraries")
    for _again in (1, 2):
        assert propose_decisions("discount", by=analyst, purpose="review-discounts") == 1
    [line] = list_decisions(viewer=analyst, purpose="review-discounts")
    assert (line.resident_id, line.proposed) == (owner.id, "We are not asking about your discount")
    # Another system finds the same adult there: that is another occasion.
    scene.record(other, "housing_rents")
    propose_decisions("discount", by=analyst, purpose="review-discounts")
    lines = list_decisions(viewer=analyst, purpose="review-discounts")
    assert sorted(line.proposed for line in lines)[0].startswith("We are asking who lives")
    assert len(lines) == 2


def test_a_check_without_a_rule_proposes_nothing(scene: Scene, analyst: Viewer) -> None:
    with pytest.raises(Problem, match="no decision rule"):
        propose_decisions("sublets", by=analyst, purpose="find-sublets")


def newest(ig_officer: Viewer, kind: str = "", limit: int = 1) -> list[Look]:
    return list_ledger(viewer=ig_officer, kind=kind, limit=limit)


def test_those_named_in_a_row_of_another_are_in_the_ledger_too(
    scene: Scene, analyst: Viewer, ig_officer: Viewer
) -> None:
    owner, other = scene.person("Ann"), scene.person("Ben")
    scene.record(owner, "council_tax", facts={"discount": "single person"})
    scene.record(other, "libraries")
    ask("discount", analyst)
    [look] = newest(ig_officer)
    assert (look.kind, look.verb, look.purpose, look.people) == (
        "read", "residents.run_check.discount", "review-discounts", 2,
    )  # fmt: skip
    for who in (owner, other):
        looks = list_looks_at(who.id, viewer=ig_officer, purpose="oversight")
        assert "residents.run_check.discount" in {one.verb for one in looks}


def test_a_school_address_where_the_child_did_not_live_is_listed_but_a_later_move_is_not(
    scene: Scene, analyst: Viewer
) -> None:
    false, moved = scene.person("Ann", uprn=AWAY, dob=CHILD), scene.person("Ben", uprn=AWAY, dob=CHILD)
    for child, began in ((false, "2019-01-01"), (moved, "2023-01-01")):
        scene.record(child, "children_schools", began="2021-09-01", facts={"school": "Mill Primary School"})
        scene.record(child, "housing_rents", uprn=AWAY, began=began)
    [row] = ask("school", analyst).rows
    assert (row["resident_id"], row["found_at"], row["evidence"]) == (false.id, "300 High Street", 2)


def test_a_parent_is_found_by_the_telephone_that_the_school_was_given(scene: Scene, analyst: Viewer) -> None:
    child = scene.person("Ann", dob=CHILD)
    parent = scene.person("Ola", uprn=AWAY, phone="+447700900001")
    scene.record(child, "children_schools", began="2021-09-01", phone="+447700900001")
    scene.record(parent, "council_tax", uprn=AWAY, began="2015-01-01")
    [row] = ask("school", analyst).rows
    assert (row["resident_id"], row["elsewhere"], row["family"]) == (child.id, "Council tax", 0)
    # A parent whom a system finds at the school's address settles it.
    scene.record(parent, "parking_permits", began="2021-01-01")
    assert ask("school", analyst).total == 0


def test_a_death_is_told_to_each_system_that_does_not_know(scene: Scene, analyst: Viewer) -> None:
    dead = scene.person("Ann", left_on=date(2026, 1, 5))
    scene.record(dead, "adult_social_care", deceased_on=date(2026, 1, 5), ended_on=date(2026, 1, 5))
    permit, card = scene.record(dead, "parking_permits"), scene.record(dead, "libraries")
    scene.record(dead, "council_tax", ended_on=date(2026, 1, 5))
    left = scene.person("Ben", left_on=date(2025, 1, 1))
    scene.record(left, "libraries")
    assert {row["key"] for row in ask("died", analyst).rows} == {permit.key, card.key}
    [row] = ask("died", analyst, answers={"source": "parking_permits"}).rows
    assert (row["system"], row["died"], row["said_by"]) == ("Parking permits", date(2026, 1, 5), "Adult social care")


def test_a_move_is_told_unless_something_later_speaks_for_the_old_home(scene: Scene, analyst: Viewer) -> None:
    gone, stayed = scene.person("Ann", uprn=AWAY), scene.person("Ben")
    for who in (gone, stayed):
        scene.record(who, "council_tax", began="2015-01-01", ended_on=date(2024, 5, 1))
        scene.record(who, "parking_permits", began="2023-06-01")
    scene.record(stayed, "electoral_roll", began="2024-06-01")
    [row] = ask("moved", analyst).rows
    assert (row["resident_id"], row["system"], row["now_at"]) == (
        gone.id,
        "Parking permits",
        "300 High Street, NW1 2DB",
    )


@pytest.fixture
def ground(tmp_path: Path, system: Viewer) -> None:
    # A ten-thousandth of a degree of latitude is 11 metres.
    lay_out(tmp_path, system, u100=51.5, u200=51.501, u300=51.51)


def test_an_incident_lists_who_is_inside_the_most_vulnerable_household_first(
    scene: Scene, ground: None, analyst: Viewer
) -> None:
    fit = scene.person("Ann", phone="+447700900001")
    old = scene.person("Old", uprn=FLAT, dob=date(1940, 1, 1))
    scene.record(old, "adult_social_care", uprn=FLAT, facts={"package": "Home care", "lives_alone": True})
    daughter = scene.person("Dot", uprn=FLAT)
    scene.person("Far", uprn=AWAY)
    found = ask("incident", analyst, answers={"middle": "51.5, -0.1", "metres": "150"})
    assert [row["resident_id"] for row in found.rows] == [old.id, daughter.id, fit.id]
    assert found.rows[0]["needs"] == "75 or over, Lives alone, Social care"
    assert (found.rows[0]["package"], found.rows[2]["phone"]) == ("Home care", "+447700900001")
    assert ask("incident", analyst, answers={"middle": "51.5, -0.1", "metres": "20"}).total == 1


def test_whose_data_is_not_to_be_used_is_on_no_list_but_that_of_an_emergency(
    scene: Scene, ground: None, analyst: Viewer, ig_officer: Viewer
) -> None:
    first, second = scene.person("Ann"), scene.person("Ben")
    for who in (first, second):
        scene.record(who, "electoral_roll")
    restrict_use(by=ig_officer, purpose="oversight", resident_id=first.id, because="Accuracy is contested")
    found = ask("electoral", analyst)
    assert [row["resident_id"] for row in found.rows] == [second.id]
    assert found.total == 1
    assert next(number for number, _ in found.summary.figures) == 1
    near = {"middle": "51.5, -0.1", "metres": "150"}
    assert {row["resident_id"] for row in ask("incident", analyst, answers=near).rows} == {first.id, second.id}


def test_who_restricted_their_data_is_no_evidence_against_somebody_else(
    scene: Scene, analyst: Viewer, ig_officer: Viewer
) -> None:
    owner = scene.person("Ann")
    scene.record(owner, "council_tax", facts={"discount": "single person"})
    other = scene.person("Ben")
    scene.record(other, "libraries")
    assert ask("discount", analyst).total == 1
    restrict_use(by=ig_officer, purpose="oversight", resident_id=other.id, because="Accuracy is contested")
    assert ask("discount", analyst).total == 0


def test_an_incident_may_be_drawn(scene: Scene, ground: None, analyst: Viewer) -> None:
    scene.person("Ann")
    far = scene.person("Far", uprn=AWAY)
    area = '{"type": "Polygon", "coordinates": [[[-0.2, 51.505], [0, 51.505], [0, 51.52], [-0.2, 51.52]]]}'
    assert [row["resident_id"] for row in ask("incident", analyst, answers={"area": area}).rows] == [far.id]
    for answers in (
        {"area": "nonsense"},
        {"middle": "51.5, -0.1", "metres": "x"},
        {"middle": "XX1 1XX", "metres": "9"},
    ):
        with pytest.raises(Problem):
            ask("incident", analyst, answers=answers)


def test_the_nhs_number_is_proposed_where_the_other_records_agree(scene: Scene, analyst: Viewer) -> None:
    ann, ben = scene.person("Ann"), scene.person("Ben")
    lacks = scene.record(ann, "children_schools")
    has = scene.record(ann, "adult_social_care", nhs_number="9990000018")
    Pair.objects.create(low=lacks.pk, high=has.pk, weight=12.34, rule=0)
    scene.record(ben, "children_schools")
    for number in ("9990000018", "9990000026"):
        scene.record(ben, "adult_social_care", nhs_number=number)
    [row] = ask("nhs-number", analyst).rows
    assert (row["key"], row["proposed"], row["born"], row["weight"]) == (lacks.key, "9990000018", "Agree", 12.3)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_a_check_runs_sorts_and_says_that_it_is_no_proof(
    scene: Scene, ground: None, analyst: Viewer, check: Any
) -> None:
    answers = {"property": HOME, "middle": "51.5, -0.1", "metres": "100"}
    for column in check.columns:
        for sort in (column.name, f"-{column.name}"):
            assert ask(check.code, analyst, answers=answers, sort=sort).total == 0
    assert check.innocent, "say what could explain a row innocently"


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_a_check_is_for_its_own_purpose_alone(scene: Scene, analyst: Viewer, ig_officer: Viewer, check: Any) -> None:
    others = {one.purpose for one in all_checks()} - {check.purpose} | {"residents-index", "find-need", "offer-help"}
    for purpose in others:
        with pytest.raises(NotAllowed):
            ask(check.code, analyst, purpose=purpose)
    denied = newest(ig_officer, "denied", 50)
    assert [look.verb for look in denied] == [check.verb] * len(others)


def agree(reference: str, fields: list[str], sources: list[str]) -> None:
    """Put an agreement with these fields and sources in the place of those that find sublets."""
    by, today = system_viewer("test"), clock.today()
    for old in ("tenancy-fraud", "narrow", "narrower", "narrowest"):
        with suppress(Problem):
            revoke_agreement(by=by, reference=old, reason="For a test.")
    draft_agreement(
        by=by, reference=reference, purpose="find-sublets", title="Test", starts_on=today,
        review_on=today + timedelta(days=9), **WHOLE | {"roles": ["analyst"], "fields": fields, "sources": sources},
    )  # fmt: skip
    approve_agreement(by=by, reference=reference, reason="For a test.")


def test_what_the_agreement_does_not_open_does_not_show_and_is_not_used(scene: Scene, analyst: Viewer) -> None:
    sublet(scene)
    agree("narrow", ["address", "records"], ["*"])
    found = ask("sublets", analyst, sort="name")
    assert "name" not in found.rows[0] and "name" not in {column.name for column in found.columns}
    # Without the register there is only the permit to find the tenant by, and nobody else at the property.
    agree("narrower", ["address", "records"], ["housing_rents", "parking_permits"])
    assert ask("sublets", analyst).total == 0
    agree("narrowest", ["address", "records"], ["electoral_roll", "parking_permits"])
    with pytest.raises(NotAllowed, match="housing_rents"):
        ask("sublets", analyst)
    agree("nameless", ["name", "records"], ["*"])
    with pytest.raises(NotAllowed, match="Address"):
        ask("sublets", analyst)


def test_a_long_list_comes_by_pages_and_whole(scene: Scene, analyst: Viewer) -> None:
    for number in range(53):
        scene.record(scene.person(f"Ann{number:02}"), "electoral_roll")
    first, second = ask("electoral", analyst, sort="name"), ask("electoral", analyst, sort="name", page=2)
    assert (first.total, len(first.rows), len(second.rows)) == (53, 50, 3)
    assert [row["name"] for row in second.rows] == [f"Ann{number} Adeyemi" for number in (50, 51, 52)]
    assert len(ask("electoral", analyst, page=None).rows) == 53


def test_there_is_no_check_of_any_name(analyst: Viewer, open_agreements: None) -> None:
    assert len(list_checks()) == 9
    with pytest.raises(NotFound):
        run_check("nothing", viewer=analyst, purpose="find-sublets")


def test_what_ends_tomorrow_still_stands_today(scene: Scene, analyst: Viewer) -> None:
    ann = scene.person("Ann")
    scene.record(ann, "electoral_roll")
    scene.record(ann, "libraries", ended_on=clock.today() + timedelta(days=1))
    assert ask("electoral", analyst).total == 0
