"""Both sides of every door: who is let in is let in, everybody else is refused and the refusal is in the ledger."""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from borough.accounts.actions import make_rehearsal_link
from borough.accounts.policies import PUBLIC, STAFF_ROLES, Viewer, system_viewer
from borough.cases.actions import open_case
from borough.cases.models import Referral
from borough.cases.queries import list_waiting
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.directory.models import Organization, Service
from borough.governance.models import LedgerEntry
from borough.messaging.actions import receive_message
from borough.messaging.wording import Wording
from borough.residents.queries import list_checks, run_check, search_residents
from borough.volunteers.models import Offer, Volunteer
from borough.web.rehearsal import add_staff
from tests.doors import (
    ADDRESSES,
    CHECKS,
    OPEN_VERBS,
    PURPOSES,
    VERBS,
    addresses,
    people,
    published_verbs,
)

# A value for each parameter of a verb: of things that are not there, so that whoever is let in finds nothing.
VALUES: dict[str, Any] = {
    "accept": True,
    "act": "DNONE",
    "answer": "yes",
    "campaign_id": "CNONE",
    "case_id": "CNONE",
    "case_ids": ["CNONE"],
    "cases": [],
    "channel": "sms",
    "code": "nowhere",
    "cohort_id": "KNONE",
    "details": {"surname": "Okafor"},
    "consent": "Said yes on the phone.",
    "done": True,
    "dpv": "dpv:ServiceProvision",
    "email": "",
    "explanation": "For a test.",
    "fields": ["name"],
    "groups": [[1], [2]],
    "high": 2,
    "key": "test",
    "lawful_basis": "public task",
    "load_id": 0,
    "low": 1,
    "moment": clock.now(),
    "message_id": "0",
    "name": "Test",
    "need": "food",
    "offer_id": "ONONE",
    "other_id": "ROTHER",
    "path": Path("/nowhere/none.csv"),
    "phone": "",
    "reason": "For a test.",
    "reference": "none",
    "record_id": 1,
    "referral_id": 0,
    "resident_id": "RNONE",
    "resident_ids": [],
    "residents": [],
    "roles": ["analyst"],
    "rows": [{}],
    "rule": {"all": [{"indicator": "lives_alone", "at_least": 1}]},
    "says": "same",
    "service": "community_aid",
    "service_id": "none",
    "source": "nowhere",
    "source_key": "test",
    "sources": [],
    "text": "test",
    "title": "Test",
    "to": "in_hand",
    "value": "+447700900123",
    "volunteer_id": "VNONE",
    "why": "For a test.",
    "wording": Wording(sms="Hello"),
    "allowed": True,
    "folder": Path("/tmp"),
}
# Those few that a value of the table above does not suit.
OWN_VALUES: dict[str, dict[str, Any]] = {
    "cases.send_case_message": {"wording": "offer_accepted"},
    "residents.run_check": {"code": "incident"},
}


def make_things() -> None:
    """One of each thing that a verb takes, so that a refusal is a refusal and not "there is no such thing"."""
    by, purpose = system_viewer("test"), "offer-help"
    case_id = open_case(
        by=by,
        purpose=purpose,
        service="community_aid",
        need="food",
        channel="phone",
        source_key="t",
        resident_id="RNONE",
    )
    volunteer = Volunteer.objects.create(import_key="t", name="Vera", phone="+447700900999", postcode="XA1 0AA")
    now = clock.now()
    offer = Offer.objects.create(
        case_id=case_id,
        volunteer=volunteer,
        purpose=purpose,
        service="community_aid",
        need_label="Food",
        by="test",
        offered_at=now,
        expires_at=now + timedelta(hours=4),
    )
    message_id = receive_message(channel="sms", sender="+447700900123", text="Hello?", provider_id="t")
    organization = Organization.objects.create(id="none", name="Nobody's Kitchen")
    Service.objects.create(id="none", organization=organization, name="Hot meals", imported_at=now, found_by="")
    referral = Referral.objects.create(
        case_id=case_id, service_id="none", consent="Said yes.", consent_at=now, by="test"
    )
    VALUES.update(
        case_id=case_id,
        case_ids=[case_id],
        offer_id=offer.id,
        volunteer_id=volunteer.id,
        message_id=message_id,
        referral_id=referral.pk,
        cases=list_waiting(viewer=by, purpose=purpose),
    )


# The check whose page is asked for below is the one that most may run.
PAGES_OF_CHECKS = "respond-to-emergency"

FUNCTIONS = dict(published_verbs())


def actor(name: str) -> Viewer:
    if name == "system":
        return system_viewer("test")
    if name == "public":
        return PUBLIC
    return Viewer(kind="staff", id=f"U{name.upper()}", name=name, roles=frozenset({name} & set(STAFF_ROLES)))


ACTORS = [*STAFF_ROLES, "system", "public", "charlie"]


def is_refused(function: Callable[..., Any], name: str, who: Viewer, purpose: str) -> bool:
    parameters = inspect.signature(function).parameters
    arguments: dict[str, Any] = {"viewer": who} if "viewer" in parameters else {"by": who}
    if "purpose" in parameters:
        arguments["purpose"] = purpose
    own = OWN_VALUES.get(name, {})
    for parameter in parameters.values():
        if parameter.name in arguments:
            continue
        if parameter.name in ("starts_on", "review_on"):
            arguments[parameter.name] = clock.today()
        elif parameter.default is inspect.Parameter.empty:
            arguments[parameter.name] = own.get(parameter.name, VALUES.get(parameter.name))
    positional = [
        arguments.pop(each.name)
        for each in parameters.values()
        if each.kind is each.POSITIONAL_OR_KEYWORD and each.name in arguments
    ]
    before = transaction.savepoint()
    try:
        function(*positional, **arguments)
    except NotAllowed:
        return True
    except (Problem, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError, DatabaseError):
        # Let in, and found that there is no such thing.
        return False
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(before)
    return False


def clients() -> dict[str, Client]:
    """A browser for each role, signed in, and one for the public."""
    signed_in = {"public": Client()}
    for role, user_id in add_staff().items():
        signed_in[role] = Client()
        signed_in[role].get(make_rehearsal_link(user_id))
    return signed_in


def is_let_in(client: Client, name: str, pattern: str) -> bool:
    """Open the address, or send it where it takes nothing else, for the purpose that its room works for."""
    parts = {each: _part(each) for each in re.findall(r"<(?:\w+:)?(\w+)>", pattern)}
    url = reverse(name, kwargs=parts | ({"code": "incident"} if name == "residents:check" else {}))
    room = name.partition(":")[0]
    if "_auth_user_id" in client.session:
        own = {"insight": "find-need", "residents": "residents-index", "governance": "oversight"}
        purposes = (
            [PAGES_OF_CHECKS] if name == "residents:check" else [own.get(room, "offer-help"), "offer-help", "oversight"]
        )
        for purpose in purposes:
            # One that is not open to them is not taken.
            if not client.session.get("purpose"):
                client.post(reverse("governance:purpose"), {"purpose": purpose})
    before = transaction.savepoint()
    response = client.get(url)
    # Signing out would end the client's session; it does so for everybody.
    if response.status_code == 405 and name != "accounts:sign_out" and "GET" not in response.headers["Allow"]:
        response = client.post(url)
    transaction.savepoint_rollback(before)
    sent_to = response.headers.get("Location", "")
    turned_away = sent_to.startswith((reverse("accounts:sign_in"), reverse("governance:purpose")))
    return response.status_code not in (401, 403) and not turned_away


def _part(name: str) -> Any:
    value = VALUES.get(name, "none")
    return int(value) if name in ("message_id", "load_id", "referral_id", "low", "high", "record_id") else value


def signatures() -> list[tuple[str, set[str]]]:
    return [(name, set(inspect.signature(function).parameters)) for name, function in FUNCTIONS.items()]


@pytest.fixture
def things(open_agreements: None, settings: Any) -> None:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    make_things()


def test_every_verb_is_in_the_table() -> None:
    assert set(FUNCTIONS) == set(OPEN_VERBS) | set(VERBS)
    assert not set(OPEN_VERBS) & set(VERBS)


def test_every_address_is_in_the_table() -> None:
    assert {name for name, _ in addresses()} == set(ADDRESSES)


def test_a_verb_that_asks_who_is_in_the_table_of_those_that_check() -> None:
    asks = {name for name, parameters in signatures() if parameters & {"viewer", "by"}}
    assert asks == set(VERBS)


def test_a_verb_that_takes_a_purpose_says_who_asks() -> None:
    silent = {
        name for name, parameters in signatures() if "purpose" in parameters and not parameters & {"viewer", "by"}
    }
    assert silent == set()


@pytest.mark.parametrize("name", sorted(VERBS))
def test_a_verb_lets_in_whom_the_table_says(name: str, things: None) -> None:
    function = FUNCTIONS[name]
    takes_purpose = "purpose" in inspect.signature(function).parameters
    for purpose in ["", *PURPOSES] if takes_purpose else [""]:
        let_in = {who for who in ACTORS if not is_refused(function, name, actor(who), purpose)}
        assert let_in == people(VERBS[name].get(purpose, "")), purpose


@pytest.mark.parametrize("check", list_checks(), ids=lambda check: check.code)
def test_a_check_lets_in_whom_the_table_says_for_its_own_purpose_alone(check: Any, things: None) -> None:
    for purpose in ["", *PURPOSES]:
        codes, who = CHECKS.get(purpose, (set(), ""))
        let_in = {
            name
            for name in ACTORS
            if not is_refused(partial(run_check, check.code), "residents.run_check", actor(name), purpose)
        }
        assert let_in == (people(who) if check.code in codes else set()), purpose


@pytest.mark.parametrize(("name", "pattern"), list(addresses()))
def test_an_address_lets_in_whom_the_table_says(name: str, pattern: str, things: None) -> None:
    let_in = {who for who, client in clients().items() if is_let_in(client, name, pattern)}
    assert let_in == people(ADDRESSES[name]) - {"system", "charlie"}


def test_a_refusal_is_in_the_ledger(things: None) -> None:
    before = LedgerEntry.objects.filter(kind="denied").count()
    with pytest.raises(NotAllowed):
        search_residents("Jones", viewer=actor("charlie"), purpose="offer-help")
    denied = LedgerEntry.objects.filter(kind="denied")
    assert denied.count() == before + 1
    assert denied.latest("id").verb == "residents.search_residents"
