"""A volunteer on a phone, and the coordinator's pages."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.policies import Viewer
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common.jobs import run_pending
from borough.volunteers import actions
from borough.volunteers.models import Offer, Volunteer

pytestmark = pytest.mark.django_db


def the_case() -> Any:
    return apps.get_model("cases", "Case").objects.get()


@pytest.fixture
def link(alice: Viewer, case_id: str, volunteers: None, post: Post) -> str:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    run_pending()
    return post.link("/volunteers/task/")


def test_yes_then_whom_then_done(client: Client, link: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        page = client.get(link).content.decode()
    assert "Somebody to do the shopping" in page
    assert "NW1" in page
    for secret in ("Lovelace", "High Street", "2DB"):
        assert secret not in page
    page = client.post(f"{link}answer/", {"answer": "accept"}, follow=True).content.decode()
    assert "last 4 digits" in page
    assert "High Street" not in page
    wrong = client.post(link, {"answer": "1234"}).content.decode()
    assert "not what we have" in wrong
    page = client.post(link, {"answer": "0101"}, follow=True).content.decode()
    for words in ("Ada Lovelace", "1 High Street", "tel:+447700900001", "I cannot get to the shops"):
        assert words in page
    # The same link on another phone shows no address.
    assert "High Street" not in Client().get(link).content.decode()
    page = client.post(f"{link}finish/", follow=True).content.decode()
    assert "You helped a neighbour" in page
    assert the_case().state == "delivered"
    gone = client.get(link)
    assert gone.status_code == 404
    assert "This task is finished" in gone.content.decode()


def test_no(client: Client, link: str) -> None:
    page = client.post(f"{link}answer/", {"answer": "decline"}, follow=True).content.decode()
    assert "Thank you for telling us so soon" in page
    assert client.get(link).status_code == 404
    assert Offer.objects.get().state == "declined"


def test_opening_a_link_changes_nothing(client: Client, link: str) -> None:
    """A mail scanner opens every link: only a pressed button answers."""
    for address in (link, f"{link}answer/", f"{link}finish/"):
        client.get(address)
    assert Offer.objects.get().state == "offered"


def test_a_worry_and_could_not(client: Client, link: str) -> None:
    assert client.get(f"{link}worry/").status_code == 404
    client.post(f"{link}answer/", {"answer": "accept"})
    assert "Write what worries you" in client.post(f"{link}worry/", {"text": ""}).content.decode()
    client.post(f"{link}worry/", {"text": "No heating"})
    assert the_case().concern
    page = client.post(f"{link}could-not/", {"text": "Nobody in"}, follow=True).content.decode()
    assert "We look for somebody else" in page
    assert the_case().state == "in_hand"


def test_staff_choose_and_take_back(
    grace: Client, case_id: str, volunteers: None, django_assert_max_num_queries: Any
) -> None:
    address = f"/volunteers/cases/{case_id}/"
    with django_assert_max_num_queries(36):
        page = grace.get(address).content.decode()
    assert re.findall(r"card__title\">([^<]+)<", page) == ["Vera Vale", "Bob Bell"]
    bob = Volunteer.objects.get(name="Bob Bell")
    grace.post(f"{address}offer/", {"volunteer_id": bob.id})
    page = grace.get(address).content.decode()
    assert "Waiting for an answer" in page
    assert "Vera Vale" not in page
    offer = Offer.objects.get()
    grace.post(f"{address}offers/{offer.id}/link/")
    assert Offer.objects.get().nonce != offer.nonce
    grace.post(f"{address}offers/{offer.id}/withdraw/")
    assert Offer.objects.get().state == "withdrawn"
    assert "Vera Vale" in grace.get(address).content.decode()


def test_the_list_and_the_match(
    grace: Client, case_id: str, volunteers: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        page = grace.get("/volunteers/").content.decode()
    assert "Vera Vale" in page
    page = grace.post("/volunteers/match/", follow=True).content.decode()
    assert "1 case of 1 was offered" in page


def test_the_public_sees_no_volunteers(client: Client, case_id: str) -> None:
    for address in ("/volunteers/", f"/volunteers/cases/{case_id}/"):
        assert client.get(address).status_code == 302
    assert client.get("/volunteers/task/nonsense/").status_code == 404
