from pathlib import Path

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER
from borough.cases.kinds import CaseKind, Question

from .rules import TARGET_DAYS, recognise_need, triage

SERVICE = CaseKind(
    code="community_aid",
    reference_prefix="CA",
    title=_("Community aid"),
    summary=_(
        "A neighbour brings food, does your shopping, fetches a prescription, keeps you company or walks your dog."
    ),
    purpose="offer-help",
    roles=frozenset({CONTACT_WORKER, LINK_WORKER, COORDINATOR}),
    needs={
        "food": _("Food, because there is too little at home"),
        "shopping": _("Somebody to do the shopping"),
        "prescriptions": _("A prescription fetched"),
        "isolation": _("Somebody to talk to"),
        "dog_walking": _("Somebody to walk the dog"),
    },
    skills={
        "food": "food",
        "shopping": "shopping",
        "prescriptions": "prescriptions",
        "isolation": "isolation",
        "dog_walking": "dog_walking",
    },
    # Where the volunteer holds medicine or comes into the home again and again.
    checked_needs=frozenset({"prescriptions", "isolation"}),
    questions=(
        Question(
            name="access",
            label=_("Is there anything the volunteer should know?"),
            hint=_("For example, allergies, stairs, or that you need time to come to the door."),
        ),
    ),
    target_days=TARGET_DAYS,
    triage=triage,
    recognise_need=recognise_need,
    fulfilled_by="volunteer",
    # Policy of 1 November 2026, paragraph 1: write first to those who show several signs, and whom we may reach.
    cohort_rule={
        "all": [{"indicator": "may_need_help", "at_least": 5}],
        "none": [{"indicator": "no_contact", "at_least": 1}],
    },
    indicators=("may_need_help", "lives_alone", "older_person"),
    folder=Path(__file__).parent,
)
