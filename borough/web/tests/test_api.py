"""The API as another system meets it: its key, its answers, and what it is told when something is wrong."""

import json
from typing import Any

import pytest
import schemathesis
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, settings

from borough.accounts.actions import add_api_key, revoke_api_key
from borough.web.wsgi import application

LedgerEntry: Any = apps.get_model("governance", "LedgerEntry")


class Caller:
    """Another system, with its key."""

    def __init__(self, role: str) -> None:
        self.id, self.key = add_api_key(name="Telephony", role=role)

    def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = Client().post(path, json.dumps(body), content_type="application/json", headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture
def caller(db: None, open_agreements: None) -> Caller:
    return Caller("analyst")


def test_without_a_key_nobody_is_let_in(caller: Caller) -> None:
    asked = {"purpose": "residents-index", "person": {"surname": "Okafor"}}
    answer = Client().post("/api/residents/lookup", json.dumps(asked), content_type="application/json")
    assert (answer.status_code, answer.json()["remedy"]) == (401, "Ask the council's team for a key.")
    assert caller.post("/api/residents/lookup", **asked)[0] == 200
    revoke_api_key(key_id=caller.id)
    assert caller.post("/api/residents/lookup", **asked)[0] == 401


def test_a_wrong_field_is_named_and_never_repeated(caller: Caller) -> None:
    status, told = caller.post("/api/residents/lookup", purpose="residents-index", person={"dob": "Secret-1952"})
    assert (status, told["fields"][0]["field"]) == (422, "question.person.dob")
    assert "Secret" not in json.dumps(told)
    status, told = caller.post("/api/residents/lookup", purpose="residents-index", person={"nino": "Secret"})
    assert status == 409
    assert "nino" in told["message"]
    assert "Secret" not in json.dumps(told)


@pytest.mark.django_db(transaction=True)
def test_a_purpose_without_an_agreement_opens_nothing(open_agreements: None) -> None:
    caller = Caller("analyst")
    status, told = caller.post("/api/residents/lookup", purpose="no-such", person={"surname": "Okafor"})
    assert (status, "agreement" in told["message"]) == (403, True)
    assert LedgerEntry.objects.get().kind == "denied"


def test_keys_are_made_listed_and_revoked_by_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("keys", add="Contact centre", role="contact_worker")
    key_id, key = capsys.readouterr().out.splitlines()[0].split(": ")
    call_command("keys")
    listed = capsys.readouterr().out
    assert key_id in listed
    assert key not in listed
    call_command("keys", revoke=key_id)
    call_command("keys")
    assert "revoked" in capsys.readouterr().out


SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@SCHEMA.parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_is_answered_as_described(case: Any, open_agreements: None) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {Caller('analyst').key}"})
