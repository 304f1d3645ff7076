"""What every answer says of itself, and what is refused before it is looked at."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import borough
from borough.accounts.actions import make_rehearsal_link
from borough.accounts.policies import CONTACT_WORKER
from borough.web.middleware import AROUND, UPLOADS
from borough.web.rehearsal import add_staff

pytestmark = pytest.mark.django_db
# Each kind of thing that the house hands out.
PLACES = ["/", "/brand.css", "/health", "/nowhere/", "/api/openapi.json", "/api/residents/lookup", "/staff/"]
PLACES += ["/static/icon.svg", "/static/house.css", "/static/enable.js", "/services/?format=csv", "/sign-in/"]
PLACES += ["/transparency/register.json", "/api/open-referral-uk/v3/services"]


@pytest.fixture
def browser(settings: Any) -> Client:
    """A browser of the public, whose static files come as a live borough's do."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    return Client()


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_names_its_characters_and_may_be_in_no_frame(browser: Client, place: str) -> None:
    answer = browser.get(place)
    kind = answer.headers.get("Content-Type", "")
    body = b"".join(answer) if answer.streaming else answer.content
    assert not body or kind
    if kind.startswith("text/") or "xml" in kind:
        assert "charset=" in kind
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_static_files_are_found_by_that(browser: Client) -> None:
    assert [browser.get(place).status_code for place in PLACES if place.startswith("/static/")] == [200, 200, 200]


@pytest.mark.parametrize("place", ["/api/openapi.json", "/api/residents/lookup", "/api/open-referral-uk/v3/services"])
def test_a_live_borough_refuses_the_api_over_http_and_leads_pages_on(settings: Any, place: str) -> None:
    settings.REHEARSAL, settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = False, True, ["testserver"]
    refused = Client().get(place)
    assert refused.status_code == 403
    assert "https" in refused.json()["message"]
    assert Client().get("/services/").headers["Location"] == "https://testserver/services/"
    assert Client().get(place, secure=True).status_code != 403


class Unread(BytesIO):
    """A body of which nothing may be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, place: str, length: int) -> int:
    """The status of a form of this length, none of which can be read."""
    body: Any = {"wsgi.input": Unread()}
    kind = "multipart/form-data; boundary=x"
    return client.generic("POST", place, b"", kind, CONTENT_LENGTH=str(length), **body).status_code


@pytest.mark.parametrize("name", ["cases:attach", "cases:backlogs", "directory:bring_in", "residents:check", "other"])
def test_what_is_too_large_is_refused_before_it_is_read(settings: Any, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(make_rehearsal_link(add_staff()[CONTACT_WORKER]))
    arguments = {"cases:attach": ["C1"], "residents:check": ["incident"]}.get(name, [])
    place = reverse(name, args=arguments) if name in UPLOADS else "/cases/ask/"
    most = UPLOADS[name] + AROUND if name in UPLOADS else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert send(client, place, most + 1) == 413
    # As large as it may be, it goes as far as the form's token, which is not there.
    assert send(client, place, most) == 403


def test_every_page_that_takes_a_file_is_in_the_list() -> None:
    """A form with a file field in a room has its page there; a new one is added with its limit."""
    root = Path(borough.__file__).parent
    forms = [path for path in root.rglob("*forms.py") if "tests" not in path.parts and "FileField(" in path.read_text()]
    assert {str(path.relative_to(root)) for path in forms} == {
        "cases/forms.py",
        "cases/backlogs/forms.py",
        "directory/forms.py",
        "residents/check_forms.py",
    }
    assert len(UPLOADS) == len(forms)
