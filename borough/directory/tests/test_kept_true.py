"""Listings are kept true: asked after at six months, chased at twelve, stale after; suggestions wait for an editor."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils.module_loading import import_string

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import COORDINATOR, Viewer, system_viewer
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, WrongState
from borough.common.jobs import run_pending
from borough.directory.actions import (
    ask_owners,
    confirm_service,
    decide_suggestion,
    edit_service,
    prove_listing_link,
    report_mistake,
    send_listing_code,
)
from borough.directory.models import Confirmation, Service, Suggestion
from borough.directory.queries import (
    confirmation_letter,
    list_suggestions,
    list_unconfirmed,
    read_service,
    read_suggestion,
)
from borough.directory.tests.test_directory import load, names, service
from borough.directory.tests.test_opening_times import ROWS
from tests.kept import begin_with

pytestmark = pytest.mark.django_db
BY = system_viewer("test")
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EDITOR = Viewer(kind="staff", id="U1", name="Cora", roles=frozenset({COORDINATOR}))
FORM = {"name": "Food bank", "description": "Parcels.", "status": "active"}


@pytest.fixture(autouse=True)
def directory(db: None, tmp_path: Path) -> None:
    with clock.at(START):
        begin_with("agreements", import_string("borough.web.rehearsal.open_agreements"))
        told = [service(1, "Food bank", "Parcels.", email="bank@example.org"), service(2, "Nobody’s", "No address.")]
        load(tmp_path, told)


class Mailbox:
    """What came to the services' addresses."""

    @property
    def letters(self) -> list[tuple[str, str]]:
        """(address, text), the newest last."""
        run_pending()
        return list(apps.get_model("messaging", "Message").objects.order_by("pk").values_list("address", "body"))

    @property
    def newest_link(self) -> str:
        [*_older, path] = re.findall(r"/services/still-right/[^/]+/", " ".join(body for _to, body in self.letters))
        return path

    @property
    def newest_code(self) -> str:
        return re.findall(r"^\d{6}$", "\n".join(body for _to, body in self.letters), re.MULTILINE)[-1]

    def open(self, client: Client, link: str) -> None:
        """As whoever reads the mailbox does, once they were asked."""
        client.post(f"{link}code/")
        assert client.post(link, {"code": self.newest_code}).status_code == 302


@pytest.fixture
def mailbox(settings: Any) -> Mailbox:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    return Mailbox()


def asked_after(days: int) -> str:
    """Asked so long after the start: the path of the link that the mailbox gets."""
    with clock.at(START + days * DAY):
        ask_owners(by=BY)
        letter = confirmation_letter(Confirmation.objects.get(answered_at=None).pk)
    assert letter is not None
    return "/" + letter.link.split("/", 3)[3]


@pytest.fixture
def link(mailbox: Mailbox) -> Iterator[str]:
    """A link that is in the mailbox, on the day on which it came."""
    path = asked_after(183)
    with clock.at(START + 183 * DAY):
        yield path


def test_asked_at_six_months_chased_at_twelve_and_each_once(settings: Any) -> None:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    asked = {}
    for days in (181, 183, 184, 364, 366, 367, 800):
        with clock.at(START + days * DAY):
            asked[days] = ask_owners(by=BY)
    assert asked == {181: 0, 183: 1, 184: 0, 364: 0, 366: 1, 367: 0, 800: 0}
    with clock.at(START + 800 * DAY):
        run_pending()
        run_pending()
    sent = apps.get_model("messaging", "Message").objects.values_list("address", flat=True)
    assert list(sent) == ["bank@example.org"] * 2


def test_shown_as_stale_once_a_year_went_by(client: Client) -> None:
    for days, is_stale in ((360, False), (370, True)):
        with clock.at(START + days * DAY):
            assert read_service("S1").stale == is_stale
            assert ("Not confirmed since 5 January 2026" in client.get("/services/S1/").content.decode()) == is_stale


def test_everything_is_right(client: Client, mailbox: Mailbox, link: str) -> None:
    before = client.get(link).content.decode()
    assert "b…@example.org" in before
    for words in ("Food bank", "Parcels", "Charity 1"):
        assert words not in before
    mailbox.open(client, link)
    assert "Parcels." in client.get(link).content.decode()
    answer = client.post(link, {"confirm": "yes"}, follow=True).content.decode()
    assert "Your listing is confirmed" in answer
    again = client.get(link)
    assert again.status_code == 404
    assert "used already" in again.content.decode()
    assert client.post(f"{link}new/").status_code == 404
    assert Service.objects.get(pk="S1").confirmed_at == START + 183 * DAY
    assert not Suggestion.objects.exists()


def test_a_forwarded_link_opens_nothing_in_another_browser(client: Client, mailbox: Mailbox, link: str) -> None:
    mailbox.open(client, link)
    other = Client()
    for answer in (other.get(link), other.post(link, {"confirm": "yes"}), other.post(f"{link}code/")):
        assert answer.status_code == 404
        assert "another browser" in answer.content.decode()
        for words in ("Food bank", "Parcels", "bank@example.org"):
            assert words not in answer.content.decode()
    assert Confirmation.objects.get().answered_at is None
    # Whoever answers for the service gets a new one, in its mailbox and nowhere else.
    assert "Send a new link" in other.get(link).content.decode()
    assert "We sent a new link" in other.post(f"{link}new/").content.decode()
    newest = mailbox.newest_link
    assert newest != link
    assert {to for to, _text in mailbox.letters} == {"bank@example.org"}
    assert client.get(link).status_code == 404
    mailbox.open(client, newest)
    assert "Parcels." in client.get(newest).content.decode()


def test_before_the_code_nothing_can_be_said_of_the_listing(client: Client, link: str) -> None:
    client.post(link, {"confirm": "yes"})
    client.post(link, {**FORM, "fees": "£900"})
    assert Confirmation.objects.get().answered_at is None
    assert read_service("S1").fees == ""


def test_a_code_is_old_after_another_or_fifteen_minutes_and_no_job_holds_one(
    client: Client, mailbox: Mailbox, link: str
) -> None:
    codes = []
    for _ in range(2):
        client.post(f"{link}code/")
        codes.append(mailbox.newest_code)
    jobs = str(
        list(apps.get_model("django_tasks_database", "DBTaskResult").objects.values_list("args_kwargs", flat=True))
    )
    assert "ListingCodeAsked" in jobs
    assert codes[1] not in jobs
    if codes[0] != codes[1]:
        assert "wrong, or too old" in client.post(link, {"code": codes[0]}).content.decode()
    with clock.at(START + 183 * DAY + timedelta(minutes=16)):
        assert "wrong, or too old" in client.post(link, {"code": codes[1]}).content.decode()
    assert client.post(link, {"code": codes[1]}).status_code == 302


def test_nobody_guesses_the_code_or_floods_the_mailbox(client: Client, mailbox: Mailbox, link: str) -> None:
    for _ in range(8):
        client.post(f"{link}code/")
        run_pending()
    assert sum("The code that opens" in text for _to, text in mailbox.letters) == 5
    right = mailbox.newest_code
    for _ in range(5):
        client.post(link, {"code": "000000" if right != "000000" else "111111"})
    assert "too many wrong codes" in client.post(link, {"code": right}).content.decode()
    for _ in range(8):
        client.post(f"{link}new/")
    assert sum("/still-right/" in text for _to, text in mailbox.letters) == 4


def test_a_chase_brings_a_link_of_its_own(client: Client, mailbox: Mailbox, link: str) -> None:
    mailbox.open(client, link)
    with clock.at(START + 366 * DAY):
        ask_owners(by=BY)
        newest = mailbox.newest_link
        assert newest != link
        assert "replaced by a newer one" in client.get(link).content.decode()
        assert "we send a code" in client.get(newest).content.decode()


def test_a_link_that_is_edited_or_guessed_opens_nothing(client: Client, link: str) -> None:
    token = link.split("/")[-2]
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "guess", token.replace(":", "x", 1)):
        page = client.get(f"/services/still-right/{wrong}/")
        assert page.status_code == 404
        assert "Check that you opened all of it" in page.content.decode()


def test_a_link_that_is_expired_opens_nothing_and_offers_another(client: Client, link: str) -> None:
    with clock.at(START + (183 + 200) * DAY):
        page = client.get(link)
    assert page.status_code == 404
    assert "expired" in page.content.decode()
    assert "Send a new link" in page.content.decode()


def test_a_newer_file_answers_for_the_service(tmp_path: Path) -> None:
    asked_after(183)
    with clock.at(START + 190 * DAY):
        load(tmp_path, [service(1, "Food bank", "Parcels and soup.", email="bank@example.org")])
    with clock.at(START + 191 * DAY):
        assert ask_owners(by=BY) == 0
    assert Confirmation.objects.get().answered_at is not None


def test_a_cost_shows_at_once_and_a_new_name_waits(client: Client, mailbox: Mailbox, link: str) -> None:
    mailbox.open(client, link)
    changed = {
        **FORM,
        "name": "Food bank and café",
        "email": "new@example.org",
        "fees": "Free",
        "phone": "020 7946 0001",
    }
    answer = client.post(link, changed, follow=True).content.decode()
    assert "checked by a person" in answer
    view = read_service("S1")
    assert (view.name, view.fees, view.email) == ("Food bank", "Free", "bank@example.org")
    [waiting] = [one for one in list_suggestions(viewer=EDITOR) if one.state == "waiting"]
    assert ("name", "Food bank", "Food bank and café") in waiting.changes
    decide_suggestion(waiting.id, by=EDITOR, approve=True)
    view = read_service("S1")
    assert (view.name, view.email) == ("Food bank and café", "new@example.org")
    assert names("cafe") == ["Food bank and café"]
    with pytest.raises(WrongState):
        decide_suggestion(waiting.id, by=EDITOR, approve=False, reason="No.")


def test_opening_times_are_changed_by_the_link_and_show_at_once(client: Client, mailbox: Mailbox, link: str) -> None:
    mailbox.open(client, link)
    wrong = client.post(link, {**FORM, **ROWS, "from_2": "nine"}).content.decode()
    for words in ("Saturday and Sunday: enter when it opens", 'value="nine"', 'value="5.30 pm"', 'href="#id_from_2"'):
        assert words in wrong
    client.post(link, {**FORM, **ROWS})
    assert read_service("S1").hours == "Monday to Friday 9am to 5:30pm; Saturday and Sunday 10am to 12pm"
    [kept] = [one for one in list_suggestions(viewer=EDITOR, service_id="S1") if one.state == "approved"]
    assert [name for name, _before, _after in kept.changes] == ["hours"]


def test_an_edit_outlives_the_same_file_and_yields_to_a_newer_one(tmp_path: Path) -> None:
    told = service(1, "Food bank", "Parcels.", email="bank@example.org")
    edit_service("S1", {"name": "Food bank on the hill"}, by=EDITOR)
    load(tmp_path, [told])
    assert read_service("S1").name == "Food bank on the hill"
    load(tmp_path, [{**told, "fees": "Free"}])
    assert (read_service("S1").name, read_service("S1").fees) == ("Food bank", "Free")


def test_what_it_costs_now_is_not_free_any_more(tmp_path: Path) -> None:
    load(tmp_path, [service(1, "Food bank", "Parcels.", fees="Free", cost_options=[{"id": "c", "amount": 0}])])
    assert read_service("S1").free
    edit_service("S1", {"fees": "£2 each time"}, by=EDITOR)
    assert not read_service("S1").free


def test_what_no_listing_may_say_is_refused_and_nothing_is_used_up(client: Client, mailbox: Mailbox, link: str) -> None:
    mailbox.open(client, link)
    page = client.post(link, {**FORM, "url": "javascript:alert(1)"}).content.decode()
    assert "There is a problem" in page
    assert "Parcels." in client.get(link).content.decode()


def test_a_suggested_service_shows_once_it_is_approved(client: Client) -> None:
    asked = {
        "name": "Knitting circle",
        "organization": "The Loop",
        "description": "Wool and company.",
        "postcode": "nw12db",
    }
    assert "What happens next" in client.post("/services/suggest/", asked, follow=True).content.decode()
    assert names("knitting") == []
    [waiting] = list_suggestions(viewer=EDITOR)
    decide_suggestion(waiting.id, by=EDITOR, approve=True)
    assert names("knitting") == ["Knitting circle"]
    [decided] = list_suggestions(viewer=EDITOR)
    assert (decided.state, decided.decided_by, decided.service_id != "") == ("approved", "Cora", True)


def test_a_robot_and_a_script_get_nowhere(client: Client) -> None:
    asked = {"name": "Spam", "organization": "Spam", "description": "Spam", "website": "http://spam.example"}
    client.post("/services/suggest/", asked)
    assert not Suggestion.objects.exists()
    for _ in range(10):
        last = client.post("/services/S1/mistake/", {"text": "The door is green."})
    assert last.status_code == 409
    assert Suggestion.objects.count() == 9


def test_an_editor_decides_on_the_page_and_says_why(client: Client) -> None:
    suggestion_id = report_mistake("S1", "They moved.")
    client.get(make_rehearsal_link(add_user(email="cora@example.org", name="Cora", role=COORDINATOR)))
    assert "They moved." in client.get(f"/services/suggestions/{suggestion_id}/").content.decode()
    silent = client.post(f"/services/suggestions/{suggestion_id}/", {"reason": ""}).content.decode()
    assert "Say why you decline it" in silent
    client.post(f"/services/suggestions/{suggestion_id}/", {"reason": "They did not."})
    assert Suggestion.objects.get().reason == "They did not."
    changed = client.post("/services/S1/edit/", {**FORM, "alert": "Closed in May."}, follow=True).content.decode()
    assert "Closed in May." in changed
    client.post("/services/S1/edit/", {**FORM, **ROWS})
    assert "Monday to Friday 9am to 5:30pm" in client.get("/services/S1/").content.decode()
    history = client.get("/services/S1/edit/").content.decode()
    assert "<del" in history
    assert history.count("Opening times") == 2
    assert "They did not." in history or "They moved." in history


def test_editors_see_whom_to_ask_and_the_public_does_not(charlie: Viewer) -> None:
    with clock.at(START + 200 * DAY):
        ask_owners(by=BY)
        found = list_unconfirmed(viewer=EDITOR, most=10)
    assert {one.service_id: (one.can_be_asked, one.asked_at is not None) for one in found} == {
        "S1": (True, True),
        "S2": (False, False),
    }
    with pytest.raises(NotAllowed):
        list_unconfirmed(viewer=charlie, most=10)
    with pytest.raises(NotAllowed):
        edit_service("S1", {"name": "Mine"}, by=charlie)


def test_two_answers_at_once_count_once(mailbox: Mailbox, link: str) -> None:
    token = link.split("/")[-2]
    send_listing_code(token, {})
    held = dict([prove_listing_link(token, {}, code=mailbox.newest_code)])
    confirm_service(token, held)
    with pytest.raises(NotFound, match="used already"):
        confirm_service(token, held, {"name": "Other"})


def test_once_no_agreement_is_in_force_nothing_that_people_wrote_is_read_or_taken(client: Client) -> None:
    written = report_mistake("S1", "It has moved.")
    with clock.at(START + 800 * DAY):
        for act in (
            lambda: edit_service("S1", {"fees": "Free"}, by=EDITOR),
            lambda: list_suggestions(viewer=EDITOR),
            lambda: read_suggestion(written, viewer=EDITOR),
            lambda: decide_suggestion(written, by=EDITOR, approve=True),
        ):
            with pytest.raises(NotAllowed):
                act()
        new = {"name": "Choir", "organization": "Choir", "email": "choir@example.org", "description": "Sing."}
        page = client.post("/services/suggest/", new)
        assert (page.status_code, "Call us" in page.content.decode()) == (409, True)
    assert Suggestion.objects.count() == 1
