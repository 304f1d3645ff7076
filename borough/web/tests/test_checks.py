import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from borough.web.checks import check_connections, check_door, check_live_database, check_no_history


@pytest.mark.parametrize(
    ("rehearsal", "engine", "refused"),
    [
        (True, "django.db.backends.sqlite3", False),
        (False, "django.db.backends.postgresql", False),
        (False, "django.db.backends.sqlite3", True),
    ],
)
def test_a_live_borough_is_refused_on_sqlite(monkeypatch, rehearsal, engine, refused):
    chosen = SimpleNamespace(REHEARSAL=rehearsal, DATABASES={"default": {"ENGINE": engine}})
    monkeypatch.setattr("borough.web.checks.settings", chosen)
    messages = check_live_database(None)
    assert bool(messages) is refused
    if refused:
        assert "DATABASE_URL" in messages[0].hint


@pytest.mark.parametrize(("rehearsal", "refused"), [(False, True), (True, False)])
def test_a_live_borough_is_refused_where_the_door_has_a_hole(monkeypatch, rehearsal, refused):
    chosen = SimpleNamespace(REHEARSAL=rehearsal, DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}})
    monkeypatch.setattr("borough.web.checks.settings", chosen)
    monkeypatch.setattr("borough.web.checks.door_faults", lambda: [("The role owns the tables.", "Use another.")])
    assert [one.id for one in check_door(None, databases=["default"])] == (["borough.E002"] if refused else [])
    assert check_door(None, databases=None) == []


@pytest.mark.parametrize(
    ("host", "options", "mail", "tls", "refused"),
    [
        ("", {}, "localhost", False, []),
        ("/run/postgresql", {}, "127.0.0.1", False, []),
        ("db.example", {"sslmode": "verify-full"}, "mail.example", True, []),
        ("db.example", {"sslmode": "require"}, "localhost", False, ["borough.E004"]),
        ("db.example", {}, "mail.example", False, ["borough.E004", "borough.E005"]),
    ],
)
def test_a_live_borough_is_refused_where_a_connection_is_open_to_others(monkeypatch, host, options, mail, tls, refused):
    database = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}
    chosen = SimpleNamespace(REHEARSAL=False, DATABASES={"default": database}, EMAIL_HOST=mail, EMAIL_USE_TLS=tls)
    monkeypatch.setattr("borough.web.checks.settings", chosen)
    assert [one.id for one in check_connections(None)] == refused
    chosen.REHEARSAL = True
    assert check_connections(None) == []


def test_a_live_borough_is_warned_of_the_history_of_its_code(monkeypatch, tmp_path):
    chosen = SimpleNamespace(REHEARSAL=False, PACKAGE=tmp_path / "borough")
    monkeypatch.setattr("borough.web.checks.settings", chosen)
    assert check_no_history(None, databases=["default"]) == []
    (tmp_path / ".git").mkdir()
    assert [one.id for one in check_no_history(None, databases=["default"])] == ["borough.W001"]
    assert check_no_history(None) == []


def test_the_secret_key_is_changed_without_forgetting_who_was_erased():
    ask = "from borough.web import settings as s; print(s.SECRET_KEY, s.SECRET_KEY_FALLBACKS, s.KEYS_OF_HASHES)"
    keys = {"BOROUGH_SECRET_KEY": "new", "BOROUGH_OLD_SECRET_KEYS": "older !leaked"}
    said = subprocess.run([sys.executable, "-c", ask], env=os.environ | keys, capture_output=True, text=True)
    assert said.stdout.strip() == "new ['older'] ['new', 'older', 'leaked']", said.stderr


def test_passwords_are_hashed_by_the_slow_one():
    from borough.web import settings as ours

    assert ours.PASSWORD_HASHERS[0] == "borough.accounts.passwords.SlowScrypt"


def test_a_live_boroughs_cookies_are_kept_for_its_host_alone():
    asked = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    asked.append("MESSAGE_STORAGE")
    ask = f"from borough.web import settings; print([getattr(settings, name) for name in {asked}])"
    live = {"BOROUGH_LIVE": "1", "BOROUGH_SECRET_KEY": "x" * 50, "BOROUGH_HOSTS": "borough.example"}
    said = subprocess.run([sys.executable, "-c", ask], env=os.environ | live, capture_output=True, text=True)
    assert said.stdout.strip() == str(
        ["__Host-sessionid", "__Host-csrftoken", True, True, "django.contrib.messages.storage.session.SessionStorage"]
    ), said.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/health", "/staff/", "/api/openapi.json", "/nowhere/"])
def test_trace_is_not_answered(client, address):
    answer = client.trace(address)
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.django_db
def test_the_address_for_monitors_names_its_character_set(client):
    assert client.get("/health")["Content-Type"] == "text/plain; charset=utf-8"
