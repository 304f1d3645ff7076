"""Nobody visits this person alone: two volunteers who go together, from the match to the thanks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.actions import set_flags
from borough.cases.queries import list_waiting, read_case
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common import clock
from borough.common.errors import NotFound, WrongState
from borough.common.jobs import run_pending
from borough.volunteers import actions, queries
from borough.volunteers.models import Offer, Volunteer

from .conftest import write_volunteers

pytestmark = pytest.mark.django_db
HOUSE = system_viewer("volunteers")


@pytest.fixture
def three(volunteers: None, tmp_path: Path) -> None:
    """Beside Vera two more with a check in date: Wim near, Xia a little further. Bob has none."""
    lines = (
        "Wim Ward,07700 900104,,NW1 2DB,shopping,English,2,5,2028-01-01",
        "Xia Xu,07700 900105,,NW1 3BT,shopping,English,2,5,2028-01-01",
    )
    actions.import_volunteers(write_volunteers(tmp_path / "more.csv", *lines), by=HOUSE)


@pytest.fixture
def flagged(alice: Viewer, case_id: str, three: None) -> str:
    set_flags(by=alice, purpose=PURPOSE, case_id=case_id, flags=["not_alone"])
    return case_id


@pytest.fixture
def asked(alice: Viewer, flagged: str) -> str:
    report = actions.match_open_cases(by=alice, purpose=PURPOSE)
    assert (report.offered, report.unplaced) == (1, {})
    return flagged


def answers() -> dict[str, str]:
    rows = Offer.objects.order_by("offered_at", "id").values_list("volunteer__name", "state")
    return {name.split(" ")[0]: state for name, state in rows}


def token(name: str) -> str:
    offer = Offer.objects.filter(volunteer__name__startswith=name).latest("offered_at")
    return queries.offer_link(offer).rstrip("/").rsplit("/", 1)[-1]


def view(name: str) -> queries.OfferView:
    digits = Volunteer.objects.get(name__startswith=name).phone[-4:]
    return queries.read_offer(token(name), proof=actions.prove_holder(token=token(name), answer=digits))


def state(case_id: str, viewer: Viewer) -> str:
    return read_case(case_id, viewer=viewer, purpose=PURPOSE).state


def both() -> list[str]:
    """The forenames of the two who are asked, in the order of their places."""
    rows = Offer.objects.filter(state__in=("offered", "accepted")).order_by("place")
    return [name.split(" ")[0] for name in rows.values_list("volunteer__name", flat=True)]


def third() -> str:
    (name,) = {"Vera", "Wim", "Xia"} - set(both())
    return name


def test_two_are_asked_and_it_is_theirs_once_both_have_said_yes(alice: Viewer, asked: str, post: Post) -> None:
    first, second = both()
    assert Offer.objects.count() == 2
    assert state(asked, alice) == "offered"
    actions.answer_offer(token=token(first), accept=True)
    run_pending()
    assert state(asked, alice) == "offered"
    alone = view(first)
    assert (alone.state, alone.two, alone.ready, alone.contact, alone.partner) == ("accepted", True, False, None, "")
    with pytest.raises(WrongState, match="alone"):
        actions.finish_offer(token=token(first), done=True)
    assert not [one for one in post.sent if "900001" in one.to]
    actions.answer_offer(token=token(second), accept=True)
    run_pending()
    assert state(asked, alice) == "matched"
    for name, other in ((first, second), (second, first)):
        seen = view(name)
        assert seen.contact is not None
        assert (seen.contact.name, seen.partner) == ("Ada Lovelace", other)
    said = [one.body for one in post.sent if "goes with you" in one.body]
    assert sorted(one.split(" goes")[0].split(" ")[-1] for one in said) == sorted([first, second])
    assert len([one for one in post.sent if "900001" in one.to]) == 1


def test_either_says_that_it_is_done_and_both_are_thanked_and_trusted(alice: Viewer, asked: str) -> None:
    first, second = both()
    for name in (first, second):
        actions.answer_offer(token=token(name), accept=True)
    actions.finish_offer(token=token(second), done=True, minutes=40)
    assert answers() == {first: "done", second: "done"}
    assert state(asked, alice) == "delivered"
    with pytest.raises(NotFound, match="finished"):
        actions.finish_offer(token=token(first), done=True)
    actions.note_need_answered(case_id=asked, answer="yes")
    assert Offer.objects.filter(need_met=True).count() == 2


def test_a_no_keeps_the_other_and_asks_one_more(alice: Viewer, asked: str) -> None:
    (first, second), other = both(), third()
    actions.answer_offer(token=token(first), accept=True)
    actions.answer_offer(token=token(second), accept=False)
    assert state(asked, alice) == "in_hand"
    run_pending()
    assert answers() == {first: "accepted", second: "declined", other: "offered"}
    assert state(asked, alice) == "offered"
    actions.answer_offer(token=token(other), accept=True)
    assert state(asked, alice) == "matched"


def test_no_answer_from_either_asks_two_again_or_nobody(alice: Viewer, asked: str) -> None:
    with clock.at(clock.now() + timedelta(hours=13)):
        run_pending()
        assert sorted(answers().values()) == ["expired", "expired"]
        assert state(asked, alice) == "in_hand"
        # Only one is left, and nobody goes alone.
        assert actions.match_open_cases(by=alice, purpose=PURPOSE).unplaced == {"no_second": 1}


def test_who_could_not_go_leaves_the_other_who_is_told_to_wait(alice: Viewer, asked: str, post: Post) -> None:
    (first, second), other = both(), third()
    for name in (first, second):
        actions.answer_offer(token=token(name), accept=True)
    run_pending()
    actions.finish_offer(token=token(first), done=False, text="My bike broke")
    waits = view(second)
    assert (waits.ready, waits.contact) == (False, None)
    run_pending()
    warned = [one for one in post.sent if "do not go alone" in one.body]
    assert [one.to for one in warned] == [Volunteer.objects.get(name__startswith=second).phone]
    assert answers() == {first: "could_not", second: "accepted", other: "offered"}
    actions.answer_offer(token=token(other), accept=True)
    run_pending()
    assert view(second).partner == other
    assert len([one for one in post.sent if f"{other} goes with you" in one.body]) == 1


def test_a_flag_that_comes_later_stops_who_was_to_go_alone(
    alice: Viewer, case_id: str, three: None, post: Post
) -> None:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    (only,) = both()
    actions.answer_offer(token=token(only), accept=True)
    assert view(only).contact is not None
    set_flags(by=alice, purpose=PURPOSE, case_id=case_id, flags=["not_alone"])
    run_pending()
    assert state(case_id, alice) == "in_hand"
    assert view(only).contact is None
    assert "do not go alone" in post.sent[-1].body
    (waiting,) = list_waiting(viewer=alice, purpose=PURPOSE)
    assert (waiting.one_missing, waiting.people) == (True, 1)
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    assert len(both()) == 2


def test_a_flag_that_is_taken_away_lets_go_who_waits(alice: Viewer, asked: str, post: Post) -> None:
    first, second = both()
    actions.answer_offer(token=token(first), accept=True)
    task_id = Offer.objects.values_list("task_id", flat=True)[0]
    second_offer = Offer.objects.get(volunteer__name__startswith=second)
    actions.withdraw_offer(by=alice, purpose=PURPOSE, offer_id=second_offer.id, reason="Ill")
    run_pending()
    set_flags(by=alice, purpose=PURPOSE, case_id=asked, flags=[])
    run_pending()
    actions.go_alone(by=HOUSE, task_id=task_id)
    assert state(asked, alice) == "matched"
    assert view(first).contact is not None
    assert len([one for one in post.sent if "You can go" in one.body]) == 1
    assert len([one for one in post.sent if "900001" in one.to]) == 1


def test_a_coordinator_asks_one_and_then_another_and_no_third(grace: Client, alice: Viewer, flagged: str) -> None:
    (waiting,) = list_waiting(viewer=alice, purpose=PURPOSE)
    page = f"/volunteers/cases/{flagged}/"
    assert "two volunteers go together" in grace.get(page).content.decode()
    names = dict(Volunteer.objects.values_list("name", "id"))
    ask = {"by": alice, "purpose": PURPOSE, "task_id": waiting.id}
    with pytest.raises(WrongState, match="cannot take"):
        actions.make_offer(**ask, volunteer_id=names["Bob Bell"])
    actions.make_offer(**ask, volunteer_id=names["Vera Vale"])
    again = grace.get(page).content.decode()
    assert "Ask one more" in again
    assert "Ask</span> Vera" not in again
    assert "One is still to be found" in grace.get(f"/cases/{flagged}/").content.decode()
    with pytest.raises(WrongState, match="cannot take"):
        actions.make_offer(**ask, volunteer_id=names["Vera Vale"])
    actions.make_offer(**ask, volunteer_id=names["Wim Ward"])
    with pytest.raises(WrongState, match="helping"):
        actions.make_offer(**ask, volunteer_id=names["Xia Xu"])
    actions.withdraw_offer(by=alice, purpose=PURPOSE, offer_id=Offer.objects.get(place=1).id, reason="Ill")
    actions.make_offer(**ask, volunteer_id=names["Xia Xu"])
    assert both() == ["Xia", "Wim"]


def test_a_live_ask_asks_the_two_best(alice: Viewer, flagged: str) -> None:
    (waiting,) = list_waiting(viewer=alice, purpose=PURPOSE)
    actions.make_offer(by=alice, purpose=PURPOSE, task_id=waiting.id, answer_minutes=10)
    assert len(both()) == 2


def test_staff_who_end_the_task_close_both_links(alice: Viewer, asked: str) -> None:
    (first, second), task_id = both(), Offer.objects.values_list("task_id", flat=True)[0]
    actions.answer_offer(token=token(first), accept=True)
    actions.close_offers_of(task_id)
    assert answers() == {first: "withdrawn", second: "withdrawn"}


def test_a_proposal_names_both_and_one_of_them_is_changed(grace: Client, alice: Viewer, flagged: str) -> None:
    proposal = actions.propose_matches(by=alice, purpose=PURPOSE)
    lines = queries.read_proposal(proposal, viewer=alice).lines
    assert len({one.volunteer_id for one in lines}) == 2
    (other,) = set(
        Volunteer.objects.filter(dbs_expires_on__isnull=False, radius_km__gt=1)
        .exclude(name="Fay Far")
        .values_list("id", flat=True)
    ) - {one.volunteer_id for one in lines}
    change = {"by": alice, "purpose": PURPOSE, "proposal_id": proposal, "match_id": lines[0].id}
    with pytest.raises(WrongState, match="goes already"):
        actions.change_proposed(**change, volunteer_id=lines[1].volunteer_id)
    actions.change_proposed(**change, volunteer_id="")
    assert all(one.left_out for one in queries.read_proposal(proposal, viewer=alice).lines)
    actions.change_proposed(**change, volunteer_id=other)
    assert actions.send_proposal(by=alice, purpose=PURPOSE, proposal_id=proposal) == (2, 0)
    assert set(Offer.objects.values_list("volunteer_id", flat=True)) == {other, lines[1].volunteer_id}


def test_the_pages_of_both_on_their_phones(client: Client, asked: str) -> None:
    first, second = both()
    page = client.get(f"/volunteers/task/{token(first)}/").content.decode()
    assert "Two volunteers go together" in page
    answer = client.post(f"/volunteers/task/{token(first)}/answer/", {"answer": "accept"}, follow=True)
    assert "Please wait for the other volunteer" in answer.content.decode()
    actions.answer_offer(token=token(second), accept=True)
    digits = Volunteer.objects.get(name__startswith=first).phone[-4:]
    page = client.post(f"/volunteers/task/{token(first)}/", {"answer": digits}, follow=True).content.decode()
    surname = Volunteer.objects.get(name__startswith=second).name.split(" ")[1]
    assert second in page
    assert surname not in page
    assert "Do not go alone" in page
    mine = client.get("/volunteers/mine/").content.decode()
    assert second in mine
    assert surname not in mine


def test_the_database_lets_no_third_and_nobody_twice(asked: str) -> None:
    taken, other = Offer.objects.get(place=1), Offer.objects.get(place=2)
    xia = Volunteer.objects.get(name__startswith=third())
    for changes in ({"volunteer": xia}, {"volunteer": xia, "place": 3}, {"volunteer": other.volunteer, "place": 2}):
        for name, value in changes.items():
            setattr(taken, name, value)
        taken.pk = "OTHIRD"
        with pytest.raises(IntegrityError), transaction.atomic():
            taken.save(force_insert=True)
    tasks = apps.get_model("cases", "Task").objects
    with pytest.raises(IntegrityError), transaction.atomic():
        tasks.update(owner_id="V1", companion_id="V1")


@pytest.mark.django_db(transaction=True)
def test_both_say_yes_at_the_same_moment(alice: Viewer, asked: str) -> None:
    tokens = [token(name) for name in both()]
    _at_once([lambda one=one: actions.answer_offer(token=one, accept=True) for one in tokens])
    assert state(asked, alice) == "matched"


@pytest.mark.django_db(transaction=True)
def test_three_asked_for_two_places_at_the_same_moment(alice: Viewer, flagged: str) -> None:
    (waiting,) = list_waiting(viewer=alice, purpose=PURPOSE)
    chosen = Volunteer.objects.filter(name__in=("Vera Vale", "Wim Ward", "Xia Xu")).values_list("id", flat=True)

    def ask(volunteer_id: str) -> None:
        try:
            actions.make_offer(by=alice, purpose=PURPOSE, task_id=waiting.id, volunteer_id=volunteer_id)
        except WrongState:
            return

    _at_once([lambda one=one: ask(one) for one in chosen])
    assert sorted(Offer.objects.values_list("place", flat=True)) == [1, 2]


def _at_once(jobs: list[Callable[[], None]]) -> None:
    def run(job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for each in [pool.submit(copy_context().run, run, job) for job in jobs]:
            each.result()
