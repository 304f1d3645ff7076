"""What a person was asked about the help, and what they said, as those who work their case see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext

from borough.cases.kinds import kind
from borough.cases.models import ANSWERS, CHASED_BY_HAND, CHASES, Case, Feedback
from borough.cases.scope import to_ask_by_hand, waiting_feedback
from borough.cases.wellbeing import INSTRUMENTS, Instrument
from borough.governance.door import without_the_door


@dataclass(frozen=True)
class FeedbackView:
    """About the latest delivery. `ask_by` is phone or letter while staff are to ask; `chased` says how else it went."""

    asked_at: datetime
    chased: str
    chased_at: datetime | None
    ask_by: str
    answered_at: datetime | None
    arrived: str
    what_else: str


@dataclass(frozen=True)
class WellbeingView:
    """A measure of the service's instrument, as scores; None where it was not asked."""

    title: str
    before: float | None
    after: float | None


def feedback_of(case: Case) -> FeedbackView | None:
    row = case.feedback.filter(delivery=case.deliveries).first() if case.deliveries else None
    if row is None:
        return None
    by_hand = row.chased_by in CHASED_BY_HAND and not row.answered_at and not row.asked_by_hand_at
    return FeedbackView(
        asked_at=row.asked_at,
        chased=gettext(CHASES[row.chased_by]) if row.chased_by else "",
        chased_at=row.chased_at,
        ask_by=row.chased_by if by_hand and case.state == "delivered" else "",
        answered_at=row.answered_at,
        arrived=gettext(ANSWERS[row.arrived]) if row.arrived else "",
        what_else=row.what_else,
    )


def wellbeing_of(case: Case) -> list[WellbeingView]:
    """Empty where the service asks for none."""
    instrument = instrument_of(case.service)
    if instrument is None:
        return []
    rows = case.wellbeing.filter(instrument=instrument.code).values_list("phase", "answers")
    scores = {phase: instrument.scores(answers) for phase, answers in rows}
    before, after = scores.get("before", {}), scores.get("after", {})
    return [
        WellbeingView(gettext(title), before.get(code), after.get(code)) for code, title in instrument.measures.items()
    ]


def instrument_of(service: str) -> Instrument | None:
    """What a worker of the service asks about wellbeing."""
    return INSTRUMENTS.get(kind(service).wellbeing or "")


def asked_by_link(service: str) -> Instrument | None:
    """The same, where its words may stand on a resident's own page."""
    instrument = instrument_of(service)
    return instrument if instrument and instrument.open_words else None


@dataclass(frozen=True)
class FeedbackCounts:
    """Of those who were helped and asked about it: `chased` more than once, `waiting` have not answered yet, of whom
    `by_hand` are for staff to call or write to."""

    asked: int
    chased: int
    waiting: int
    by_hand: int


def count_feedback(*, service: str) -> FeedbackCounts:
    """How many were asked whether help met their need, and how it went. Counts, for staff: not for publication."""
    chased = Count("id", filter=Q(chased_at__isnull=False))
    with without_the_door():
        counted = Feedback.objects.filter(case__service=service).aggregate(asked=Count("id"), chased=chased)
        return FeedbackCounts(
            waiting=waiting_feedback().filter(case__service=service).count(),
            by_hand=Case.objects.filter(to_ask_by_hand(), service=service).count(),
            **counted,
        )
