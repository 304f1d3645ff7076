"""What the public reads of the register."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.clock import LONDON
from borough.governance.actions import review_decision, revoke_agreement, switch_rule_off, take_decisions
from borough.governance.declared import SourceFacts
from borough.governance.door import open_door
from borough.governance.models import LedgerEntry
from borough.governance.policies import FIELDS
from borough.governance.queries import list_agreements, list_rules
from borough.governance.register import grounds
from borough.governance.transparency.figures import count_looks
from borough.governance.transparency.flows import draw_flow
from borough.governance.transparency.views import last_month
from borough.governance.transparency.vocabulary import CONTEXT, FIELD_TERMS

pytestmark = pytest.mark.django_db
# The sections of the standard, with how many of its fields they have.
SECTIONS = {
    "owner_and_responsibility": 4,
    "description_and_rationale": 5,
    "decision_making_process": 6,
    "tool_specification": 24,
    "risks_mitigations_and_impact_assessments": 3,
}


def test_every_rule_has_a_record_of_both_tiers_with_nothing_left_out(client: Client, open_agreements: None) -> None:
    rules = list_rules()
    assert {rule.code for rule in rules} >= {"who-is-who", "signs-of-need", "single-person-discount"}
    for rule in rules:
        record = client.get(f"/transparency/decisions/{rule.code}.json").json()
        assert (record["standard"], record["standard_version"]) == ("ATRS", "3.0")
        assert set(record["tier_1"]) == {"name", "description", "website_url", "contact_email"}
        assert {name: len(fields) for name, fields in record["tier_2"].items()} == SECTIONS
        values = [*record["tier_1"].values(), *(value for each in record["tier_2"].values() for value in each.values())]
        assert all(value.strip() for value in values), rule.code


def test_the_page_says_what_is_in_use(client: Client, ig_officer: Viewer) -> None:
    page = client.get("/transparency/decisions/")
    assert "public" in page.headers["Cache-Control"]
    assert "Not in use" not in page.content.decode()
    switch_rule_off(by=ig_officer, code="signs-of-need", reason="For a test.")
    assert "Not in use" in client.get("/transparency/decisions/").content.decode()
    assert "Not in use" in client.get("/transparency/decisions/signs-of-need/").content.decode()


@pytest.mark.parametrize(("taken", "shown"), [(0, "7 or fewer"), (7, "7 or fewer"), (8, "10"), (13, "15")])
def test_counts_of_decisions_are_protected(client: Client, analyst: Viewer, taken: int, shown: str) -> None:
    purpose, inputs = "review-discounts", {"adults": 1, "systems": ["electoral_roll"]}
    cases = [(f"R{number}", "1", inputs) for number in range(taken)]
    ids = take_decisions(by=analyst, purpose=purpose, rule="single-person-discount", cases=cases) if cases else []
    for decision_id in ids[:3]:
        review_decision(
            by=analyst, purpose=purpose, decision_id=decision_id, outcome="leave", minutes=1, reason="Looked."
        )
    page = client.get("/transparency/decisions/single-person-discount/").content.decode()
    found = re.search(r"Decisions: (.*?)\. Overturned by a person: (.*?)\.", page)
    assert found is not None
    assert found.groups() == (shown, "7 or fewer")


@pytest.mark.parametrize(("held", "shown"), [((3, 4), "7 or fewer"), ((3, 1_008), "1,010"), ((1_012, 1_012), "2,020")])
def test_counts_of_records_are_protected(
    client: Client, open_agreements: None, monkeypatch: pytest.MonkeyPatch, held: tuple[int, int], shown: str
) -> None:
    sources = [SourceFacts(f"s{number}", "System", "Team", records=number) for number in held]
    monkeypatch.setattr("borough.governance.declared._readers", [lambda: [sources[0], replace(sources[1], code="t")]])
    record = client.get("/transparency/decisions/who-is-who.json").json()
    assert record["tier_2"]["tool_specification"]["data_quantities"] == f"{shown} records"


def test_a_rule_that_is_not_there_is_not_found(client: Client, open_agreements: None) -> None:
    assert client.get("/transparency/decisions/nonsense/").status_code == 404


def look(by: Viewer, times: int, at: datetime) -> None:
    with clock.at(at):
        rows = [
            LedgerEntry(
                at=at,
                kind="read",
                viewer_kind=by.kind,
                viewer_id=by.id,
                viewer_name=by.name,
                purpose="offer-help",
                agreement="help-contact-centre",
                verb="residents.read_resident",
                people=1,
            )
            for _number in range(times)
        ]
        LedgerEntry.objects.bulk_create(rows)


@pytest.mark.parametrize(("times", "shown"), [(0, "7 or fewer"), (7, "7 or fewer"), (8, "10"), (23, "25")])
def test_looks_of_the_last_whole_month_are_protected(client: Client, alice: Viewer, times: int, shown: str) -> None:
    month = last_month(clock.today())
    look(alice, times, datetime(month.year, month.month, 15, tzinfo=LONDON))
    # Of this month nothing shows yet: two copies of the page cannot be subtracted.
    look(alice, 40, clock.now())
    page = client.get("/transparency/")
    assert "public" in page.headers["Cache-Control"]
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO(client.get("/transparency/?format=csv").content.decode("utf-8-sig")))
        if row["Purpose"] == "Offer and arrange help"
    ]
    assert row["Looks last month"] == shown
    assert "Alice" not in page.content.decode()


def test_what_the_house_itself_reads_every_night_is_no_look(system: Viewer) -> None:
    look(system, 9, datetime(2026, 10, 31, 23, 59, tzinfo=LONDON))
    assert count_looks(date(2026, 10, 1)) == {}


def test_a_month_begins_and_ends_at_midnight_in_london(alice: Viewer) -> None:
    look(alice, 3, datetime(2026, 9, 30, 23, 59, tzinfo=LONDON))
    look(alice, 4, datetime(2026, 10, 1, tzinfo=LONDON))
    look(alice, 5, datetime(2026, 10, 31, 23, 59, tzinfo=LONDON))
    assert count_looks(date(2026, 10, 1)) == {"offer-help": 9}
    assert last_month(date(2026, 1, 31)) == date(2025, 12, 1)


def test_what_came_up_shows_when_there_is_something_to_tell(client: Client, alice: Viewer) -> None:
    assert "What came up" not in client.get("/transparency/").content.decode()
    month = last_month(clock.today())
    with clock.at(datetime(month.year, month.month, 15, tzinfo=LONDON)), pytest.raises(Exception, match="agreement"):
        open_door(viewer=alice, purpose="find-need", verb="residents.look")
    assert "What came up" in client.get("/transparency/").content.decode()


def test_each_purpose_in_force_has_a_notice_with_a_picture(client: Client, ig_officer: Viewer) -> None:
    for one in list_agreements():
        page = client.get(f"/transparency/purposes/{one.purpose_id}/").content.decode()
        assert one.legal_power.split(";")[0].replace("'", "&#39;") in page, one.reference
        assert "<svg" in page
        assert "style=" not in page
    revoke_agreement(by=ig_officer, reference="nhs-numbers", reason="For a test.")
    assert client.get("/transparency/purposes/match-nhs-numbers/").status_code == 404
    assert "match-nhs-numbers" not in client.get("/transparency/").content.decode()


def test_words_in_the_picture_are_escaped() -> None:
    picture = draw_flow(
        ["<b>Tax</b>"], "A & B", ["A very long name of a role that does not fit in two lines at all, no"], 'Say "it"'
    )
    assert "<b>" not in picture
    assert "A &amp; B" in picture
    assert "&quot;it&quot;" in picture
    assert "…" in picture


def test_the_record_of_processing_has_a_row_for_each_agreement_in_force(client: Client, ig_officer: Viewer) -> None:
    revoke_agreement(by=ig_officer, reference="nhs-numbers", reason="For a test.")
    text = client.get("/transparency/processing/?format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == sum(one.state == "live" for one in list_agreements())
    # What Article 30(1) asks for is never empty.
    for name in (
        "Controller",
        "Contact",
        "Purpose",
        "People",
        "Data",
        "Recipients",
        "Transfers abroad",
        "Kept",
        "Security",
    ):
        assert all(row[name].strip() for row in rows), name


def terms(thing: Any) -> set[str]:
    if isinstance(thing, dict):
        return {*thing, *(one for value in thing.values() for one in terms(value))}
    if isinstance(thing, list):
        return {one for value in thing for one in terms(value)}
    return {thing} if isinstance(thing, str) and re.fullmatch(r"[a-z-]+:\w[\w-]*", thing) else set()


def test_the_register_is_published_for_machines(client: Client, open_agreements: None, capsys: Any) -> None:
    answer = client.get("/transparency/register.json")
    assert answer.headers["Content-Type"] == "application/ld+json"
    register = json.loads(answer.content)
    named = [one["@id"] for one in register["@graph"]]
    assert len(named) == len(set(named))
    assert sum("odrl:Agreement" in one["@type"] for one in register["@graph"]) == len(list_agreements())
    # Every term's prefix is in the context, and every thing that is pointed to is there.
    prefixes = {one.split(":")[0] for one in terms(register["@graph"]) if not one.startswith("@")}
    assert prefixes <= set(CONTEXT)
    for one in register["@graph"]:
        for party in one.get("dpv:hasRecipient", []):
            assert party["@id"] in named
        if "dpv:hasPurpose" in one:
            assert one["dpv:hasPurpose"]["@id"] in named
    call_command("export_register")
    assert json.loads(capsys.readouterr().out) == register


def test_every_field_and_ground_has_a_term() -> None:
    assert set(FIELD_TERMS) == {*FIELDS, "*"}
    assert all(ground.dpv for ground in (*grounds.ARTICLE_6.values(), *grounds.ARTICLE_9.values()))
