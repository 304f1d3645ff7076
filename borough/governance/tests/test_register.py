"""Organisations and agreements, through their verbs and pages: from draft to enforced, and back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from borough.accounts.policies import ANALYST, CONTACT_WORKER, IG_OFFICER, LINK_WORKER, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem, WrongState
from borough.governance.actions import (
    approve_agreement,
    draft_agreement,
    edit_draft,
    register_organisation,
    renew_agreement,
    revoke_agreement,
)
from borough.governance.door import open_door
from borough.governance.models import Agreement
from borough.governance.queries import list_agreements, list_organisations, read_agreement
from borough.governance.register.drafting import missing_from
from borough.governance.tests.terms import WHOLE

pytestmark = pytest.mark.django_db
SECRET: Any = {**WHOLE, "fields": ["identifiers"]}


def draft(by: Viewer, terms: Any = WHOLE, reference: str = "trial") -> str:
    return draft_agreement(by=by, reference=reference, purpose="offer-help", title="Trial", **terms)


@pytest.fixture
def second_officer() -> Viewer:
    return Viewer(kind="staff", id="UOLGA", name="Olga", roles=frozenset({IG_OFFICER}))


def test_a_draft_that_lacks_terms_is_not_approved_and_says_which(ig_officer: Viewer) -> None:
    draft(ig_officer, {})
    with pytest.raises(Problem, match="lawful basis"):
        approve_agreement(by=ig_officer, reference="trial", reason="It is winter.")
    edit_draft(by=ig_officer, reference="trial", **WHOLE)
    approve_agreement(by=ig_officer, reference="trial", reason="It is winter.")
    assert read_agreement("trial").state == "live"


def test_what_opens_special_data_needs_a_condition_and_another_officer(
    ig_officer: Viewer, second_officer: Viewer
) -> None:
    draft(ig_officer, {**SECRET, "article_9": ""})
    with pytest.raises(Problem, match="special-category"):
        approve_agreement(by=second_officer, reference="trial", reason="It is winter.")
    edit_draft(by=ig_officer, reference="trial", article_9="9-2-h")
    with pytest.raises(Problem, match="second person"):
        approve_agreement(by=ig_officer, reference="trial", reason="It is winter.")
    approve_agreement(by=second_officer, reference="trial", reason="Read, and agreed.")
    assert (read_agreement("trial").special, read_agreement("trial").decided_by) == (True, "Olga")


def test_whoever_changed_it_last_is_not_the_second_person(ig_officer: Viewer, second_officer: Viewer) -> None:
    draft(ig_officer, SECRET)
    edit_draft(by=second_officer, reference="trial", frequency="Weekly")
    with pytest.raises(Problem, match="second person"):
        approve_agreement(by=second_officer, reference="trial", reason="Mine now.")


def test_the_database_too_refuses_special_data_without_a_condition(ig_officer: Viewer) -> None:
    draft(ig_officer)
    rows = Agreement.objects.filter(pk="trial")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="live", decided_by="Nobody", special=True, article_9="")


def test_what_was_decided_is_renewed_and_not_edited(ig_officer: Viewer) -> None:
    draft(ig_officer)
    approve_agreement(by=ig_officer, reference="trial", reason="It is winter.")
    with pytest.raises(WrongState):
        edit_draft(by=ig_officer, reference="trial", fields=["*"])
    new = renew_agreement(by=ig_officer, reference="trial")
    assert renew_agreement(by=ig_officer, reference="trial") == new
    one = read_agreement(new)
    assert (one.state, one.starts_on, one.renews_id) == ("draft", read_agreement("trial").review_on, "trial")
    assert [party.code for party in one.parties.all()] == ["council"]
    assert missing_from(one) == []


def test_a_renewal_leaves_no_gap_and_no_overlap(ig_officer: Viewer, link_worker: Viewer) -> None:
    revoke_agreement(by=ig_officer, reference="help-link-workers", reason="For the test.")
    draft(ig_officer)
    approve_agreement(by=ig_officer, reference="trial", reason="It is winter.")
    new = renew_agreement(by=ig_officer, reference="trial")
    approve_agreement(by=ig_officer, reference=new, reason="It will be winter again.")
    for days, reference in ((364, "trial"), (365, new)):
        with clock.at(clock.now() + timedelta(days=days)):
            opening = open_door(viewer=link_worker, purpose="offer-help", verb="residents.look")
            assert opening.agreement == reference


def test_a_number_that_the_ico_cannot_have_given_is_refused(ig_officer: Viewer) -> None:
    with pytest.raises(Problem, match="ICO"):
        register_organisation(by=ig_officer, code="x", name="X", kind="charity", contact="DPO", ico_number="12345")
    register_organisation(by=ig_officer, code="x", name="X", kind="charity", contact="DPO", ico_number="za123456")
    assert [one.ico_number for one in list_organisations() if one.code == "x"] == ["ZA123456"]


def test_the_rehearsals_agreements_lack_nothing(open_agreements: None) -> None:
    agreements = list_agreements()
    assert agreements
    assert {one.reference: missing_from(one) for one in agreements if missing_from(one)} == {}


# Pages.

FIRST = {
    "title": "Warm homes",
    "reference": "warm-homes",
    "purpose": "offer-help",
    "necessity": "To reach them.",
}
PAGES: dict[str, dict[str, Any]] = {
    "parties": {"parties": ["council"], "controllers": "sole", "roles": [LINK_WORKER]},
    "data": {"fields_open": ["name", "contact"], "sources": []},
    "law": {"lawful_basis": "6-1-e", "legal_power": "Care Act 2014 section 2", "article_10": "none"},
    "safeguards": {
        "dpia": "DPIA 7",
        "retention": "A year",
        "security": "Two factors",
        "rights": "The contact centre",
        "frequency": "Weekly",
    },
}
START = "/governance/agreements/warm-homes/"


def test_from_draft_to_enforced_in_one_sitting(sign_in: Callable[..., Client], link_worker: Viewer) -> None:
    officer = sign_in(IG_OFFICER)
    revoke_agreement(by=_officer(), reference="help-link-workers", reason="For the test.")
    assert officer.post("/governance/agreements/new/", FIRST).headers["Location"] == f"{START}tasks/"
    assert officer.get(f"{START}tasks/").content.decode().count("Incomplete") == 4
    refused = officer.post(f"{START}approve/", {"reason": "Winter is near"})
    assert refused.status_code == 409
    for step, said in PAGES.items():
        assert officer.post(f"{START}tasks/{step}/", said).headers["Location"] == f"{START}tasks/"
    assert "Incomplete" not in officer.get(f"{START}tasks/").content.decode()
    officer.post(f"{START}approve/", {"reason": "Winter is near"})
    assert "Winter is near" in officer.get(START).content.decode()
    opening = open_door(viewer=link_worker, purpose="offer-help", verb="residents.look")
    assert (opening.agreement, opening.fields) == ("warm-homes", {"name", "contact"})
    officer.post(f"{START}revoke/", {"reason": "Winter is over"})
    with pytest.raises(NotAllowed):
        open_door(viewer=link_worker, purpose="offer-help", verb="residents.look")


def test_a_page_of_a_draft_keeps_what_was_typed(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    officer.post("/governance/agreements/new/", FIRST)
    officer.post(f"{START}tasks/law/", {"legal_power": "Housing Act 1996"})
    assert "Housing Act 1996" in officer.get(f"{START}tasks/law/").content.decode()
    page = officer.get(f"{START}tasks/purpose/").content.decode()
    assert "To reach them." in page
    assert 'value="Warm homes"' in page


def test_a_review_before_the_start_is_an_error_at_its_field(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    officer.post("/governance/agreements/new/", FIRST)
    dates = {f"{name}-{part}": "1" for name in ("starts_on", "review_on") for part in ("day", "month")}
    page = officer.post(f"{START}tasks/dates/", dates | {"starts_on-year": "2026", "review_on-year": "2020"})
    assert 'href="#id_review_on-day"' in page.content.decode()


def test_a_reference_that_is_taken_is_an_error_at_its_field(sign_in: Callable[..., Client]) -> None:
    page = sign_in(IG_OFFICER).post("/governance/agreements/new/", FIRST | {"reference": "need-analysis"})
    assert 'href="#id_reference"' in page.content.decode()


@pytest.mark.parametrize("path", ["nonsense/", "need-analysis/tasks/", "nonsense/tasks/law/"])
def test_what_is_no_draft_is_not_found(sign_in: Callable[..., Client], path: str) -> None:
    assert sign_in(IG_OFFICER).get(f"/governance/agreements/{path}").status_code == 404


def test_a_page_that_a_draft_does_not_have_is_not_found(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    officer.post("/governance/agreements/new/", FIRST)
    assert officer.get(f"{START}tasks/nonsense/").status_code == 404


def test_an_organisation_is_added_and_changed(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    said = {"name": "St Anne's Hospital", "kind": "health", "contact": "DPO", "ico_number": "Z1234567", "roles": []}
    officer.post("/governance/organisations/new/", said)
    assert "Z1234567" in officer.get("/governance/organisations/").content.decode()
    again = officer.post("/governance/organisations/new/", said).content.decode()
    assert "in the register already" in again
    officer.post("/governance/organisations/st-annes-hospital/", said | {"contact": "The registrar"})
    assert "The registrar" in officer.get("/governance/organisations/").content.decode()


ASK = "/governance/may-we-share/"


def test_what_an_agreement_covers_may_be_shared(sign_in: Callable[..., Client]) -> None:
    page = sign_in(ANALYST).get(f"{ASK}?purpose=offer-help&names=yes&who=volunteer-centre&fields=name&fields=contact")
    assert "/governance/agreements/help-volunteers/" in page.content.decode()


def test_what_is_covered_for_one_role_is_not_for_another(sign_in: Callable[..., Client]) -> None:
    client, asked = sign_in(ANALYST), f"{ASK}?purpose=find-sublets&names=yes&who=council&fields=name&roles="
    assert "tenancy-fraud" in client.get(f"{asked}analyst").content.decode()
    assert "Which lawful basis" in client.get(f"{asked}analyst&roles=coordinator").content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "What is the data for?"),
        ("purpose=nonsense", "What is the data for?"),
        ("purpose=other", "not in the register"),
        ("purpose=offer-help", "who each person is"),
        ("purpose=offer-help&names=no", "Use counts"),
        ("purpose=offer-help&names=yes&who=other", "Not before the organisation"),
        ("purpose=offer-help&names=yes&who=council", "Which of its people?"),
        ("purpose=offer-help&names=yes&who=volunteer-centre", "What do they need to see?"),
        ("purpose=offer-help&names=yes&who=volunteer-centre&fields=identifiers&law=other", "the law does not allow"),
        ("purpose=offer-help&names=yes&who=volunteer-centre&fields=identifiers&law=6-1-e", "special-category"),
    ],
)
def test_each_answer_leads_on(sign_in: Callable[..., Client], query: str, said: str) -> None:
    assert said in sign_in(CONTACT_WORKER).get(f"{ASK}?{query}").content.decode()


def test_a_public_authority_is_not_offered_legitimate_interests(sign_in: Callable[..., Client]) -> None:
    client = sign_in(ANALYST)
    asked = f"{ASK}?purpose=offer-help&names=yes&fields=identifiers&roles=system&who="
    assert "6-1-ea" in client.get(f"{asked}volunteer-centre").content.decode()
    assert "6-1-ea" not in client.get(f"{asked}council").content.decode()


def test_the_questions_end_in_a_draft_with_the_answers(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    address = ASK
    for said in (
        {"purpose": "offer-help"},
        {"names": "yes"},
        {"who": "volunteer-centre"},
        {"fields": ["name", "identifiers"]},
        {"law": "6-1-e"},
        {"condition": "9-2-h"},
    ):
        assert "There is a problem" in officer.post(address, {}).content.decode()
        address = officer.post(address, said).headers["Location"]
    sent_to = officer.post(address).headers["Location"]
    one = read_agreement(sent_to.split("/")[-3])
    assert (one.state, one.fields, one.article_9) == ("draft", ["identifiers", "name"], "9-2-h")
    assert {party.code for party in one.parties.all()} == {"council", "volunteer-centre"}
    # What the council relies on for this purpose today.
    assert one.legal_power.startswith("Care Act 2014")


def test_who_may_not_draft_is_told_whom_to_ask(sign_in: Callable[..., Client]) -> None:
    client = sign_in(ANALYST)
    address = f"{ASK}?purpose=offer-help&names=yes&who=volunteer-centre&fields=date_of_birth&law=6-1-e"
    assert "Start the draft" not in client.get(address).content.decode()
    assert client.post(address).status_code == 403


def _officer() -> Viewer:
    return Viewer(kind="staff", id="UIVY", name="Ivy", roles=frozenset({IG_OFFICER}))
