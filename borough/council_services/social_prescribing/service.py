from pathlib import Path

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER
from borough.cases.kinds import CaseKind

from .rules import ANSWER_DAYS, TARGET_DAYS, recognise_need, triage

SERVICE = CaseKind(
    code="social_prescribing",
    reference_prefix="SP",
    title=_("Something near you that does you good"),
    summary=_(
        "Groups, classes, advice and company near you. Ask a service for help, or let a link worker ask for you."
    ),
    purpose="offer-help",
    roles=frozenset({CONTACT_WORKER, LINK_WORKER, COORDINATOR}),
    needs={
        "company": _("Company and new people"),
        "activity": _("Moving more"),
        "wellbeing": _("Feeling better"),
        "learning": _("Learning something"),
        "work": _("Work and volunteering"),
        "food": _("Cooking and eating together"),
        "families": _("Children and families"),
        "carers": _("Support as a carer"),
        "bereavement": _("Support after a death"),
        "money": _("Money and benefits advice"),
    },
    search_words={
        "company": "befriending company",
        "activity": "exercise movement",
        "wellbeing": "mental health wellbeing",
        "learning": "digital skills english classes",
        "work": "work training",
        "food": "food meals",
        "families": "children families",
        "money": "money benefits",
    },
    target_days=TARGET_DAYS,
    answer_days=ANSWER_DAYS,
    self_referral=True,
    triage=triage,
    recognise_need=recognise_need,
    fulfilled_by="service",
    # Policy of 1 November 2026, paragraph 1: offer it first to those who live alone.
    cohort_rule={
        "all": [{"indicator": "lives_alone", "at_least": 1}],
        "none": [{"indicator": "no_contact", "at_least": 1}],
    },
    indicators=("lives_alone", "older_person"),
    folder=Path(__file__).parent,
)
