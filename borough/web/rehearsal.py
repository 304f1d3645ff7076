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

# Reviewing is no way round the other purposes: it looks up a resident, and decides.
REVIEW_VERBS = (
    "residents.search_residents",
    "residents.read_resident",
    "residents.list_to_review",
    "residents.read_pair",
    "residents.list_decisions",
    "residents.decide_pair",
    "residents.merge_residents",
    "residents.move_record",
    "residents.split_resident",
    "residents.undo_act",
    # Each decision links again what it touches.
    "residents.link_records",
)

# code: (name, explanation, W3C Data Privacy Vocabulary term, rooms whose verbs serve it)
PURPOSES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "residents-index": (
        "Keep the residents index",
        "Bring together what council systems hold, so that each person is known once and correctly.",
        "dpv:RecordManagement",
        ("residents",),
    ),
    "clerical-review": (
        "Review who is who",
        "Compare what systems hold, and decide where the index is in doubt whether two records are of one person.",
        "dpv:RecordManagement",
        REVIEW_VERBS,
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
    "check-occupancy": (
        "See who is at a property",
        "See which people council systems find at one property, to manage the council's homes.",
        "dpv:ServiceProvision",
        ("residents.run_check.occupancy", "residents.read_resident"),
    ),
    "find-sublets": (
        "Look into suspected sublets",
        "Find council tenancies that may be unlawfully sublet, for an officer to look into.",
        "dpv:FraudPreventionAndDetection",
        ("residents.run_check.sublets", "residents.read_resident"),
    ),
    "confirm-electors": (
        "Match electors with council records",
        "Confirm who still lives where they are registered to vote, and write only to the others.",
        "dpv:LegalCompliance",
        ("residents.run_check.electoral", "residents.read_resident"),
    ),
    "review-discounts": (
        "Review single person discounts",
        "Find council tax discounts that may no longer be due, for an officer to look into.",
        "dpv:FraudPreventionAndDetection",
        ("residents.run_check.discount", "residents.read_resident"),
    ),
    "review-school-places": (
        "Review school places",
        "Find school applications whose address may be wrong, for the admissions team to look into.",
        "dpv:ServiceProvision",
        ("residents.run_check.school", "residents.read_resident"),
    ),
    "keep-records-right": (
        "Tell systems of deaths and moves",
        "Tell each system what another knows: that somebody has died, or has left an address.",
        "dpv:RecordManagement",
        ("residents.run_check.died", "residents.run_check.moved", "residents.read_resident"),
    ),
    "respond-to-emergency": (
        "Respond to an emergency",
        "Find, reach and help the people who live where something has happened.",
        "dpv:PublicBenefit",
        ("residents.run_check.incident", "residents.read_resident"),
    ),
    "match-nhs-numbers": (
        "Match NHS numbers",
        "Propose the NHS number that a record of social care or of a school lacks.",
        "dpv:ServiceProvision",
        ("residents.run_check.nhs-number", "residents.read_resident"),
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
    lawful_basis: str = PUBLIC_TASK


DRAFTS = {
    "index-maintenance": Draft("residents-index", "Matching records into residents", (SYSTEM, ANALYST), ("*",), ("*",)),
    "record-review": Draft("clerical-review", "Deciding by hand who is who", (ANALYST, IG_OFFICER), ("*",), ("*",)),
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
    "tenancy-checks": Draft(
        "check-occupancy",
        "Visits and checks of council tenancies",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        (*CONTACT_SOURCES, "housing_benefit"),
        "UK GDPR Article 6(1)(e), public task; Housing Act 1985 sections 21 and 81, managing the council's homes",
    ),
    "tenancy-fraud": Draft(
        "find-sublets",
        "Tenancy fraud investigations",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        (*CONTACT_SOURCES, "housing_benefit"),
        "UK GDPR Article 6(1)(e); Prevention of Social Housing Fraud Act 2013 sections 1 and 2; Data Protection Act "
        "2018 Schedule 2 paragraph 2",
    ),
    "annual-canvass": Draft(
        "confirm-electors",
        "Matching the electoral register with council records",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        (*CONTACT_SOURCES, "housing_benefit", "children_schools"),
        "UK GDPR Article 6(1)(c); Representation of the People Act 1983 sections 9A and 9D; Representation of the "
        "People (England and Wales) Regulations 2001 regulation 35",
    ),
    "discount-review": Draft(
        "review-discounts",
        "Reviews of single person discounts",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        (*CONTACT_SOURCES, "housing_benefit"),
        "UK GDPR Article 6(1)(e); Local Government Finance Act 1992 section 11; Council Tax (Administration and "
        "Enforcement) Regulations 1992 regulation 14",
    ),
    "school-places": Draft(
        "review-school-places",
        "Reviews of addresses given for school places",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "contact", "records"),
        (*CONTACT_SOURCES, "housing_benefit", "children_schools"),
        "UK GDPR Article 6(1)(e); School Admissions Code 2021 paragraphs 2.5 and 2.13",
    ),
    "deaths-and-moves": Draft(
        "keep-records-right",
        "Telling council systems of deaths and moves",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        ("*",),
        "UK GDPR Articles 5(1)(d), accuracy, and 6(1)(e), public task",
    ),
    "emergencies": Draft(
        "respond-to-emergency",
        "People in an emergency",
        (SYSTEM, ANALYST, COORDINATOR),
        ("name", "date_of_birth", "address", "contact", "records"),
        ("*",),
        "UK GDPR Articles 6(1)(d) and 9(2)(c), vital interests; Civil Contingencies Act 2004 section 2",
    ),
    "nhs-numbers": Draft(
        "match-nhs-numbers",
        "NHS numbers for social care and schools",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "identifiers", "records"),
        ("adult_social_care", "children_schools"),
        "UK GDPR Articles 6(1)(c) and 9(2)(h); Health and Social Care Act 2012 sections 251A and 251B; Children Act "
        "2004 section 10",
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
            lawful_basis=draft.lawful_basis,
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
