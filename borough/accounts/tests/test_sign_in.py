"""Signing in: two factors, locks, and what an attacker meets."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from borough.accounts.actions import LOCK_AFTER, add_user, make_rehearsal_link
from borough.accounts.models import User
from borough.accounts.policies import CONTACT_WORKER, PARTNER
from borough.accounts.queries import viewer_for
from borough.common import clock
from borough.common.errors import NotFound, Problem

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SIGN_IN, CODE = "/sign-in/", "/sign-in/code/"


@pytest.fixture
def grace(open_agreements: None) -> User:
    """A contact worker with an authenticator app set up."""
    user = User.objects.get(pk=add_user(email="grace@a.example", name="Grace", role=CONTACT_WORKER, password=PASSWORD))
    user.totp_secret, user.totp_confirmed_at = pyotp.random_base32(), clock.now()
    user.save()
    return user


def code_of(user: User) -> str:
    return pyotp.TOTP(user.totp_secret).at(clock.now())


def give_password(client: Client, password: str = PASSWORD, **more: str) -> int:
    return client.post(SIGN_IN, {"email": "Grace@a.example", "password": password, **more}).status_code


def is_in(client: Client) -> bool:
    return client.get("/governance/purpose/").status_code == 302 and "/sign-in/" not in client.get(
        "/governance/purpose/"
    ).headers.get("Location", "")


def test_both_factors_let_in(client: Client, grace: User) -> None:
    assert give_password(client) == 302
    assert not is_in(client)
    assert client.post(CODE, {"code": code_of(grace)}).headers["Location"] == reverse("web:staff_home")
    assert is_in(client)


def test_the_password_alone_opens_nothing(client: Client, grace: User) -> None:
    give_password(client)
    assert client.get("/staff/").headers["Location"].startswith(SIGN_IN)


def test_the_code_page_without_the_password_sends_back(client: Client) -> None:
    assert client.get(CODE).headers["Location"] == SIGN_IN
    assert client.post(CODE, {"code": "123456"}).headers["Location"] == SIGN_IN


def test_a_code_works_once(client: Client, grace: User) -> None:
    code = code_of(grace)
    give_password(client)
    client.post(CODE, {"code": code})
    other = Client()
    give_password(other)
    assert "That code is wrong" in other.post(CODE, {"code": code}).content.decode()
    assert not is_in(other)


def test_five_wrong_passwords_lock_for_fifteen_minutes(client: Client, grace: User) -> None:
    for _ in range(LOCK_AFTER):
        assert give_password(client, "wrong") == 200
    assert give_password(client) == 200
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert give_password(client) == 302


def test_a_stranger_who_guesses_keeps_nobody_out_of_a_browser_that_they_know(client: Client, grace: User) -> None:
    give_password(client)
    client.post(CODE, {"code": code_of(grace)})
    client.post("/sign-out/")
    stranger = Client()
    for _ in range(LOCK_AFTER):
        give_password(stranger, "wrong")
    assert give_password(stranger) == 200
    assert give_password(client) == 302
    with clock.at(clock.now() + timedelta(minutes=1)):
        client.post(CODE, {"code": code_of(grace)})
    assert is_in(client)
    # Nor may whoever has that browser guess for ever.
    client.post("/sign-out/")
    for _ in range(LOCK_AFTER):
        give_password(client, "wrong")
    assert give_password(client) == 200


@pytest.mark.parametrize("cookie", ["", "U1", "forged:x:y"])
def test_a_browser_that_says_so_itself_is_not_known(client: Client, grace: User, cookie: str) -> None:
    for _ in range(LOCK_AFTER):
        give_password(Client(), "wrong")
    client.cookies["known"] = cookie or grace.pk
    assert give_password(client) == 200


def test_five_wrong_codes_lock_even_the_right_one(client: Client, grace: User) -> None:
    give_password(client)
    right = code_of(grace)
    for _ in range(LOCK_AFTER):
        client.post(CODE, {"code": "000000" if right != "000000" else "111111"})
    client.post(CODE, {"code": right})
    assert not is_in(client)


def test_an_unknown_address_reads_the_same_as_a_wrong_password(client: Client, grace: User) -> None:
    def text(email: str) -> str:
        page = client.post(SIGN_IN, {"email": email, "password": "wrong"}).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert text("grace@a.example") == text("nobody@a.example")


def test_a_closed_account_stays_out(client: Client, grace: User) -> None:
    User.objects.update(is_active=False)
    assert give_password(client) == 200


def test_the_first_time_shows_the_key(client: Client, grace: User) -> None:
    User.objects.update(totp_secret="", totp_confirmed_at=None)
    give_password(client)
    page = client.get(CODE).content.decode()
    grace.refresh_from_db()
    assert grace.totp_secret[:4] in page
    assert 'src="data:image/svg+xml' in page
    client.post(CODE, {"code": code_of(grace)})
    assert is_in(client)
    grace.refresh_from_db()
    assert grace.totp_confirmed_at is not None


def test_a_confirmed_key_is_never_shown_again(client: Client, grace: User) -> None:
    give_password(client)
    assert grace.totp_secret[:4] not in client.get(CODE).content.decode()


def test_the_session_key_changes_at_both_steps(client: Client, grace: User) -> None:
    client.get(SIGN_IN)
    client.session.save()
    give_password(client)
    after_password = client.session.session_key
    client.post(CODE, {"code": code_of(grace)})
    assert client.session.session_key != after_password
    stolen = Client()
    stolen.cookies["sessionid"] = str(after_password)
    assert not is_in(stolen)


def test_next_leads_to_pages_of_this_site_only(client: Client, grace: User) -> None:
    give_password(client, next="/governance/agreements/")
    assert client.post(CODE, {"code": code_of(grace)}).headers["Location"] == "/governance/agreements/"
    with clock.at(clock.now() + timedelta(minutes=1)):
        other = Client()
        give_password(other, next="https://evil.example/")
        assert other.post(CODE, {"code": code_of(grace)}).headers["Location"] == "/staff/"


def test_signing_out_needs_a_post(client: Client, grace: User) -> None:
    client.get(make_rehearsal_link(grace.id))
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    client.post("/sign-out/")
    assert not is_in(client)


def test_signing_in_needs_the_form_token(grace: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(SIGN_IN, {"email": "grace@a.example", "password": PASSWORD})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_a_rehearsal_link_signs_in_for_a_day(client: Client, grace: User) -> None:
    link = make_rehearsal_link(grace.id)
    assert client.get(link).status_code == 302
    assert is_in(client)
    with clock.at(clock.now() + timedelta(hours=1)):
        assert Client().get(link).status_code == 302
    assert Client().get(link[:-3] + "xy/").status_code == 404


def test_a_rehearsal_link_runs_out(client: Client, grace: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = make_rehearsal_link(grace.id)
    monkeypatch.setattr("borough.accounts.actions.KEEP_REHEARSAL_LINK", timedelta(seconds=-1))
    assert client.get(link).status_code == 404
    assert not is_in(client)


def test_a_live_borough_has_no_rehearsal_links(client: Client, grace: User, settings: object) -> None:
    link = make_rehearsal_link(grace.id)
    settings.REHEARSAL = False  # type: ignore[attr-defined]
    assert client.get(link).status_code == 404
    assert not is_in(client)
    with pytest.raises(Problem):
        make_rehearsal_link(grace.id)


def test_a_link_for_somebody_who_left_opens_nothing(client: Client, grace: User) -> None:
    link = make_rehearsal_link(grace.id)
    User.objects.update(is_active=False)
    assert client.get(link).status_code == 404


def test_a_staff_page_is_not_kept_by_the_browser(client: Client, grace: User) -> None:
    client.get(make_rehearsal_link(grace.id))
    client.get("/governance/purpose/")
    assert client.get("/governance/agreements/").headers["Cache-Control"] == "private, no-store"


def test_a_sent_form_is_not_asked_for_again_after_signing_in(client: Client) -> None:
    assert client.post("/governance/agreements/x/revoke/").headers["Location"] == SIGN_IN


def test_an_edited_token_is_told_from_its_reader_in_words(grace: User) -> None:
    from borough.accounts.actions import user_of_rehearsal_link

    with pytest.raises(NotFound):
        user_of_rehearsal_link("nonsense")


def test_a_partner_signs_in_to_their_inbox_and_to_no_page_for_staff(client: Client, grace: User) -> None:
    partner = add_user(email="pat@b.example", name="Pat", role=PARTNER, organization_id="O1")
    assert client.get(make_rehearsal_link(partner)).headers["Location"] == reverse("referrals:inbox")
    viewer = viewer_for(User.objects.get(pk=partner))
    assert (viewer.kind, viewer.organization, viewer.name) == ("partner", "O1", "Pat, Partner organisation")
    for page in ("/staff/", "/cases/", "/residents/", "/governance/purpose/", "/governance/agreements/"):
        assert client.get(page).status_code == 403, page


def test_a_partner_and_nobody_else_has_an_organisation() -> None:
    for role, organization in ((PARTNER, ""), (CONTACT_WORKER, "O1")):
        with pytest.raises(Problem, match="organisation"):
            add_user(email="pat@b.example", name="Pat", role=role, organization_id=organization)
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(email="pat@b.example", name="Pat", role=role, organization_id=organization)
