"""Reads of rules and decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, Viewer, check_may_work_as
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.governance.decisions.deciding import LINK, LINK_KEPT, REVIEW
from borough.governance.decisions.models import Decision, DecisionAnswer, DecisionReview, DecisionRule
from borough.governance.decisions.policies import ReviewerFigures, figures_of
from borough.governance.declared import SourceFacts, all_sources
from borough.governance.door import open_door

QUEUE = 200


@dataclass(frozen=True)
class RuleView:
    """A rule of the register with how often it was used. Exact counts: a public page protects them."""

    code: str
    version: str
    title: str
    purpose: str
    state: str
    says: dict[str, Any]
    solely_automated: bool
    significant: bool
    special: bool
    lawful_basis: str
    article_9: str
    schedule_1: str
    registered_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    taken: int
    waiting: int
    contested: int
    overturned: int


@dataclass(frozen=True)
class DecisionLine:
    """A decision in the queue. No name: whoever may see it opens the resident's page."""

    id: str
    rule: str
    resident_id: str
    proposed: str
    state: str
    taken_at: datetime
    post: bool


@dataclass(frozen=True)
class DecisionView:
    """One decision as its reviewer sees it. `inputs`, `outcome` and `proposed` are in words."""

    id: str
    rule: str
    question: str
    resident_id: str
    inputs: Sequence[tuple[str, str]]
    outcomes: Sequence[tuple[str, str]]
    proposed: str
    outcome: str
    outcome_code: str
    explanation: str
    state: str
    taken_at: datetime
    solely_automated: bool
    post: bool
    answers: Sequence[tuple[datetime, str, str]]
    reviews: Sequence[tuple[datetime, str, str, int]]


@dataclass(frozen=True)
class OwnDecision:
    """A decision as the person it is about reads it by their link."""

    title: str
    outcome: str
    explanation: str
    reason: str
    inputs: Sequence[tuple[str, str]]
    taken_at: datetime
    by_a_person: bool
    waiting: bool
    owner: str


def list_rules() -> list[RuleView]:
    """Every rule of the register in its newest version, by title. They are public by intent and hold no people."""
    rows = (
        DecisionRule.objects.exclude(state="replaced")
        .order_by("title", "-registered_at")
        .annotate(
            taken=Count("decisions", distinct=True),
            waiting=Count("decisions", filter=Q(decisions__state="proposed"), distinct=True),
            contested=Count("decisions", filter=Q(decisions__answers__kind__in=["person", "contests"]), distinct=True),
            overturned=Count("decisions", filter=Q(decisions__reviews__overturned=True), distinct=True),
        )
    )
    newest: dict[str, DecisionRule] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    names = list(RuleView.__dataclass_fields__)
    return [RuleView(**{name: getattr(row, name) for name in names}) for row in newest.values()]


def read_rule(code: str) -> RuleView:
    """One rule. Raises NotFound."""
    for rule in list_rules():
        if rule.code == code:
            return rule
    raise NotFound(_("There is no such rule."), _("Open it from the list of decision rules."))


def list_decisions(*, viewer: Viewer, purpose: str) -> list[DecisionLine]:
    """Decisions that wait for a person, challenged ones first, then those whose person is to be told by post."""
    opening = open_door(viewer=viewer, purpose=purpose, verb=REVIEW)
    post = Q(state="stands", told_by="", told_at__isnull=False)
    rows = list(
        Decision.objects.filter(Q(state__in=["proposed", "contested"]) | post, rule__purpose=purpose)
        .select_related("rule")
        .order_by("state", "taken_at")[:QUEUE]
    )
    opening.saw([row.resident_id for row in rows])
    return [
        DecisionLine(
            id=row.id,
            rule=_(row.rule.title),
            resident_id=row.resident_id,
            proposed=_(row.rule.says["outcomes"][row.outcome]),
            state=row.state,
            taken_at=row.taken_at,
            post=row.state == "stands",
        )
        for row in rows
    ]


def read_decision(decision_id: str, *, viewer: Viewer, purpose: str) -> DecisionView:
    """One decision with what went in, what the person said and who decided. Raises NotFound."""
    opening = open_door(viewer=viewer, purpose=purpose, verb=REVIEW)
    row = (
        Decision.objects.filter(pk=decision_id, rule__purpose=purpose)
        .select_related("rule")
        .prefetch_related(
            Prefetch("answers", DecisionAnswer.objects.order_by("at")),
            Prefetch("reviews", DecisionReview.objects.order_by("at")),
        )
        .first()
    )
    opening.saw([row.resident_id] if row else [])
    if row is None:
        raise NotFound(_("There is no such decision."), _("Open it from the list of decisions."))
    outcomes = {code: _(words) for code, words in row.rule.says["outcomes"].items()}
    kinds = DecisionAnswer.KINDS
    return DecisionView(
        id=row.id,
        rule=_(row.rule.title),
        question=_(row.rule.says["question"]),
        resident_id=row.resident_id,
        inputs=_inputs(row),
        outcomes=list(outcomes.items()),
        proposed=outcomes[row.proposed],
        outcome=outcomes[row.outcome],
        outcome_code=row.outcome,
        explanation=row.explanation,
        state=row.state,
        taken_at=row.taken_at,
        solely_automated=row.rule.solely_automated,
        post=row.state == "stands" and not row.told_by and row.told_at is not None,
        answers=[(each.at, str(kinds[each.kind]), each.text) for each in row.answers.all()],
        reviews=[
            (each.at, each.reviewer_name, outcomes.get(each.outcome, each.outcome), each.minutes)
            for each in row.reviews.all()
        ],
    )


def list_reviewers(*, viewer: Viewer) -> list[ReviewerFigures]:
    """How each reviewer reviews: who never disagrees and spends no time shows. Staff, no residents."""
    check_may_work_as(viewer, IG_OFFICER)
    reviews: dict[tuple[str, str], list[tuple[int, bool]]] = {}
    rows = DecisionReview.objects.order_by("reviewer_name", "at")
    for reviewer, name, minutes, overturned in rows.values_list(
        "reviewer_id", "reviewer_name", "minutes", "overturned"
    ):
        reviews.setdefault((reviewer, name), []).append((minutes, overturned))
    return [figures_of(name, rows) for (_reviewer, name), rows in reviews.items()]


def decision_behind(token: str) -> OwnDecision:
    """The decision that a person's link is about, as they may read it. Raises NotFound."""
    decision_id = read_token(LINK, token, keep=LINK_KEPT)
    row = Decision.objects.select_related("rule").filter(pk=decision_id).exclude(state="proposed").first()
    if row is None:
        raise NotFound(_("This decision is not there any more."), _("Call us, and we will tell you why."))
    newest = row.reviews.order_by("-at", "-id").first()
    return OwnDecision(
        title=_(row.rule.title),
        outcome=_(row.rule.says["outcomes"][row.outcome]),
        explanation=row.explanation,
        reason=newest.reason if newest else "",
        inputs=_inputs(row),
        taken_at=newest.at if newest else row.taken_at,
        by_a_person=newest is not None,
        waiting=row.state == "contested",
        owner=_(row.rule.says["owner"]),
    )


def decision_link(decision_id: str) -> str:
    """The address at which the person reads the decision and answers it."""
    token = make_token(LINK, decision_id)
    return settings.BASE_URL.rstrip("/") + reverse("governance:own_decision", args=[token])


@dataclass(frozen=True)
class ToTell:
    """Whom to tell, for which purpose, and the how manieth time. The id alone, no more of the person."""

    resident_id: str
    purpose: str
    round: int


def whom_to_tell(decision_id: str) -> ToTell | None:
    """Who is to be told of a decision that holds; None where they were, or where it does not hold."""
    rows = Decision.objects.filter(pk=decision_id, state="stands", told_at=None).annotate(round=Count("reviews"))
    found = rows.values_list("resident_id", "rule__purpose", "round").first()
    return ToTell(*found) if found else None


def _inputs(row: Decision) -> list[tuple[str, str]]:
    words, known = row.rule.says["inputs"], all_sources()
    return [(_(words[code]), _value_words(value, known)) for code, value in row.inputs.items()]


def _value_words(value: Any, known: Mapping[str, SourceFacts]) -> str:
    """A list is one of systems, by their titles."""
    if isinstance(value, list):
        return ", ".join(_(known[one].title) if one in known else str(one) for one in value)
    return str(value)
