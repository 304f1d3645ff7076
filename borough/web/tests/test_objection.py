"""A resident says no to being looked for: it holds at once, wherever they would have been chosen."""

from typing import Any

import pytest
from django.apps import apps

from borough.accounts.policies import RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.common.jobs import run_pending
from borough.governance.actions import note_objection, object_to_use, overrule_objection, withdraw_objection
from borough.governance.queries import own_objection, who_objects
from borough.insight.actions import define_cohort, freeze_cohort
from borough.insight.queries import list_members, member_ids, size_cohort
from borough.messaging.actions import create_campaign, start_campaign
from borough.messaging.wording import Wording

pytestmark = pytest.mark.django_db
Resident = apps.get_model("residents", "Resident")
Scored = apps.get_model("insight", "ScoredResident")
Indicator = apps.get_model("insight", "ResidentIndicator")
Message = apps.get_model("messaging", "Message")
RULE = {"all": [{"indicator": "lives_alone", "at_least": 1}]}


def resident(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))


@pytest.fixture
def people(open_agreements: None, settings: Any) -> list[str]:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    ids = [f"R{number}" for number in range(12)]
    for number, one in enumerate(ids):
        phone = f"+44770090{number:04}"
        Resident.objects.create(id=one, forename="Ada", phone=phone, minted_at=clock.now())
        Indicator.objects.create(resident=Scored.objects.create(resident_id=one), indicator="lives_alone", value=1)
    return ids


def test_a_cohort_leaves_them_out_at_once_also_one_that_is_frozen(people: list[str], analyst: Viewer) -> None:
    frozen = define_cohort(by=analyst, purpose="find-need", title="Before", rule=RULE)
    freeze_cohort(by=analyst, purpose="find-need", cohort_id=frozen)
    object_to_use(by=resident("R3"))
    assert size_cohort(RULE, viewer=analyst).size == 11
    assert "R3" not in member_ids(frozen, viewer=analyst, purpose="find-need")
    shown = list_members(frozen, viewer=analyst, purpose="find-need").object_list
    assert "R3" not in [one.resident_id for one in shown]


def test_a_campaign_leaves_them_out_also_one_that_waits_to_go(people: list[str], analyst: Viewer) -> None:
    def campaign() -> str:
        return create_campaign(
            by=analyst, purpose="offer-help", title="T", service="community_aid", wording=Wording(sms="Hello"),
            residents=people,
        )  # fmt: skip

    waiting = campaign()
    object_to_use(by=resident("R3"))
    assert not Message.objects.filter(campaign_id=campaign(), resident_id="R3").exists()
    start_campaign(by=analyst, campaign_id=waiting)
    Message.objects.filter(campaign_id=waiting).update(at_any_hour=True, due_at=clock.now())
    run_pending()
    assert Message.objects.get(campaign_id=waiting, resident_id="R3").state in ("cancelled", "queued")
    assert not Message.objects.filter(resident_id="R3", state="sent").exists()


def test_what_was_worked_out_goes(people: list[str]) -> None:
    object_to_use(by=resident("R3"))
    run_pending()
    assert set(Indicator.objects.values_list("resident_id", flat=True)) == set(people) - {"R3"}


def test_they_take_it_back_and_an_officer_notes_or_overrules_with_a_reason_they_read(
    people: list[str], ig_officer: Viewer, alice: Viewer
) -> None:
    object_to_use(by=resident("R3"))
    object_to_use(by=resident("R3"))
    assert who_objects() == {"R3"}
    withdraw_objection(by=resident("R3"))
    assert own_objection(viewer=resident("R3")) == (None, "")
    note_objection(by=ig_officer, purpose="oversight", resident_id="R3")
    with pytest.raises(NotAllowed):
        overrule_objection(by=alice, purpose="offer-help", resident_id="R3", because="No.")
    with pytest.raises(Problem):
        overrule_objection(by=ig_officer, purpose="oversight", resident_id="R3", because=" ")
    assert who_objects() == {"R3"}
    overrule_objection(by=ig_officer, purpose="oversight", resident_id="R3", because="A court order.")
    assert own_objection(viewer=resident("R3")) == (None, "A court order.")
    assert who_objects() == frozenset()
