"""A campaign from draft to sent, and all that can go wrong on the way."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from borough.accounts.policies import Viewer, system_viewer
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.common.jobs import run_pending
from borough.governance.actions import revoke_agreement
from borough.messaging import actions, queries, sending
from borough.messaging.models import Campaign, Message
from borough.messaging.ports import PermanentFailure, TemporaryFailure, UncertainFailure
from borough.messaging.tests.conftest import (
    TUESDAY_NOON,
    WORDING,
    LedgerEntry,
    Post,
    Resident,
    ResidentEvent,
    add_resident,
)
from borough.messaging.wording import Wording

pytestmark = pytest.mark.django_db


def create(by: Viewer, people: dict[str, str], **change: Any) -> str:
    return actions.create_campaign(
        **{
            "by": by,
            "purpose": "offer-help",
            "title": "Winter check-in",
            "service": "community_aid",
            "wording": WORDING,
            "residents": people.values(),
            **change,
        }
    )


def states(campaign_id: str) -> dict[str, str]:
    return dict(Message.objects.filter(campaign=campaign_id, direction="out").values_list("resident_id", "state"))


def send_all(campaign_id: str) -> datetime | None:
    return sending.send_due(campaign_id=campaign_id, first=0, last=10**9)


def test_a_campaign_reaches_each_once_in_their_own_channel(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    assert post.sent == []
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    run_pending()
    assert {(each.channel, each.to) for each in post.sent} == {
        ("sms", "+447700900001"),
        ("sms", "+447700900002"),
        ("email", "cyd@example.org"),
    }
    text = next(each.body for each in post.sent if each.to == "+447700900001")
    assert text == "Hello Ada, this is Alderbrook Council. Reply HELP or NO."
    email = next(each for each in post.sent if each.channel == "email")
    assert email.stop_link in email.body
    assert states(campaign_id) == {"R1": "sent", "R2": "sent", "R3": "sent", "R4": "no_contact", "R5": "no_contact"}
    view = queries.read_campaign(campaign_id, viewer=alice)
    assert view.state == "done"
    counts = view.counts
    assert (counts.people, counts.sent, counts.by_text, counts.by_email, counts.no_contact) == (5, 3, 2, 1, 2)
    run_pending()
    send_all(campaign_id)
    assert len(post.sent) == 3
    assert post.closed


def test_those_who_said_no_are_left_out(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    for channel in ("sms", "email"):
        actions.set_preference(by=alice, purpose="offer-help", resident_id="R2", channel=channel, allowed=False)
    campaign_id = create(alice, people)
    assert "R2" not in states(campaign_id)
    view = queries.read_campaign(campaign_id, viewer=alice)
    assert (view.said_no_before, view.counts.people) == (1, 4)


def test_a_no_between_the_draft_and_the_sending_is_obeyed(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    actions.set_preference(by=alice, purpose="offer-help", resident_id="R1", channel="sms", allowed=False)
    assert states(campaign_id)["R1"] == "cancelled"
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    run_pending()
    assert "+447700900001" not in {each.to for each in post.sent}


def test_the_same_resident_twice_and_one_who_is_gone(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people, residents=["R1", "R1", "R404"])
    assert states(campaign_id) == {"R1": "queued"}
    assert queries.read_campaign(campaign_id, viewer=alice).gone == 1


def test_two_ids_that_were_merged_get_one_message(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    Resident.objects.filter(pk="R3").update(retired_at=noon, retired_into="R1")
    campaign_id = create(alice, people, residents=["R1", "R3"])
    assert states(campaign_id) == {"R1": "queued"}


def test_a_no_survives_a_merge(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    for channel in ("sms", "email"):
        actions.set_preference(by=alice, purpose="offer-help", resident_id="R3", channel=channel, allowed=False)
        actions.set_preference(by=alice, purpose="offer-help", resident_id="R1", channel=channel, allowed=True)
    Resident.objects.filter(pk="R3").update(retired_at=noon, retired_into="R1")
    assert states(create(alice, people, residents=["R1"])) == {}


def merge(old: str, into: str, at: datetime) -> None:
    Resident.objects.filter(pk=old).update(retired_at=at, retired_into=into)
    ResidentEvent.objects.create(kind="retired", resident_id=old, other_id=into, at=at)


def say(alice: Viewer, resident_id: str, allowed: bool) -> None:
    for channel in ("sms", "email"):
        actions.set_preference(
            by=alice, purpose="offer-help", resident_id=resident_id, channel=channel, allowed=allowed
        )


def test_a_yes_since_the_merge_is_theirs(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    with clock.at(noon - timedelta(days=2)):
        say(alice, "R3", False)
    merge("R3", "R1", noon - timedelta(days=1))
    say(alice, "R3", True)
    assert queries.read_preferences("R1", viewer=alice, purpose="offer-help") == {"sms": True, "email": True}
    assert states(create(alice, people, residents=["R3"])) == {"R1": "queued"}


def test_a_merge_that_is_undone_leaves_to_each_what_they_said(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    with clock.at(noon - timedelta(days=2)):
        say(alice, "R3", False)
    merge("R3", "R1", noon - timedelta(days=1))
    assert states(create(alice, people, residents=["R1"])) == {}
    Resident.objects.filter(pk="R3").update(retired_at=None, retired_into=None)
    actions.keep_no_after_split({"R3": "R1"})
    assert states(create(alice, people, residents=["R1", "R3"])) == {"R1": "queued"}


def test_a_no_that_was_said_while_they_were_one_holds_for_both(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    merge("R3", "R1", noon - timedelta(days=1))
    say(alice, "R1", False)
    Resident.objects.filter(pk="R3").update(retired_at=None, retired_into=None)
    actions.keep_no_after_split({"R3": "R1"})
    assert states(create(alice, people, residents=["R1", "R3"])) == {}


def test_a_no_goes_along_to_whom_a_resident_is_split_into(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    say(alice, "R1", False)
    actions.keep_no_after_split({"R3": "R1"})
    assert states(create(alice, people, residents=["R3"])) == {}


def test_one_message_to_a_merged_resident_minds_their_no(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    say(alice, "R3", False)
    merge("R3", "R1", noon)
    sent = actions.send_message(
        by=alice, purpose="offer-help", resident_id="R1", wording=Wording(sms="Hello"), key="merged"
    )
    assert sent is None


def test_messages_of_both_ids_are_listed(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    actions.send_message(by=alice, purpose="offer-help", resident_id="R1", wording=Wording(sms="Hello"), key="before")
    merge("R1", "R2", noon)
    for resident_id in ("R1", "R2"):
        listed = queries.list_messages(viewer=alice, purpose="offer-help", resident_id=resident_id)
        assert [message.text for message in listed] == ["Hello"]


def test_the_database_refuses_a_second_message_in_a_campaign(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            direction="out",
            state="no_contact",
            channel="none",
            resident_id="R1",
            campaign_id=campaign_id,
            at=noon,
            key="x",
        )


def test_started_in_the_evening_it_waits_for_the_morning(alice: Viewer, people: dict[str, str], post: Post) -> None:
    with clock.at(datetime(2026, 11, 21, 20, 30, tzinfo=LONDON)):  # Saturday
        campaign_id = create(alice, people)
        due = actions.start_campaign(by=alice, campaign_id=campaign_id)
        assert due == datetime(2026, 11, 23, 9, tzinfo=LONDON)
        assert send_all(campaign_id) == due
    with clock.at(datetime(2026, 11, 22, 12, tzinfo=LONDON)):
        assert send_all(campaign_id) == due
    assert post.sent == []
    with clock.at(due):
        assert send_all(campaign_id) is None
    assert len(post.sent) == 3


def test_a_rehearsal_in_the_past_does_not_wait_in_circles(alice: Viewer, people: dict[str, str], post: Post) -> None:
    with clock.at(datetime(2025, 11, 22, 20, 30, tzinfo=LONDON)):
        actions.send_to_address(
            by=system_viewer("test"), name="V", phone="+447700900777", email="", wording=WORDING, key="k"
        )
        run_pending()
    assert post.sent == []


def test_what_is_left_at_8pm_waits_for_the_morning(alice: Viewer, people: dict[str, str], post: Post) -> None:
    with clock.at(TUESDAY_NOON):
        campaign_id = create(alice, people)
        actions.start_campaign(by=alice, campaign_id=campaign_id)
    with clock.at(TUESDAY_NOON.replace(hour=20)):
        assert send_all(campaign_id) == TUESDAY_NOON.replace(hour=9) + timedelta(days=1)
    assert post.sent == []


def test_stopping_holds_back_what_has_not_gone(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.on_send = lambda outgoing: actions.stop_campaign(by=alice, campaign_id=campaign_id, reason="A wrong word")
    send_all(campaign_id)
    assert len(post.sent) == 1
    view = queries.read_campaign(campaign_id, viewer=alice)
    assert (view.state, view.ended_because, view.counts.sent, view.counts.cancelled) == (
        "stopped",
        "A wrong word",
        1,
        2,
    )
    with pytest.raises(WrongState):
        actions.start_campaign(by=alice, campaign_id=campaign_id)


def test_the_end_of_the_agreement_stops_the_sending(
    alice: Viewer, ig_officer: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    revoke_agreement(by=ig_officer, reference="help-messages", reason="Ended")
    run_pending()
    assert post.sent == []
    view = queries.read_campaign(campaign_id, viewer=alice)
    assert view.state == "stopped"
    assert "agreement" in view.ended_because


def test_a_temporary_failure_is_tried_again_later_and_later_then_given_up(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people, residents=["R1"])
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.fail["+447700900001"] = TemporaryFailure("busy")
    due: datetime | None = noon
    waits = []
    for _ in range(5):
        assert due is not None
        with clock.at(due):
            again = send_all(campaign_id)
        if again:
            waits.append((again - due) // timedelta(minutes=1))
        due = again
    assert waits == [1, 4, 16, 64]
    message = Message.objects.get(campaign=campaign_id)
    assert (message.state, message.problem, message.attempts) == ("failed", "no_carrier", 5)
    assert queries.read_campaign(campaign_id, viewer=alice).state == "done"


def test_a_temporary_failure_that_passes(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    campaign_id = create(alice, people, residents=["R1"])
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.fail["+447700900001"] = TemporaryFailure("busy")
    again = send_all(campaign_id)
    assert again
    assert send_all(campaign_id) == again
    post.fail.clear()
    with clock.at(again):
        assert send_all(campaign_id) is None
    assert states(campaign_id) == {"R1": "sent"}


@pytest.mark.parametrize(
    ("failure", "problem"),
    [(PermanentFailure("bad_address"), "bad_address"), (UncertainFailure("line_broke"), "may_have_been_sent")],
)
def test_failures_that_are_not_tried_again(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime, failure: Exception, problem: str
) -> None:
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.fail["+447700900001"] = failure
    send_all(campaign_id)
    post.fail.clear()
    send_all(campaign_id)
    message = Message.objects.get(campaign=campaign_id, resident_id="R1")
    assert (message.state, message.problem) == ("failed", problem)
    assert len(post.sent) == 2
    missed = queries.list_not_reached(campaign_id, viewer=alice, purpose="offer-help")
    assert {each.resident_id for each in missed} == {"R1", "R4", "R5"}
    assert {each.phone for each in missed} >= {"+442079460001"}


class Killed(BaseException):
    """The worker is gone: no handler runs."""


def kill(outgoing: Any) -> None:
    raise Killed


def test_after_a_crash_a_message_in_doubt_is_not_sent_twice(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.on_send = kill
    with pytest.raises(Killed):
        send_all(campaign_id)
    post.on_send = None
    # While the lease runs, another worker leaves it alone but sends the others, and comes back when it ends.
    again = send_all(campaign_id)
    assert len(post.sent) == 2
    assert again == noon + sending.LEASE
    with clock.at(again + timedelta(seconds=1)):
        assert send_all(campaign_id) is None
    assert len(post.sent) == 2
    counts = queries.read_campaign(campaign_id, viewer=alice).counts
    assert (counts.sent, counts.failed, counts.in_doubt) == (2, 1, 1)


def test_after_a_crash_a_sender_that_knows_its_keys_is_given_the_message_again(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    post.idempotent = True
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    calls = []

    def kill_at_third(outgoing: Any) -> None:
        calls.append(outgoing.key)
        if len(calls) == 3:
            raise Killed

    post.on_send = kill_at_third
    with pytest.raises(Killed):
        send_all(campaign_id)
    assert len(post.sent) == 2
    post.on_send = None
    with clock.at(noon + sending.LEASE + timedelta(seconds=1)):
        assert send_all(campaign_id) is None
    assert len(post.sent) == 3
    assert len({each.to for each in post.sent}) == 3
    assert set(states(campaign_id).values()) == {"sent", "no_contact"}


def test_a_message_that_kills_its_worker_is_set_aside(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    post.idempotent = True
    campaign_id = create(alice, people, residents=["R1"])
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    post.on_send = kill
    tries = 0
    for hour in range(8):
        with clock.at(noon + timedelta(minutes=10 * hour)):
            try:
                send_all(campaign_id)
            except Killed:
                tries += 1
    assert tries == 5
    assert states(campaign_id) == {"R1": "failed"}


def test_a_new_number_is_used_when_the_message_goes(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people, residents=["R1"])
    Resident.objects.filter(pk="R1").update(phone="+447700900999")
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    run_pending()
    assert [each.to for each in post.sent] == ["+447700900999"]


def test_a_person_without_a_name_is_greeted_all_the_same(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    add_resident("R6", "", phone="+447700900006")
    actions.start_campaign(by=alice, campaign_id=create(alice, people, residents=["R6"]))
    run_pending()
    assert post.sent[0].body.startswith("Hello resident,")


def test_a_campaign_needs_a_title_and_words_it_can_fill(alice: Viewer, people: dict[str, str], post: Post) -> None:
    with pytest.raises(Problem, match="no title"):
        create(alice, people, title=" ")
    with pytest.raises(Problem, match=r"\(\(link\)\)"):
        create(alice, people, wording=Wording(sms="See ((link))"))
    assert create(alice, people, wording=Wording(sms="See ((link))"), values={"link": "https://example.org"})
    assert Campaign.objects.count() == 1


def test_words_of_a_draft_can_change_and_later_not(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    new = Wording(sms="New ((forename))", email_subject="New", email_body="New")
    actions.edit_wording(by=alice, campaign_id=campaign_id, wording=new)
    with pytest.raises(Problem, match="change who"):
        actions.edit_wording(by=alice, campaign_id=campaign_id, wording=Wording(sms="only"))
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    with pytest.raises(Problem, match="has started"):
        actions.edit_wording(by=alice, campaign_id=campaign_id, wording=WORDING)
    run_pending()
    assert "New Ada" in {each.body for each in post.sent}


def test_charlie_can_do_nothing(
    charlie: Viewer, alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    for attempt in (
        lambda: create(charlie, people),
        lambda: actions.start_campaign(by=charlie, campaign_id=campaign_id),
        lambda: actions.stop_campaign(by=charlie, campaign_id=campaign_id),
        lambda: actions.edit_wording(by=charlie, campaign_id=campaign_id, wording=WORDING),
        lambda: actions.send_message(by=charlie, purpose="offer-help", resident_id="R1", wording=WORDING, key="k"),
        lambda: actions.set_preference(by=charlie, purpose="offer-help", resident_id="R1", channel="sms", allowed=True),
        lambda: queries.list_inbox(viewer=charlie, purpose="offer-help"),
        lambda: queries.list_not_reached(campaign_id, viewer=charlie, purpose="offer-help"),
        lambda: queries.list_messages(viewer=charlie, purpose="offer-help", resident_id="R1"),
        lambda: queries.read_preferences("R1", viewer=charlie, purpose="offer-help"),
        lambda: queries.read_campaign(campaign_id, viewer=charlie),
        lambda: queries.list_campaigns(viewer=charlie),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert Campaign.objects.get().state == "draft"


def test_a_role_without_the_agreement_cannot_start_it(
    alice: Viewer, ig_officer: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    campaign_id = create(alice, people)
    revoke_agreement(by=ig_officer, reference="help-contact-centre", reason="Ended")
    with pytest.raises(NotAllowed):
        actions.start_campaign(by=alice, campaign_id=campaign_id)
    assert Campaign.objects.get().state == "draft"


def test_writes_are_in_the_ledger(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    run_pending()
    verbs = list(LedgerEntry.objects.filter(kind="write").values_list("verb", "viewer_name", "people"))
    assert ("messaging.create_campaign", "Alice", 5) in verbs
    assert ("messaging.start_campaign", "Alice", 3) in verbs
    assert LedgerEntry.objects.filter(
        kind="read", verb="residents.list_contacts", viewer_name="message sender"
    ).exists()


def test_one_message_to_one_resident(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> None:
    words = Wording(sms="Case ((reference)), ((forename))")
    send = {
        "by": alice,
        "purpose": "offer-help",
        "wording": words,
        "about": "case:CA-1",
        "values": {"reference": "CA-1"},
    }
    message_id = actions.send_message(resident_id="R1", key="k1", **send)
    assert actions.send_message(resident_id="R1", key="k1", **send) == message_id
    assert actions.send_message(resident_id="R4", key="k4", **send) is None
    run_pending()
    assert [each.body for each in post.sent] == ["Case CA-1, Ada"]
    view = queries.read_message(message_id, viewer=alice, purpose="offer-help")
    assert (view.state, view.about, view.text) == ("sent", "case:CA-1", "Case CA-1, Ada")
    assert [each.id for each in queries.list_messages(viewer=alice, purpose="offer-help", about="case:CA-1")] == [
        message_id
    ]
    assert [each.id for each in queries.list_messages(viewer=alice, purpose="offer-help", resident_id="R1")] == [
        message_id
    ]
    with pytest.raises(NotFound):
        actions.send_message(resident_id="R404", key="k404", **send)
    with pytest.raises(Problem, match="reference"):
        actions.send_message(resident_id="R1", key="k5", **{**send, "values": {}})


def test_one_message_waits_for_the_morning(alice: Viewer, people: dict[str, str], post: Post) -> None:
    with clock.at(TUESDAY_NOON.replace(hour=22)):
        actions.send_message(by=alice, purpose="offer-help", resident_id="R1", wording=WORDING, key="k")
        sending.send_due(campaign_id="", first=0, last=10**9)
    assert post.sent == []
    with clock.at(TUESDAY_NOON + timedelta(days=1)):
        sending.send_due(campaign_id="", first=0, last=10**9)
    assert len(post.sent) == 1


def test_a_volunteer_who_is_no_resident_can_be_written_to(system: Viewer, post: Post, noon: datetime) -> None:
    message = {
        "by": system_viewer("matching"),
        "name": "Vi",
        "phone": "+447700900777",
        "email": "vi@example.org",
        "wording": Wording(sms="((forename)), can you help? ((link))"),
        "about": "offer:1",
        "key": "offer:1",
        "values": {"link": "https://example.org/x"},
    }
    assert actions.send_to_address(**message) == actions.send_to_address(**message)
    run_pending()
    assert [each.body for each in post.sent] == ["Vi, can you help? https://example.org/x"]
    assert post.sent[0].stop_link == ""


def test_figures_of_many_campaigns_take_two_queries(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime, django_assert_num_queries: Any
) -> None:
    for _ in range(4):
        create(alice, people)
    with django_assert_num_queries(2):
        assert len(queries.list_campaigns(viewer=alice)) == 4


def test_a_large_campaign_is_made_and_sent_in_sets(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime, django_assert_max_num_queries: Any
) -> None:
    post.idempotent = True
    Resident.objects.bulk_create(
        Resident(id=f"Q{n:04}", forename="Q", phone=f"+4477009{n:05}", minted_at=noon) for n in range(1200)
    )
    ids = list(Resident.objects.filter(id__startswith="Q").values_list("id", flat=True))
    with django_assert_max_num_queries(60):
        campaign_id = create(alice, people, residents=ids)
    with django_assert_max_num_queries(20):
        actions.start_campaign(by=alice, campaign_id=campaign_id)
    with django_assert_max_num_queries(130):
        send_all(campaign_id)
    assert len(post.sent) == 1200
