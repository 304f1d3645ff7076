"""Records that another system sends are linked as they arrive."""

import json
from typing import Any

import pytest
from django.test import Client

from borough.accounts.actions import add_api_key
from borough.accounts.policies import Viewer
from borough.residents.models import Load, Membership, Record

RENTS = "/api/residents/sources/housing_rents/records"


def post(key: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().post(path, json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.django_db(transaction=True)
def test_records_are_linked_as_they_arrive(linked: Viewer) -> None:
    _, key = add_api_key(name="Housing", role="analyst")
    known = Record.objects.filter(source="housing_rents").exclude(nino=None).exclude(dob=None).order_by("id")[0]
    theirs = Membership.objects.get(record=known, ended_at=None).resident_id
    row = {
        "Tenancy Ref": "T9999999", "Person No": "1", "First Name": known.forename, "Surname": known.surname,
        "DOB": known.dob.strftime("%d/%m/%Y"), "NINO": known.nino, "UPRN": known.uprn, "Postcode": known.postcode,
    }  # fmt: skip
    torn = {**row, "Person No": "2", "DOB": "31/02/1980"}
    status, arrived = post(key, RENTS, purpose="residents-index", rows=[row, torn])
    assert (status, arrived["added"], arrived["residents"]) == (200, 1, {"T9999999|1": theirs})
    assert (arrived["rejected"][0]["row"], arrived["rejected"][0]["column"]) == (2, "DOB")
    before = Record.objects.filter(gone_at=None).count()

    status, arrived = post(key, RENTS, purpose="residents-index", rows=[{**row, "First Name": "Zebedee", "NINO": ""}])
    assert (status, arrived["changed"]) == (200, 1)
    assert Record.objects.filter(gone_at=None).count() == before, "nobody else has left"
    # What was said before may be said again.
    status, arrived = post(key, RENTS, purpose="residents-index", rows=[row])
    assert (arrived["changed"], arrived["residents"]) == (1, {"T9999999|1": theirs})

    status, told = post(key, RENTS, purpose="residents-index", rows=[{"Colour": "red"}])
    assert (status, told["message"]) == (409, "housing_rents has no column Colour.")
    status, _ = post(key, "/api/residents/sources/nowhere/records", purpose="residents-index", rows=[row])
    assert status == 404


def moved_by_a_row() -> list[dict[str, str]]:
    """Tenants who hold the National Insurance numbers of the next."""
    known = Record.objects.exclude(source="housing_rents").exclude(nino=None).exclude(dob=None).order_by("nino")[:60]
    people = {one.nino: one for one in known}
    numbers = list(people)
    return [
        {
            "Tenancy Ref": f"T88{place:05d}", "Person No": "1", "First Name": one.forename, "Surname": one.surname,
            "DOB": one.dob.strftime("%d/%m/%Y"), "NINO": numbers[place - 1],
        }
        for place, one in enumerate(people.values())
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_held_are_accepted_or_rejected_by_whoever_looked(linked: Viewer) -> None:
    _, key = add_api_key(name="Housing", role="analyst")
    rows, before = moved_by_a_row(), Record.objects.count()
    asked = {"purpose": "residents-index", "rows": rows}
    status, told = post(key, RENTS, **asked)
    held = Load.objects.latest("id")
    assert (status, held.state, Record.objects.count()) == (409, "held", before)
    assert f"accept load {held.pk}" in told["remedy"]

    others = [{**row, "Surname": "Other"} for row in rows]
    status, told = post(key, RENTS, purpose="residents-index", rows=others, accept=held.pk)
    assert (status, told["message"]) == (409, f"These are not the rows of load {held.pk}.")
    status, arrived = post(key, RENTS, **asked, accept=held.pk)
    assert (status, arrived["added"]) == (200, len(rows))
    held.refresh_from_db()
    assert held.state == "stopped" and f"taken in as load {arrived['load_id']}" in held.problem
    status, _ = post(key, RENTS, **asked, accept=held.pk)
    assert status == 409

    post(key, RENTS, purpose="residents-index", rows=[{**row, "Tenancy Ref": f"Y{row['Tenancy Ref']}"} for row in rows])
    held, count = Load.objects.latest("id"), Record.objects.count()
    assert held.state == "held"
    reject = f"/api/residents/sources/housing_rents/loads/{held.pk}/reject"
    _, clerk = add_api_key(name="Front desk", role="contact_worker")
    assert post(clerk, reject)[0] == 403
    assert post(key, reject) == (200, {"load_id": held.pk})
    held.refresh_from_db()
    assert (held.state, Record.objects.count()) == ("stopped", count)
    assert post(key, reject)[0] == 409
    assert post(key, reject.replace("housing_rents", "libraries"))[0] == 404
