"""A case from the ask to the person's own word that their need was met."""

from itertools import pairwise

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import IG_OFFICER, Viewer, system_viewer
from borough.cases import actions, queries
from borough.cases.models import ASKED, CASE_STATES, CLOSED, REFERRAL_LIVE, REFERRAL_STATES, Case, Task
from borough.cases.policies import BY_HAND, read_answer
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.common.jobs import run_pending
from borough.messaging.actions import receive_message

from .conftest import PURPOSE, TUESDAY_NOON, Post

pytestmark = pytest.mark.django_db


def looks(verb: str) -> list[tuple[str, list[str]]]:
    # Where the database holds the door, it was opened before each.
    entries = (
        apps.get_model("governance", "LedgerEntry").objects.filter(verb=verb).exclude(kind="opened").order_by("id")
    )
    return [(e.kind, list(e.subjects.values_list("resident_id", flat=True))) for e in entries]


def the_task(case_id: str) -> Task:
    return Task.objects.get(case_id=case_id)


def read(case_id: str, viewer: Viewer) -> queries.CaseView:
    return queries.read_case(case_id, viewer=viewer, purpose=PURPOSE)


def test_the_loop_from_ask_to_met(alice: Viewer, case_id: str, post: Post) -> None:
    actions.take_case(by=alice, purpose=PURPOSE, case_id=case_id)
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    assert [each.to for each in post.sent] == ["+447700900001"]
    token = post.link("/cases/answer/").rstrip("/").rsplit("/", 1)[-1]
    actions.answer_need_met(token=token, answer="yes", text="She was lovely")
    case = read(case_id, alice)
    assert (case.state, case.need_met) == ("met", "yes")
    assert [step.new for step in case.steps] == ["new", "in_hand", "delivered", "met"]
    assert case.notes[0].text == "She was lovely"
    assert case.closed_at == TUESDAY_NOON
    assert looks("cases.open_case") == [("write", ["RADA"])]
    assert looks("cases.read_case")[-1] == ("read", ["RADA"])


@pytest.mark.parametrize("answer", ["no", "partly"])
def test_an_unhappy_answer_reopens(alice: Viewer, case_id: str, post: Post, answer: str) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    token = post.link("/cases/answer/").rstrip("/").rsplit("/", 1)[-1]
    actions.answer_need_met(token=token, answer=answer)
    assert read(case_id, alice).state == "reopened"
    with pytest.raises(NotFound, match="answered already"):
        actions.answer_need_met(token=token, answer="yes")
    # Help comes a second time: the old link still answers nothing, the new one does.
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    with pytest.raises(NotFound, match="answered already"):
        actions.answer_need_met(token=token, answer="yes")
    actions.answer_need_met(token=post.link("/cases/answer/").rstrip("/").rsplit("/", 1)[-1], answer="yes")
    assert read(case_id, alice).state == "met"
    assert len(post.sent) == 2


def test_the_question_is_sent_once_however_often_the_job_runs(alice: Viewer, case_id: str, post: Post) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    for _ in range(3):
        actions.ask_need_met(by=system_viewer("cases"), case_id=case_id)
    run_pending()
    assert len(post.sent) == 1


def test_the_same_source_opens_one_case(alice: Viewer, ada: str) -> None:
    opened = {
        actions.open_case(
            by=alice,
            purpose=PURPOSE,
            service="community_aid",
            resident_id=ada,
            need="food",
            channel="sms",
            source_key="message:7",
        )
        for _ in range(3)
    }
    assert len(opened) == 1
    assert Case.objects.count() == 1


def test_triage_sets_the_day_it_is_due(alice: Viewer, case_id: str) -> None:
    case = read(case_id, alice)
    assert (case.urgency, (case.due_on - clock.today()).days) == ("soon", 3)


def test_a_stale_page_is_refused(alice: Viewer, case_id: str) -> None:
    seen = read(case_id, alice).version
    actions.take_case(by=alice, purpose=PURPOSE, case_id=case_id, version=seen)
    with pytest.raises(WrongState, match="Somebody else changed"):
        actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered", version=seen)
    assert read(case_id, alice).state == "in_hand"


def test_closing_without_the_persons_word_needs_a_reason(alice: Viewer, case_id: str) -> None:
    with pytest.raises(Problem, match="Say why"):
        actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="could_not_help")
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="could_not_help", reason="Moved to Kent")
    assert read(case_id, alice).outcome == "Moved to Kent"


def test_nobody_says_met_by_hand(alice: Viewer, case_id: str) -> None:
    with pytest.raises(WrongState):
        actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="met")


def test_only_the_services_workers_for_its_purpose(
    alice: Viewer, analyst: Viewer, charlie: Viewer, case_id: str
) -> None:
    ig = Viewer(kind="staff", id="UIVY", name="Ivy", roles=frozenset({IG_OFFICER}))
    for viewer, purpose in ((analyst, PURPOSE), (charlie, PURPOSE), (ig, PURPOSE), (alice, "oversight"), (alice, "")):
        with pytest.raises(NotAllowed):
            queries.list_queue(viewer=viewer, purpose=purpose)
        with pytest.raises(NotAllowed):
            queries.read_case(case_id, viewer=viewer, purpose=purpose)
        with pytest.raises(NotAllowed):
            actions.take_case(by=viewer, purpose=purpose, case_id=case_id)
        with pytest.raises(NotAllowed):
            actions.add_note(by=viewer, purpose=purpose, case_id=case_id, text="hello")
        with pytest.raises(NotAllowed):
            actions.record_delivery(by=viewer, purpose=purpose, task_id=the_task(case_id).id)
    assert read(case_id, alice).state == "new"


def test_hidden_and_absent_read_alike(alice: Viewer) -> None:
    with pytest.raises(NotFound):
        read("CNOSUCH", alice)


def test_the_queue_puts_a_worry_first_and_counts(alice: Viewer, case_id: str, ada: str) -> None:
    second = actions.open_case(
        by=alice,
        purpose=PURPOSE,
        service="community_aid",
        resident_id=ada,
        need="food",
        channel="sms",
        source_key="s:2",
    )
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="She sounded confused", flagged=True)
    assert [line.id for line in queries.list_queue(viewer=alice, purpose=PURPOSE)] == [case_id, second]
    actions.take_case(by=alice, purpose=PURPOSE, case_id=second)
    assert [line.id for line in queries.list_queue(viewer=alice, purpose=PURPOSE, show="mine")] == [second]
    counts = queries.count_queue(viewer=alice, purpose=PURPOSE)
    assert counts == {"all": 2, "mine": 1, "team": 0, "unassigned": 1, "overdue": 0, "concern": 1, "to_ask": 0}
    assert looks("cases.list_queue")[-1] == ("read", ["RADA"])
    actions.settle_concern(by=alice, purpose=PURPOSE, case_id=case_id, text="Rang her GP")
    assert queries.count_queue(viewer=alice, purpose=PURPOSE)["concern"] == 0


def test_a_reply_opens_one_case_and_a_second_reply_becomes_a_note(alice: Viewer, ada: str) -> None:
    message = receive_message(channel="sms", sender="+447700900001", text="HELP I need shopping", provider_id="p1")
    for _ in range(2):
        opened = actions.open_case_for_reply(message_id=message, resident_id=ada, service="community_aid")
    more = receive_message(channel="sms", sender="+447700900001", text="help, shopping and no food", provider_id="p2")
    for _ in range(2):
        assert actions.open_case_for_reply(message_id=more, resident_id=ada, service="community_aid") == opened
    case = read(opened, alice)
    assert (case.need, case.channel, case.text) == ("shopping", "sms", "HELP I need shopping")
    assert len(case.notes) == 1
    assert Case.objects.count() == 1


@pytest.fixture
def merged(ada: str) -> str:
    """Ada proves to be a resident of another id, which is hers from now on."""
    residents = apps.get_model("residents", "Resident")
    kept = residents.objects.create(id="RKEPT", forename="Ada", surname="King", minted_at=clock.now())
    residents.objects.filter(pk=ada).update(retired_at=clock.now(), retired_into=kept)
    return "RKEPT"


def test_a_case_follows_its_resident_through_a_merge(alice: Viewer, case_id: str, ada: str, merged: str) -> None:
    for resident_id in (ada, merged):
        (line,) = queries.list_cases_of([resident_id], viewer=alice, purpose=PURPOSE)
        assert line.id == case_id
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    yes = receive_message(channel="sms", sender="+447700900001", text="Yes thank you", provider_id="p2")
    assert actions.record_need_met_by_reply(message_id=yes, resident_id=merged, about=f"case:{case_id}")


def test_after_a_merge_the_same_need_opens_no_second_case(alice: Viewer, ada: str, merged: str) -> None:
    first = receive_message(channel="sms", sender="+447700900001", text="HELP I need shopping", provider_id="p1")
    more = receive_message(channel="sms", sender="+447700900001", text="help, shopping please", provider_id="p2")
    opened = actions.open_case_for_reply(message_id=first, resident_id=ada, service="community_aid")
    assert actions.open_case_for_reply(message_id=more, resident_id=merged, service="community_aid") == opened


def test_yes_by_text_answers_the_question(alice: Viewer, case_id: str, ada: str) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    about = f"case:{case_id}"
    chat = receive_message(channel="sms", sender="+447700900001", text="who is this please tell me", provider_id="p1")
    assert not actions.record_need_met_by_reply(message_id=chat, resident_id=ada, about=about)
    assert read(case_id, alice).state == "delivered"
    assert read(case_id, alice).notes[0].text.endswith("who is this please tell me")
    yes = receive_message(channel="sms", sender="+447700900001", text="Yes thank you", provider_id="p2")
    assert actions.record_need_met_by_reply(message_id=yes, resident_id=ada, about=about)
    assert read(case_id, alice).state == "met"
    assert not actions.record_need_met_by_reply(message_id=yes, resident_id=ada, about=about)
    assert queries.count_outcomes(service="community_aid") == queries.Outcomes(1, 0, 1, 1)


def test_a_referral_needs_consent_and_a_service(alice: Viewer, case_id: str, service_id: str) -> None:
    with pytest.raises(Problem, match="consent"):
        actions.refer_to_service(by=alice, purpose=PURPOSE, case_id=case_id, service_id=service_id, consent=" ")
    with pytest.raises(NotFound):
        actions.refer_to_service(by=alice, purpose=PURPOSE, case_id=case_id, service_id="none", consent="yes")
    refer = {"by": alice, "purpose": PURPOSE, "case_id": case_id, "service_id": service_id, "consent": "On the phone"}
    first = actions.refer_to_service(**refer)
    with pytest.raises(WrongState):
        actions.refer_to_service(**refer)
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=first, to="declined", words="Full")
    assert read(case_id, alice).state == "in_hand"
    second = actions.refer_to_service(**refer)
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=second, to="accepted")
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=second, to="done")
    case = read(case_id, alice)
    assert case.state == "delivered"
    assert [referral.state for referral in case.referrals] == ["done", "declined"]


def test_the_database_refuses_what_the_rules_forbid(case_id: str) -> None:
    for wrong in ({"state": "met"}, {"state": "nonsense"}, {"resident_id": ""}, {"closed_at": TUESDAY_NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case_id).update(**wrong)


def test_every_state_can_be_reached_and_only_cancelled_is_final() -> None:
    reached, frontier = {"new"}, ["new"]
    while frontier:
        for target in CASE_STATES.allowed[frontier.pop()] - reached:
            reached.add(target)
            frontier.append(target)
    assert reached == set(CASE_STATES.labels)
    assert CASE_STATES.final == {"cancelled"}
    assert set(CLOSED) <= set(CASE_STATES.labels)
    assert set(BY_HAND) <= set(CASE_STATES.labels)
    assert REFERRAL_STATES.final == set(REFERRAL_STATES.labels) - set(REFERRAL_LIVE)


@given(st.lists(st.sampled_from(sorted(CASE_STATES.labels)), max_size=12))
def test_no_walk_through_the_table_meets_a_need_without_help(walk: list[str]) -> None:
    """Whatever order of changes is tried, "met" comes after "delivered": straight, or when they answer late."""
    state, path = "new", ["new"]
    for wish in walk:
        if CASE_STATES.may_change(state, wish):
            state = wish
            path.append(wish)
    assert all(before in ASKED for before, after in pairwise(path) if after == "met")
    assert all(before == "delivered" for before, after in pairwise(path) if after == "unanswered")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("YES", "yes"),
        ("yes thank you!", "yes"),
        ("Partly", "partly"),
        ("no", "no"),
        ("No, nobody came", "no"),
        ("No I still need the shopping and my tablets", ""),
        ("Thank you", ""),
        ("", ""),
    ],
)
def test_short_answers_are_read_and_long_ones_left_to_people(text: str, answer: str) -> None:
    assert read_answer(text) == answer
