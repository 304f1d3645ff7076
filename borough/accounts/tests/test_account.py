"""One's own account, and what whoever looks after accounts does: passwords, sessions, closing, a lost phone."""

import logging
import re
from datetime import timedelta
from io import StringIO

import pyotp
import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from borough.accounts.actions import LOCK_AFTER, add_user, give_first_password, make_rehearsal_link, sign_out_of
from borough.accounts.models import AccountEvent, SignIn, User
from borough.accounts.passwords import is_easy_to_guess
from borough.accounts.policies import CONTACT_WORKER
from borough.accounts.queries import list_sessions
from borough.accounts.sessions import IDLE, LONGEST, browser_words, forget_sessions
from borough.common import clock

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long enough password", "otter lantern gravel"
EMAIL = "grace@a.example"


@pytest.fixture
def grace(open_agreements: None) -> User:
    user = User.objects.get(pk=add_user(email=EMAIL, name="Grace Hopper", role=CONTACT_WORKER, password=PASSWORD))
    user.totp_secret, user.totp_confirmed_at = pyotp.random_base32(), clock.now()
    user.save()
    return user


def sign_in(user: User, agent: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0") -> Client:
    client = Client(headers={"user-agent": agent})
    client.get(make_rehearsal_link(user.pk))
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def kinds() -> list[str]:
    return list(AccountEvent.objects.order_by("id").values_list("kind", flat=True))


def change(client: Client, old: str = PASSWORD, new: str = NEW) -> str:
    return client.post("/account/password/", {"old": old, "new": new}).content.decode()


def run(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(grace: User) -> None:
    here, there = sign_in(grace), sign_in(grace)
    assert "This is not your password" in change(here, old="wrong")
    assert is_in(there)
    change(here)
    assert is_in(here)
    assert not is_in(there)
    grace.refresh_from_db()
    assert grace.check_password(NEW)
    assert kinds()[-2:] == ["wrong_password", "password_changed"]
    assert [one.here for one in list_sessions(grace, here=str(here.session.session_key))] == [True]


def test_five_wrong_old_passwords_lock(grace: User) -> None:
    client = sign_in(grace)
    for _ in range(LOCK_AFTER):
        change(client, old="wrong")
    assert "This is not your password" in change(client)
    assert kinds()[-1] == "locked"


def test_the_same_password_is_no_new_one(grace: User) -> None:
    assert "Choose another" in change(sign_in(grace), new=PASSWORD)


def test_people_see_their_sessions_and_end_them(grace: User) -> None:
    here, there = sign_in(grace), sign_in(grace, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1")
    page = here.get("/account/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    other = list_sessions(grace, here=str(here.session.session_key))[0]
    here.post("/account/sign-out/", {"session": other.id})
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_the_session_of_another(grace: User) -> None:
    ada = User.objects.get(pk=add_user(email="ada@a.example", name="Ada", role=CONTACT_WORKER))
    client = sign_in(grace)
    assert sign_out_of(ada, here="", only=SignIn.objects.get().pk) == 0
    assert is_in(client)


@pytest.mark.parametrize(("stamp", "ago"), [("used", IDLE), ("began", LONGEST)])
def test_a_session_ends_when_it_is_not_used_and_at_last(grace: User, stamp: str, ago: timedelta) -> None:
    client = sign_in(grace)
    for seconds, stays in ((-60, True), (60, False)):
        session = client.session
        session[stamp] = clock.now().timestamp() - ago.total_seconds() - seconds
        session.save()
        assert is_in(client) is stays
    assert client.session.get("_auth_user_id") is None
    assert not SignIn.objects.exists()


def test_what_a_script_asks_is_no_use(grace: User) -> None:
    client = sign_in(grace)
    session = client.session
    session["used"] = before = clock.now().timestamp() - 600
    session.save()
    client.get("/account/", headers={"sec-fetch-dest": "empty"})
    assert client.session["used"] == before
    client.get("/account/", headers={"sec-fetch-dest": "document"})
    assert client.session["used"] > before


def test_asking_how_long_the_session_goes_on_prolongs_and_ends_nothing(grace: User) -> None:
    client = sign_in(grace)
    assert 1790 <= int(client.get("/sign-in/still/").content) <= 1800
    age(client)
    assert client.get("/sign-in/still/").content == b"0"
    assert client.session["_auth_user_id"] == grace.pk
    assert client.post("/sign-in/still/").content == b"0"
    assert Client().get("/sign-in/still/").content == b"0"
    assert not is_in(client)


def test_who_wants_to_stay_stays(grace: User) -> None:
    client = sign_in(grace)
    session = client.session
    session["used"] -= 1700
    session.save()
    assert int(client.get("/sign-in/still/").content) <= 100
    assert int(client.post("/sign-in/still/", headers={"sec-fetch-dest": "empty"}).content) >= 1790
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/still/").status_code == 403


def test_a_session_without_a_beginning_is_over(grace: User) -> None:
    client = sign_in(grace)
    session = client.session
    del session["began"]
    session.save()
    assert not is_in(client)


def test_closing_an_account_ends_its_sessions_and_keeps_it_out(grace: User) -> None:
    client = sign_in(grace)
    run("staff", "--close", EMAIL, "--by", "Ada Admin")
    assert not is_in(client)
    assert Client().post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 200
    assert "closed" in run("staff")
    run("staff", "--open", EMAIL, "--by", "Ada Admin")
    assert Client().post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 302
    assert "Account closed (Ada Admin)" in run("staff", "--events", EMAIL)


def test_an_administrator_ends_somebodys_sessions(grace: User) -> None:
    client, other = sign_in(grace), sign_in(grace)
    assert "2 browsers" in run("staff", "--end-sessions", EMAIL, "--by", "Ada Admin")
    assert not is_in(client)
    assert not is_in(other)


def test_a_lost_second_factor_takes_two_people(grace: User) -> None:
    client = sign_in(grace)
    for second in ("", "ada admin "):
        with pytest.raises(CommandError, match="two people"):
            run("staff", "--new-second-factor", EMAIL, "--by", "Ada Admin", "--confirmed-by", second)
    run("staff", "--new-second-factor", EMAIL, "--by", "Ada Admin", "--confirmed-by", "Grace's manager")
    assert not is_in(client)
    grace.refresh_from_db()
    assert (grace.totp_secret, grace.totp_confirmed_at) == ("", None)
    assert AccountEvent.objects.get(kind="factor_removed").by == "Ada Admin, confirmed by Grace's manager"


def test_a_change_says_who_makes_it(grace: User) -> None:
    with pytest.raises(CommandError, match="--by"):
        run("staff", "--close", EMAIL)
    with pytest.raises(CommandError, match="Nobody signs in"):
        run("staff", "--close", "nobody@a.example", "--by", "Ada Admin")


def first_password_of(email: str) -> str:
    said = run("add_staff", "--email", email, "--name", "Joan Clarke", "--role", CONTACT_WORKER)
    return said.partition("password: ")[2].partition("\n")[0]


def test_a_first_password_is_random_and_has_to_be_changed(client: Client) -> None:
    passwords = {first_password_of(f"joan{number}@a.example") for number in range(3)}
    assert len(passwords) == 3
    given = passwords.pop()
    joan = next(one for one in User.objects.all() if one.check_password(given))
    assert client.post("/sign-in/", {"email": joan.email, "password": given}).status_code == 302
    assert client.get("/sign-in/password/").headers["Location"] == "/sign-in/"
    client.get("/sign-in/code/")
    joan.refresh_from_db()
    answer = client.post("/sign-in/code/", {"code": pyotp.TOTP(joan.totp_secret).at(clock.now())})
    assert answer.headers["Location"] == "/sign-in/password/"
    assert not is_in(client)
    assert "easy to guess" in client.post("/sign-in/password/", {"new": "joanclarke1234"}).content.decode()
    assert client.post("/sign-in/password/", {"new": given}).status_code == 200
    assert client.post("/sign-in/password/", {"new": NEW}).status_code == 302
    assert is_in(client)
    assert kinds()[-3:] == ["factor_set", "password_changed", "signed_in"]
    assert Client().post("/sign-in/", {"email": joan.email, "password": given}).status_code == 200


def test_a_first_password_works_for_three_days(grace: User, client: Client) -> None:
    given = give_first_password(email=EMAIL, done_by="Ada Admin")
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert client.post("/sign-in/", {"email": EMAIL, "password": given}).status_code == 200
    assert client.post("/sign-in/", {"email": EMAIL, "password": given}).status_code == 302


def test_a_forgotten_password_is_replaced_and_the_second_factor_stays(grace: User) -> None:
    client = sign_in(grace)
    assert "with this password and their code" in run("staff", "--new-password", EMAIL, "--by", "Ada Admin")
    assert not is_in(client)
    grace.refresh_from_db()
    assert grace.totp_secret
    assert not grace.check_password(PASSWORD)


def test_adding_somebody_again_leaves_their_password(grace: User) -> None:
    run("add_staff", "--email", EMAIL, "--name", "Grace", "--role", CONTACT_WORKER)
    grace.refresh_from_db()
    assert grace.name == "Grace"
    assert grace.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        *("passwordpassword", "password1234", "P4ssw0rd!!!!", "qwertyuiop12", "liverpool2024", "123456789012"),
        *("alderbrook2026", "BoroughCouncil1", "Summer2026!!", "welcomewelcome", "abcabcabcabc", "dragon-monkey-7"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    assert is_easy_to_guess(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "correct horse battery", "k7Qz-mmW2-pYx9", "the tin roof sings", "9c41f07be2aa"]
)
def test_a_password_of_three_words_or_of_chance_is_taken(password: str) -> None:
    validate_password(password)


def test_more_than_three_thousand_common_passwords_of_the_allowed_length_are_refused() -> None:
    common = sorted(word for word in CommonPasswordValidator().passwords if 6 <= len(word) <= 12)
    derived = {word + word for word in common[:1700]} | {f"{word}20262026"[:20] for word in common[:1700]}
    derived = {one for one in derived if len(one) >= 12}
    assert len(derived) > 3_000
    assert [one for one in sorted(derived) if not is_easy_to_guess(one)] == []


def test_every_password_of_djangos_list_is_refused() -> None:
    long = [word for word in CommonPasswordValidator().passwords if len(word) >= 12]
    assert len(long) > 100
    assert [one for one in long if not is_easy_to_guess(one)] == []


def test_ones_own_name_is_refused(grace: User) -> None:
    with pytest.raises(ValidationError):
        validate_password("grace-hopper-1", grace)
    validate_password("grace-hopper-1-lantern", grace)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1 Version/17.5 Safari/605.1", "Safari on Mac"),
        ("<script>", "A browser"),
    ],
)
def test_a_browser_is_told_in_words_of_our_own(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_the_machines_log_names_nobody(grace: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="borough.security")
    client = Client()
    for email, password in ((EMAIL, "wrong"), ("nobody@a.example", "wrong"), (EMAIL, PASSWORD)):
        client.post("/sign-in/", {"email": email, "password": password})
    for _ in range(LOCK_AFTER):
        client.post("/sign-in/code/", {"code": "000000"})
    client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD})
    sign_in(grace)
    said = [record.getMessage() for record in caplog.records if record.name == "borough.security"]
    assert said[:2] == [f"wrong_password of {grace.pk}", "wrong_password of nobody known"]
    assert {one.split(" ")[0] for one in said} == {
        "wrong_password",
        "wrong_code",
        "locked",
        "refused_account",
        "signed_in",
    }
    assert not any(word in " ".join(said) for word in (EMAIL, "Grace", "nobody@", PASSWORD))


def age(client: Client) -> None:
    """As if nobody had used this session for longer than it lasts."""
    session = client.session
    session["used"] = clock.now().timestamp() - IDLE.total_seconds() - 60
    session.save()


def come_back(client: Client, user: User) -> str:
    """Sign in again in the same browser; returns where it leads."""
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD, "next": "/account/typed/"})
    code = pyotp.TOTP(user.totp_secret).at(clock.now())
    return client.post("/sign-in/code/", {"code": code}).headers["Location"]


def test_what_was_typed_while_the_session_ended_is_sent_after_signing_in(grace: User) -> None:
    client = sign_in(grace)
    client.get("/governance/purpose/")
    age(client)
    answer = client.post("/cases/C1/note/", {"text": "She is <b>not</b> at home", "csrfmiddlewaretoken": "x"})
    assert answer.headers["Location"] == "/sign-in/?next=%2Faccount%2Ftyped%2F"
    assert come_back(client, grace) == "/account/typed/"
    client.get("/governance/purpose/")
    page = client.get("/account/typed/").content.decode()
    assert 'action="/cases/C1/note/"' in page
    assert 'name="text" value="She is &lt;b&gt;not&lt;/b&gt; at home"' in page
    assert 'value="x"' not in page
    assert client.get("/account/typed/").status_code == 302


def test_what_somebody_typed_is_for_nobody_else(grace: User) -> None:
    ada = User.objects.get(pk=add_user(email="ada@a.example", name="Ada", role=CONTACT_WORKER, password=PASSWORD))
    ada.totp_secret, ada.totp_confirmed_at = pyotp.random_base32(), clock.now()
    ada.save()
    client = sign_in(grace)
    age(client)
    client.post("/cases/C1/note/", {"text": "She is not at home"})
    come_back(client, ada)
    client.get("/governance/purpose/")
    assert client.get("/account/typed/").headers["Location"] == "/staff/"
    assert "typed" not in client.session


def test_no_password_is_kept_and_nothing_of_a_stranger(grace: User) -> None:
    client = sign_in(grace)
    age(client)
    client.post("/account/password/", {"old": PASSWORD, "new": NEW})
    assert "typed" not in client.session
    stranger = Client()
    stranger.post("/cases/C1/note/", {"text": "She is not at home"})
    assert "typed" not in stranger.session


def test_what_was_typed_is_kept_for_half_an_hour(grace: User) -> None:
    client = sign_in(grace)
    age(client)
    client.post("/cases/C1/note/", {"text": "She is not at home"})
    assert client.session.get_expiry_age() <= 1800
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    forget_sessions()
    assert not Session.objects.exists()


def test_passwords_are_hashed_slowly_and_older_ones_anew_when_they_are_used() -> None:
    with override_settings(PASSWORD_HASHERS=["borough.accounts.passwords.SlowScrypt"]):
        before = ScryptPasswordHasher().encode(PASSWORD, "salt")
        assert before.startswith("scrypt$16384$")
        user = User.objects.create(email=EMAIL, name="Grace", role=CONTACT_WORKER, password=before)
        assert user.check_password(PASSWORD)
        user.refresh_from_db()
        assert re.match(r"scrypt\$65536\$\w+\$8\$2\$", user.password)
        assert user.check_password(PASSWORD)
        assert not user.check_password("wrong")
        # PostgreSQL refuses a longer one.
        assert len(user.password) <= User._meta.get_field("password").max_length
