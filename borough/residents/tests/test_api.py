"""Records that another system sends are linked as they arrive."""

import json
from typing import Any

import pytest
from django.test import Client

from borough.accounts.actions import add_api_key
from borough.accounts.policies import Viewer
from borough.residents.models import Membership, Record

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
