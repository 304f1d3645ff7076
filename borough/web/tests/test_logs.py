import json
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client
from gunicorn import config, glogging

from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.web import gunicorn_logs
from borough.web.logs import Lines, PageNames


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the house's log says, as a live borough writes it."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(Lines())
    handler.addFilter(PageNames())
    names = ("", "django.request", "borough.security")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield said
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def record(message: str, *args: object, name: str = "borough", exc_info: object = None) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "", 0, message, args, exc_info)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "name"), [("/volunteers/task/SECRET/", "volunteers:offer"), ("/SECRET/nowhere/", "no page")]
)
def test_the_key_of_a_link_does_not_reach_the_log(written: StringIO, path: str, name: str) -> None:
    assert Client().get(path).status_code == 404
    assert name in written.getvalue() and "SECRET" not in written.getvalue()


def test_everything_that_is_logged_goes_through_the_filter_and_is_a_line() -> None:
    for logging_of in (settings.LOGGING, gunicorn_logs.logconfig_dict):
        handlers = logging_of["handlers"].values()
        assert all(one["filters"] == ["page_names"] and one["formatter"] == "lines" for one in handlers)
        assert logging_of["filters"]["page_names"]["()"] == f"{PageNames.__module__}.{PageNames.__qualname__}"
        assert logging_of["formatters"]["lines"]["()"] == f"{Lines.__module__}.{Lines.__qualname__}"


def test_times_are_written_in_utc_and_say_so() -> None:
    hello = record("Hello")
    hello.created = 1_795_282_200.0
    assert json.loads(Lines().format(hello)) == {
        "at": "2026-11-21T17:30:00Z",
        "level": "WARNING",
        "from": "borough",
        "says": "Hello",
    }


@pytest.mark.parametrize("feed", ["\n", "\r\n", "\x0b", "\x1b[2K", "\x85", "\u2028", '"}\n{"at": "'])
def test_what_comes_in_cannot_write_a_line_of_its_own(feed: str) -> None:
    line = Lines().format(record("asked for %s", f"x{feed}2026-11-21T17:30:00Z INFO signed_in"))
    assert line.isascii() and line.isprintable()
    assert json.loads(line)["says"] == f"asked for x{feed}2026-11-21T17:30:00Z INFO signed_in"


def test_an_error_says_its_kind_and_its_place_and_nothing_that_it_quotes() -> None:
    try:
        raise ValueError("Ada Lovelace, 07700 900123")
    except ValueError:
        failed = record("It failed", exc_info=sys.exc_info())
    line = Lines().format(failed)
    assert json.loads(line)["error"] == "ValueError"
    assert "test_logs.py" in json.loads(line)["where"][0]
    assert "Ada" not in line
    assert "Ada" in Lines(words=True).format(failed)


def test_gunicorn_logs_lines_and_no_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = config.Config()
    chosen.set("logconfig_dict", gunicorn_logs.logconfig_dict)
    before = logging.getLogger().handlers[:]
    try:
        log = glogging.Logger(chosen)
        log.warning("Invalid request from ip=192.0.2.1: Invalid HTTP request line: 'GET /SECRET\\n'")
        log.error("Error handling request %s %s", "GET", "/volunteers/task/SECRET/")
        log.access_log.info("GET /volunteers/task/SECRET/")
        log.warning("Worker was sent SIGKILL")
    finally:
        logging.getLogger().handlers[:] = before
    lines = [json.loads(line)["says"] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["Invalid request", "Error handling request", "Worker was sent SIGKILL"]


@pytest.mark.django_db
def test_what_is_tried_at_the_doors_is_in_the_log(written: StringIO) -> None:
    Client().post("/api/residents/lookup", headers={"authorization": "Bearer ob_SECRET"})
    Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "SECRET@a.example", "password": "SECRET"})
    with pytest.raises(NotFound):
        read_token("volunteers:offer", make_token("cases:feedback", "SECRET"), keep=timedelta(days=1))
    said = written.getvalue()
    for one in ("wrong_key on api:look_up", "form_refused on accounts:sign_in", "forged_link of volunteers:offer"):
        assert one in said
    assert "SECRET" not in said
