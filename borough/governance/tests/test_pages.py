"""Pages of governance: the purpose of a session, decisions on agreements, the ledger."""

from collections.abc import Callable

import pytest
from django.test import Client

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import ANALYST, CONTACT_WORKER, IG_OFFICER, system_viewer
from borough.common.errors import NotAllowed
from borough.governance.actions import revoke_agreement
from borough.governance.door import open_door
from borough.governance.queries import list_agreements

pytestmark = pytest.mark.django_db
DRAFT = {
    "title": "Warm homes",
    "reference": "warm-homes",
    "purpose": "offer-help",
    "lawful_basis": "UK GDPR Article 6(1)(e)",
    "roles": [CONTACT_WORKER],
    "fields_open": ["name", "contact"],
    "sources": "council_tax\nlibraries",
    "starts_on-day": "1",
    "starts_on-month": "1",
    "starts_on-year": "2026",
    "review_on-day": "1",
    "review_on-month": "1",
    "review_on-year": "2030",
}


@pytest.fixture
def sign_in(open_agreements: None) -> Callable[[str], Client]:
    def client_of(role: str) -> Client:
        client = Client()
        user = add_user(email=f"{role}@a.example", name=role.title(), role=role)
        client.get(make_rehearsal_link(user))
        return client

    return client_of


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


def test_an_agreement_is_drafted_approved_and_revoked(sign_in: Callable[[str], Client]) -> None:
    officer = sign_in(IG_OFFICER)
    assert (
        officer.post("/governance/agreements/new/", DRAFT).headers["Location"] == "/governance/agreements/warm-homes/"
    )
    one = next(one for one in list_agreements() if one.reference == "warm-homes")
    assert (one.state, one.sources, one.roles) == ("draft", ["council_tax", "libraries"], [CONTACT_WORKER])
    assert (
        "There is a problem" in officer.post(f"/governance/agreements/{one}/approve/", {"reason": " "}).content.decode()
    )
    officer.post(f"/governance/agreements/{one}/approve/", {"reason": "Winter is near"})
    assert "Winter is near" in officer.get(f"/governance/agreements/{one}/").content.decode()
    officer.post(f"/governance/agreements/{one}/revoke/", {"reason": "Winter is over"})
    one.refresh_from_db()
    assert one.state == "revoked"


def test_a_review_before_the_start_is_an_error_at_its_field(sign_in: Callable[[str], Client]) -> None:
    page = sign_in(IG_OFFICER).post("/governance/agreements/new/", DRAFT | {"review_on-year": "2020"}).content.decode()
    assert 'href="#id_review_on-day"' in page


def test_a_reference_that_is_taken_is_an_error_at_its_field(sign_in: Callable[[str], Client]) -> None:
    page = sign_in(IG_OFFICER).post("/governance/agreements/new/", DRAFT | {"reference": "need-analysis"})
    assert 'href="#id_reference"' in page.content.decode()


@pytest.mark.parametrize("role", [ANALYST, CONTACT_WORKER])
@pytest.mark.parametrize(
    "address",
    ["/governance/agreements/new/", "/governance/agreements/need-analysis/revoke/", "/governance/ledger/"],
)
def test_decisions_and_the_ledger_are_for_officers(sign_in: Callable[[str], Client], role: str, address: str) -> None:
    client = sign_in(role)
    assert client.get(address).status_code == 403
    assert "Draft an agreement" not in client.get("/governance/agreements/").content.decode()


def test_an_agreement_that_is_not_there_is_not_found(sign_in: Callable[[str], Client]) -> None:
    assert sign_in(IG_OFFICER).get("/governance/agreements/nonsense/").status_code == 404


def test_the_ledger_shows_refusals_and_filters(sign_in: Callable[[str], Client], charlie: object) -> None:
    with pytest.raises(NotAllowed):
        open_door(viewer=charlie, purpose="offer-help", verb="residents.read_resident")  # type: ignore[arg-type]
    officer = sign_in(IG_OFFICER)
    assert "residents.read_resident" in officer.get("/governance/ledger/?kind=denied").content.decode()
    assert "residents.read_resident" not in officer.get("/governance/ledger/?kind=write").content.decode()
    file = officer.get("/governance/ledger/?format=csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "Charlie" in file.content.decode()
