from pathlib import Path

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER
from borough.cases.kinds import CaseKind, Question
from borough.cases.talks.conversation import read_conversation

from .rules import ANSWER_DAYS, TARGET_DAYS, recognise_need, triage

SERVICE = CaseKind(
    code="crisis_referral",
    reference_prefix="CR",
    title=_("Help before a crisis"),
    summary=_("We ask what is going on, find local services that can help, and pass your request on if you agree."),
    purpose="offer-help",
    roles=frozenset({CONTACT_WORKER, LINK_WORKER, COORDINATOR}),
    needs={
        "money": _("Money and benefits"),
        "food": _("Food"),
        "housing": _("Housing"),
        "energy": _("Heating and energy"),
        "debt": _("Debt"),
        "work": _("Work and training"),
        "mental_health": _("Mental health"),
        "domestic_abuse": _("Safety from abuse"),
        "digital": _("Getting online"),
        "loneliness": _("Company"),
        "caring": _("Caring for somebody"),
    },
    search_words={
        "money": "money benefits",
        "energy": "energy warm",
        "work": "work training",
        "mental_health": "mental health",
        "domestic_abuse": "domestic abuse",
        "digital": "digital internet",
        "loneliness": "befriending company",
        "caring": "carers",
    },
    # Policy of 1 November 2026, paragraph 3: whoever hurts them may read their messages. They are called, at a time
    # that they said is safe.
    silent_needs=frozenset({"domestic_abuse"}),
    questions=(
        Question(
            name="safe_contact",
            label=_("When and how is it safe to contact them?"),
            hint=_("For example, weekday mornings by phone, and never a message."),
        ),
    ),
    conversation=read_conversation(Path(__file__).parent / "conversation.toml"),
    target_days=TARGET_DAYS,
    answer_days=ANSWER_DAYS,
    triage=triage,
    recognise_need=recognise_need,
    fulfilled_by="service",
    # Paragraph 1: reach those who show several signs before they have to ask.
    cohort_rule={
        "all": [{"indicator": "may_need_help", "at_least": 5}],
        "none": [{"indicator": "no_contact", "at_least": 1}],
    },
    indicators=("may_need_help",),
    folder=Path(__file__).parent,
)
