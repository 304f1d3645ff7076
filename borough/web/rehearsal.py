"""What a council decides before it starts, decided for the rehearsal: purposes, agreements, staff."""

from django.conf import settings

from borough.accounts.actions import add_user
from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    PARTNER,
    STAFF_ROLES,
    SYSTEM,
    system_viewer,
)
from borough.directory.queries import organizations_of, search_services
from borough.governance.actions import (
    approve_agreement,
    draft_agreement,
    register_organisation,
    register_purpose,
    register_rule,
    switch_rule_on,
)
from borough.governance.decisions.rule import declared_rules
from borough.governance.glass.rules import EMERGENCY
from borough.governance.queries import list_agreements, list_organisations, list_rules
from borough.web.rehearsal_agreements import DRAFTS, ORGANISATIONS, OURS

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

# What a resident does on their own page, and what finds the one to whom a link to it may go.
RIGHTS_VERBS = (
    "governance.read_own_record",
    "governance.make_request",
    "governance.withdraw_request",
    "governance.gather_copy",
    "governance.object_to_use",
    "governance.withdraw_objection",
    "governance.download_copy",
    "residents.find_by_contact",
    "residents.list_contacts",
    "messaging.send_message",
    "cases.own_plans",
)

# What a service does with what was referred to it: nothing else is open to it.
PARTNER_VERBS = (
    "cases.list_referrals",
    "cases.read_referral",
    "cases.accept_referral",
    "cases.decline_referral",
    "cases.start_referral",
    "cases.finish_referral",
    "residents.list_contacts",
)

# What an organisation does for the volunteers whom it brought: no resident is in it.
PARTNERS_VOLUNTEERS = ("volunteers.list_volunteers", "volunteers.read_volunteer", "volunteers.change_duty")

# For a purpose whose looks the law may let us show later: whoever works for it says so.
EXEMPTION_VERBS = ("governance.set_exemption", "governance.end_exemption")

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
        (
            "residents",
            "insight",
            "messaging",
            "cases",
            "volunteers",
            "directory",
            "governance.offer_own_link",
            *EXEMPTION_VERBS,
        ),
    ),
    "take-referrals": (
        "Take on referrals",
        "With the person's consent a local service learns what they need, and once it accepts how to reach them.",
        "dpv:ServiceProvision",
        PARTNER_VERBS,
    ),
    "look-after-volunteers": (
        "Look after one's own volunteers",
        "An organisation that brought volunteers sees who they are and what they can do, and takes them off duty.",
        "dpv:ServiceProvision",
        PARTNERS_VOLUNTEERS,
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
        ("residents.run_check.sublets", "residents.read_resident", *EXEMPTION_VERBS),
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
        (
            "residents.run_check.discount",
            "residents.read_resident",
            "governance.decisions.take",
            "governance.decisions.review",
            # Whoever a decision is about is told of it.
            "residents.list_contacts",
            "messaging.send_message",
            *EXEMPTION_VERBS,
        ),
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
        ("residents.run_check.incident", "residents.read_resident", *EXEMPTION_VERBS),
    ),
    "match-nhs-numbers": (
        "Match NHS numbers",
        "Propose the NHS number that a record of social care or of a school lacks.",
        "dpv:ServiceProvision",
        ("residents.run_check.nhs-number", "residents.read_resident"),
    ),
    "answer-rights": (
        "Answer you about your own data",
        "Show residents who looked at their record and why, and answer what they ask and complain of.",
        "dpv:RightsFulfilment",
        RIGHTS_VERBS,
    ),
    EMERGENCY: (
        "Emergency access",
        "Keep somebody from harm when there is no time to ask. It ends after an hour, and somebody else reviews it.",
        "dpv:VitalInterest",
        ("residents.search_residents", "residents.read_resident", "governance.break_glass"),
    ),
    "watch-looks": (
        "Find looks that were not for work",
        "Look through the ledger at night for staff who look at very many people, or at their own family.",
        "dpv:MisusePreventionAndDetection",
        ("governance.watch_looks",),
    ),
    "keep-no-longer": (
        "Delete what is no longer needed",
        "Delete every night what has been kept for as long as its table says, unless a claim or an inquiry needs it.",
        "dpv:LegalCompliance",
        ("governance.delete_what_is_over",),
    ),
    "oversight": (
        "Check how data is used",
        "See who looked at which records and why, and decide on agreements.",
        "dpv:LegalCompliance",
        ("governance",),
    ),
}

STAFF = {
    ANALYST: ("Amina Yusuf", "amina.yusuf@alderbrook.example"),
    CONTACT_WORKER: ("Grace Okafor", "grace.okafor@alderbrook.example"),
    LINK_WORKER: ("Tom Pereira", "tom.pereira@alderbrook.example"),
    COORDINATOR: ("Ruth Feldman", "ruth.feldman@alderbrook.example"),
    IG_OFFICER: ("David Chen", "david.chen@alderbrook.example"),
}


def register_purposes() -> None:
    """The council itself and the purposes for which the house uses data; agreements then say who may act for them."""
    by = system_viewer("set-up")
    known = {one.code: one for one in list_organisations()}
    if OURS not in known:
        contact = f"Data protection officer, {settings.AUTHORITY.email or settings.AUTHORITY.phone}"
        roles = {*STAFF_ROLES, SYSTEM}
        register_organisation(
            by=by, code=OURS, name=settings.AUTHORITY.name, kind="council", contact=contact, roles=roles, ours=True
        )
    for code, (name, explanation, dpv, rooms) in PURPOSES.items():
        register_purpose(by=by, code=code, name=name, explanation=explanation, dpv=dpv, rooms=rooms)
    for rule in declared_rules():
        register_rule(by=by, rule=rule)


def open_agreements() -> None:
    """Register the purposes and approve the rehearsal's agreements. Those that are there already are left alone."""
    by = system_viewer("rehearsal set-up")
    register_purposes()
    there = {agreement.reference for agreement in list_agreements()}
    wanted = {reference: draft for reference, draft in DRAFTS.items() if reference not in there}
    for code, (name, kind, contact, roles) in ORGANISATIONS.items() if wanted else ():
        register_organisation(by=by, code=code, name=name, kind=kind, contact=contact, roles=roles)
    for reference, draft in wanted.items():
        draft_agreement(by=by, reference=reference, purpose=draft.purpose, title=draft.title, **draft.terms)
        approve_agreement(by=by, reference=reference, reason="Made-up data: agreed for the rehearsal.")
    for one in list_rules():
        if one.state == "off" and one.decided_at is None:
            condition = {"article_9": "9-2-h", "schedule_1": "2"} if one.special else {}
            switch_rule_on(by=by, code=one.code, reason="Made-up data: agreed for the rehearsal.", **condition)


def add_partner() -> str | None:
    """Somebody who answers for the organisation of a food service. Returns the user's id; None before services are
    loaded."""
    found = search_services("food", limit=1)
    if not found:
        return None
    organization = organizations_of([found[0].id])[found[0].id]
    return add_user(email="sam.green@partner.example", name="Sam Green", role=PARTNER, organization_id=organization)


def add_staff() -> dict[str, str]:
    """One member of staff for each role. Returns role → user id."""
    return {role: add_user(email=email, name=name, role=role) for role, (name, email) in STAFF.items()}
