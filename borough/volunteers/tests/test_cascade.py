"""Who says no or nothing is followed by the next; two who match at once; who rests or is away is asked nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.actions import open_case
from borough.cases.queries import list_waiting, list_waiting_of
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common import clock
from borough.common.errors import WrongState
from borough.common.jobs import run_pending
from borough.volunteers import actions, queries
from borough.volunteers.models import Away, Offer, Volunteer
from borough.volunteers.policies import REST_AFTER_TASKS, rests_until

pytestmark = pytest.mark.django_db
HOUSE = system_viewer("volunteers")


def asked() -> dict[str, str]:
    """The state of the offer to each volunteer by name."""
    return dict(Offer.objects.values_list("volunteer__name", "state"))


def token_of(offer: Offer) -> str:
    return queries.offer_link(offer).rstrip("/").rsplit("/", 1)[-1]


def test_a_no_asks_the_next_by_itself(alice: Viewer, case_id: str, volunteers: None, post: Post) -> None:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    actions.answer_offer(token=token_of(Offer.objects.get()), accept=False)
    run_pending()
    assert asked() == {"Vera Vale": "declined", "Bob Bell": "offered"}
    run_pending()
    assert post.sent[-1].to == "+447700900102"
    # Nobody is left after Bob: the task waits for a person, and is not looked at again and again.
    actions.answer_offer(token=token_of(Offer.objects.get(state="offered")), accept=False)
    run_pending()
    ledger = apps.get_model("governance", "LedgerEntry").objects
    read = ledger.count()
    run_pending()
    assert ledger.count() == read
    assert len(list_waiting(viewer=alice, purpose=PURPOSE)) == 1


def test_no_answer_in_ten_minutes_asks_the_next_for_as_long(alice: Viewer, case_id: str, volunteers: None) -> None:
    (task,) = list_waiting(viewer=alice, purpose=PURPOSE)
    actions.make_offer(by=alice, purpose=PURPOSE, task_id=task.id, answer_minutes=10)
    with clock.at(clock.now() + timedelta(minutes=9)):
        assert actions.ask_the_next(by=HOUSE) == 0
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert [actions.ask_the_next(by=HOUSE) for _ in range(2)] == [1, 0]
        assert asked() == {"Vera Vale": "expired", "Bob Bell": "offered"}
        offer = Offer.objects.get(state="offered")
        assert offer.expires_at - offer.offered_at == timedelta(minutes=10)


def test_what_staff_took_back_stays_with_them(alice: Viewer, case_id: str, volunteers: None) -> None:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    actions.withdraw_offer(by=alice, purpose=PURPOSE, offer_id=Offer.objects.get().id, reason="Her daughter came")
    assert actions.ask_the_next(by=HOUSE) == 0


def test_off_duty_away_or_at_other_times_is_asked_nothing(alice: Viewer, case_id: str, volunteers: None) -> None:
    vera = Volunteer.objects.get(name="Vera Vale")
    (task,) = list_waiting(viewer=alice, purpose=PURPOSE)

    def could() -> list[str]:
        found = queries.suggest_volunteers(task.id, viewer=alice, purpose=PURPOSE)
        return [one.volunteer.name for one in found]

    assert could() == ["Vera Vale", "Bob Bell"]
    Volunteer.objects.filter(pk=vera.pk).update(on_duty=False)
    assert could() == ["Bob Bell"]
    Volunteer.objects.filter(pk=vera.pk).update(on_duty=True)
    Away.objects.create(volunteer=vera, first=clock.today(), last=clock.today() + timedelta(days=60))
    assert could() == ["Bob Bell"]
    Away.objects.all().delete()
    assert could() == ["Vera Vale", "Bob Bell"]


def test_a_check_that_ends_today_opens_nothing_that_needs_it(alice: Viewer, case_id: str, volunteers: None) -> None:
    apps.get_model("cases", "Case").objects.update(flags=["not_alone"])
    (task,) = list_waiting(viewer=alice, purpose=PURPOSE)
    suggested = queries.suggest_volunteers(task.id, viewer=alice, purpose=PURPOSE)
    assert [one.volunteer.name for one in suggested] == ["Vera Vale"]
    Volunteer.objects.update(dbs_expires_on=clock.today())
    assert queries.suggest_volunteers(task.id, viewer=alice, purpose=PURPOSE) == []
    assert actions.match_open_cases(by=alice, purpose=PURPOSE).unplaced == {"no_check": 1}


def test_who_helped_much_rests_two_days() -> None:
    today = date(2026, 11, 28)
    much = [(today, None)] * REST_AFTER_TASKS
    assert rests_until(much[1:], today) is None
    assert rests_until(much, today) == date(2026, 11, 30)
    assert rests_until([(today, 400), (today - timedelta(days=6), 400)], today) == date(2026, 11, 30)
    assert rests_until([(today, 400), (today - timedelta(days=7), 400)], today) is None
    assert rests_until([(today - timedelta(days=3), 800)], today) is None


def test_the_resident_says_it_was_right_and_keeps_their_volunteer(
    alice: Viewer, case_id: str, volunteers: None
) -> None:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    token = token_of(Offer.objects.get())
    actions.answer_offer(token=token, accept=True)
    actions.finish_offer(token=token, done=True, minutes=30)
    actions.note_need_answered(case_id=case_id, answer="yes")
    offer = Offer.objects.get()
    assert offer.need_met
    again = open_case(
        by=alice,
        purpose=PURPOSE,
        service="community_aid",
        need="shopping",
        channel="phone",
        source_key="again",
        resident_id=offer.resident_id,
    )
    waiting = list_waiting_of(again, viewer=alice, purpose=PURPOSE)
    (task,), _areas = queries.tasks_of(waiting, viewer=alice, purpose=PURPOSE)
    assert task.trusted == {offer.volunteer_id}
    actions.keep_apart(by=alice, purpose=PURPOSE, offer_id=offer.id)
    (task,), _areas = queries.tasks_of(waiting, viewer=alice, purpose=PURPOSE)
    assert task.refused_by == {offer.volunteer_id}
    actions.note_need_answered(case_id=case_id, answer="no")
    assert not Offer.objects.get().need_met


def test_a_proposal_of_yesterday_is_not_sent(alice: Viewer, case_id: str, volunteers: None) -> None:
    proposal = actions.propose_matches(by=alice, purpose=PURPOSE)
    with clock.at(clock.now() + timedelta(days=1)), pytest.raises(WrongState, match="not of today"):
        actions.send_proposal(by=alice, purpose=PURPOSE, proposal_id=proposal)


def test_of_two_proposals_for_a_task_one_asks(alice: Viewer, case_id: str, volunteers: None) -> None:
    grace_viewer = replace(alice, name="Grace")
    first, second = (actions.propose_matches(by=one, purpose=PURPOSE) for one in (alice, grace_viewer))
    assert actions.send_proposal(by=alice, purpose=PURPOSE, proposal_id=first) == (1, 0)
    assert actions.send_proposal(by=grace_viewer, purpose=PURPOSE, proposal_id=second) == (0, 1)
    again = actions.propose_matches(by=alice, purpose=PURPOSE)
    newer = actions.propose_matches(by=alice, purpose=PURPOSE)
    with pytest.raises(WrongState, match="newer one"):
        actions.send_proposal(by=alice, purpose=PURPOSE, proposal_id=again)
    assert queries.read_proposal(newer, viewer=alice).lines == []


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_the_same_moment_ask_once(alice: Viewer, case_id: str, volunteers: None) -> None:
    def match_now() -> int:
        try:
            return actions.match_open_cases(by=alice, purpose=PURPOSE).offered
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        offered = [one.result() for one in [pool.submit(match_now) for _ in range(2)]]
    assert sorted(offered) == [0, 1]
    assert len(asked()) == 1
