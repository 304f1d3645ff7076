"""What waits for a member of staff, and how it goes: counted of what they themselves may see."""

from dataclasses import replace

import pytest
from django.apps import apps

from borough.accounts.actions import add_user
from borough.accounts.policies import ANALYST, CONTACT_WORKER, COORDINATOR, IG_OFFICER, Viewer, system_viewer
from borough.accounts.queries import viewer_by_id
from borough.cases import kinds
from borough.cases.actions import open_case
from borough.web.today import how_it_goes, what_needs

pytestmark = pytest.mark.django_db
PURPOSE = "offer-help"


@pytest.fixture(autouse=True)
def two_cases(open_agreements: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in each of two services, both offered; only coordinators work on the second service."""
    alone = replace(kinds.kind("crisis_referral"), roles=frozenset({COORDINATOR}))
    monkeypatch.setitem(kinds._kinds, "crisis_referral", alone)
    for service in ("community_aid", "crisis_referral"):
        case = {"service": service, "need": "food", "channel": "phone", "resident_id": "RNONE", "source_key": service}
        open_case(by=system_viewer("test"), purpose=PURPOSE, **case)
    apps.get_model("cases", "Case").objects.update(state="offered")


def somebody(role: str) -> Viewer:
    return viewer_by_id(add_user(email=f"{role}@a.example", name="Grace", role=role))


def shown(viewer: Viewer, purpose: str = PURPOSE) -> tuple[dict[str, int], list[int]]:
    """(number by label of a tile, how many asked for help by service)."""
    tiles = {tile.label: tile.number for tile in what_needs(viewer, purpose)}
    return tiles, [one.outcomes.opened for one in how_it_goes(viewer, purpose)]


@pytest.mark.parametrize("role", [CONTACT_WORKER, COORDINATOR])
def test_a_worker_counts_the_cases_of_the_services_that_they_work_on(role: str) -> None:
    tiles, asked = shown(somebody(role))
    assert asked == ([1, 1] if role == COORDINATOR else [1])
    offered = [number for label, number in tiles.items() if "volunteer's answer" in label]
    assert offered == ([2] if role == COORDINATOR else [])


def test_a_coordinator_counts_no_more_offers_than_they_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = replace(kinds.kind("crisis_referral"), roles=frozenset({CONTACT_WORKER}))
    monkeypatch.setitem(kinds._kinds, "crisis_referral", alone)
    tiles, asked = shown(somebody(COORDINATOR))
    assert (tiles["Case waiting for a volunteer's answer"], asked) == (1, [1])


@pytest.mark.parametrize("role", [ANALYST, IG_OFFICER])
def test_who_works_on_no_cases_reads_no_exact_count_of_them(role: str) -> None:
    tiles, asked = shown(somebody(role))
    assert asked == []
    assert not [label for label in tiles if "volunteer" in label or "Case" in label]


def test_for_another_purpose_and_after_an_agreement_has_ended_nothing_of_cases_is_counted() -> None:
    worker = somebody(COORDINATOR)
    assert shown(worker, "find-need") == ({}, [])
    apps.get_model("governance", "Agreement").objects.filter(purpose=PURPOSE).update(state="revoked")
    assert shown(worker) == ({}, [])
