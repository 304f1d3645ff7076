"""The agreements of the rehearsal, with the terms that a real council would have to give for them."""

from dataclasses import dataclass, field

from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    PARTNER,
    RESIDENT,
    STAFF_ROLES,
    SYSTEM,
    VOLUNTEER,
)
from borough.governance.glass.rules import EMERGENCY
from borough.governance.register.drafting import Terms

OURS = "council"
# code: (name, kind, contact, roles that only its people hold)
ORGANISATIONS = {
    "volunteer-centre": (
        "Alderbrook Volunteer Centre",
        "charity",
        "Data protection lead, privacy@volunteers.alderbrook.example",
        (VOLUNTEER,),
    ),
    "local-services": (
        "Charities and groups of the directory",
        "charity",
        "The contact that the directory lists for each service",
        (PARTNER,),
    ),
}

CONTACT_SOURCES = ("council_tax", "electoral_roll", "housing_rents", "libraries", "parking_permits")
FOR_REVIEW = (*CONTACT_SOURCES, "housing_benefit")

RIGHTS_LAW = "UK GDPR Articles 12 and 15; Data Protection Act 2018 section 164A, complaints"
PREVENTING = "Care Act 2014 section 2, preventing needs for care and support; Localism Act 2011 section 1"
CARE: Terms = {"article_9": "9-2-h", "schedule_1": "2"}
# Some residents' records tell of disability (Blue Badge) or health, also where a check does not ask for them.
GOVERNMENT: Terms = {
    "article_9": "9-2-g",
    "schedule_1": "6",
    "policy_document": "Policy document of the rehearsal",
}
SAFE = (
    "Staff sign in with a second factor. Only the fields named here open, to the roles named here; every look is in "
    "the ledger before anything is shown."
)
RIGHTS = "The council answers by phone, email and post within one month. Residents can see who looked, and object."
SHARED: Terms = {
    "parties": (OURS,),
    "controllers": "sole",
    "lawful_basis": "6-1-e",
    "article_10": "none",
    "dpia": "None done: the people of a rehearsal are made up. A live council does one before it approves this.",
    "security": SAFE,
    "rights": RIGHTS,
    "frequency": "Every working day",
}
WHILE_HELD = "As long as the source holds the record; what is worked out from it is made again every night."
LIST_KEPT = "The list is made when it is asked for and not kept. A copy that is downloaded is deleted after the review."
HELP_KEPT = "A case is kept for 6 years after it is closed, a message for 2 years."


@dataclass(frozen=True)
class Draft:
    """An agreement of the rehearsal; `says` are its own terms beside those that all share."""

    purpose: str
    title: str
    roles: tuple[str, ...]
    fields: tuple[str, ...]
    sources: tuple[str, ...]
    legal_power: str
    necessity: str
    retention: str
    says: Terms = field(default_factory=Terms)

    @property
    def terms(self) -> Terms:
        own: Terms = {
            "roles": self.roles,
            "fields": self.fields,
            "sources": self.sources,
            "legal_power": self.legal_power,
            "necessity": self.necessity,
            "retention": self.retention,
        }
        return {**SHARED, **own, **self.says}


DRAFTS = {
    "index-maintenance": Draft(
        "residents-index",
        "Matching records into residents",
        (SYSTEM, ANALYST),
        ("*",),
        ("*",),
        "UK GDPR Article 5(1)(d), accuracy; Local Government Act 1972 section 111; " + PREVENTING,
        "A person is known to many systems under different spellings. Only names, dates, addresses and numbers "
        "together tell whether two records are of one person.",
        WHILE_HELD,
        {**CARE, "frequency": "Every night, and when a source sends records"},
    ),
    "record-review": Draft(
        "clerical-review",
        "Deciding by hand who is who",
        (ANALYST, IG_OFFICER),
        ("*",),
        ("*",),
        "UK GDPR Article 5(1)(d), accuracy; Local Government Act 1972 section 111",
        "Where the computer is in doubt, a person has to see both records to decide.",
        WHILE_HELD,
        CARE,
    ),
    "need-scoring": Draft(
        "find-need",
        "Working out signs of need every night",
        (SYSTEM,),
        ("date_of_birth", "address", "contact", "records", "indicators"),
        ("*",),
        PREVENTING,
        "Signs of need show only where several systems are seen together. Names are not used.",
        "Until the next night, when they are worked out again.",
        {**CARE, "frequency": "Every night"},
    ),
    "need-analysis": Draft(
        "find-need",
        "Finding residents who may need help",
        (ANALYST,),
        ("name", "date_of_birth", "address", "contact", "indicators"),
        ("*",),
        PREVENTING,
        "A cohort is sized without names; they show only when it is frozen to be written to.",
        "Members of a cohort for 2 years after it is frozen.",
        {**CARE, "frequency": "When a cohort is drawn up"},
    ),
    "help-contact-centre": Draft(
        "offer-help",
        "Help offered by the contact centre and volunteer coordinators",
        (CONTACT_WORKER, COORDINATOR, ANALYST),
        ("name", "date_of_birth", "address", "contact", "identifiers", "records", "indicators"),
        CONTACT_SOURCES,
        PREVENTING,
        "Whoever calls must be found and reached, and asked for what they need rather than for what we know already.",
        HELP_KEPT,
        CARE,
    ),
    "help-link-workers": Draft(
        "offer-help",
        "Help offered by link workers",
        (LINK_WORKER,),
        ("name", "date_of_birth", "address", "contact", "records", "indicators"),
        (*CONTACT_SOURCES, "adult_social_care", "housing_benefit"),
        PREVENTING,
        "Link workers arrange care and money advice, and must know what a resident already has.",
        HELP_KEPT,
        CARE,
    ),
    "help-messages": Draft(
        "offer-help",
        "Sending messages and receiving answers",
        (SYSTEM,),
        ("name", "contact", "address"),
        (),
        PREVENTING,
        "A message needs a first name and a number or address, and nothing else.",
        HELP_KEPT,
    ),
    "help-volunteers": Draft(
        "offer-help",
        "Volunteers who accepted a task",
        (VOLUNTEER,),
        ("name", "address", "contact"),
        (),
        PREVENTING,
        "A volunteer who said yes needs to know whom to visit, where, and how to call them.",
        "A volunteer sees it until the task is done, and keeps nothing.",
        {"parties": (OURS, "volunteer-centre"), "controllers": "processor", "frequency": "For each task accepted"},
    ),
    "referral-partners": Draft(
        "take-referrals",
        "Services that a resident was referred to",
        (PARTNER,),
        ("name", "date_of_birth", "address", "contact"),
        (),
        PREVENTING,
        "A service decides by need, area and age alone; once it has accepted it must reach the person.",
        "6 months after the referral is over; its outcome is kept without the person.",
        {
            "parties": (OURS, "local-services"),
            "controllers": "separate",
            "article_9": "9-2-a",
            "lawful_basis": "6-1-a",
            "frequency": "For each referral that the person agreed to",
        },
    ),
    "partner-volunteers": Draft(
        "look-after-volunteers",
        "Organisations and the volunteers whom they brought",
        (PARTNER,),
        ("name", "address"),
        (),
        PREVENTING,
        "Who brought volunteers has to know which of them can be asked, and whose check ends. No resident is shown.",
        "As long as they volunteer, and 2 years after their last task.",
        {"parties": (OURS, "local-services"), "controllers": "separate", "frequency": "When the list is opened"},
    ),
    "tenancy-checks": Draft(
        "check-occupancy",
        "Visits and checks of council tenancies",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        FOR_REVIEW,
        "Housing Act 1985 sections 21 and 81, managing the council's homes",
        "Who lives at a property cannot be told from one system alone.",
        LIST_KEPT,
        {**GOVERNMENT, "frequency": "When a tenancy is checked"},
    ),
    "tenancy-fraud": Draft(
        "find-sublets",
        "Tenancy fraud investigations",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        FOR_REVIEW,
        "Prevention of Social Housing Fraud Act 2013 sections 1 and 2; Data Protection Act 2018 Schedule 2 paragraph 2",
        "A sublet shows only where the tenant is found at another address and others at theirs.",
        LIST_KEPT,
        {**GOVERNMENT, "article_10": "10", "frequency": "When a tenancy is looked into"},
    ),
    "annual-canvass": Draft(
        "confirm-electors",
        "Matching the electoral register with council records",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        (*FOR_REVIEW, "children_schools"),
        "Representation of the People Act 1983 sections 9A and 9D; Representation of the People (England and Wales) "
        "Regulations 2001 regulation 35",
        "Each elector must be matched by name and address, so that only the others are written to.",
        LIST_KEPT,
        {**GOVERNMENT, "lawful_basis": "6-1-c", "frequency": "Once a year"},
    ),
    "discount-review": Draft(
        "review-discounts",
        "Reviews of single person discounts",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "contact", "records"),
        FOR_REVIEW,
        "Local Government Finance Act 1992 section 11; Council Tax (Administration and Enforcement) Regulations 1992 "
        "regulation 14",
        "Whether a second adult lives there shows only in other systems, by name, age and address. Whoever is decided "
        "about is told, and that needs a number or an address.",
        LIST_KEPT,
        {**GOVERNMENT, "frequency": "Before the yearly bills"},
    ),
    "school-places": Draft(
        "review-school-places",
        "Reviews of addresses given for school places",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "contact", "records"),
        (*FOR_REVIEW, "children_schools"),
        "School Admissions Code 2021 paragraphs 2.5 and 2.13; School Standards and Framework Act 1998 section 84",
        "An address is confirmed by where other systems find the parent.",
        LIST_KEPT,
        {**GOVERNMENT, "frequency": "In the weeks of admissions"},
    ),
    "deaths-and-moves": Draft(
        "keep-records-right",
        "Telling council systems of deaths and moves",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "address", "records"),
        ("*",),
        "UK GDPR Article 5(1)(d), accuracy; Local Government Act 1972 section 111",
        "Each system must be told about its own record, so that nobody is written to after a death or a move.",
        LIST_KEPT,
        {**GOVERNMENT, "frequency": "Weekly"},
    ),
    "emergencies": Draft(
        "respond-to-emergency",
        "People in an emergency",
        (SYSTEM, ANALYST, COORDINATOR),
        ("name", "date_of_birth", "address", "contact", "records"),
        ("*",),
        "Civil Contingencies Act 2004 section 2",
        "Those who may not get out alone must be reached by name and address, at once.",
        LIST_KEPT,
        {"lawful_basis": "6-1-d", "article_9": "9-2-c", "frequency": "Only in an emergency"},
    ),
    "nhs-numbers": Draft(
        "match-nhs-numbers",
        "NHS numbers for social care and schools",
        (SYSTEM, ANALYST),
        ("name", "date_of_birth", "identifiers", "records"),
        ("adult_social_care", "children_schools"),
        "Health and Social Care Act 2012 sections 251A and 251B; Children Act 2004 section 10",
        "A number is proposed only where names and dates agree, so both must be compared.",
        LIST_KEPT,
        {**CARE, "lawful_basis": "6-1-c", "frequency": "Monthly"},
    ),
    "data-oversight": Draft(
        "oversight",
        "Checks by the information governance team",
        (IG_OFFICER,),
        ("name",),
        (),
        "UK GDPR Articles 5(2) and 24, accountability",
        "A resident who asks who looked must be found by name; what their records hold is not shown.",
        "The ledger for 6 years.",
        {"lawful_basis": "6-1-c", "frequency": "When somebody asks, and in regular checks"},
    ),
    "emergency-access": Draft(
        EMERGENCY,
        "Emergency access, reviewed afterwards",
        tuple(STAFF_ROLES),
        ("*",),
        ("*",),
        "UK GDPR Articles 6(1)(d) and 9(2)(c), vital interests",
        "What will be needed to keep somebody from harm cannot be known before; each use is reviewed by somebody else.",
        "The reason and the review for 6 years.",
        {"lawful_basis": "6-1-d", "article_9": "9-2-c", "frequency": "Only in an emergency"},
    ),
    "watch": Draft(
        "watch-looks",
        "Finding looks that may not have been for work",
        (SYSTEM,),
        ("name", "address"),
        (),
        "UK GDPR Articles 5(1)(f), 5(2) and 32, security and accountability",
        "A look at one's own family or neighbours is told by comparing names and postcodes; nobody is shown them.",
        "A flag for 2 years after it is judged.",
        {"lawful_basis": "6-1-c", "frequency": "Every night"},
    ),
    "deletion": Draft(
        "keep-no-longer",
        "Deleting what is no longer needed",
        (SYSTEM,),
        ("*",),
        ("*",),
        "UK GDPR Article 5(1)(e), storage limitation",
        "A row is deleted whole, whatever is in it; nobody is shown it.",
        "Nothing is kept of what was deleted but how many rows it was.",
        {**CARE, "lawful_basis": "6-1-c", "frequency": "Every night"},
    ),
    "own-record": Draft(
        "answer-rights",
        "Residents on their own page",
        (RESIDENT,),
        ("date_of_birth",),
        (),
        RIGHTS_LAW,
        "A resident proves with their date of birth that the link is theirs, and sees only what is about them.",
        "A request for 6 years after it is answered.",
        {"lawful_basis": "6-1-c", "frequency": "When a resident opens their page"},
    ),
    "own-record-links": Draft(
        "answer-rights",
        "Sending residents a link to their own page",
        (SYSTEM,),
        ("date_of_birth", "contact"),
        (),
        RIGHTS_LAW,
        "A link goes only to a number or address that the council holds for them already.",
        "A link until it is used or closed.",
        {"lawful_basis": "6-1-c", "frequency": "When a resident asks for one"},
    ),
}
