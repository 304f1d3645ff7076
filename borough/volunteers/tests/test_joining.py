"""Somebody becomes a volunteer: the form, the link, the coordinator; and the links and forms that do nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.test import Client

from borough.accounts.actions import add_user
from borough.cases.tests.conftest import Post
from borough.common import clock
from borough.common.jobs import run_pending
from borough.volunteers.applications import token_of
from borough.volunteers.models import Volunteer, VolunteerApplication
from borough.volunteers.on_duty import free_helpers

pytestmark = pytest.mark.django_db

JOIN = "/volunteers/join/"
NORA = {
    "name": "Nora New",
    "phone": "07700 900 555",
    "email": "",
    "postcode": "nw12db",
    "skills": ["shopping", "isolation"],
    "languages": "English, Somali",
    "travel": "bike",
    "radius_km": "4.5",
    "capacity": "2",
    "consent": "on",
}


def apply(client: Client, **changed: object) -> str:
    return client.post(JOIN, {**NORA, **changed}, follow=True).content.decode()


@pytest.fixture
def link(client: Client, volunteers: None, post: Post) -> str:
    assert "We sent you a message" in apply(client)
    run_pending()
    assert post.sent[-1].to == "+447700900555"
    return post.link(JOIN)


@pytest.fixture
def olga() -> Client:
    """A browser where Olga, who coordinates volunteers, has signed in."""
    user_id, client = add_user(email="olga@example.org", name="Olga", role="coordinator"), Client()
    client.force_login(apps.get_model("accounts", "User").objects.get(pk=user_id))
    session = client.session
    session["second_factor_passed"] = True
    session.save()
    return client


def the_application() -> VolunteerApplication:
    return VolunteerApplication.objects.get()


def test_applied_confirmed_approved(
    client: Client, olga: Client, link: str, post: Post, django_assert_max_num_queries: Any
) -> None:
    assert "Nobody waits for a decision" in olga.get("/volunteers/applications/").content.decode()
    # A mail scanner opens every link: only the button confirms.
    assert "Hello Nora" in client.get(link).content.decode()
    assert the_application().state == "applied"
    assert "A coordinator reads what you wrote" in client.post(link, follow=True).content.decode()
    assert "1 person wants to volunteer" in olga.get("/volunteers/").content.decode()
    for number in range(9):
        VolunteerApplication.objects.create(
            state="confirmed",
            name=f"Other {number}",
            phone=f"+44770090070{number}",
            postcode="NW1 2DB",
            skills=["shopping"],
            travel="walk",
            radius_km=2,
            capacity=1,
            applied_at=clock.now(),
            confirmed_at=clock.now(),
        )
    with django_assert_max_num_queries(6):
        page = olga.get("/volunteers/applications/").content.decode()
    for words in (
        "Nora New",
        "07700 900 555",
        "Somebody to do the shopping, Somebody to talk to",
        "By bike, up to 4.5 km",
    ):
        assert words in page
    nora = VolunteerApplication.objects.get(name="Nora New")
    page = olga.post(f"/volunteers/applications/{nora.id}/approve/", follow=True).content.decode()
    assert "They are a volunteer now" in page
    run_pending()
    assert "welcome as a volunteer" in post.sent[-1].body
    volunteer = Volunteer.objects.get(name="Nora New")
    assert (volunteer.phone, volunteer.postcode, volunteer.skills) == (
        "+447700900555",
        "NW1 2DB",
        ["shopping", "isolation"],
    )
    assert (volunteer.languages, volunteer.radius_km, volunteer.capacity) == (["English", "Somali"], 4.5, 2)
    assert volunteer.lat is not None
    helper = next(one for one in free_helpers() if one.id == volunteer.id)
    assert helper.checked_until is None
    nora.refresh_from_db()
    assert (nora.state, nora.decided_at) == ("approved", clock.now())
    assert nora.decided_by
    again = olga.post(f"/volunteers/applications/{nora.id}/approve/")
    assert again.status_code == 409
    assert Volunteer.objects.filter(name="Nora New").count() == 1


def test_declined_with_a_reason_that_they_are_told(client: Client, olga: Client, link: str, post: Post) -> None:
    client.post(link)
    address = f"/volunteers/applications/{the_application().id}/decline/"
    assert "Write why" in olga.post(address, {"reason": ""}).content.decode()
    assert the_application().state == "confirmed"
    page = olga.post(address, {"reason": "You live too far from here."}, follow=True).content.decode()
    assert "You live too far from here." in page
    run_pending()
    assert "You live too far from here." in post.sent[-1].body
    assert not Volunteer.objects.filter(name="Nora New").exists()
    assert olga.get(address).status_code == 404


def test_what_is_not_confirmed_is_decided_by_nobody(olga: Client, link: str) -> None:
    address = f"/volunteers/applications/{the_application().id}"
    assert olga.post(f"{address}/approve/").status_code == 409
    assert olga.post(f"{address}/decline/", {"reason": "No."}).status_code == 404
    assert the_application().state == "applied"


def test_links_that_are_used_edited_late_or_replaced_open_nothing(
    client: Client, link: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "does not work" in client.get(f"{link[:-4]}xx/").content.decode()
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", lambda: (datetime.now(UTC) + timedelta(days=8)).timestamp())
        answer = client.post(link)
        assert answer.status_code == 404
        assert "expired" in answer.content.decode()
    apply(client, postcode="NW1 3BT")
    assert the_application().postcode == "NW1 3BT"
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 404
        assert "Open the newest message" in answer.content.decode()
    run_pending()
    newest = post.link(JOIN)
    assert newest != link
    client.post(newest)
    for answer in (client.get(newest), client.post(newest)):
        assert answer.status_code == 404
        assert "This link was used before" in answer.content.decode()


def test_a_volunteer_is_told_so_by_a_message_and_the_page_tells_nobody(
    client: Client, volunteers: None, post: Post
) -> None:
    page = apply(client, phone="07700 900101")
    assert "We sent you a message" in page
    assert "Vera" not in page
    run_pending()
    assert post.sent[-1].to == "+447700900101"
    assert "a volunteer of" in post.sent[-1].body
    assert "already" in post.sent[-1].body
    apply(client, phone="", email="Vera@example.org")
    assert not VolunteerApplication.objects.exists()


def test_who_applies_twice_has_one_application(client: Client, link: str, post: Post) -> None:
    sent = len(post.sent)
    apply(client)
    run_pending()
    assert (VolunteerApplication.objects.count(), len(post.sent)) == (1, sent)
    client.post(link)
    apply(client, name="Nora Newer")
    run_pending()
    assert the_application().name == "Nora New"
    assert "has your application" in post.sent[-1].body
    another = the_application()
    another.pk = "AOTHER"
    with pytest.raises(IntegrityError):
        another.save(force_insert=True)


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: Client, streets: None) -> None:
    page = apply(client, phone="12", postcode="nowhere", radius_km="far", capacity="0", skills=[], consent="")
    for words in (
        "Enter a phone number, like",
        "Enter a full postcode",
        "Enter kilometres from 0.5 to 50",
        "Enter a whole number from 1 to 50",
        "Select at least one thing",
        "Select that you agree",
        'value="Nora New"',
        'value="nowhere"',
        'value="far"',
        'value="English, Somali"',
    ):
        assert words in page
    assert "Enter a phone number or an email address" in apply(client, phone="")
    assert not VolunteerApplication.objects.exists()


def test_a_robot_and_a_script_store_nothing(client: Client, streets: None) -> None:
    assert "We sent you a message" in apply(client, website="https://spam.example")
    assert not VolunteerApplication.objects.exists()
    for number in range(5):
        page = apply(client, phone=f"07700 90030{number}")
    assert "several times in the last hour" in page
    assert VolunteerApplication.objects.count() == 4


def test_where_nobody_lives_the_coordinator_is_told(client: Client, olga: Client, streets: None) -> None:
    apply(client, postcode="ZE1 0AA")
    client.post(f"{JOIN}{token_of(the_application().id)}/")
    page = olga.post(f"/volunteers/applications/{the_application().id}/approve/", follow=True).content.decode()
    assert "their postcode is not in the gazetteer" in page


def test_whom_a_file_brought_meanwhile_is_not_made_twice(client: Client, olga: Client, link: str) -> None:
    client.post(link)
    Volunteer.objects.create(import_key="n", name="N. New", phone="+447700900555", postcode="NW1 2DB")
    answer = olga.post(f"/volunteers/applications/{the_application().id}/approve/")
    assert answer.status_code == 409
    assert "already" in answer.content.decode()
    assert (the_application().state, Volunteer.objects.filter(phone="+447700900555").count()) == ("confirmed", 1)
