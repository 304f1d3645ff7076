import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from borough.web.checks import check_door, check_live_database


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
