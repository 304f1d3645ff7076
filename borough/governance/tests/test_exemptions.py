"""Looks that the law lets us show later: by whom, until when, and what nobody else may read off the page."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.governance.actions import (
    decide_exemption,
    end_exemption,
    make_own_link,
    make_request,
    set_exemption,
)
from borough.governance.door import open_door
from borough.governance.queries import count_exemptions, list_exemptions, read_own_look, read_own_record
from borough.governance.rights.exemptions import RULES, Applied, finished_quarters, in_force, shown_count
from borough.governance.rights.models import OwnLink


def resident(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))


@pytest.fixture
def second_officer(open_agreements: None) -> Viewer:
    return Viewer(kind="staff", id="UIAN", name="Ian", roles=frozenset({IG_OFFICER}))


def purposes_seen(resident_id: str) -> set[str]:
    return {one.purpose for one in read_own_record(viewer=resident(resident_id)).looks.object_list}


def verbs_seen(resident_id: str) -> list[str]:
    return [one.what for one in read_own_record(viewer=resident(resident_id)).looks.object_list]


def apply(
    by: Viewer, rule: str = "crime", resident_id: str = "R1", purpose: str = "find-sublets", days: int = 30
) -> str:
    today = clock.today()
    return set_exemption(
        by=by,
        purpose=purpose,
        rule=rule,
        resident_id=resident_id,
        why="The tenant would leave before the visit.",
        since=today,
        until=today + timedelta(days=days),
    )


def look(who: Viewer, purpose: str, *ids: str) -> None:
    open_door(viewer=who, purpose=purpose, verb="residents.read_resident").saw(ids)


def test_a_live_enquiry_delays_the_looks_of_its_purpose_and_they_show_when_it_ends(
    analyst: Viewer, alice: Viewer, ig_officer: Viewer
) -> None:
    exemption = apply(analyst)
    look(analyst, "find-sublets", "R1")
    look(alice, "offer-help", "R1")
    look(analyst, "find-sublets", "R2")
    assert purposes_seen("R1") == {"Offer and arrange help"}
    assert purposes_seen("R2") == {"Look into suspected sublets"}
    decide_exemption(by=ig_officer, purpose="oversight", exemption_id=exemption, agree=True)
    # Not even that something is delayed.
    assert verbs_seen("R1") == ["Opened your record"]
    end_exemption(by=analyst, purpose="find-sublets", exemption_id=exemption)
    assert purposes_seen("R1") >= {"Offer and arrange help", "Look into suspected sublets"}
    assert "Began to show you looks later, as the law allows" in verbs_seen("R1")


def test_a_delayed_look_cannot_be_asked_about_by_guessing_its_number(analyst: Viewer) -> None:
    look(analyst, "find-sublets", "R1")
    [seen] = read_own_record(viewer=resident("R1")).looks.object_list
    exemption = apply(analyst)
    assert read_own_look(seen.entry_id, viewer=resident("R1")) is None
    with pytest.raises(Problem, match="no such look"):
        make_request(by=resident("R1"), kind="why", entry_id=seen.entry_id)
    end_exemption(by=analyst, purpose="find-sublets", exemption_id=exemption)
    assert read_own_look(seen.entry_id, viewer=resident("R1")) is not None


def test_it_ends_by_itself_on_its_day_and_lapses_where_nobody_agrees(analyst: Viewer, ig_officer: Viewer) -> None:
    first = apply(analyst, resident_id="R1")
    apply(analyst, resident_id="R2")
    look(analyst, "find-sublets", "R1", "R2")
    decide_exemption(by=ig_officer, purpose="oversight", exemption_id=first, agree=True)
    now = clock.now()
    with clock.at(now + timedelta(days=8)):
        assert purposes_seen("R1") == set()
        assert "Look into suspected sublets" in purposes_seen("R2")
        assert [one.id for one in list_exemptions(viewer=ig_officer)] == [first]
    with clock.at(now + timedelta(days=30)):
        assert "Look into suspected sublets" in purposes_seen("R1")


def test_nobody_confirms_their_own_and_a_refused_one_ends_at_once(
    analyst: Viewer, ig_officer: Viewer, second_officer: Viewer
) -> None:
    own = apply(ig_officer, purpose="oversight")
    look(analyst, "find-sublets", "R1")
    with pytest.raises(NotAllowed, match="yourself"):
        decide_exemption(by=ig_officer, purpose="oversight", exemption_id=own, agree=True)
    with pytest.raises(NotAllowed):
        decide_exemption(by=analyst, purpose="find-sublets", exemption_id=own, agree=True)
    assert purposes_seen("R1") == set()
    decide_exemption(by=second_officer, purpose="oversight", exemption_id=own, agree=False)
    assert "Look into suspected sublets" in purposes_seen("R1")


def test_a_rule_is_applied_for_its_purpose_with_a_reason_and_not_for_long(analyst: Viewer, alice: Viewer) -> None:
    with pytest.raises(NotAllowed):
        apply(alice)
    with pytest.raises(Problem):
        apply(analyst, rule="tax")
    with pytest.raises(Problem):
        apply(analyst, days=200)
    with pytest.raises(Problem):
        apply(analyst, days=0)
    with pytest.raises(Problem):
        set_exemption(
            by=analyst,
            purpose="find-sublets",
            rule="crime",
            resident_id="R1",
            why=" ",
            since=clock.today(),
            until=clock.today() + timedelta(days=3),
        )


def test_who_must_stay_hidden_is_not_counted_where_others_read(alice: Viewer, analyst: Viewer) -> None:
    look(alice, "offer-help", "R1", "R2")
    look(alice, "offer-help", *[f"R{number}" for number in range(1, 21)])
    before = [one.how_many for one in read_own_record(viewer=resident("R1")).looks.object_list]
    assert before == ["A list of 20 residents", "Yours and 1 other"]
    exemption = apply(alice, rule="hidden", resident_id="R2", purpose="offer-help", days=300)
    after = [one.how_many for one in read_own_record(viewer=resident("R1")).looks.object_list]
    assert after == ["A list of 19 residents", "Yours alone"]
    # To the one who is hidden it reads as it was.
    own = [one.how_many for one in read_own_record(viewer=resident("R2")).looks.object_list]
    assert own == before
    end_exemption(by=alice, purpose="offer-help", exemption_id=exemption)
    assert [one.how_many for one in read_own_record(viewer=resident("R1")).looks.object_list] == before


def test_who_must_stay_hidden_gets_no_link_that_their_home_could_open(alice: Viewer) -> None:
    def link() -> str:
        asked = OwnLink.objects.create(resident_id="R2", asked_at=clock.now())
        return make_own_link(asked.id, resident_id="R2")

    assert link()
    apply(alice, rule="hidden", resident_id="R2", purpose="offer-help", days=300)
    assert link() == ""


def test_counts_are_published_by_quarters_that_are_over_and_small_ones_hidden(analyst: Viewer, db: Any) -> None:
    for number in range(12):
        apply(analyst, resident_id=f"R{number}")
    assert count_exemptions() == []
    with clock.at(clock.now() + timedelta(days=100)):
        counts = {one.provision: one.count for one in count_exemptions()}
    assert counts[RULES["crime"].provision] == 10
    assert counts[RULES["tax"].provision] == "7 or fewer"
    assert len(counts) == len(RULES)


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 1, 1))


@given(st.sampled_from(["set", "confirmed", "refused", "ended"]), days, days, st.integers(0, 400))
def test_a_rule_is_in_force_only_until_its_day_and_unconfirmed_for_a_week(
    state: str, since: date, until: date, age: int
) -> None:
    now = datetime(2028, 6, 1, 12, tzinfo=clock.LONDON)
    one = Applied("crime", state, since, now - timedelta(days=age), until)
    lasts = state == "confirmed" or (state == "set" and age < 7)
    assert in_force(one, now, now.date()) == (lasts and now.date() < until)


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_a_count_never_goes_under_the_reader(people: int, hidden: int) -> None:
    assert 1 <= shown_count(people, hidden) <= people


def test_a_quarter_that_still_runs_is_not_over() -> None:
    found = finished_quarters([date(2026, 9, 30), date(2026, 10, 1), date(2025, 1, 1)], date(2026, 12, 31))
    assert found == [(2026, 3), (2025, 1)]


def test_each_rule_cites_schedule_and_paragraph() -> None:
    for rule in RULES.values():
        assert "Data Protection Act 2018, Schedule" in rule.provision
        assert "paragraph" in rule.provision
