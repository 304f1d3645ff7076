"""Gives the rehearsed borough of this process work in every state, so that every page has something to show.

Prints as JSON the links that sign in and the pages behind signed links.
"""

import json
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

PURPOSE = "offer-help"
SERVICE = "community_aid"


def furnish() -> dict[str, Any]:
    from django.urls import reverse

    from borough.accounts.actions import make_rehearsal_link
    from borough.accounts.policies import PARTNER, STAFF_ROLES
    from borough.accounts.queries import list_staff, viewer_by_id
    from borough.cases.actions import add_note, change_state, save_view, take_backlog, take_case
    from borough.cases.models import Case
    from borough.cases.queries import feedback_link
    from borough.governance.actions import start_dpia
    from borough.governance.queries import decision_link
    from borough.insight.actions import define_cohort, freeze_cohort, start_cohort_campaign
    from borough.messaging.actions import receive_message
    from borough.messaging.sending import stop_link
    from borough.messaging.wording import Wording
    from borough.residents.models import Resident
    from borough.volunteers.actions import answer_offer, match_open_cases, propose_matches
    from borough.volunteers.models import Offer
    from borough.volunteers.queries import offer_link
    from borough.web.rehearsal import add_partner

    staff = {role: list_staff(roles=[role])[0][0] for role in STAFF_ROLES}
    worker, analyst, coordinator, officer = (
        viewer_by_id(staff[role]) for role in ("contact_worker", "analyst", "coordinator", "ig_officer")
    )
    residents = some_residents()
    welcome_volunteers(residents[:3])
    asked = [open_one(residents[number], number) for number in (0, 1, 2)]
    match_open_cases(by=coordinator, purpose=PURPOSE)
    # Opened after the match, so that they wait for a person.
    names = ("waiting", "unmatched", "taken", "delivered", "delivered_once")
    cases = {name: open_one(residents[number], number) for number, name in enumerate(names, start=3)}
    for name in ("taken", "delivered", "delivered_once"):
        take_case(by=worker, purpose=PURPOSE, case_id=cases[name])
    add_note(by=worker, purpose=PURPOSE, case_id=cases["taken"], text="The smoke alarm was beeping.", flagged=True)
    for name in ("delivered", "delivered_once"):
        change_state(by=worker, purpose=PURPOSE, case_id=cases[name], to="delivered")
    theirs = b"Case no,Help needed,Mobile\n1,food,07700 900998\n"
    unnamed = take_backlog(by=worker, purpose=PURPOSE, service=SERVICE, name="theirs.csv", content=theirs)
    # The newest stands first in the list, and a walk opens the first alone: this one leads to no other page.
    backlog = b"key,need,phone\n1,food,07700 900998\n2,gold,07700 900997\n"
    take_backlog(by=worker, purpose=PURPOSE, service=SERVICE, name="waiting.csv", content=backlog)
    save_view(by=worker, purpose=PURPOSE, name="Waits", query={"show": "unassigned"})
    several, file_id = one_of_several_needs(residents[9], worker)
    receive_message(channel="sms", sender="07700 900999", text="Who is this?", provider_id="journeys-1")
    rule = {"all": [{"indicator": "lives_alone", "at_least": 1}]}
    define_cohort(by=analyst, purpose="find-need", title="Lives alone", rule=rule)
    frozen = define_cohort(by=analyst, purpose="find-need", title="Alone this winter", rule=rule)
    freeze_cohort(by=analyst, purpose="find-need", cohort_id=frozen)
    written = define_cohort(by=analyst, purpose="find-need", title="Alone at Easter", rule=rule)
    freeze_cohort(by=analyst, purpose="find-need", cohort_id=written)
    wording = Wording(sms="Hello. Do you need help? Reply YES or NO.")
    start_cohort_campaign(
        by=analyst, purpose=PURPOSE, cohort_id=written, service=SERVICE, title="Easter", wording=wording
    )
    decisions = propose(residents[10:13], analyst)
    assessment = start_dpia(by=officer, purpose="find-need")
    kept, taken, accepted = Offer.objects.filter(case_id__in=asked, state="offered").select_related("volunteer")
    task = path_of(offer_link(accepted))
    answer_offer(token=task.split("/")[-2], accept=True)
    proposal = propose_matches(by=coordinator, purpose=PURPOSE)
    listing = furnish_directory(coordinator)
    joining = some_want_to_volunteer()
    curious = next(one for one in residents if Resident.objects.get(pk=one).dob)
    own_links, reference_of_copy = open_own_record(curious, worker, analyst)
    to_change = want_changes(curious, residents[5], officer)
    partner = add_partner()
    assert partner is not None
    referred = refer_some(residents[20:26], viewer_by_id(staff["link_worker"]), viewer_by_id(partner))
    return {
        "links": {role: make_rehearsal_link(user) for role, user in {**staff, PARTNER: partner}.items()},
        "addresses": {
            "": [
                path_of(feedback_link(Case.objects.get(pk=cases["delivered"]))),
                path_of(stop_link(residents[0])),
                own_links[0],
                path_of(offer_link(kept)),
                path_of(decision_link(decisions[0])),
                reverse("governance:answered_decision"),
                listing,
                joining,
                reverse("directory:suggested"),
                reverse("directory:confirmed"),
                f"{task}could-not/",
                f"{task}worry/",
                *referred.pop(""),
            ],
            "coordinator": [reverse("volunteers:proposal", args=[proposal])],
            **referred,
            "contact_worker": [
                reverse("cases:split", args=[several]),
                reverse("cases:undo", args=[several]),
                reverse("cases:remove_file", args=[several, file_id]),
                reverse("cases:need_met", args=[cases["delivered"]]),
                reverse("cases:backlog_columns", args=[unnamed]),
            ],
            "analyst": [
                reverse("residents:check", args=["electoral"]),
                reverse("governance:decision", args=[decisions[2]]),
                reverse("insight:cohort_campaign", args=[frozen]),
            ],
            "ig_officer": [
                reverse("governance:approve", args=[draft(officer)]),
                reverse("governance:revoke", args=["help-volunteers"]),
                reverse("governance:tasks", args=["warm-homes"]),
                reverse("governance:dpia", args=[assessment]),
                reverse("governance:copy", args=[reference_of_copy]),
                reverse("governance:change", args=[to_change[0]]),
            ],
        },
        "facts": cases
        | {
            "decision": path_of(decision_link(decisions[0])),
            "feedback_once": path_of(feedback_link(Case.objects.get(pk=cases["delivered_once"]))),
            "to_refer": residents[30],
            "task": path_of(offer_link(taken)),
            "task_digits": taken.volunteer.phone[-4:],
            "own_links": " ".join(own_links[1:]),
            "born_on": Resident.objects.get(pk=curious).dob.isoformat(),
        },
    }


def furnish_directory(by: Any) -> str:
    """Suggestions in each state, a listing to ask after, a search in vain. Returns the page that asks a service."""
    from borough.accounts.policies import system_viewer
    from borough.directory.actions import ask_owners, edit_service, note_gap, report_mistake, suggest_service
    from borough.directory.models import Confirmation
    from borough.directory.queries import confirmation_letter, search_services

    first, second = search_services("food", limit=2)
    ask_owners(by=system_viewer("journeys"))
    report_mistake(first.id, "The door is at the back now.")
    suggest_service({"name": "Knitting circle", "organization": "The Loop", "description": "Wool and company."})
    edit_service(second.id, {"alert": "Closed in the first week of May."}, by=by)
    note_gap("piano company", "")
    letter = confirmation_letter(Confirmation.objects.filter(answered_at=None).order_by("pk")[0].pk)
    assert letter is not None
    return path_of(letter.link)


def one_of_several_needs(resident_id: str, by: Any) -> tuple[str, int]:
    """A case with two tasks, a file and a standing request, into which another was merged. Its id, and the file's."""
    from borough.cases.actions import attach_file, make_standing, merge_cases, record_assessment
    from borough.common import clock

    case_id, duplicate_id = open_one(resident_id, 30), open_one(resident_id, 31)
    needs, text = ["isolation"], "She has not spoken to anybody for a week."
    record_assessment(by=by, purpose=PURPOSE, case_id=case_id, needs=needs, text=text)
    letter = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
    file_id = attach_file(by=by, purpose=PURPOSE, case_id=case_id, name="letter.pdf", content=letter)
    # So far ahead that no case of it opens while pages are looked at.
    later = clock.today() + timedelta(days=90)
    make_standing(by=by, purpose=PURPOSE, case_id=case_id, weekdays=[1], starts_on=later)
    merge_cases(by=by, purpose=PURPOSE, case_id=case_id, duplicate_id=duplicate_id)
    return case_id, file_id


def propose(resident_ids: list[str], by: Any) -> list[str]:
    """What a rule proposes about these residents' discounts; about the first a person has decided."""
    from borough.governance.actions import review_decision, take_decisions

    purpose, inputs = "review-discounts", {"adults": 1, "systems": ["electoral_roll"]}
    cases = [(resident_id, "journeys", inputs) for resident_id in resident_ids]
    ids = take_decisions(by=by, purpose=purpose, rule="single-person-discount", cases=cases)
    review_decision(
        by=by, purpose=purpose, decision_id=ids[0], outcome="ask", minutes=4, reason="Two records agree on it."
    )
    return ids


def refer_some(resident_ids: list[str], worker: Any, partner: Any) -> dict[str, list[str]]:
    """Referrals to the partner's organisation in each state, a conversation and a plan. Returns addresses by person."""
    from borough.cases.actions import (
        accept_referral,
        open_case,
        record_assessment,
        refer_to_service,
        take_case,
        write_plan,
    )
    from borough.cases.models import Referral
    from borough.cases.referrals.links import link_address
    from borough.cases.referrals.telling import consent_link
    from borough.common import clock
    from borough.common.jobs import run_pending
    from borough.directory.models import Service

    service = Service.objects.filter(organization_id=partner.organization, active=True)[0]
    cases, made = [], []
    for number, resident_id in enumerate(resident_ids):
        case_id = open_case(
            by=worker,
            purpose=PURPOSE,
            service="crisis_referral",
            resident_id=resident_id,
            need="food",
            channel="staff",
            source_key=f"journeys-referral:{number}",
            text="The cupboard is empty.",
        )
        take_case(by=worker, purpose=PURPOSE, case_id=case_id)
        given = {"consent": "Name, number and need", "covers": "similar", "message": "Rings best before noon"}
        cases.append(case_id)
        if number < 4:
            made.append(refer_to_service(by=worker, purpose=PURPOSE, case_id=case_id, service_id=service.pk, **given))
    run_pending()
    for referral_id in made[2:]:
        accept_referral(by=partner, referral_id=referral_id)
    talked, planned = cases[4], cases[5]
    record_assessment(by=worker, purpose=PURPOSE, case_id=talked, needs=["housing", "debt"], text="Bailiffs wrote.")
    review_on = clock.today() + timedelta(days=30)
    write_plan(by=worker, purpose=PURPOSE, case_id=planned, what_matters="My garden", goals="Dig", review_on=review_on)
    waiting, accepted = (Referral.objects.get(pk=made[number]) for number in (0, 2))
    return {
        "": [
            path_of(link_address(Referral.objects.get(pk=made[1]).links.get())),
            path_of(consent_link(waiting)),
            f"/referrals/ask/{service.pk}/",
            "/referrals/ask/done/",
            "/referrals/agreed/taken-back/",
            "/referrals/thanks/",
        ],
        "partner": [
            f"/referrals/{waiting.pk}/",
            f"/referrals/{accepted.pk}/",
            f"/referrals/{accepted.pk}/finish/",
            "/referrals/?show=accepted",
            "/referrals/new/done/",
        ],
        "link_worker": [
            f"/cases/{waiting.case_id}/referrals/{waiting.pk}/withdraw/",
            f"/cases/{waiting.case_id}/referrals/{waiting.pk}/declined/",
            f"/cases/{talked}/talk/",
            f"/cases/{talked}/talk/next/",
            f"/plans/{planned}/",
        ],
    }


def draft(by: Any) -> str:
    """An agreement that waits for a decision."""
    from borough.common import clock
    from borough.governance.actions import draft_agreement
    from borough.governance.tests.terms import WHOLE

    today = clock.today()
    return draft_agreement(
        by=by,
        reference="warm-homes",
        purpose=PURPOSE,
        title="Warm homes",
        starts_on=today,
        review_on=today + timedelta(days=90),
        **WHOLE,
    )


def some_residents() -> list[str]:
    """Residents who live here and can be reached, the same for the same borough."""
    from borough.accounts.policies import system_viewer
    from borough.residents.models import Resident
    from borough.residents.queries import list_contacts

    ids = list(Resident.objects.order_by("surname", "forename", "dob").values_list("id", flat=True)[:200])
    contacts = list_contacts(ids, viewer=system_viewer("journeys"), purpose=PURPOSE)
    return [one for one in ids if contacts[one].phone and contacts[one].postcode]


def welcome_volunteers(neighbours: list[str]) -> None:
    """A volunteer who lives where each of these residents does."""
    from borough.accounts.policies import system_viewer
    from borough.residents.queries import list_contacts
    from borough.volunteers.actions import import_volunteers

    by = system_viewer("journeys")
    contacts = list_contacts(neighbours, viewer=by, purpose=PURPOSE)
    rows = ["name,phone,email,postcode,skills,languages,radius_km,capacity,dbs_expires"]
    rows += [
        f"Neighbour {'ABCDEFGH'[number]},0770090010{number},,{contacts[one].postcode},shopping,English,5,3,2099-01-01"
        for number, one in enumerate(neighbours)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("\n".join(rows))
        file.flush()
        import_volunteers(Path(file.name), by=by)


def some_want_to_volunteer() -> str:
    """One who waits for a coordinator, and one who has not confirmed. Returns the page where the latter does."""
    from django.urls import reverse

    from borough.volunteers.actions import apply_to_volunteer, confirm_application
    from borough.volunteers.applications import token_of
    from borough.volunteers.models import VolunteerApplication

    given = {"postcode": "NW1 2DB", "skills": ["shopping"], "languages": ["English"], "travel": "bike"}
    for name, phone in (("Wendy Waits", "+447700900201"), ("Una Unsure", "+447700900202")):
        apply_to_volunteer(name=name, phone=phone, email="", radius_km=3, capacity=2, **given)
    waits, unsure = (token_of(one.id) for one in VolunteerApplication.objects.order_by("phone"))
    confirm_application(token=waits)
    return reverse("volunteers:confirm", args=[unsure])


def open_own_record(resident_id: str, worker: Any, analyst: Any) -> tuple[list[str], str]:
    """Somebody looks at this resident, who asks why and complains, while an enquiry goes on.

    Returns links to their page, each good once, and the reference of the copy that they asked for."""
    from django.utils import timezone

    from borough.accounts.policies import RESIDENT, Viewer, system_viewer
    from borough.common import clock
    from borough.common.jobs import run_pending
    from borough.governance.actions import (
        ask_for_copy,
        break_glass,
        make_own_link,
        make_request,
        set_exemption,
        tell_own_home,
        watch_looks,
    )
    from borough.governance.queries import read_own_record
    from borough.governance.rights.models import OwnLink
    from borough.residents.models import Resident
    from borough.residents.queries import read_resident

    read_resident(resident_id, viewer=worker, purpose=PURPOSE)
    resident = Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))
    [newest, *_rest] = read_own_record(viewer=resident).looks.object_list
    break_glass(by=worker, reason="A neighbour heard a fall.", resident_id=resident_id)
    tell_own_home(by=worker, surname="Okafor", postcode=Resident.objects.get(pk=resident_id).postcode)
    watch_looks(by=system_viewer("watch"))
    make_request(by=resident, kind="why", entry_id=newest.entry_id, words="I did not ask for anything.")
    today = clock.today()
    set_exemption(
        by=analyst,
        purpose="find-sublets",
        rule="crime",
        resident_id=resident_id,
        why="The visit is on Monday.",
        since=today,
        until=today + timedelta(days=9),
    )
    reference = ask_for_copy(by=resident)
    run_pending()
    make_request(by=resident, kind="complaint", words="Nobody told me.")
    links = []
    for hours in range(60, 0, -10):
        # Not more than three a day.
        with clock.at(timezone.now() - timedelta(hours=hours)):
            link = OwnLink.objects.create(resident_id=resident_id, asked_at=clock.now())
            links.append(f"/my-record/open/{make_own_link(link.id, resident_id=resident_id)}/")
    return links[::-1], reference


def want_changes(resident_id: str, held: str, officer: Any) -> list[str]:
    """The resident asks for each kind of change; something is corrected, and something else is held for a claim.

    Returns the references of what they asked."""
    from borough.accounts.policies import RESIDENT, Viewer
    from borough.governance.actions import correct_record, make_request, set_legal_hold

    resident = Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))
    asked = [
        make_request(by=resident, kind=kind, words="My email address is an old one.")
        for kind in ("correct", "erase", "restrict")
    ]
    said = {"by": officer, "purpose": "oversight", "resident_id": resident_id}
    correct_record(**said, field="email", should_be="new@example.com")
    set_legal_hold(by=officer, purpose="oversight", resident_id=held, why="Claim 2026/114")
    return asked


def open_one(resident_id: str, number: int) -> str:
    from borough.accounts.policies import system_viewer
    from borough.cases.actions import open_case

    return open_case(
        by=system_viewer("journeys"),
        purpose=PURPOSE,
        service=SERVICE,
        resident_id=resident_id,
        need="shopping",
        channel="phone",
        source_key=f"journeys:{number}",
        text="I cannot get to the shops this week.",
    )


def path_of(link: str) -> str:
    return urlsplit(link).path


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    json.dump(furnish(), sys.stdout)
