from types import SimpleNamespace

import pytest

from borough.web.checks import check_live_database


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
