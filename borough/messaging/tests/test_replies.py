"""What happens when residents answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import subscribe
from borough.common.jobs import run_pending
from borough.common.links import make_token
from borough.governance.actions import revoke_agreement
from borough.messaging import actions, queries
from borough.messaging.events import HelpAsked, ReplyReceived
from borough.messaging.models import Message, Preference
from borough.messaging.sending import PREFERENCES_LINK
from borough.messaging.tests.conftest import WORDING, LedgerEntry, LedgerSubject, Post, Resident, add_resident
from borough.messaging.tests.test_campaigns import create, states
from borough.messaging.wording import Wording

pytestmark = pytest.mark.django_db

heard: list[Any] = []


def hear_help(event: HelpAsked) -> None:
    heard.append(event)


def hear_reply(event: ReplyReceived) -> None:
    heard.append(event)


@pytest.fixture(autouse=True)
def ears(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setattr("borough.common.events._handlers", {})
    subscribe(HelpAsked, hear_help)
    subscribe(ReplyReceived, hear_reply)


@pytest.fixture
def campaign_id(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> str:
    """A campaign that has gone out."""
    campaign_id = create(alice, people)
    actions.start_campaign(by=alice, campaign_id=campaign_id)
    run_pending()
    return campaign_id


def receive(text: str, sender: str = "+447700900001", provider_id: str = "p1", **more: Any) -> str:
    message_id = actions.receive_message(
        **{"channel": "sms", "sender": sender, "text": text, "provider_id": provider_id, **more}
    )
    run_pending()
    return message_id


def told(resident_id: str) -> dict[str, bool]:
    return dict(Preference.objects.filter(resident_id=resident_id).values_list("channel", "allowed"))


def test_help_is_announced_once_with_whose_and_what_service(campaign_id: str) -> None:
    message_id = receive("HELP shopping")
    assert receive("HELP shopping") == message_id
    assert heard == [HelpAsked(message_id=message_id, resident_id="R1", service="community_aid")]
    assert Message.objects.filter(direction="in").count() == 1


def test_a_second_cry_for_help_is_for_the_person_who_has_the_case(campaign_id: str) -> None:
    receive("HELP shopping")
    second = receive("Yes please today", provider_id="p2")
    assert heard[1:] == [ReplyReceived(message_id=second, resident_id="R1", reading="help")]


def test_help_waits_in_the_inbox_until_somebody_has_it(campaign_id: str, alice: Viewer) -> None:
    message_id = receive("HELP shopping")
    inbox = queries.list_inbox(viewer=alice, purpose="offer-help")
    assert [(each.id, each.name, each.text, each.reading) for each in inbox] == [
        (message_id, "Ada Test", "HELP shopping", "help")
    ]
    actions.deal_with_reply(by=alice, purpose="offer-help", message_id=message_id)
    actions.deal_with_reply(by=alice, purpose="offer-help", message_id=message_id)
    assert queries.count_inbox() == 0
    assert Message.objects.get(pk=message_id).dealt_with_by == "Alice"


def test_stop_closes_every_channel_at_once_and_is_confirmed_once(
    campaign_id: str, alice: Viewer, post: Post, noon: datetime
) -> None:
    waiting = actions.send_message(by=alice, purpose="offer-help", resident_id="R2", wording=WORDING, key="w")
    before = len(post.sent)
    # At 11pm: the confirmation answers what they just did, so it does not wait.
    with clock.at(noon.replace(hour=23)):
        receive("Stop", sender="07700 900002")
        receive("STOP!", sender="07700 900002", provider_id="p2")
    assert told("R2") == {"sms": False, "email": False}
    assert Message.objects.get(pk=waiting).state == "cancelled"
    assert [each.to for each in post.sent[before:]] == ["+447700900002"]
    assert "will not message you again" in post.sent[-1].body
    assert heard == []
    assert queries.count_inbox() == 0
    assert actions.send_message(by=alice, purpose="offer-help", resident_id="R2", wording=WORDING, key="later") is None
    assert queries.read_campaign(campaign_id, viewer=alice).counts.said_stop == 1


def test_no_is_counted_and_needs_nobody(campaign_id: str, alice: Viewer) -> None:
    receive("No thanks")
    assert heard == []
    assert queries.count_inbox() == 0
    assert queries.read_campaign(campaign_id, viewer=alice).counts.said_no == 1
    assert told("R1") == {}


def test_other_words_are_for_a_person_to_read(campaign_id: str, alice: Viewer) -> None:
    message_id = receive("Who is this?")
    assert heard == [ReplyReceived(message_id=message_id, resident_id="R1")]
    assert queries.count_inbox() == 1


def test_on_a_shared_phone_the_last_message_decides_whose_answer_it_is(
    alice: Viewer, people: dict[str, str], post: Post, noon: datetime
) -> None:
    add_resident("R7", "Gus", phone="+447700900001")
    for minute, resident_id in enumerate(["R1", "R7"]):
        with clock.at(noon + timedelta(minutes=minute)):
            actions.start_campaign(by=alice, campaign_id=create(alice, people, residents=[resident_id]))
            run_pending()
    receive("HELP", at=noon + timedelta(hours=1))
    assert heard[0].resident_id == "R7"


def test_stop_on_a_shared_phone_closes_it_for_all_who_have_it(
    campaign_id: str, alice: Viewer, people: dict[str, str]
) -> None:
    add_resident("R7", "Gus", phone="+447700900001", email="gus@example.org")
    receive("STOP")
    assert told("R1") == {"sms": False, "email": False}
    assert told("R7") == {"sms": False}


def test_somebody_we_never_wrote_to_is_found_by_their_number(alice: Viewer, people: dict[str, str], post: Post) -> None:
    message_id = receive("HELP", sender="+442079460001", channel="sms")
    assert heard == [ReplyReceived(message_id=message_id, resident_id="R4", reading="help")]


@pytest.mark.parametrize("sender", ["+447700900555", "60777", "anonymous", ""])
def test_an_unknown_sender_is_kept_without_a_name(
    alice: Viewer, people: dict[str, str], post: Post, sender: str
) -> None:
    message_id = receive("HELP", sender=sender)
    assert heard == [ReplyReceived(message_id=message_id, resident_id="", reading="help")]
    row = queries.list_inbox(viewer=alice, purpose="offer-help")[0]
    assert (row.resident_id, row.text) == ("", "HELP")


def test_an_unknown_number_that_two_residents_have_is_nobodys(
    alice: Viewer, people: dict[str, str], post: Post
) -> None:
    add_resident("R7", "Gus", phone="+447700900001")
    receive("HELP")
    assert heard[0].resident_id == ""


def test_an_answer_about_a_case_is_not_a_new_cry_for_help(campaign_id: str, alice: Viewer, noon: datetime) -> None:
    with clock.at(noon + timedelta(hours=1)):
        actions.send_message(
            by=alice,
            purpose="offer-help",
            resident_id="R1",
            wording=Wording(sms="Was it met?"),
            about="case:7",
            key="q",
        )
        run_pending()
    message_id = receive("YES", at=noon + timedelta(hours=2))
    assert heard == [ReplyReceived(message_id=message_id, resident_id="R1", about="case:7", reading="help")]


def test_an_email_is_kept_without_what_it_quotes(campaign_id: str, alice: Viewer) -> None:
    text = "Help please, shopping\n\nOn Tue, 24 Nov 2026, Alderbrook Council wrote:\n> Reply STOP"
    message_id = receive(text, sender="Cyd@Example.org", channel="email")
    assert heard[0] == HelpAsked(message_id=message_id, resident_id="R3", service="community_aid")
    view = queries.read_message(message_id, viewer=alice, purpose="offer-help")
    assert view.text == "Help please, shopping"


def test_after_a_merge_the_answer_belongs_to_the_resident_that_is_left(campaign_id: str, noon: datetime) -> None:
    Resident.objects.filter(pk="R1").update(retired_at=noon, retired_into="R2")
    receive("HELP")
    assert heard[0].resident_id == "R2"


def test_text_that_would_break_a_database_is_kept(alice: Viewer, people: dict[str, str], post: Post) -> None:
    message_id = receive("HELP\x00 me" + "x" * 20_000)
    assert len(Message.objects.get(pk=message_id).body) == 10_000


def test_a_channel_we_do_not_have_is_refused() -> None:
    with pytest.raises(Problem, match="fax"):
        actions.receive_message(channel="fax", sender="1", text="HELP", provider_id="x")


def test_without_an_agreement_an_answer_is_still_kept_and_a_no_obeyed(
    campaign_id: str, ig_officer: Viewer, alice: Viewer
) -> None:
    revoke_agreement(by=ig_officer, reference="help-messages", reason="Ended")
    receive("STOP")
    assert told("R1") == {"sms": False, "email": False}
    assert LedgerEntry.objects.filter(kind="denied", verb="messaging.receive_message").exists()


def test_an_answer_is_in_the_ledger_of_its_resident(campaign_id: str) -> None:
    receive("HELP")
    entry = LedgerEntry.objects.get(verb="messaging.receive_message", kind="write")
    assert list(LedgerSubject.objects.filter(entry=entry).values_list("resident_id", flat=True)) == ["R1"]


def test_reading_the_inbox_is_in_the_ledger_with_those_in_it(campaign_id: str, alice: Viewer) -> None:
    receive("Who is this?")
    queries.list_inbox(viewer=alice, purpose="offer-help")
    entry = LedgerEntry.objects.get(verb="messaging.list_inbox", kind="read")
    assert list(LedgerSubject.objects.filter(entry=entry).values_list("resident_id", flat=True)) == ["R1"]


def test_the_figures_count_people_and_not_messages(campaign_id: str, alice: Viewer) -> None:
    receive("HELP")
    receive("HELP again", provider_id="p2")
    receive("No", sender="+447700900002", provider_id="p3")
    counts = queries.read_campaign(campaign_id, viewer=alice).counts
    assert (counts.replied, counts.asked_for_help, counts.said_no, counts.people) == (2, 1, 1, 5)


# --- the resident's own page


def preferences_page(resident_id: str) -> str:
    return f"/messages/preferences/{make_token(PREFERENCES_LINK, resident_id)}/"


def test_a_resident_stops_messages_by_their_link(campaign_id: str, client: Any, alice: Viewer) -> None:
    page = client.get(preferences_page("R1"))
    assert page.status_code == 200
    assert "Ada" not in page.content.decode()
    assert told("R1") == {}
    page = client.post(preferences_page("R1"), {"allowed": "email"})
    assert "We have saved your choice" in page.content.decode()
    assert told("R1") == {"sms": False, "email": True}
    assert states(create(alice, {"mobile": "R1"})) == {}


def test_a_resident_may_start_them_again(campaign_id: str, client: Any) -> None:
    client.post(preferences_page("R1"), {"allowed": ""})
    assert told("R1") == {"sms": False, "email": False}
    client.post(preferences_page("R1"), {"allowed": "sms email"})
    assert told("R1") == {"sms": True, "email": True}


def test_a_resident_can_say_no_without_any_agreement(campaign_id: str, client: Any, ig_officer: Viewer) -> None:
    revoke_agreement(by=ig_officer, reference="help-messages", reason="Ended")
    client.post(preferences_page("R1"), {"allowed": ""})
    assert told("R1") == {"sms": False, "email": False}


def test_a_changed_link_does_not_work(campaign_id: str, client: Any) -> None:
    assert client.get(preferences_page("R1")[:-3] + "x/").status_code == 404
    with pytest.raises(NotFound):
        from borough.common.links import read_token

        read_token("another kind", make_token(PREFERENCES_LINK, "R1"), keep=timedelta(days=1))
