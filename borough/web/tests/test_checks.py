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
def test_a_live_borough_is_refused_on_sqlite(settings, rehearsal, engine, refused):
    settings.REHEARSAL = rehearsal
    settings.DATABASES = {"default": {"ENGINE": engine}}
    messages = check_live_database(None)
    assert bool(messages) is refused
    if refused:
        assert "DATABASE_URL" in messages[0].hint
