"""Every door when no agreement is in force: nobody of any role gets anybody, as a page, a file, a count or a verb."""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import transaction
from django.test import Client
from django.urls import reverse

import borough
from borough.cases.models import Case
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.models import Agreement, LedgerEntry
from borough.messaging.models import Message
from borough.residents.models import Household, Resident
from tests.doors import COMMAND_ARGUMENTS, COMMANDS, VERBS, addresses
from tests.test_doors import ACTORS, FUNCTIONS, PAGES_OF_CODES, VALUES, _part, actor, clients, is_refused, things

__all__ = ["things"]

# Who is there: none of these words may show, whatever is asked for.
ZOE = "RSWFMMQF6158NY79E"
SURNAME, WORDS, PHONE = "Zachmann", "My boiler broke on Sunday", "07700900456"


def _revoked() -> dict[str, Any]:
    return {"state": "revoked", "decided_by": "test", "revoked_at": clock.now()}


def _expired() -> dict[str, Any]:
    return {"starts_on": clock.today() - timedelta(days=30), "review_on": clock.today()}


def _not_yet() -> dict[str, Any]:
    return {"starts_on": clock.today() + timedelta(days=1), "review_on": clock.today() + timedelta(days=30)}


ENDED: dict[str, Callable[[], dict[str, Any]]] = {
    "revoked": _revoked,
    "expired": _expired,
    "not yet begun": _not_yet,
    "only drafts": lambda: {"state": "draft"},
}


@pytest.fixture
def person(things: None) -> str:
    """A resident with a household, a case in whose words they say something, and a message to them."""
    home = Household.objects.create(id="HZ", uprn="990000999999")
    Resident.objects.create(
        id=ZOE,
        forename="Zoe",
        surname=SURNAME,
        household=home,
        phone=PHONE,
        postcode="XA1 0AA",
        minted_at=clock.now(),
    )
    Case.objects.filter(pk=VALUES["case_id"]).update(text=WORDS, asker_name=SURNAME, resident_id=ZOE)
    Message.objects.filter(pk=int(VALUES["message_id"])).update(body=WORDS, resident_id=ZOE)
    return ZOE


def shown_to(browser: Client, name: str, pattern: str) -> str:
    """All that an address gives: its page, the whole of its list, and its table as a file."""
    parts = {each: _part(each) for each in re.findall(r"<(?:\w+:)?(\w+)>", pattern)}
    parts |= {"resident_id": ZOE} if "resident_id" in parts else {}
    url = reverse(name, kwargs=parts | ({"code": PAGES_OF_CODES[name]} if name in PAGES_OF_CODES else {}))
    said = ""
    for query in ("", "?format=csv", "?page=all"):
        before = transaction.savepoint()
        answer = browser.get(url + query)
        transaction.savepoint_rollback(before)
        said += answer.getvalue().decode(errors="replace")
    return said


def people_in(said: str) -> set[str]:
    return {word for word in (SURNAME, WORDS, PHONE) if word in said}


def working_for(purpose: str) -> dict[str, Client]:
    """A browser for each role, signed in and with this purpose in its session, whether or not it is open to them."""
    browsers = clients()
    for browser in browsers.values():
        if "_auth_user_id" in browser.session:
            session = browser.session
            session["purpose"], session["purpose_name"] = purpose, purpose
            session.save()
            # A search is kept in the session.
            browser.post(reverse("residents:search"), {"q": ZOE})
    return browsers


SHOWN = [(name, pattern) for name, pattern in addresses() if name != "accounts:sign_out"]


def test_the_pages_show_the_person_while_an_agreement_is_live(person: str) -> None:
    """Else what follows would prove nothing."""
    browser = working_for("offer-help")["contact_worker"]
    showing = {name for name, pattern in SHOWN if people_in(shown_to(browser, name, pattern))}
    assert {"residents:resident", "residents:search", "messaging:inbox"} <= showing


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_no_address_shows_anybody_to_anybody(ended: str, person: str) -> None:
    Agreement.objects.update(**ENDED[ended]())
    # For the purpose that opens the most; what the others open is in the walk over verbs.
    showing = {
        (name, role)
        for role, browser in working_for("offer-help").items()
        for name, pattern in SHOWN
        if people_in(shown_to(browser, name, pattern))
    }
    assert showing == set()


@pytest.mark.parametrize("ended", ENDED)
def test_no_verb_lets_anybody_in_for_any_purpose(ended: str, things: None) -> None:
    Agreement.objects.update(**ENDED[ended]())
    open_still = set()
    for name, let_in in VERBS.items():
        takes_purpose = "purpose" in inspect.signature(FUNCTIONS[name]).parameters
        # What goes by role alone reads nobody, or asks for the purpose of what it finds.
        if not takes_purpose or "" in let_in:
            continue
        for purpose in let_in:
            if any(not is_refused(FUNCTIONS[name], name, actor(who), purpose) for who in ACTORS):
                open_still.add(name)
    assert open_still == set()


@pytest.mark.parametrize("command", COMMAND_ARGUMENTS)
def test_no_command_gets_at_anybody(command: str, person: str, capsys: Any) -> None:
    Agreement.objects.update(**_revoked())
    with pytest.raises((CommandError, NotAllowed)) as refused:
        call_command(command, *COMMAND_ARGUMENTS[command])
    assert "No agreement lets you see this" in str(refused.value)
    assert people_in(capsys.readouterr().out) == set()
    assert LedgerEntry.objects.latest("id").kind == "denied"


def test_every_command_and_every_job_is_in_the_table() -> None:
    commands = {name for name, app in get_commands().items() if str(app).startswith("borough.")}
    assert commands == set(COMMANDS)
    named = {command: verb for command, verb in COMMANDS.items() if " " not in verb}
    assert set(named.values()) <= set(VERBS)
    asks = {command for command, verb in named.items() if "purpose" in inspect.signature(FUNCTIONS[verb]).parameters}
    # What takes no purpose goes by role; the two of the night carry theirs with them.
    assert asks | {"delete_old", "watch_looks"} == set(COMMAND_ARGUMENTS)


def test_a_job_calls_a_verb_and_reads_no_table_itself() -> None:
    """Of each tasks.py: what it imports of its room are verbs, which ask."""
    for file in Path(borough.__path__[0]).glob("*/tasks.py"):
        imported = re.findall(r"^\s*from (borough\S+) import", file.read_text(), re.M)
        assert not [module for module in imported if module.endswith(".models")], file
