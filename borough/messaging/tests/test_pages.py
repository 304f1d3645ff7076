"""The pages of messaging, for staff."""

from datetime import datetime
from typing import Any

import pytest

from borough.accounts.actions import add_user
from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.jobs import run_pending
from borough.messaging import actions, queries
from borough.messaging.models import Message
from borough.messaging.tests.conftest import TUESDAY_NOON, Post, User
from borough.messaging.tests.test_campaigns import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Any, open_agreements: None) -> Any:
    """A browser in which a contact worker has signed in and chosen a purpose."""
    user = User.objects.get(pk=add_user(email="grace@example.org", name="Grace", role="contact_worker"))
    client.force_login(user)
    session = client.session
    session["second_factor_passed"] = True
    session["purpose"] = "offer-help"
    session.save()
    return client


@pytest.fixture
def campaign_id(alice: Viewer, people: dict[str, str], post: Post, noon: datetime) -> str:
    return create(alice, people)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_of_campaigns(desk: Any, campaign_id: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        page = desk.get("/messages/")
    assert "Winter check-in" in words(page)
    assert f"/messages/campaigns/{campaign_id}/" in [f"/messages/{part}" for part in words(page).split('"')]
    assert "Winter check-in" in desk.get("/messages/?format=csv").content.decode()


def test_an_empty_list_says_what_to_do(desk: Any) -> None:
    assert "There are no campaigns yet" in words(desk.get("/messages/"))


def test_a_campaign_shows_its_size_its_words_and_their_cost(
    desk: Any, campaign_id: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        page = words(desk.get(f"/messages/campaigns/{campaign_id}/"))
    assert "Hello Margaret, this is Alderbrook Council." in page
    assert "Costs 1 text message each" in page
    assert "All of it costs about 2 text messages" in page
    assert "Ada" not in page


def test_starting_asks_first_and_says_when(desk: Any, campaign_id: str, post: Post) -> None:
    page = words(desk.get(f"/messages/campaigns/{campaign_id}/start/"))
    assert "Send this to 3 people?" in page
    assert "go out at once" in page
    with clock.at(TUESDAY_NOON.replace(hour=21)):
        page = words(desk.get(f"/messages/campaigns/{campaign_id}/start/"))
    assert "25 November 2026 at 9am" in page
    assert post.sent == []
    assert desk.post(f"/messages/campaigns/{campaign_id}/start/").status_code == 302
    run_pending()
    assert len(post.sent) == 3
    page = words(desk.get(f"/messages/campaigns/{campaign_id}/"))
    assert "people replied" in page
    # A second press of the button is told that it has started.
    assert desk.post(f"/messages/campaigns/{campaign_id}/start/").status_code == 409


def test_stopping_needs_a_reason(desk: Any, campaign_id: str) -> None:
    page = words(desk.post(f"/messages/campaigns/{campaign_id}/stop/", {"reason": ""}))
    assert "There is a problem" in page
    assert 'href="#id_reason"' in page
    assert 'id="id_reason"' in page
    desk.post(f"/messages/campaigns/{campaign_id}/stop/", {"reason": "A wrong word"})
    assert "A wrong word" in words(desk.get(f"/messages/campaigns/{campaign_id}/"))


def test_the_words_can_be_changed_and_a_mistake_is_kept_and_named(desk: Any, campaign_id: str) -> None:
    address = f"/messages/campaigns/{campaign_id}/wording/"
    assert "Hello ((forename))" in words(desk.get(address))
    wrong = {"sms": "Hi ((surname)) typed", "email_subject": "s", "email_body": "b"}
    page = words(desk.post(address, wrong))
    assert "Hi ((surname)) typed" in page
    assert "((surname)), which has no value" in page
    assert desk.post(address, {**wrong, "sms": "Hi ((forename))"}).status_code == 302
    assert "Hi Margaret" in words(desk.get(f"/messages/campaigns/{campaign_id}/"))


def test_whom_to_telephone(desk: Any, campaign_id: str) -> None:
    page = words(desk.get(f"/messages/campaigns/{campaign_id}/not-reached/"))
    assert "Dee Test" in page
    assert "+442079460001" in page


def test_the_inbox(desk: Any, campaign_id: str, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        actions.receive_message(
            channel="sms", sender=f"+44770090000{number}", text=f"<b>Who {number}</b>", provider_id=f"p{number}"
        )
    with django_assert_max_num_queries(20):
        page = words(desk.get("/messages/inbox/"))
    assert "Ada Test" in page
    assert "Somebody we do not know" in page
    assert "&lt;b&gt;Who 1&lt;/b&gt;" in page
    first = Message.objects.filter(direction="in").order_by("id")[0]
    desk.post(f"/messages/inbox/{first.id}/dealt-with/")
    assert queries.count_inbox() == 4
    assert desk.get(f"/messages/inbox/{first.id}/dealt-with/").status_code == 405


def test_an_empty_inbox_says_so(desk: Any) -> None:
    assert "No reply waits for you" in words(desk.get("/messages/inbox/"))


@pytest.mark.parametrize("page", ["", "inbox/", "campaigns/CM1/", "campaigns/CM1/start/", "campaigns/CM1/not-reached/"])
def test_the_public_is_asked_to_sign_in(client: Any, page: str, db: None) -> None:
    assert client.get(f"/messages/{page}").status_code == 302


def test_no_such_campaign(desk: Any) -> None:
    assert desk.get("/messages/campaigns/CMNONE/").status_code == 404
