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
    from borough.accounts.policies import STAFF_ROLES
    from borough.accounts.queries import list_staff, viewer_by_id
    from borough.cases.actions import add_note, record_delivery, take_case
    from borough.cases.models import Case
    from borough.cases.queries import feedback_link
    from borough.insight.actions import define_cohort, freeze_cohort, start_cohort_campaign
    from borough.messaging.actions import receive_message
    from borough.messaging.sending import stop_link
    from borough.messaging.wording import Wording
    from borough.volunteers.actions import answer_offer, match_open_cases
    from borough.volunteers.models import Offer
    from borough.volunteers.queries import offer_link

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
        record_delivery(by=worker, purpose=PURPOSE, case_id=cases[name])
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
    kept, taken, accepted = Offer.objects.filter(case_id__in=asked, state="offered").select_related("volunteer")
    task = path_of(offer_link(accepted))
    answer_offer(token=task.split("/")[-2], accept=True)
    return {
        "links": {role: make_rehearsal_link(user) for role, user in staff.items()},
        "addresses": {
            "": [
                path_of(feedback_link(Case.objects.get(pk=cases["delivered"]))),
                path_of(stop_link(residents[0])),
                path_of(offer_link(kept)),
                f"{task}could-not/",
                f"{task}worry/",
            ],
            "contact_worker": [reverse("cases:need_met", args=[cases["delivered"]])],
            "analyst": [
                reverse("residents:check", args=["electoral"]),
                reverse("insight:cohort_campaign", args=[frozen]),
            ],
            "ig_officer": [
                reverse("governance:approve", args=[draft(officer)]),
                reverse("governance:revoke", args=["help-volunteers"]),
            ],
        },
        "facts": cases
        | {
            "feedback_once": path_of(feedback_link(Case.objects.get(pk=cases["delivered_once"]))),
            "task": path_of(offer_link(taken)),
            "task_digits": taken.volunteer.phone[-4:],
        },
    }


def draft(by: Any) -> str:
    """An agreement that waits for a decision."""
    from borough.common import clock
    from borough.governance.actions import draft_agreement

    today = clock.today()
    return draft_agreement(
        by=by,
        reference="warm-homes",
        purpose=PURPOSE,
        title="Warm homes",
        lawful_basis="UK GDPR Article 6(1)(e)",
        roles=["link_worker"],
        fields=["name"],
        sources=["council_tax"],
        starts_on=today,
        review_on=today + timedelta(days=90),
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
