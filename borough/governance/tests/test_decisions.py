"""Decisions: what a rule may do, what a person decides, and how whoever it is about can challenge it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import ANALYST, IG_OFFICER, Viewer
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.links import make_token
from borough.governance.actions import (
    contest_decision,
    note_posted,
    note_told,
    register_rule,
    review_decision,
    switch_rule_off,
    switch_rule_on,
    take_decisions,
)
from borough.governance.decisions import rule as rules
from borough.governance.decisions.deciding import LINK
from borough.governance.decisions.models import Decision, DecisionRule
from borough.governance.decisions.own import decided_about
from borough.governance.decisions.policies import ENOUGH_REVIEWS, figures_of, what_bars
from borough.governance.decisions.rule import Rule, Verdict, declare_rule, declared_rule
from borough.governance.models import LedgerEntry
from borough.governance.queries import (
    check_rule_is_on,
    decision_behind,
    list_decisions,
    list_reviewers,
    read_decision,
    read_rule,
    whom_to_tell,
)
from borough.governance.register import grounds

PURPOSE = "review-discounts"
SAID = {"adults": 2, "systems": ["electoral_roll"]}


@pytest.fixture
def bob() -> Viewer:
    return Viewer(kind="staff", id="UBOB", name="Bob", roles=frozenset({ANALYST}))


@pytest.fixture
def trial(db: None, open_agreements: None, system: Viewer) -> Iterator[Rule]:
    """A rule that decides alone, registered and off."""
    declared = replace(
        declared_rule("single-person-discount"),
        code="trial",
        solely_automated=True,
        decide=lambda said: Verdict("ask" if said["adults"] else "leave", "Because."),
    )
    declare_rule(declared)
    register_rule(by=system, rule=declared)
    yield declared
    rules._declared.pop("trial")


def decide(by: Viewer, key: str = "1", resident_id: str = "R1", rule: str = "single-person-discount") -> str:
    return take_decisions(by=by, purpose=PURPOSE, rule=rule, cases=[(resident_id, key, SAID)])[0]


def review(by: Viewer, decision_id: str, outcome: str = "ask", minutes: int = 4) -> None:
    review_decision(
        by=by, purpose=PURPOSE, decision_id=decision_id, outcome=outcome, minutes=minutes, reason="I called them."
    )


def test_a_proposal_waits_for_a_person_and_nobody_is_told(analyst: Viewer) -> None:
    decision_id = decide(analyst)
    one = read_decision(decision_id, viewer=analyst, purpose=PURPOSE)
    assert one.state == "proposed"
    assert "electoral register" in one.explanation
    assert whom_to_tell(decision_id) is None
    with pytest.raises(NotFound):
        decision_behind(make_token(LINK, decision_id))


def test_the_same_occasion_is_decided_once(analyst: Viewer) -> None:
    assert decide(analyst) == decide(analyst)
    assert decide(analyst, key="2") != decide(analyst)
    assert Decision.objects.count() == 2


def test_taking_and_reviewing_are_in_the_ledger_of_the_resident(analyst: Viewer) -> None:
    review(analyst, decide(analyst))
    verbs = LedgerEntry.objects.filter(kind="write", subjects__resident_id="R1").values_list("verb", flat=True)
    assert list(verbs.order_by("id")) == ["governance.decisions.take", "governance.decisions.review"]


def test_a_person_decides_is_told_challenges_and_another_decides_again(
    analyst: Viewer, bob: Viewer, system: Viewer
) -> None:
    decision_id = decide(analyst)
    review(analyst, decision_id)
    told = whom_to_tell(decision_id)
    assert told is not None
    assert (told.resident_id, told.round) == ("R1", 1)
    note_told(by=system, decision_id=decision_id, how="message")
    assert whom_to_tell(decision_id) is None
    token = make_token(LINK, decision_id)
    own = decision_behind(token)
    assert (own.by_a_person, own.reason, own.waiting) == (True, "I called them.", False)
    contest_decision(token=token, kind="contests", text="My son left in May.")
    assert decision_behind(token).waiting
    with pytest.raises(Problem, match="decided this before"):
        review(analyst, decision_id, "leave")
    review(bob, decision_id, "leave", 12)
    one = read_decision(decision_id, viewer=bob, purpose=PURPOSE)
    assert one.outcome_code == "leave"
    assert [text for _at, _kind, text in one.answers] == ["My son left in May."]
    told = whom_to_tell(decision_id)
    assert told is not None
    assert told.round == 2
    assert read_rule("single-person-discount").overturned == 1


def test_what_was_decided_is_decided_again_only_when_challenged(analyst: Viewer, bob: Viewer) -> None:
    decision_id = decide(analyst)
    review(analyst, decision_id)
    with pytest.raises(WrongState):
        review(bob, decision_id, "leave")


def test_whom_no_message_reaches_is_told_by_post(analyst: Viewer, system: Viewer) -> None:
    decision_id = decide(analyst)
    review(analyst, decision_id)
    note_told(by=system, decision_id=decision_id, how="")
    assert [line.post for line in list_decisions(viewer=analyst, purpose=PURPOSE)] == [True]
    note_posted(by=analyst, purpose=PURPOSE, decision_id=decision_id)
    assert list_decisions(viewer=analyst, purpose=PURPOSE) == []


def test_their_own_page_shows_what_was_decided_but_no_proposal(analyst: Viewer) -> None:
    decision_id = decide(analyst)
    assert decided_about("R1") == []
    review(analyst, decision_id)
    (told,) = decided_about("R1")
    assert "electoral register" in told.says
    assert decided_about("R2") == []


def test_a_link_of_another_kind_or_edited_opens_nothing(analyst: Viewer) -> None:
    for token in (make_token("cases:feedback", decide(analyst)), "nonsense"):
        with pytest.raises(NotFound):
            contest_decision(token=token, kind="says", text="Hello")


def test_a_rule_that_is_off_decides_nothing(analyst: Viewer, ig_officer: Viewer) -> None:
    switch_rule_off(by=ig_officer, code="single-person-discount", reason="The bills are out.")
    with pytest.raises(Problem, match="switched off"):
        decide(analyst)
    for code in ("who-is-who", "signs-of-need", "volunteer-matching"):
        switch_rule_off(by=ig_officer, code=code, reason="For a test.")
        with pytest.raises(Problem, match="switched off"):
            check_rule_is_on(code)


def test_a_rule_alone_decides_now_and_the_person_is_told(trial: Rule, analyst: Viewer, ig_officer: Viewer) -> None:
    switch_rule_on(by=ig_officer, code="trial", reason="For a test.")
    decision_id = decide(analyst, rule="trial")
    assert whom_to_tell(decision_id) is not None
    token = make_token(LINK, decision_id)
    assert decision_behind(token).by_a_person is False
    contest_decision(token=token, kind="person", text="")
    # They wanted a person: one who has not decided it is anybody.
    review(analyst, decision_id, "leave")
    assert decision_behind(token).by_a_person


def test_special_data_needs_its_condition_before_the_rule_is_on(trial: Rule, ig_officer: Viewer) -> None:
    DecisionRule.objects.filter(code="trial").update(special=True)
    with pytest.raises(Problem, match="special-category"):
        switch_rule_on(by=ig_officer, code="trial", reason="For a test.")
    # It decides alone about something that matters: care is no ground for that (Article 22B).
    with pytest.raises(Problem, match="22B"):
        switch_rule_on(by=ig_officer, code="trial", reason="For a test.", article_9="9-2-h", schedule_1="2")
    switch_rule_on(by=ig_officer, code="trial", reason="For a test.", article_9="9-2-g", schedule_1="18")
    assert read_rule("trial").state == "on"


SWITCHES = st.fixed_dictionaries(
    {
        "special": st.booleans(),
        "significant": st.booleans(),
        "solely_automated": st.booleans(),
        "lawful_basis": st.sampled_from(list(grounds.ARTICLE_6)),
        "article_9": st.sampled_from(["", *grounds.ARTICLE_9]),
        "schedule_1": st.sampled_from(["", *grounds.SCHEDULE_1]),
    }
)


@given(SWITCHES)
def test_special_data_is_never_used_without_a_condition(asked: dict) -> None:
    if asked["special"] and not asked["article_9"]:
        assert what_bars(**asked)


def test_the_database_refuses_every_rule_that_the_policy_bars_for_want_of_a_condition(trial: Rule) -> None:
    rows, refused = DecisionRule.objects.filter(code="trial"), 0
    conditions = ("", "9-2-a", "9-2-g", "9-2-h")
    for special, basis, article_9 in product((True, False), ("6-1-e", "6-1-ea"), conditions):
        asked = {"special": special, "lawful_basis": basis, "article_9": article_9}
        barred = what_bars(
            significant=True, solely_automated=True, schedule_1="2" if article_9 == "9-2-h" else "18", **asked
        )
        try:
            with transaction.atomic():
                rows.update(state="on", significant=True, solely_automated=True, **asked)
        except IntegrityError:
            refused += 1
            assert barred
        else:
            assert not barred, asked
    assert refused == 10


def test_a_new_version_replaces_the_one_before(
    trial: Rule, ig_officer: Viewer, analyst: Viewer, system: Viewer
) -> None:
    switch_rule_on(by=ig_officer, code="trial", reason="For a test.")
    first = decide(analyst, rule="trial")
    newer = replace(trial, version="2", logic=("Ask everybody.",))
    declare_rule(newer)
    register_rule(by=system, rule=newer)
    with pytest.raises(Problem, match="switched off"):
        decide(analyst, key="2", rule="trial")
    switch_rule_on(by=ig_officer, code="trial", reason="Read again.")
    assert read_rule("trial").version == "2"
    assert Decision.objects.get(pk=first).rule.version == trial.version


def test_who_never_disagrees_and_spends_no_time_shows(analyst: Viewer, bob: Viewer, ig_officer: Viewer) -> None:
    for number in range(ENOUGH_REVIEWS):
        review(analyst, decide(analyst, key=f"a{number}"), minutes=0)
        review(bob, decide(bob, key=f"b{number}"), "leave" if number == 0 else "ask", minutes=0)
    found = {one.name: one.only_nods for one in list_reviewers(viewer=ig_officer)}
    assert found == {"Anna": True, "Bob": False}


@pytest.mark.parametrize(
    ("reviews", "nods"),
    [
        ([(0, False)] * 4, False),
        ([(0, False)] * 5, True),
        ([(0, False)] * 4 + [(0, True)], False),
        ([(6, False)] * 5, False),
        ([(0, False)] * 9 + [(60, False)], True),
    ],
)
def test_one_long_review_does_not_hide_many_nods(reviews: list[tuple[int, bool]], nods: bool) -> None:
    assert figures_of("Test", reviews).only_nods is nods


# Pages.


def test_a_reviewer_decides_on_a_page(sign_in: Callable[..., Client], analyst: Viewer) -> None:
    decision_id = decide(analyst)
    client = sign_in(ANALYST)
    client.post("/governance/purpose/", {"purpose": PURPOSE})
    assert decision_id in client.get("/governance/decisions/").content.decode()
    address = f"/governance/decisions/{decision_id}/"
    assert "electoral register" in client.get(address).content.decode()
    assert "There is a problem" in client.post(address, {"reason": ""}).content.decode()
    said = {"outcome": "leave", "reason": "The son moved out in May.", "minutes": "7"}
    assert client.post(address, said).headers["Location"] == "/governance/decisions/"
    assert read_decision(decision_id, viewer=analyst, purpose=PURPOSE).outcome_code == "leave"


def test_a_person_reads_and_answers_by_their_link(client: Client, analyst: Viewer) -> None:
    decision_id = decide(analyst)
    review(analyst, decision_id)
    address = f"/governance/decisions/yours/{make_token(LINK, decision_id)}/"
    page = client.get(address)
    assert "I called them." in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert 'href="#id_text"' in client.post(address, {"kind": "says"}).content.decode()
    assert (
        client.post(address, {"kind": "contests", "text": ""}).headers["Location"] == "/governance/decisions/answered/"
    )
    assert "looking at it again" in client.get(address).content.decode()


def test_an_officer_switches_a_rule_with_its_condition(sign_in: Callable[..., Client]) -> None:
    officer = sign_in(IG_OFFICER)
    address = "/governance/decisions/rules/signs-of-need/"
    officer.post(f"{address}switch/", {"reason": "To read it again."})
    assert read_rule("signs-of-need").state == "off"
    again = officer.post(f"{address}switch/", {"reason": "Read."}).content.decode()
    assert 'href="#id_article_9"' in again
    officer.post(f"{address}switch/", {"reason": "Read.", "article_9": "9-2-h", "schedule_1": "2"})
    assert "Health or social care" in officer.get(address).content.decode()
