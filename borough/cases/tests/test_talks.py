"""Starting a case, the guided conversation, and what each need leads to."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from borough.accounts.policies import system_viewer
from borough.cases.kinds import kind
from borough.cases.models import Case, Task
from borough.cases.talks.conversation import in_words, needs_found, read_conversation
from borough.directory.actions import import_services

pytestmark = pytest.mark.django_db
TOPICS = kind("crisis_referral").conversation


@pytest.fixture
def started(grace: Client, ada: str) -> str:
    """A case of crisis referral that Grace has started for Ada."""
    address = f"/cases/start/?resident={ada}"
    page = grace.get(address).content.decode()
    assert "Ada Lovelace" in page
    assert "Their name" not in page
    given = {"need": "crisis_referral:money", "text": "Bills", "form_key": key_of(page)}
    for _ in range(2):
        answer = grace.post(address, given)
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.id}/talk/"
    assert (case.resident_id, case.channel, case.state) == (ada, "staff", "in_hand")
    return case.id


def key_of(page: str) -> str:
    return page.split('name="form_key" value="')[1].split('"')[0]


def test_somebody_who_is_not_known_is_asked_how_to_reach_them(grace: Client) -> None:
    key = key_of(grace.get("/cases/start/").content.decode())
    given = {"need": "social_prescribing:company", "name": "Bea", "form_key": key}
    assert "Enter a phone number or an email address" in grace.post("/cases/start/", given).content.decode()
    assert "like NW1 2DB" in grace.post("/cases/start/", {**given, "postcode": "x"}).content.decode()
    answer = grace.post("/cases/start/", {**given, "phone": "07700 900002"})
    case = Case.objects.get()
    # This service has no conversation.
    assert answer.headers["Location"] == f"/cases/{case.id}/"
    assert case.asker_phone == "+447700900002"
    assert grace.get(f"/cases/{case.id}/talk/").status_code == 404
    assert grace.get("/cases/start/?resident=RNONE").status_code == 404


def test_safety_is_asked_about_first(grace: Client, started: str) -> None:
    assert TOPICS[0].need == "domestic_abuse"
    page = grace.get(f"/cases/{started}/talk/").content.decode()
    assert page.index("Ask only when nobody else can hear") < page.index("Mental health") < page.index("Getting online")


def test_what_is_ticked_becomes_an_assessment_with_a_task_for_each_need(grace: Client, started: str) -> None:
    address, version = f"/cases/{started}/talk/", Case.objects.get().version
    page = grace.post(address, {"text": "All is well", "version": version}).content.decode()
    assert "Tick at least one thing that applies" in page
    assert "All is well" in page
    ticked = {"food": ["none", "skips"], "energy": ["off"], "text": "The meter is empty", "version": version}
    assert grace.post(address, ticked).headers["Location"] == f"/cases/{started}/talk/next/"
    assert set(Task.objects.values_list("need", flat=True)) == {"money", "food", "energy"}
    note = Case.objects.get().notes.get().text
    assert "There is no food at home now; Skips meals so that others can eat" in note
    assert "The meter is empty" in note
    # From a page that has been overtaken: both versions, and nothing more is written.
    assert grace.post(address, ticked).status_code == 409
    assert Task.objects.count() == 3


def test_each_need_leads_to_services_near_and_to_what_comes_first(
    grace: Client, started: str, tmp_path: Path, streets: None, django_assert_max_num_queries: Any
) -> None:
    services = [
        {
            "id": f"S{number}",
            "name": name,
            "description": "Here for you.",
            "status": "active",
            "organization": {"id": "O1", "name": "Good Neighbours"},
            "service_at_locations": [{"location": {"id": f"L{number}", "latitude": 51.53, "longitude": -0.13}}],
        }
        for number, name in enumerate(("Food bank", "Housing advice", "Chess club"))
    ]
    path = tmp_path / "services.json"
    path.write_text(json.dumps(services))
    import_services(path, by=system_viewer("test"))
    version = Case.objects.get().version
    grace.post(f"/cases/{started}/talk/", {"food": ["none"], "housing": ["tonight"], "version": version})
    with django_assert_max_num_queries(60):
        page = grace.get(f"/cases/{started}/talk/next/").content.decode()
    food, housing = Task.objects.get(need="food"), Task.objects.get(need="housing")
    assert f"/refer/S0/?task={food.id}" in page
    assert f"/refer/S1/?task={housing.id}" in page
    assert "Chess club" not in page
    assert "the housing team must help" in page
    # The link leads to a referral of that need, and of no other.
    address = f"/cases/{started}/refer/S1/?task={housing.id}"
    grace.post(address, {"consent": "Agreed", "consent_how": "in_person", "covers": "this"})
    assert Task.objects.get(need="housing").owner_id == "S1"
    assert Task.objects.get(need="food").owner_kind != "organisation"


def test_every_topic_leads_to_a_need_of_the_service_and_every_need_has_its_topic() -> None:
    service = kind("crisis_referral")
    assert {topic.need for topic in TOPICS} == set(service.needs)
    assert needs_found(TOPICS, {"work": ["lost"], "food": ["none"], "debt": []}) == ["food", "work"]
    assert in_words(TOPICS, {"work": ["lost"]}, " Since May ") == (
        "Work and training: Lost work, or may lose it soon\nSince May"
    )


@pytest.mark.parametrize("wrong", ['need = "food"\ntitle = "Food"', 'need = "a"\ntitle = "b"\nask = []\nsigns = {}'])
def test_a_conversation_with_a_hole_names_its_file_and_topic(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "conversation.toml"
    path.write_text(f"[[topics]]\n{wrong}\n")
    with pytest.raises(ValueError, match=r"conversation\.toml: topic 1"):
        read_conversation(path)
