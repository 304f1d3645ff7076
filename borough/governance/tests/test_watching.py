"""Odd looks are flagged for a person to judge: a slow harvester, one's own family, a protected person."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user
from borough.accounts.policies import CONTACT_WORKER, Viewer
from borough.accounts.queries import viewer_by_id
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.actions import judge_odd_look, protect_person, set_exemption, tell_own_home, watch_looks
from borough.governance.door import open_door
from borough.governance.queries import list_odd_looks, read_odd_look
from borough.governance.rights import ports
from borough.governance.watching.models import OddLook
from borough.governance.watching.rules import Home, is_many, tie


class Streets:
    """Who lives where, without a residents index."""

    def __init__(self, homes: Mapping[str, Home]) -> None:
        self.homes = homes

    def ids_of(self, resident_id: str) -> Collection[str]:
        return [resident_id]

    def ids_of_all(self, resident_ids: Collection[str]) -> Collection[str]:
        return set(resident_ids)

    def homes_of(self, resident_ids: Collection[str]) -> Mapping[str, Home]:
        return {each: self.homes[each] for each in resident_ids if each in self.homes}

    def born_on(self, resident_id: str, *, viewer: Viewer, purpose: str) -> None:
        return None


@pytest.fixture(autouse=True)
def streets(monkeypatch: pytest.MonkeyPatch) -> None:
    homes = {
        "RKIN": Home("Okafor", "XA1 0AA"),
        "RNEXT": Home("Smith", "xa10aa"),
        "RFAR": Home("Okafor", "XB2 0AA"),
    }
    monkeypatch.setattr(ports, "_people", [Streets(homes)])


def worker(name: str) -> Viewer:
    return viewer_by_id(add_user(email=f"{name}@a.example", name=name, role=CONTACT_WORKER))


def look(who: Viewer, *ids: str) -> None:
    open_door(viewer=who, purpose="offer-help", verb="residents.read_resident").saw(ids)


def flags() -> set[tuple[str, str, str]]:
    return set(OddLook.objects.values_list("flag", "viewer_name", "resident_id"))


def test_a_harvester_who_looks_at_500_people_slowly_is_flagged_against_peers(system: Viewer) -> None:
    slow, *others = (worker(name) for name in ("slow", "ann", "bob", "cat"))
    now = clock.now()
    for day in range(25):
        with clock.at(now + timedelta(days=day)):
            # Twenty a day, never many at once.
            look(slow, *[f"R{day}-{number}" for number in range(20)])
            for other in others:
                look(other, f"R{day}", "RSAME")
    with clock.at(now + timedelta(days=25)):
        assert watch_looks(by=system) == 1
        assert watch_looks(by=system) == 0
    assert flags() == {("many", slow.name, "")}
    flag = OddLook.objects.get()
    assert (flag.looks, flag.peers) == (500, 26)


def test_a_campaign_to_thousands_is_no_harvest(system: Viewer) -> None:
    busy, other = worker("busy"), worker("other")
    look(busy, *[f"R{number}" for number in range(2000)])
    look(other, "R1")
    assert watch_looks(by=system) == 0


def test_a_look_at_ones_own_family_or_neighbours_is_flagged_and_others_are_not(system: Viewer) -> None:
    grace = worker("Grace")
    tell_own_home(by=grace, surname="Okafor", postcode="XA1 0AA")
    for resident_id in ("RKIN", "RNEXT", "RFAR", "RGONE"):
        look(grace, resident_id)
    look(worker("Tom"), "RKIN")
    assert watch_looks(by=system) == 2
    assert flags() == {("family", grace.name, "RKIN"), ("neighbour", grace.name, "RNEXT")}


def test_a_look_at_a_councillor_or_at_somebody_hidden_is_flagged(
    system: Viewer, ig_officer: Viewer, alice: Viewer
) -> None:
    protect_person(by=ig_officer, purpose="oversight", resident_id="RMAYOR", why="A councillor")
    today = clock.today()
    set_exemption(
        by=ig_officer,
        purpose="oversight",
        rule="hidden",
        resident_id="RHIDE",
        why="A refuge.",
        since=today,
        until=today + timedelta(days=9),
    )
    look(alice, "RMAYOR")
    look(alice, "RHIDE", "RELSE")
    watch_looks(by=system)
    assert flags() == {("protected", "Alice", "RMAYOR"), ("protected", "Alice", "RHIDE")}


def test_the_night_takes_the_same_few_queries_for_many_as_for_one(
    system: Viewer, django_assert_max_num_queries: Any
) -> None:
    people = [worker(f"w{number}") for number in range(12)]
    for one in people:
        tell_own_home(by=one, surname="Okafor", postcode="XA1 0AA")
        look(one, "RKIN", *[f"R{number}" for number in range(30)])
    with django_assert_max_num_queries(25):
        assert watch_looks(by=system) == 12


def test_an_officer_judges_and_the_looker_never_sees_it(system: Viewer, ig_officer: Viewer, alice: Viewer) -> None:
    protect_person(by=ig_officer, purpose="oversight", resident_id="RMAYOR", why="A councillor")
    look(alice, "RMAYOR")
    open_door(viewer=ig_officer, purpose="oversight", verb="governance.list_looks_at").saw(["RMAYOR"])
    watch_looks(by=system)
    [flag] = list_odd_looks(viewer=ig_officer)
    assert (flag.who, flag.resident_id) == ("Alice", "")
    own = OddLook.objects.get(viewer_id=ig_officer.id)
    with pytest.raises(NotFound):
        read_odd_look(own.pk, viewer=ig_officer, purpose="oversight")
    with pytest.raises(NotFound):
        judge_odd_look(by=ig_officer, purpose="oversight", flag_id=own.pk, state="explained", finding="It was me.")
    with pytest.raises(IntegrityError), transaction.atomic():
        OddLook.objects.filter(pk=own.pk).update(judged_by=ig_officer.id)
    with pytest.raises(NotAllowed):
        list_odd_looks(viewer=alice)
    with pytest.raises(Problem):
        judge_odd_look(by=ig_officer, purpose="oversight", flag_id=flag.id, state="explained", finding=" ")
    judge_odd_look(by=ig_officer, purpose="oversight", flag_id=flag.id, state="investigate", finding="No case.")
    judge_odd_look(by=ig_officer, purpose="oversight", flag_id=flag.id, state="explained", finding="A case it was.")
    assert list_odd_looks(viewer=ig_officer) == []


@given(st.integers(0, 2000), st.lists(st.integers(0, 2000), max_size=9))
def test_nobody_is_asked_who_saw_no_more_than_their_peers(seen: int, peers: list[int]) -> None:
    if is_many(seen, peers):
        assert seen >= 100
        assert not peers or seen > max(0, min(peers))


@given(st.text(max_size=8), st.text(max_size=8))
def test_who_lives_elsewhere_is_no_tie(surname: str, postcode: str) -> None:
    assert tie(Home(surname, ""), Home(surname, postcode)) == ""
    assert tie(Home(surname, "XA1 0AA"), Home(surname, "XA1 0AB")) == ""
