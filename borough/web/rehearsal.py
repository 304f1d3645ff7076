"""What a council decides before it starts, decided for the rehearsal: purposes, agreements, staff."""

from dataclasses import dataclass
from datetime import timedelta

from borough.accounts.actions import add_user
from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    SYSTEM,
    VOLUNTEER,
    system_viewer,
)
from borough.common import clock
from borough.governance.actions import approve_agreement, draft_agreement, register_purpose
from borough.governance.queries import list_agreements

# code: (name, explanation, W3C Data Privacy Vocabulary term, rooms whose verbs serve it)
PURPOSES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "residents-index": (
        "Keep the residents index",
        "Bring together what council systems hold, so that each person is known once and correctly.",
        "dpv:RecordManagement",
        ("residents",),
    ),
    "find-need": (
        "Find who may need help",
        "Look for signs that somebody may need help, so that the council can offer it before a crisis.",
        "dpv:PublicBenefit",
        ("residents", "insight"),
    ),
    "offer-help": (
        "Offer and arrange help",
        "Contact residents, take requests for help, arrange it, and ask whether it helped.",
        "dpv:ServiceProvision",
        ("residents", "insight", "messaging", "cases", "volunteers"),
    ),
    "oversight": (
        "Check how data is used",
        "See who looked at which records and why, and decide on agreements.",
        "dpv:LegalCompliance",
        ("governance",),
    ),
}

PUBLIC_TASK = "UK GDPR Article 6(1)(e), public task; Care Act 2014 section 2, preventing needs for care and support"
CONTACT_SOURCES = ["council_tax", "electoral_roll", "housing_rents", "libraries", "parking_permits"]


@dataclass(frozen=True)
class Draft:
    purpose: str
    title: str
    roles: tuple[str, ...]
    fields: tuple[str, ...]
    sources: tuple[str, ...]


DRAFTS = {
    "index-maintenance": Draft("residents-index", "Matching records into residents", (SYSTEM, ANALYST), ("*",), ("*",)),
    "need-scoring": Draft(
        "find-need",
        "Working out signs of need every night",
        (SYSTEM,),
        ("date_of_birth", "address", "contact", "records", "indicators"),
        ("*",),
    ),
    "need-analysis": Draft(
        "find-need",
        "Finding residents who may need help",
        (ANALYST,),
        ("name", "date_of_birth", "address", "contact", "indicators"),
        ("*",),
    ),
    "help-contact-centre": Draft(
        "offer-help",
        "Help offered by the contact centre and volunteer coordinators",
        (CONTACT_WORKER, COORDINATOR, ANALYST),
        ("name", "date_of_birth", "address", "contact", "identifiers", "records", "indicators"),
        tuple(CONTACT_SOURCES),
    ),
    "help-link-workers": Draft(
        "offer-help",
        "Help offered by link workers",
        (LINK_WORKER,),
        ("name", "date_of_birth", "address", "contact", "records", "indicators"),
        (*CONTACT_SOURCES, "adult_social_care", "housing_benefit"),
    ),
    "help-messages": Draft(
        "offer-help", "Sending messages and receiving answers", (SYSTEM,), ("name", "contact", "address"), ()
    ),
    "help-volunteers": Draft(
        "offer-help", "Volunteers who accepted a task", (VOLUNTEER,), ("name", "address", "contact"), ()
    ),
    "data-oversight": Draft("oversight", "Checks by the information governance team", (IG_OFFICER,), ("name",), ()),
}

STAFF = {
    ANALYST: ("Amina Yusuf", "amina.yusuf@alderbrook.example"),
    CONTACT_WORKER: ("Grace Okafor", "grace.okafor@alderbrook.example"),
    LINK_WORKER: ("Tom Pereira", "tom.pereira@alderbrook.example"),
    COORDINATOR: ("Ruth Feldman", "ruth.feldman@alderbrook.example"),
    IG_OFFICER: ("David Chen", "david.chen@alderbrook.example"),
}


def register_purposes() -> None:
    """The purposes for which the house itself uses data; agreements then say who may act for them."""
    for code, (name, explanation, dpv, rooms) in PURPOSES.items():
        register_purpose(
            by=system_viewer("set-up"), code=code, name=name, explanation=explanation, dpv=dpv, rooms=rooms
        )


def open_agreements() -> None:
    """Register the purposes and approve the rehearsal's agreements. Those that are there already are left alone."""
    by = system_viewer("rehearsal set-up")
    register_purposes()
    there = {agreement.reference for agreement in list_agreements()}
    for reference, draft in DRAFTS.items():
        if reference in there:
            continue
        draft_agreement(
            by=by,
            reference=reference,
            purpose=draft.purpose,
            title=draft.title,
            lawful_basis=PUBLIC_TASK,
            roles=draft.roles,
            fields=draft.fields,
            sources=draft.sources,
            starts_on=clock.today(),
            review_on=clock.today() + timedelta(days=365),
        )
        approve_agreement(by=by, reference=reference, reason="Made-up data: agreed for the rehearsal.")


def add_staff() -> dict[str, str]:
    """One member of staff for each role. Returns role → user id."""
    return {role: add_user(email=email, name=name, role=role) for role, (name, email) in STAFF.items()}
