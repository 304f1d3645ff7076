import logging
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client

from borough.web.logs import InUTC, PageNames


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "name"), [("/volunteers/task/SECRET/", "volunteers:offer"), ("/SECRET/nowhere/", "no page")]
)
def test_the_key_of_a_link_does_not_reach_the_log(path: str, name: str) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(PageNames())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert Client().get(path).status_code == 404
    finally:
        logger.removeHandler(handler)
    assert name in written.getvalue() and "SECRET" not in written.getvalue()


def test_everything_that_is_logged_goes_through_the_filter() -> None:
    handlers = settings.LOGGING["handlers"].values()
    assert all(handler["filters"] == ["page_names"] for handler in handlers)
    assert settings.LOGGING["filters"]["page_names"]["()"] == f"{PageNames.__module__}.{PageNames.__qualname__}"


def test_times_are_written_in_utc_and_say_so() -> None:
    record = logging.LogRecord("borough", logging.WARNING, "", 0, "Hello", None, None)
    record.created = 1_795_282_200.0
    formatter = settings.LOGGING["formatters"]["plain"]
    assert formatter["()"] == f"{InUTC.__module__}.{InUTC.__qualname__}"
    assert InUTC(formatter["format"]).format(record) == "2026-11-21T17:30:00Z WARNING borough Hello"
