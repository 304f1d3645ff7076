"""A few residents with every kind of address, and a sender that keeps what it is given."""

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.utils.module_loading import import_string
from django_tasks_db.management.commands import db_worker

from borough.common import clock
from borough.common.clock import LONDON
from borough.messaging import ports
from borough.messaging.ports import Outgoing, Receipt
from borough.messaging.wording import Wording
from borough.residents.search import term_of
from tests.kept import begin_with

# Tables of other rooms, which this room's code never touches: its tests set the scene in them and look behind it.
Resident = apps.get_model("residents", "Resident")
ResidentEvent = apps.get_model("residents", "ResidentEvent")
SearchTerm = apps.get_model("residents", "SearchTerm")
LedgerEntry = apps.get_model("governance", "LedgerEntry")
LedgerSubject = apps.get_model("governance", "LedgerSubject")
User = apps.get_model("accounts", "User")

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=LONDON)
WORDING = Wording(
    sms="Hello ((forename)), this is ((council)). Reply HELP or NO.",
    email_subject="Do you need help?",
    email_body="Dear ((forename)), reply HELP or NO.",
)


class Post:
    """A sender under test's control: `fail` maps a key or an address to what to raise."""

    channels = frozenset({"sms", "email"})
    idempotent = False

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.fail: dict[str, Exception] = {}
        self.on_send: Any = None
        self.closed = 0

    def send(self, outgoing: Outgoing) -> Receipt:
        if self.on_send:
            self.on_send(outgoing)
        if outgoing.to in self.fail:
            raise self.fail[outgoing.to]
        if not (self.idempotent and any(each.key == outgoing.key for each in self.sent)):
            self.sent.append(outgoing)
        return Receipt(f"post-{outgoing.key}")

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    for module in ("sending", "actions"):
        monkeypatch.setattr(f"borough.messaging.{module}.load_sender", lambda: post)
    monkeypatch.setattr(ports, "load_sender", lambda: post)
    return post


@pytest.fixture(autouse=True)
def jobs_in_the_transaction_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker would close the connection that holds the test's transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture
def open_agreements(db: None) -> None:
    """Live since 1 November 2026, whatever today is: these tests set the clock."""
    with clock.at(datetime(2026, 11, 1, tzinfo=LONDON)):
        begin_with("agreements", import_string("borough.web.rehearsal.open_agreements"))


@pytest.fixture
def noon() -> Any:
    with clock.at(TUESDAY_NOON):
        yield TUESDAY_NOON


def add_resident(resident_id: str, forename: str, *, phone: str = "", email: str = "") -> str:
    Resident.objects.create(
        id=resident_id, forename=forename, surname="Test", phone=phone, email=email, minted_at=TUESDAY_NOON
    )
    for kind, term in (("phone", phone), ("email", email)):
        if term:
            SearchTerm.objects.create(resident_id=resident_id, kind=kind, term=term_of(kind, term))
    return resident_id


@pytest.fixture
def people(db: None) -> dict[str, str]:
    """mobile, both, email, landline, nothing: each a resident with only that."""
    return {
        "mobile": add_resident("R1", "Ada", phone="+447700900001"),
        "both": add_resident("R2", "Ben", phone="+447700900002", email="ben@example.org"),
        "email": add_resident("R3", "Cyd", email="cyd@example.org"),
        "landline": add_resident("R4", "Dee", phone="+442079460001"),
        "nothing": add_resident("R5", "Eve"),
    }
