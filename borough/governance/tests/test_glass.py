"""Emergency access: it opens at once, keeps to its resident, ends, is told of, and is reviewed by somebody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem, WrongState
from borough.governance.actions import break_glass, end_emergency, review_break
from borough.governance.door import open_door
from borough.governance.glass.models import GlassBreak
from borough.governance.glass.rules import EMERGENCY, is_within
from borough.governance.queries import list_breaks, purposes_open_to, read_break, read_own_record


@pytest.fixture
def second_officer(open_agreements: None) -> Viewer:
    return Viewer(kind="staff", id="UIAN", name="Ian", roles=frozenset({IG_OFFICER}))


def look(who: Viewer, *ids: str, verb: str = "residents.read_resident") -> None:
    open_door(viewer=who, purpose=EMERGENCY, verb=verb).saw(ids)


def test_it_opens_everything_at_once_and_ends_after_an_hour(link_worker: Viewer) -> None:
    with pytest.raises(NotAllowed):
        look(link_worker, "R1")
    break_glass(by=link_worker, reason="A smell of gas.")
    opening = open_door(viewer=link_worker, purpose=EMERGENCY, verb="residents.search_residents")
    assert opening.shows("identifiers")
    assert opening.shows_source("adult_social_care")
    with clock.at(clock.now() + timedelta(minutes=61)):
        with pytest.raises(NotAllowed):
            look(link_worker, "R1")
        # Nor through a door that was opened while it lasted.
        with pytest.raises(NotAllowed):
            opening.saw(["R1"])


def test_for_one_resident_it_opens_that_one_and_no_search(alice: Viewer) -> None:
    break_glass(by=alice, reason="A fall.", resident_id="R1")
    look(alice, "R1", "R2")
    with pytest.raises(NotAllowed):
        look(alice, "R2")
    with pytest.raises(NotAllowed):
        look(alice, "R1", verb="residents.search_residents")


def test_it_is_theirs_alone_and_they_can_end_it(alice: Viewer, link_worker: Viewer) -> None:
    break_glass(by=alice, reason="A fall.")
    with pytest.raises(NotAllowed):
        look(link_worker, "R1")
    end_emergency(by=alice)
    with pytest.raises(NotAllowed):
        look(alice, "R1")


def test_it_needs_a_reason_and_a_member_of_staff(alice: Viewer, system: Viewer, charlie: Viewer) -> None:
    with pytest.raises(Problem, match="reason"):
        break_glass(by=alice, reason="  ")
    for nobody in (system, charlie):
        with pytest.raises(NotAllowed):
            break_glass(by=nobody, reason="A fall.")
    assert not GlassBreak.objects.exists()


def test_it_is_not_among_the_purposes_to_choose(alice: Viewer) -> None:
    break_glass(by=alice, reason="A fall.")
    assert EMERGENCY not in [purpose.code for purpose in purposes_open_to(alice)]


def test_the_resident_sees_it(alice: Viewer) -> None:
    break_glass(by=alice, reason="A fall.", resident_id="R1")
    look(alice, "R1")
    ada = Viewer(kind="resident", id="R1", name="The resident", roles=frozenset({RESIDENT}))
    seen = read_own_record(viewer=ada).looks.object_list
    assert [one.what for one in seen] == ["Opened your record", "Opened your record in an emergency"]
    assert {one.purpose for one in seen} == {"Emergency access"}


def test_whoever_used_it_cannot_review_it(ig_officer: Viewer, second_officer: Viewer, alice: Viewer) -> None:
    reference = break_glass(by=ig_officer, reason="A fall.", resident_id="R1")
    look(ig_officer, "R1")
    with pytest.raises(NotAllowed, match="yourself"):
        review_break(by=ig_officer, purpose="oversight", reference=reference, justified=True, review="I was right.")
    with pytest.raises(NotAllowed):
        review_break(by=alice, purpose="offer-help", reference=reference, justified=True, review="Fine.")
    with pytest.raises(IntegrityError), transaction.atomic():
        GlassBreak.objects.update(reviewed_by=ig_officer.id)
    assert read_break(reference, viewer=second_officer, purpose="oversight").looks == 1
    review_break(
        by=second_officer, purpose="oversight", reference=reference, justified=False, review="No harm was near."
    )
    assert list_breaks(viewer=second_officer) == []
    with pytest.raises(WrongState):
        review_break(by=second_officer, purpose="oversight", reference=reference, justified=True, review="Again.")
    # A review ends what still runs.
    with pytest.raises(NotAllowed):
        look(ig_officer, "R1")


def test_a_review_that_is_late_says_so(alice: Viewer, ig_officer: Viewer) -> None:
    break_glass(by=alice, reason="A fall.")
    assert [one.overdue for one in list_breaks(viewer=ig_officer)] == [False]
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert [one.overdue for one in list_breaks(viewer=ig_officer)] == [True]


@given(st.text(max_size=3), st.sets(st.text(max_size=3)))
def test_access_for_one_never_shows_another_alone(resident_id: str, seen: set[str]) -> None:
    assert is_within(resident_id, seen) == (resident_id == "" or resident_id in seen)
