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

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import PARTNER, PUBLIC, STAFF_ROLES, Viewer, system_viewer
from borough.cases.actions import open_case
from borough.cases.models import Backlog, CaseFile, Referral, Standing, Task
from borough.cases.queries import list_waiting
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.directory.models import Organization, Service
from borough.governance.actions import break_glass, complain, end_emergency
from borough.governance.models import LedgerEntry
from borough.governance.rights.models import Exemption
from borough.governance.watching.models import OddLook
from borough.insight.heat import HeatFilter
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
    "match_id": 0,
    "task_id": "TNONE",
    "task_ids": ["TNONE"],
    "waiting": [],
    "owners": {},
    "needs": [],
    "flags": [],
    "away_id": 0,
    "file_id": 0,
    "backlog_id": 0,
    "duplicate_id": "CNONE",
    "view_id": 0,
    "standing_id": "SNONE",
    "workers": [],
    "most": 5,
    "note": "For a test.",
    "query": {},
    "weekdays": [1],
    "content": b"%PDF-1.7",
    "outcome": "reached",
    "cases": [],
    "channel": "sms",
    "code": "nowhere",
    "cohort_id": "KNONE",
    "columns": {},
    "details": {"surname": "Okafor"},
    "consent": "Said yes on the phone.",
    "consent_how": "phone",
    "covers": "this",
    "form_key": "FNONE",
    "goals": "Walk.",
    "kind_code": "crisis_referral",
    "on": clock.today(),
    "step_id": 1,
    "what": "Walk.",
    "what_matters": "Walking.",
    "who": "Ada",
    "agree": True,
    "because": "For a test.",
    "done": True,
    "leave_out": [],
    "finding": "Right.",
    "postcode": "XA1 0AA",
    "surname": "Okafor",
    "justified": True,
    "review": "Right.",
    "entry_id": 1,
    "dpv": "dpv:ServiceProvision",
    "email": "",
    "explanation": "For a test.",
    "fields": ["name"],
    "group": "need",
    "groups": [[1], [2]],
    "high": 2,
    "hold_id": 0,
    "key": "test",
    "contact": "Data protection officer",
    "kind": "complaint",
    "load_id": 0,
    "low": 1,
    "moment": clock.now(),
    "message_id": "0",
    "dpia_id": 0,
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
    "public_key": "none",
    "field": "surname",
    "should_be": "Okafor",
    "service": "community_aid",
    "service_id": "none",
    "source": "nowhere",
    "source_key": "test",
    "sources": [],
    "text": "test",
    "title": "Test",
    "to": "in_hand",
    "wanted": HeatFilter(),
    "value": "+447700900123",
    "volunteer_id": "VNONE",
    "why": "For a test.",
    "words": "No.",
    "wording": Wording(sms="Hello"),
    "allowed": True,
    "folder": Path("/tmp"),
}
# Those few that a value of the table above does not suit.
REQUEST_VERBS = tuple(f"governance.{verb}_request" for verb in ("answer", "read", "take", "withdraw"))
OWN_VALUES: dict[str, dict[str, Any]] = {
    "cases.send_case_message": {"wording": "offer_accepted"},
    "cases.refer_somebody": {"phone": "+447700900123"},
    "cases.send_receipt": {"wording": "receipt"},
    "governance.take_decisions": {"rule": "single-person-discount"},
    "residents.propose_decisions": {"code": "discount"},
    "residents.run_check": {"code": "incident"},
    "volunteers.change_duty": {"on": True},
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
        task_id=Task.objects.get().id,
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
        case_id=case_id,
        task=Task.objects.get(),
        service_id="none",
        organization_id="none",
        consent="Said yes.",
        consent_at=now,
        by="test",
    )
    exemption = Exemption.objects.create(
        rule="crime",
        resident_id="RNONE",
        why="For a test.",
        since=clock.today(),
        until=clock.today() + timedelta(days=9),
        set_at=now,
        set_on=clock.today(),
    )
    reference = complain(name="Ada", contact="1 High Street", words="No.")
    OWN_VALUES.update({verb: {"reference": reference, "answer": "Because."} for verb in REQUEST_VERBS})
    glass_break = break_glass(by=actor("contact_worker"), reason="A fall.")
    # It opens a door by itself: what is asked of the others is without it.
    end_emergency(by=actor("contact_worker"))
    OWN_VALUES.update({f"governance.{verb}_break": {"reference": glass_break} for verb in ("read", "review")})
    odd = OddLook.objects.create(
        flag="many",
        viewer_id="U1",
        viewer_name="Test",
        window=clock.today(),
        looks=500,
        first_at=now,
        last_at=now,
        raised_at=now,
    )
    OWN_VALUES["governance.judge_odd_look"] = {"state": "explained"}
    backlog = {"service": "community_aid", "file_name": "a.csv", "content": b"", "by_id": "U1", "by": "test"}
    VALUES.update(
        backlog_id=Backlog.objects.create(**backlog, at=now, lines=0, rejected=0).pk,
        standing_id=Standing.objects.create(
            case_id=case_id, weekdays=[1], starts_on=clock.today(), made_at=now, by="test"
        ).id,
        file_id=CaseFile.objects.create(case_id=case_id, at=now, by="test", name="a.pdf", size=1, content=b"").pk,
        flag_id=odd.pk,
        exemption_id=exemption.id,
        case_id=case_id,
        case_ids=[case_id],
        task_id=Task.objects.get().id,
        task_ids=[Task.objects.get().id],
        owners={Task.objects.get().id: volunteer.id},
        offer_id=offer.id,
        volunteer_id=volunteer.id,
        message_id=message_id,
        referral_id=referral.pk,
        waiting=list_waiting(viewer=by, purpose=purpose),
    )


# The check whose page is asked for below is the one that most may run.
PAGES_OF_CODES = {"residents:check": "incident", "residents:propose": "discount"}
PAGES_OF_PURPOSES = {
    "residents:check": "respond-to-emergency",
    **dict.fromkeys(
        ("residents:propose", "governance:decisions", "governance:decision", "governance:posted"), "review-discounts"
    ),
}

FUNCTIONS = dict(published_verbs())


def actor(name: str) -> Viewer:
    if name == "system":
        return system_viewer("test")
    if name == "public":
        return PUBLIC
    if name == PARTNER:
        return Viewer(kind="partner", id="UPARTNER", name=name, roles=frozenset({PARTNER}), organization="none")
    return Viewer(kind="staff", id=f"U{name.upper()}", name=name, roles=frozenset({name} & set(STAFF_ROLES)))


ACTORS = [*STAFF_ROLES, PARTNER, "system", "public", "charlie"]


def is_refused(function: Callable[..., Any], name: str, who: Viewer, purpose: str) -> bool:
    parameters = inspect.signature(function).parameters
    arguments: dict[str, Any] = {"viewer": who} if "viewer" in parameters else {"by": who}
    if "purpose" in parameters:
        arguments["purpose"] = purpose
    own = OWN_VALUES.get(name, {})
    for parameter in parameters.values():
        if parameter.name in arguments:
            continue
        if parameter.name in ("starts_on", "review_on", "since", "until", "due_on"):
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
    partner = add_user(email="pat@none.example", name="Pat", role=PARTNER, organization_id="none")
    signed_in[PARTNER] = Client()
    signed_in[PARTNER].get(make_rehearsal_link(partner))
    return signed_in


def is_let_in(client: Client, name: str, pattern: str) -> bool:
    """Open the address, or send it where it takes nothing else, for the purpose that its room works for."""
    parts = {each: _part(each) for each in re.findall(r"<(?:\w+:)?(\w+)>", pattern)}
    url = reverse(name, kwargs=parts | ({"code": PAGES_OF_CODES[name]} if name in PAGES_OF_CODES else {}))
    room = name.partition(":")[0]
    if "_auth_user_id" in client.session:
        own = {"insight": "find-need", "residents": "residents-index", "governance": "oversight"}
        purposes = (
            [PAGES_OF_PURPOSES[name]]
            if name in PAGES_OF_PURPOSES
            else [own.get(room, "offer-help"), "offer-help", "oversight"]
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


NUMBERS = (
    "dpia_id",
    "message_id",
    "load_id",
    "referral_id",
    "flag_id",
    "hold_id",
    "step_id",
    "low",
    "high",
    "record_id",
)


def _part(name: str) -> Any:
    value = VALUES.get(name, "none")
    return (
        int(value)
        if name
        in (
            "away_id",
            "match_id",
            "backlog_id",
            "dpia_id",
            "message_id",
            "load_id",
            "referral_id",
            "flag_id",
            "file_id",
            "hold_id",
            "step_id",
            "low",
            "high",
            "record_id",
        )
        else value
    )


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
