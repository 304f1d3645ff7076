"""The link to a resident's own page: to whom it goes, that it works once, and that it gives nothing away."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.common.jobs import run_pending
from borough.governance.actions import ask_for_own_link, offer_own_link
from borough.governance.door import open_door
from borough.messaging.actions import set_preference
from borough.messaging.tests.conftest import Post, Resident, SearchTerm, add_resident

BORN = date(1946, 3, 27)
RIGHT = {"born_on-day": "27", "born_on-month": "3", "born_on-year": "1946"}
WRONG = RIGHT | {"born_on-year": "1947"}
ADA = "+447700900001"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(people: dict[str, str], open_agreements: None, noon: Any) -> str:
    Resident.objects.filter(pk="R1").update(dob=BORN)
    return "R1"


def links(post: Post) -> list[str]:
    run_pending()
    return [re.findall(r"/my-record/open/\S+", one.body)[0] for one in post.sent if "/my-record/open/" in one.body]


def ask(post: Post, contact: str = ADA, channel: str = "sms") -> str:
    ask_for_own_link(channel=channel, contact=contact)
    return links(post)[-1]


def test_the_page_opens_with_the_link_and_the_date_of_birth_and_shows_the_look(
    ada: str, post: Post, alice: Viewer, client: Client
) -> None:
    open_door(viewer=alice, purpose="offer-help", verb="residents.read_resident").saw([ada])
    assert client.get("/my-record/").headers["Location"] == "/my-record/ask/"
    client.post("/my-record/ask/", {"contact": "07700 900001"})
    [link] = links(post)
    assert post.sent[0].to == ADA
    answer = client.post(link, RIGHT)
    assert answer.headers["Location"] == "/my-record/"
    page = client.get("/my-record/")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Opened your record" in page.content.decode()
    assert "Alice" in page.content.decode()


def test_looking_at_the_link_uses_nothing_up_but_it_opens_once(ada: str, post: Post) -> None:
    link = ask(post)
    assert Client().get(link).status_code == 200
    assert Client().post(link, RIGHT).status_code == 302
    assert Client().get(link).status_code == 404
    assert Client().post(link, RIGHT).status_code == 404


def test_the_page_shuts_after_half_an_hour_and_when_they_have_finished(ada: str, post: Post, client: Client) -> None:
    client.post(ask(post), RIGHT)
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert client.get("/my-record/").status_code == 302
    assert client.get("/my-record/").status_code == 200
    copied = client.cookies["sessionid"].value
    client.post("/my-record/close/")
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get("/my-record/").status_code == 302


def test_a_wrong_date_shows_nothing_and_five_end_the_link(ada: str, post: Post) -> None:
    link = ask(post)
    for _try in range(5):
        page = Client().post(link, WRONG)
        assert "There is a problem" in page.content.decode()
    assert Client().post(link, RIGHT).status_code == 404


def test_the_link_dies_after_three_days(ada: str, post: Post) -> None:
    link = ask(post)
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert Client().get(link).status_code == 404


def test_the_answer_is_the_same_whether_we_hold_the_contact_or_not(ada: str, post: Post, client: Client) -> None:
    pages = {
        client.post("/my-record/ask/", {"contact": contact}).headers["Location"] for contact in (ADA, "07700900999")
    }
    assert len(pages) == 1
    assert len(links(post)) == 1


def test_a_contact_that_two_adults_share_gets_no_link(ada: str, post: Post) -> None:
    SearchTerm.objects.create(resident_id="R2", kind="phone", term=SearchTerm.objects.get(resident_id=ada).term)
    ask_for_own_link(channel="sms", contact=ADA)
    assert links(post) == []


def test_a_parents_telephone_opens_the_parents_page_and_not_the_childs(ada: str, post: Post) -> None:
    add_resident("R8", "Kid")
    Resident.objects.filter(pk="R8").update(dob=date(2018, 1, 1))
    SearchTerm.objects.create(resident_id="R8", kind="phone", term=SearchTerm.objects.get(resident_id=ada).term)
    link = ask(post)
    assert (
        "There is a problem"
        in Client().post(link, {"born_on-day": "1", "born_on-month": "1", "born_on-year": "2018"}).content.decode()
    )
    assert Client().post(link, RIGHT).status_code == 302


def test_no_more_than_three_links_a_day(ada: str, post: Post) -> None:
    for _time in range(5):
        ask_for_own_link(channel="sms", contact=ADA)
    assert len(links(post)) == 3


def test_a_worker_can_send_it_to_the_contact_on_record_only(
    ada: str, post: Post, alice: Viewer, analyst: Viewer
) -> None:
    offer_own_link(by=alice, purpose="offer-help", resident_id=ada)
    assert len(links(post)) == 1
    assert post.sent[0].to == ADA
    with pytest.raises(NotAllowed):
        offer_own_link(by=analyst, purpose="find-need", resident_id=ada)


def test_it_comes_at_night_and_to_those_who_want_no_other_messages(ada: str, post: Post, alice: Viewer) -> None:
    set_preference(by=alice, purpose="offer-help", resident_id=ada, channel="sms", allowed=False)
    with clock.at(clock.now().replace(hour=23)):
        assert ask(post)


def test_no_link_is_kept_readable_by_staff(ada: str, post: Post, alice: Viewer) -> None:
    from borough.messaging.queries import list_messages

    ask(post)
    texts = [one.text for one in list_messages(resident_id=ada, viewer=alice, purpose="offer-help")]
    assert texts
    assert not any("/my-record/open/" in text for text in texts)
