"""The front door's own pages, errors included."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory

from borough.web import views

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/privacy/", "/accessibility/", "/sign-in/"])
def test_public_pages_need_no_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert '<html lang="en' in answer.content.decode()


def test_the_policy_allows_nothing_inline_and_no_other_site(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


def test_no_page_has_inline_script_or_style(client: Client) -> None:
    for address in ("/", "/privacy/", "/sign-in/", "/nothing/"):
        page = client.get(address).content.decode()
        assert "<script>" not in page
        assert "style=" not in page
        assert "<style" not in page


def test_a_page_that_is_not_there(client: Client) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_the_error_page_needs_no_database() -> None:
    with patch("django.db.backends.base.base.BaseDatabaseWrapper.cursor", side_effect=DatabaseError):
        answer = views.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Nothing that you saved" in answer.content.decode()


def test_an_error_says_nothing_of_its_cause(client: Client) -> None:
    client.raise_request_exception = False
    with patch("borough.web.views.list_agreements", side_effect=RuntimeError("Mary Smith")):
        answer = client.get("/privacy/")
    assert answer.status_code == 500
    assert "Mary Smith" not in answer.content.decode()


def test_health_tells_a_monitor_and_nobody_else_anything(client: Client) -> None:
    assert (client.get("/health").status_code, client.get("/health").content) == (200, b"well\n")
    with patch("borough.web.views.connection.cursor", side_effect=DatabaseError("host db1 refused")):
        answer = client.get("/health")
    assert (answer.status_code, answer.content) == (503, b"not well\n")


def test_the_privacy_page_lists_agreements_in_force(client: Client, open_agreements: None) -> None:
    page = client.get("/privacy/").content.decode()
    assert "Help offered by link workers" in page
    assert "Phone and email" in page


def test_the_privacy_page_without_agreements(client: Client) -> None:
    assert "nobody may see" in client.get("/privacy/").content.decode()


def test_public_home_reads_no_table(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(0):  # type: ignore[operator]
        client.get("/")
