"""A volunteer on a phone, and the coordinator's pages."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import Viewer
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common.jobs import run_pending
from borough.volunteers import actions, queries
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


def test_a_worry_and_could_not(client: Client, link: str, post: Post) -> None:
    add_user(email="lin@a.example", name="Lin", role="link_worker")
    assert client.get(f"{link}worry/").status_code == 404
    client.post(f"{link}answer/", {"answer": "accept"})
    assert "Write what worries you" in client.post(f"{link}worry/", {"text": ""}).content.decode()
    client.post(f"{link}worry/", {"text": "No heating"})
    assert the_case().concern
    run_pending()
    assert the_case().reference in next(one.body for one in post.sent if one.to == "lin@a.example")
    page = client.post(f"{link}could-not/", {"text": "Nobody in"}, follow=True).content.decode()
    assert "We look for somebody else" in page
    assert the_case().state == "in_hand"


def test_staff_choose_and_take_back(
    grace: Client, case_id: str, volunteers: None, django_assert_max_num_queries: Any
) -> None:
    address = f"/volunteers/cases/{case_id}/"
    with django_assert_max_num_queries(50):
        page = grace.get(address).content.decode()
    assert re.findall(r"card__title\">([^<]+)<", page) == ["Vera Vale", "Bob Bell"]
    bob = Volunteer.objects.get(name="Bob Bell")
    task_id = re.findall(r'name="task_id" value="(\w+)"', page)[0]
    grace.post(f"{address}offer/", {"task_id": task_id, "volunteer_id": bob.id})
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
    assert "Nobody is asked yet" in page
    assert "Vera Vale" in page
    assert not Offer.objects.exists()


def test_a_coordinator_looks_through_changes_and_sends(grace: Client, case_id: str, volunteers: None) -> None:
    address = grace.post("/volunteers/match/").headers["Location"]
    change = re.findall(r'href="(/volunteers/proposals/\w+/\d+/)"', grace.get(address).content.decode())[0]
    assert re.findall(r"house-data\">([^<]+)<", grace.get(change).content.decode()) == ["Vera Vale", "Bob Bell"]
    bob = Volunteer.objects.get(name="Bob Bell")
    assert "Left out" in grace.post(change, follow=True).content.decode()
    assert "Bob Bell" in grace.post(change, {"volunteer_id": bob.id}, follow=True).content.decode()
    page = grace.post(f"{address}send/", follow=True).content.decode()
    assert "1 volunteer task is asked" in page
    assert Offer.objects.get().volunteer == bob
    assert "was sent" in grace.post(f"{address}send/", follow=True).content.decode()


def test_a_volunteer_looks_after_their_own_page(client: Client, link: str) -> None:
    assert "whose phone this is" in client.get("/volunteers/mine/").content.decode()
    client.post(f"{link}answer/", {"answer": "accept"})
    client.post(link, {"answer": "0101"})
    page = client.get("/volunteers/mine/").content.decode()
    for words in ("Hello Vera", "Somebody to do the shopping", "NW1", "You are on duty"):
        assert words in page
    for secret in ("Lovelace", "High Street", "2DB"):
        assert secret not in page
    client.post("/volunteers/mine/duty/", {"on": "no"})
    assert not Volunteer.objects.get(name="Vera Vale").on_duty
    wrong = client.post("/volunteers/mine/hours/", {}).content.decode()
    assert "Choose at least one time" in wrong
    assert "<title>Error: My tasks" in wrong
    client.post("/volunteers/mine/hours/", {"hours": ["mon_morning", "sat_night"]})
    assert Volunteer.objects.get(name="Vera Vale").hours == ["mon_morning", "sat_night"]
    days = {"first-day": "1", "first-month": "1", "first-year": "2030"}
    days |= {"last-day": "9", "last-month": "1", "last-year": "2030"}
    page = client.post("/volunteers/mine/away/", days, follow=True).content.decode()
    assert "1 January 2030 to 9 January 2030" in page
    wrong = client.post("/volunteers/mine/away/", {**days, "last-year": "2029"}).content.decode()
    assert "The last day is before the first" in wrong
    away = Volunteer.objects.get(name="Vera Vale").away.get()
    client.post(f"/volunteers/mine/away/{away.pk}/remove/")
    assert not Volunteer.objects.get(name="Vera Vale").away.exists()
    assert "whole number" in client.post(f"{link}finish/", {"minutes": "long"}).content.decode()
    client.post(f"{link}finish/", {"minutes": "90"})
    assert Offer.objects.get().minutes == 90
    page = client.get("/volunteers/mine/").content.decode()
    for words in ("You helped once", "about 2 hours", "reached a milestone"):
        assert words in page


def test_what_they_would_rather_not_do_is_asked_of_others_first(client: Client, link: str, alice: Viewer) -> None:
    client.post(f"{link}answer/", {"answer": "accept"})
    client.post(link, {"answer": "0101"})
    page = client.get("/volunteers/mine/").content.decode()
    assert "What would you rather not do?" in page
    assert "Somebody to walk the dog" not in page
    client.post("/volunteers/mine/rather-not/", {"rather_not": ["shopping", "dog_walking"]})
    assert Volunteer.objects.get(name="Vera Vale").rather_not == ["shopping"]
    assert re.search(r'value="shopping" checked', client.get("/volunteers/mine/").content.decode())
    (vera,) = [one for one in queries.free_helpers() if one.rather_not]
    assert vera.rather_not == {"shopping"}
    client.post("/volunteers/mine/rather-not/", {})
    assert Volunteer.objects.get(name="Vera Vale").rather_not == []


def test_another_phone_cannot_change_a_volunteer(client: Client, link: str) -> None:
    for address, data in (("duty/", {"on": "no"}), ("hours/", {"hours": ["mon_night"]}), ("rather-not/", {})):
        assert client.post(f"/volunteers/mine/{address}", data).status_code == 404
    assert Volunteer.objects.get(name="Vera Vale").on_duty


def test_staff_ask_one_after_the_other_and_keep_two_apart(grace: Client, case_id: str, volunteers: None) -> None:
    address = f"/volunteers/cases/{case_id}/"
    task = re.findall(r'name="task_id" value="(\w+)"', grace.get(address).content.decode())[0]
    grace.post(f"{address}live/", {"task_id": task})
    offer = Offer.objects.get()
    assert (offer.volunteer.name, offer.answer_minutes) == ("Vera Vale", 10)
    grace.post(f"{address}offers/{offer.id}/apart/")
    grace.post(f"{address}offers/{offer.id}/withdraw/")
    Offer.objects.all().delete()
    page = grace.get(address).content.decode()
    assert "Bob Bell" in page
    assert "Vera Vale" not in page


def test_the_public_sees_no_volunteers(client: Client, case_id: str) -> None:
    for address in ("/volunteers/", f"/volunteers/cases/{case_id}/"):
        assert client.get(address).status_code == 302
    assert client.get("/volunteers/task/nonsense/").status_code == 404
