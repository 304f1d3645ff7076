"""Whether an assessment is needed, and the document from its start to a signed version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import IG_OFFICER, Viewer
from borough.common import clock
from borough.common.errors import Problem, WrongState
from borough.governance.actions import edit_dpia, sign_dpia, start_dpia
from borough.governance.dpia.models import Dpia
from borough.governance.dpia.screening import LARGE, Declared, screen
from borough.governance.dpia.writing import what_is_missing
from borough.governance.queries import read_dpia, screen_purposes

NOTHING = Declared(
    fields=["name"],
    sources=[],
    special=False,
    criminal=False,
    records=0,
    children=False,
    profiling=False,
    decides_alone=False,
    significant=False,
)


def tripped(**changes: object) -> set[str]:
    found = screen(replace(NOTHING, **changes))  # type: ignore[arg-type]
    return {str(one.words) for one in (*found.always, *found.wp248) if one.met}


def test_a_name_alone_needs_no_assessment() -> None:
    assert not screen(NOTHING).needed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"profiling": True, "significant": True}, "Systematic and extensive profiling with significant effects"),
        ({"special": True, "records": LARGE}, "Large-scale use of sensitive data"),
        ({"criminal": True, "records": LARGE}, "Large-scale use of sensitive data"),
        ({"significant": True, "special": True}, "Decisions on access to a service, by a rule or sensitive data"),
        ({"profiling": True, "records": LARGE}, "Large-scale profiling"),
        ({"sources": ["a", "b"]}, "Data matching"),
        ({"sources": ["a", "b"], "special": True}, "Invisible processing"),
        ({"profiling": True, "children": True}, "Targeting children or other vulnerable people"),
    ],
)
def test_one_that_always_needs_it_is_enough(changes: dict, words: str) -> None:
    assert words in tripped(**changes)
    assert screen(replace(NOTHING, **changes)).needed


def test_of_the_nine_two_are_enough_and_one_is_not() -> None:
    assert not screen(replace(NOTHING, profiling=True)).needed
    assert screen(replace(NOTHING, profiling=True, children=True)).needed


flags = st.fixed_dictionaries(
    {name: st.booleans() for name in ("special", "criminal", "children", "profiling", "decides_alone", "significant")}
)


@given(flags, flags, st.integers(0, 3), st.sampled_from([0, LARGE]))
def test_declaring_more_never_needs_less(some: dict, more: dict, sources: int, records: int) -> None:
    fewer = replace(NOTHING, **some, sources=["a", "b", "c"][:sources])
    union = {name: some[name] or more[name] for name in some}
    assert screen(replace(fewer, **union, records=records, sources=["a", "b", "c"])).needed or not screen(fewer).needed


@pytest.mark.django_db
def test_the_purposes_of_the_rehearsal_are_screened(open_agreements: None) -> None:
    needed = {one.purpose.code for one in screen_purposes() if one.screening.needed}
    assert {"review-discounts", "confirm-electors"} <= needed
    assert "oversight" not in needed


@pytest.fixture
def begun(ig_officer: Viewer) -> int:
    return start_dpia(by=ig_officer, purpose="review-discounts")


def complete(by: Viewer, dpia_id: int, **changes: object) -> None:
    risks = [
        each | {"likelihood": "possible", "effect": "reduced", "residual": "low"} for each in read_dpia(dpia_id).risks
    ]
    said = {
        "consultation": "The residents' panel of June.",
        "risks": risks,
        "measures_approved_by": "Head of revenues",
        "residual_approved_by": "Senior information risk owner",
        "dpo_advice": "Ask before, not after.",
        "advice_accepted": True,
    }
    edit_dpia(by=by, dpia_id=dpia_id, **{**said, **changes})


@pytest.mark.django_db
def test_it_begins_with_what_the_register_knows(begun: int) -> None:
    one = read_dpia(begun)
    assert "Local Government Finance Act 1992" in one.says["necessity"]
    assert "Data matching" in one.says["need"]
    assert one.says["consultation"] == ""
    assert any("costs somebody money" in each["risk"] for each in one.risks)
    assert {step for step, _words in what_is_missing(one)} == {"consultation", "risks", "sign-off"}


@pytest.mark.django_db
def test_it_is_signed_when_all_have_approved_and_then_stands(begun: int, ig_officer: Viewer) -> None:
    with pytest.raises(Problem, match="data protection officer"):
        sign_dpia(by=ig_officer, dpia_id=begun)
    complete(ig_officer, begun)
    sign_dpia(by=ig_officer, dpia_id=begun)
    with pytest.raises(WrongState):
        edit_dpia(by=ig_officer, dpia_id=begun, dpo_advice="Something else.")
    again = start_dpia(by=ig_officer, purpose="review-discounts")
    assert again != begun
    assert read_dpia(again).version == 2
    assert read_dpia(again).says["consultation"] == "The residents' panel of June."
    complete(ig_officer, again)
    sign_dpia(by=ig_officer, dpia_id=again)
    assert read_dpia(begun).state == "replaced"


@pytest.mark.django_db
def test_advice_is_overruled_with_a_reason_only(begun: int, ig_officer: Viewer) -> None:
    complete(ig_officer, begun, advice_accepted=False)
    with pytest.raises(Problem, match="not followed"):
        sign_dpia(by=ig_officer, dpia_id=begun)
    edit_dpia(by=ig_officer, dpia_id=begun, overruled_because="The law sets the date.")
    sign_dpia(by=ig_officer, dpia_id=begun)


@pytest.mark.django_db
def test_a_high_risk_that_remains_goes_to_the_ico_first(begun: int, ig_officer: Viewer) -> None:
    complete(ig_officer, begun)
    risks = [each | {"residual": "high"} for each in read_dpia(begun).risks]
    edit_dpia(by=ig_officer, dpia_id=begun, risks=risks)
    with pytest.raises(Problem, match="ICO"):
        sign_dpia(by=ig_officer, dpia_id=begun)


@pytest.mark.django_db
@pytest.mark.parametrize("without", ["measures_approved_by", "residual_approved_by", "dpo_advice"])
def test_the_database_too_refuses_a_signature_without_approval(begun: int, ig_officer: Viewer, without: str) -> None:
    complete(ig_officer, begun, **{without: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        Dpia.objects.filter(pk=begun).update(state="signed")


@pytest.mark.django_db
def test_an_officer_writes_it_page_by_page(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    due = clock.today() + timedelta(days=3)
    said = {"due_on-day": due.day, "due_on-month": due.month, "due_on-year": due.year}
    address = officer.post("/governance/dpias/screening/find-need/", said).headers["Location"]
    assert "Missing before it can be signed off" in officer.get(address).content.decode()
    officer.post(f"{address}consultation/", {"consultation": "Carers' forum, May."})
    assert "Carers&#39; forum, May." in officer.get(address).content.decode()
    page = officer.post(f"{address}sign-off/", {**said, "advice_accepted": "no"}).content.decode()
    assert 'href="#id_overruled_because"' in page
    risks = {"risk_1": "A wrong letter", "measure_1": "A person reads it", "residual_1": "low"}
    officer.post(f"{address}risks/", risks)
    assert "A wrong letter" in officer.get(address).content.decode()
    assert officer.get(f"{address}nonsense/").status_code == 404
    assert officer.post(f"{address}sign/").status_code == 409
    with clock.at(clock.now() + timedelta(days=4)):
        assert "Late" in officer.get("/governance/dpias/").content.decode()
