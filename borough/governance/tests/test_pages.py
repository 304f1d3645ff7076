"""Pages of governance: the purpose of a session, decisions on agreements, the ledger."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from borough.accounts.policies import ANALYST, CONTACT_WORKER, IG_OFFICER, Viewer, system_viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.actions import revoke_agreement
from borough.governance.door import open_door
from borough.governance.models import Agreement
from borough.governance.queries import list_agreements

pytestmark = pytest.mark.django_db


def test_who_has_one_purpose_is_not_asked(sign_in: Callable[[str], Client]) -> None:
    worker = sign_in(CONTACT_WORKER)
    assert (
        worker.get("/governance/purpose/?next=/governance/agreements/").headers["Location"] == "/governance/agreements/"
    )
    assert worker.session["purpose"] == "offer-help"


def test_who_has_several_chooses(sign_in: Callable[[str], Client]) -> None:
    analyst = sign_in(ANALYST)
    assert analyst.get("/staff/").headers["Location"] == "/governance/purpose/?next=%2Fstaff%2F"
    page = analyst.get("/governance/purpose/?next=/staff/").content.decode()
    assert "Find who may need help" in page
    assert "before a crisis" in page
    answer = analyst.post("/governance/purpose/", {"purpose": "find-need", "next": "/staff/"})
    assert answer.headers["Location"] == "/staff/"
    assert analyst.session["purpose"] == "find-need"


@pytest.mark.parametrize("wrong", ["", "oversight", "nonsense"])
def test_a_purpose_that_is_not_open_to_you_is_refused(sign_in: Callable[[str], Client], wrong: str) -> None:
    analyst = sign_in(ANALYST)
    page = analyst.post("/governance/purpose/", {"purpose": wrong}).content.decode()
    assert "There is a problem" in page
    assert "<title>Error:" in page
    assert "purpose" not in analyst.session


def test_nobody_is_sent_to_another_site(sign_in: Callable[[str], Client]) -> None:
    worker = sign_in(CONTACT_WORKER)
    assert worker.get("/governance/purpose/?next=//evil.example/").headers["Location"] == "/staff/"


def test_without_an_agreement_the_page_says_whom_to_ask(sign_in: Callable[[str], Client]) -> None:
    by = system_viewer("test")
    for one in list_agreements():
        revoke_agreement(by=by, reference=one.reference, reason="Test")
    answer = sign_in(CONTACT_WORKER).get("/governance/purpose/")
    assert answer.status_code == 409
    assert "information governance team" in answer.content.decode()


@pytest.mark.parametrize("role", [ANALYST, CONTACT_WORKER])
@pytest.mark.parametrize(
    "address",
    ["/governance/agreements/new/", "/governance/agreements/need-analysis/revoke/", "/governance/ledger/"],
)
def test_decisions_and_the_ledger_are_for_officers(sign_in: Callable[[str], Client], role: str, address: str) -> None:
    client = sign_in(role)
    assert client.get(address).status_code == 403
    assert "Draft an agreement" not in client.get("/governance/agreements/").content.decode()


def test_the_ledger_shows_refusals_and_filters(sign_in: Callable[[str], Client], charlie: object) -> None:
    with pytest.raises(NotAllowed):
        open_door(viewer=charlie, purpose="offer-help", verb="residents.read_resident")  # type: ignore[arg-type]
    officer = sign_in(IG_OFFICER)
    assert "residents.read_resident" in officer.get("/governance/ledger/?kind=denied").content.decode()
    assert "residents.read_resident" not in officer.get("/governance/ledger/?kind=write").content.decode()
    file = officer.get("/governance/ledger/?format=csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "Charlie" in file.content.decode()


def test_a_page_that_is_open_learns_when_its_door_closed(sign_in: Callable[[str], Client], system: Viewer) -> None:
    """still-open.js compares both as text: they are written alike."""
    page = sign_in(CONTACT_WORKER).get("/governance/purpose/", follow=True).content.decode()
    [since] = re.findall('data-since="([^"]+)"', page)
    assert 'data-purpose="offer-help"' in page
    doors = "/governance/doors/?purpose=offer-help"
    assert Client().get(doors).content == b""
    revoke_agreement(by=system, reference="help-volunteers", reason="Ended in a test.")
    closed = Client().get(doors)
    assert closed.content.decode() > since
    assert closed["Cache-Control"] == "private, no-store"
    assert Client().get("/governance/doors/?purpose=find-need").content == b""
    Agreement.objects.filter(purpose="find-need").update(
        starts_on=clock.today() - timedelta(days=9), review_on=clock.today()
    )
    midnight = Client().get("/governance/doors/?purpose=find-need").content.decode()
    assert datetime.fromisoformat(midnight).astimezone(clock.LONDON).time() == time.min
    assert midnight < closed.content.decode()
    assert len(midnight) == len(since)


def test_the_public_is_asked_nothing(client: Client, db: None) -> None:
    assert b"data-since" not in client.get("/").content
