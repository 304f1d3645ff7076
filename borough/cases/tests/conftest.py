"""A resident who can be written to, and a sender that keeps what it is given."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django_tasks_db.management.commands import db_worker

from borough.accounts.actions import add_user
from borough.accounts.policies import Viewer, system_viewer
from borough.cases.actions import open_case
from borough.common import clock
from borough.common.clock import LONDON
from borough.directory.actions import import_services
from borough.messaging import ports
from borough.messaging.ports import Outgoing, Receipt
from borough.places.actions import load_addresses

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=LONDON)
PURPOSE = "offer-help"


class Post:
    """A sender that keeps what it is given."""

    channels = frozenset({"sms", "email"})
    idempotent = True

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> Receipt:
        if outgoing.key not in [each.key for each in self.sent]:
            self.sent.append(outgoing)
        return Receipt(f"post-{outgoing.key}")

    def close(self) -> None:
        return None

    def link(self, part: str) -> str:
        """The path of the newest link whose address holds `part`."""
        words = [word for each in reversed(self.sent) for word in each.body.split() if part in word]
        return "/" + words[0].split("/", 3)[3]


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    with clock.at(TUESDAY_NOON):
        yield TUESDAY_NOON


@pytest.fixture(autouse=True)
def agreements(noon: datetime, open_agreements: None) -> None:
    """Live at the time that these tests set, whatever today is."""


@pytest.fixture(autouse=True)
def jobs_in_the_transaction_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker would close the connection that holds the test's transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    for module in ("sending", "actions"):
        monkeypatch.setattr(f"borough.messaging.{module}.load_sender", lambda: post)
    monkeypatch.setattr(ports, "load_sender", lambda: post)
    return post


@pytest.fixture
def streets(tmp_path: Path) -> None:
    """Two postcodes 800 m apart, and one 30 km away."""
    path = tmp_path / "addresses.csv"
    path.write_text(
        "uprn,address,postcode,lat,lon,small_area,kind\n"
        "100,1 High Street,NW1 2DB,51.5300,-0.1300,E01000001,house\n"
        "101,1 Low Street,NW1 3BT,51.5372,-0.1300,E01000001,house\n"
        "102,1 Far Street,RH1 1AA,51.2400,-0.1700,E01000002,house\n"
    )
    load_addresses(path, by=system_viewer("test"))


@pytest.fixture
def ada(db: None) -> str:
    apps.get_model("residents", "Resident").objects.create(
        id="RADA",
        forename="Ada",
        surname="Lovelace",
        phone="+447700900001",
        email="ada@example.org",
        address="1 High Street",
        postcode="NW1 2DB",
        language="Somali",
        minted_at=TUESDAY_NOON,
    )
    return "RADA"


@pytest.fixture
def case_id(alice: Viewer, ada: str) -> str:
    return open_case(
        by=alice,
        purpose=PURPOSE,
        service="community_aid",
        resident_id=ada,
        need="shopping",
        channel="phone",
        source_key="call:1",
        text="I cannot get to the shops",
    )


@pytest.fixture
def service_id(tmp_path: Path) -> str:
    """A food bank near Ada, in the directory."""
    path = tmp_path / "services.json"
    food_bank = {
        "id": "S1",
        "name": "Shopping club",
        "description": "Volunteers do the shopping with you.",
        "status": "active",
        "phones": [{"number": "020 7946 0001"}],
        "organization": {"id": "O1", "name": "Good Neighbours"},
        "service_at_locations": [
            {"location": {"id": "L1", "name": "Hall", "latitude": 51.531, "longitude": -0.131, "addresses": []}}
        ],
    }
    path.write_text(json.dumps([food_bank]))
    import_services(path, by=system_viewer("test"))
    return "S1"


@pytest.fixture
def grace(client: Client) -> Client:
    """A browser where Grace of the contact centre has signed in, for the purpose offer-help."""
    user_id = add_user(email="grace@example.org", name="Grace", role="contact_worker")
    client.force_login(apps.get_model("accounts", "User").objects.get(pk=user_id))
    session = client.session
    session["second_factor_passed"] = True
    session["purpose"] = PURPOSE
    session.save()
    return client
