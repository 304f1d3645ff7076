"""After help comes the question whether it helped; who stays silent is asked once more, then the case closes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import system_viewer
from borough.cases import actions, kinds
from borough.cases.actions import (
    answer_need_met,
    change_state,
    chase_unanswered,
    close_unanswered,
    note_asked,
    record_need_met,
    record_need_met_by_reply,
    record_wellbeing,
)
from borough.cases.models import Case, Feedback, Wellbeing
from borough.cases.queries import count_queue, list_queue, read_case
from borough.cases.tasks import follow_up_feedback
from borough.cases.tests.conftest import PURPOSE, TUESDAY_NOON
from borough.cases.wellbeing import ONS4, SWEMWBS
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import Problem, WrongState
from borough.common.jobs import run_pending
from borough.messaging.actions import receive_message, set_preference

pytestmark = pytest.mark.django_db(transaction=True)
BY = system_viewer("test")
ON_FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=LONDON)


@pytest.fixture
def helped(case_id, alice, post):
    """Ada's case, of which she was asked on Tuesday whether the help met her need."""
    change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    return case_id


def work_through():
    """Jobs run before regular work, so what that asks for is done in the next round."""
    run_pending()
    run_pending()


def test_rounds_that_find_nothing_ask_for_no_door(case_id):
    apps.get_model("governance", "Agreement").objects.update(state="revoked", revoked_at=clock.now())
    denied = apps.get_model("governance", "LedgerEntry").objects.filter(kind="denied")
    assert (chase_unanswered(by=BY), close_unanswered(by=BY), actions.chase_referrals(by=BY)) == (0, 0, (0, 0))
    assert not denied.exists()


def test_a_round_to_which_the_door_is_closed_ends_no_worker(helped):
    apps.get_model("governance", "Agreement").objects.update(state="revoked", revoked_at=clock.now())
    with clock.at(TUESDAY_NOON + timedelta(days=40)):
        follow_up_feedback()
    assert Case.objects.get(pk=helped).state == "delivered"


def token(post):
    return post.link("/answer/").split("/")[-2]


def channels(post):
    return [each.channel for each in post.sent]


def test_who_does_not_answer_is_asked_once_more_by_the_other_channel(helped, post):
    assert channels(post) == ["sms"]
    with clock.at(ON_FRIDAY - timedelta(days=1)):
        run_pending()
        assert channels(post) == ["sms"], "three working days are not over on Thursday"
    with clock.at(ON_FRIDAY):
        for _time in range(3):
            run_pending()
        assert channels(post) == ["sms", "email"]
        assert "have not heard" in post.sent[-1].body
        assert Feedback.objects.get().chased_by == "message"
        answer_need_met(token=token(post), answer="yes")
    with clock.at(ON_FRIDAY + timedelta(days=60)):
        run_pending()
    assert (Case.objects.get().state, len(post.sent)) == ("met", 2)


def test_a_weekend_is_no_time_to_answer(alice, case_id, post):
    thursday = TUESDAY_NOON + timedelta(days=2)
    with clock.at(thursday):
        change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
        run_pending()
    with clock.at(thursday + timedelta(days=4)):
        assert chase_unanswered(by=BY) == 0
    with clock.at(thursday + timedelta(days=5)):
        assert [chase_unanswered(by=BY), chase_unanswered(by=BY)] == [1, 0]


def test_who_answers_in_time_is_not_asked_again(helped, post):
    record_need_met_by_reply(
        message_id=receive_message(channel="sms", sender="+447700900001", text="Yes", provider_id="1"),
        resident_id="RADA",
        about=f"case:{helped}",
    )
    with clock.at(ON_FRIDAY + timedelta(days=40)):
        run_pending()
    assert (Case.objects.get().state, channels(post)) == ("met", ["sms"])


def test_whom_no_other_message_reaches_staff_call(helped, ada, alice, post):
    set_preference(by=alice, purpose=PURPOSE, resident_id=ada, channel="email", allowed=False)
    with clock.at(ON_FRIDAY):
        work_through()
        assert read_case(helped, viewer=alice, purpose=PURPOSE).feedback.ask_by == "phone"
        assert [line.id for line in list_queue(viewer=alice, purpose=PURPOSE, show="to_ask")] == [helped]
        assert count_queue(viewer=alice, purpose=PURPOSE)["to_ask"] == 1
        note_asked(by=alice, purpose=PURPOSE, case_id=helped)
        assert list_queue(viewer=alice, purpose=PURPOSE, show="to_ask") == []
        record_need_met(by=alice, purpose=PURPOSE, case_id=helped, answer="partly", arrived="yes")
    assert (Case.objects.get().state, Feedback.objects.get().arrived, channels(post)) == ("reopened", "yes", ["sms"])


def test_whom_nothing_reaches_is_for_a_letter_at_once(alice, ada, case_id, post, django_user_model):
    apps.get_model("residents", "Resident").objects.filter(pk=ada).update(phone="", email="")
    change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    assert read_case(case_id, viewer=alice, purpose=PURPOSE).feedback.ask_by == "letter"
    with clock.at(ON_FRIDAY):
        assert chase_unanswered(by=BY) == 0
    assert post.sent == []


def test_who_must_not_be_written_to_is_not_called_either(alice, case_id, post, monkeypatch):
    aid = kinds.kind("community_aid")
    monkeypatch.setitem(kinds._kinds, "community_aid", replace(aid, silent_needs=frozenset({"shopping"})))
    from borough.cases.answering import way_by_hand

    assert way_by_hand(Case.objects.get(pk=case_id), by=alice) == "nobody"


def test_after_28_days_of_silence_the_case_closes_and_says_so(helped, alice, post):
    with clock.at(TUESDAY_NOON + timedelta(days=27, hours=23)):
        run_pending()
        assert Case.objects.get().state == "delivered"
    with clock.at(TUESDAY_NOON + timedelta(days=28)):
        run_pending()
        assert close_unanswered(by=BY) == 0
        case = Case.objects.get()
        assert (case.state, case.need_met, case.closed_at) == ("unanswered", "", clock.now())
        # A late answer counts: nobody is told that it is too late.
        record_need_met(by=alice, purpose=PURPOSE, case_id=helped, answer="no", text="It never came.")
    assert Case.objects.get().state == "reopened"


def test_each_delivery_is_asked_about_anew(helped, alice, post):
    record_need_met(by=alice, purpose=PURPOSE, case_id=helped, answer="no")
    change_state(by=alice, purpose=PURPOSE, case_id=helped, to="delivered")
    run_pending()
    with clock.at(ON_FRIDAY):
        work_through()
    assert list(Feedback.objects.order_by("delivery").values_list("delivery", "chased_by")) == [(1, ""), (2, "message")]
    assert channels(post) == ["sms", "sms", "email"]


def test_what_else_they_need_is_a_case_of_its_own(helped, alice, post):
    answer_need_met(
        token=token(post), answer="yes", arrived="yes", what_else="Somebody to walk the dog", wellbeing={"anxiety": 7}
    )
    first, follow_up = (
        Case.objects.order_by("opened_at", "id").filter(pk=helped).get(),
        Case.objects.exclude(pk=helped).get(),
    )
    assert (first.state, follow_up.state, follow_up.need, follow_up.resident_id) == (
        "met",
        "new",
        "dog_walking",
        "RADA",
    )
    assert follow_up.text == Feedback.objects.get().what_else == "Somebody to walk the dog"
    with pytest.raises(Problem):
        answer_need_met(token=token(post), answer="yes", what_else="Again")
    assert Case.objects.count() == 2


def test_wellbeing_before_and_after(helped, case_id, alice, post):
    with pytest.raises(Problem):
        record_wellbeing(by=alice, purpose=PURPOSE, case_id=case_id, answers={"satisfaction": 11})
    with pytest.raises(Problem):
        record_wellbeing(by=alice, purpose=PURPOSE, case_id=case_id, answers={"weight": 5})
    assert record_wellbeing(by=alice, purpose=PURPOSE, case_id=case_id, answers={"happiness": 4}) == "after"
    answer_need_met(token=token(post), answer="yes", wellbeing={"happiness": 6, "anxiety": 2})
    assert Wellbeing.objects.get().answers == {"happiness": 6, "anxiety": 2}
    lines = {line.title: line.after for line in read_case(case_id, viewer=alice, purpose=PURPOSE).wellbeing}
    assert lines["Happiness yesterday (ONS4, 0 to 10)"] == 6.0


def test_answers_are_refused_where_the_case_waits_for_none(case_id, alice):
    with pytest.raises(WrongState):
        record_need_met(by=alice, purpose=PURPOSE, case_id=case_id, answer="yes")
    with pytest.raises(WrongState):
        actions.chase(by=BY, feedback_id=0)
    assert not apps.get_model("messaging", "Message").objects.exists()


def test_the_page_asks_on_a_phone_and_keeps_what_was_typed(helped, client, post):
    link = post.link("/answer/")
    page = client.get(link).content.decode()
    for words in ("Did the help arrive?", "What else do you need?", "satisfied are you with your life", "Office for"):
        assert words in page
    page = client.post(link, {"answer": "yes", "what_else": "Soup", "wellbeing_anxiety": "11"}).content.decode()
    assert "Enter a number from 0 to 10" in page and "Soup" in page
    done = client.post(link, {"answer": "yes", "arrived": "yes", "what_else": "Soup", "wellbeing_anxiety": "1"})
    assert "Somebody reads what else you need" in client.get(done.headers["Location"]).content.decode()
    assert Case.objects.filter(text="Soup", channel="phone").exists()


def test_the_case_tells_a_worker_to_call_and_takes_note_that_they_did(helped, ada, alice, grace, post):
    set_preference(by=alice, purpose=PURPOSE, resident_id=ada, channel="email", allowed=False)
    with clock.at(ON_FRIDAY):
        work_through()
        assert "Call them and ask whether it helped" in grace.get(f"/cases/{helped}/").content.decode()
        assert "Ask whether it helped" in grace.get("/cases/?show=to_ask").content.decode()
        grace.post(f"/cases/{helped}/asked/")
        page = grace.get(f"/cases/{helped}/").content.decode()
    assert "Call them and ask" not in page and "By phone" in page


def test_a_worker_asks_before_the_help(case_id, grace):
    assert "Write down how they are" in grace.get(f"/cases/{case_id}/").content.decode()
    page = grace.get(f"/cases/{case_id}/wellbeing/").content.decode()
    assert "how happy did you feel yesterday" in page
    assert "at least one answer" in grace.post(f"/cases/{case_id}/wellbeing/", {}).content.decode()
    grace.post(f"/cases/{case_id}/wellbeing/", {"wellbeing_happiness": "3"})
    assert Wellbeing.objects.get().phase == "before"


@given(st.lists(st.integers(1, 5), min_size=7, max_size=7))
def test_swemwbs_is_scored_by_its_published_table(numbers):
    answers = {item.code: number for item, number in zip(SWEMWBS.items, numbers, strict=True)}
    assert not SWEMWBS.problem_with(answers)
    score = SWEMWBS.scores(answers)["swemwbs"]
    assert 7 <= score <= 35
    # Stewart-Brown and others 2009, table 4: the ends and the middle.
    known = {7: 7.0, 21: 19.25, 28: 25.03, 35: 35.0}
    assert score == known.get(sum(numbers), score)
    assert SWEMWBS.problem_with({**answers, "item_1": 6}) and SWEMWBS.problem_with({"item_1": 3})


def test_the_house_holds_no_words_of_swemwbs():
    assert not SWEMWBS.open_words
    assert [item.words for item in SWEMWBS.items] == [f"Item {number}" for number in range(1, 8)]
    assert ONS4.less_is_better == {"anxiety"}
