"""Whoever is decided about is told, once for each time, and the message itself tells nothing."""

import pytest

from borough.accounts.policies import ANALYST, Viewer
from borough.common.jobs import run_pending
from borough.governance.actions import contest_decision, review_decision, take_decisions
from borough.governance.queries import list_decisions
from borough.messaging.models import Message
from borough.messaging.tests.conftest import Post, add_resident

pytestmark = pytest.mark.django_db(transaction=True)
PURPOSE = "review-discounts"


def decide(resident_id: str, by: Viewer) -> str:
    case = (resident_id, "1", {"adults": 1, "systems": ["electoral_roll"]})
    [decision_id] = take_decisions(by=by, purpose=PURPOSE, rule="single-person-discount", cases=[case])
    review(decision_id, by)
    return decision_id


def review(decision_id: str, by: Viewer, outcome: str = "ask") -> None:
    review_decision(by=by, purpose=PURPOSE, decision_id=decision_id, outcome=outcome, minutes=3, reason="Looked at.")
    run_pending()


def messages(resident_id: str) -> list[str]:
    rows = Message.objects.filter(resident_id=resident_id, about__startswith="decision:").order_by("id")
    return list(rows.values_list("body", flat=True))


def test_they_are_told_once_each_time_and_the_link_takes_their_answer(
    open_agreements: None, analyst: Viewer, post: Post
) -> None:
    add_resident("R1", "Ada", phone="+447700900123")
    decision_id = decide("R1", analyst)
    run_pending()
    (told,) = messages("R1")
    assert "discount" not in told
    assert "Ada" not in told
    token = told.split("/decisions/yours/")[1].split("/")[0]
    contest_decision(token=token, kind="contests", text="No.")
    other = Viewer(kind="staff", id="UBOB", name="Bob", roles=frozenset({ANALYST}))
    review(decision_id, other, "leave")
    assert len(messages("R1")) == 2


def test_whom_nothing_reaches_is_noted_for_the_post(open_agreements: None, analyst: Viewer, post: Post) -> None:
    add_resident("R2", "Ben")
    decide("R2", analyst)
    assert messages("R2") == []
    assert [line.post for line in list_decisions(viewer=analyst, purpose=PURPOSE)] == [True]
