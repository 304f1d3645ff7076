"""The pages: asking, the queue, a case, the answer by link."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.policies import Viewer
from borough.cases import actions, queries
from borough.cases.models import Case
from borough.cases.reading_queue import conditions_of
from borough.cases.scope import worked_by
from borough.common import clock
from borough.common.jobs import run_pending

from .conftest import PURPOSE, Post
from .test_minding import open_one

pytestmark = pytest.mark.django_db

ASK = {"need": "shopping", "text": "Milk & bread", "name": "Ada", "phone": "07700 900001", "postcode": "nw12db"}


def key_of(page: str) -> str:
    return page.split('name="form_key" value="')[1].split('"')[0]


def form_of(client: Client) -> dict[str, str]:
    return {**ASK, "form_key": key_of(client.get("/cases/ask/").content.decode())}


def test_anybody_asks_without_signing_in(client: Client, alice: Viewer, ada: str) -> None:
    asked = form_of(client)
    assert client.post("/cases/ask/", asked).status_code == 302
    page = client.get("/cases/ask/done/").content.decode()
    case = Case.objects.get()
    assert case.reference in page
    assert (case.asker_phone, case.asker_postcode, case.text) == ("+447700900001", "NW1 2DB", "Milk & bread")
    # The button pressed twice, or the page sent again: one case.
    client.post("/cases/ask/", asked)
    assert Case.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(client: Client) -> None:
    page = client.post("/cases/ask/", {**form_of(client), "phone": "12", "postcode": "nowhere"}).content.decode()
    assert "Enter a phone number, like" in page
    assert "Enter a full postcode" in page
    assert "Milk &amp; bread" in page
    assert 'value="nowhere"' in page
    assert Case.objects.count() == 0
    for target in re.findall(r'href="#(id_[a-z_]+)"', page):
        assert f'id="{target}"' in page


def test_nothing_to_reach_them_at_is_an_error(client: Client) -> None:
    page = client.post("/cases/ask/", {**form_of(client), "phone": ""}).content.decode()
    assert "Enter a phone number or an email address" in page


def test_a_robot_is_thanked_and_forgotten(client: Client) -> None:
    client.post("/cases/ask/", {**form_of(client), "website": "http://spam.example"})
    assert Case.objects.count() == 0
    assert "CA-" not in client.get("/cases/ask/done/").content.decode()


def test_the_sixth_ask_in_an_hour_is_told_to_call(client: Client) -> None:
    for _ in range(5):
        client.post("/cases/ask/", form_of(client))
    answer = client.post("/cases/ask/", form_of(client))
    assert answer.status_code == 409
    assert "Call us" in answer.content.decode()
    assert Case.objects.count() == 5


def test_the_queue_and_its_queries(grace: Client, alice: Viewer, ada: str, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        actions.open_case(
            by=alice,
            purpose=PURPOSE,
            service="community_aid",
            resident_id=ada,
            need="food" if number % 2 else "shopping",
            channel="sms",
            source_key=f"s:{number}",
        )
    with django_assert_max_num_queries(14):
        page = grace.get("/cases/").content.decode()
    assert len(set(re.findall(r"CA-\w{4}-\w{4}", page))) == 30
    assert grace.get("/cases/?need=food").content.decode().count("CA-") == 30
    table = grace.get("/cases/?format=csv&sort=-due").content.decode()
    assert len(table.splitlines()) == 31
    assert "No cases here" in grace.get("/cases/?show=mine").content.decode()
    reference = Case.objects.all()[0].reference
    assert grace.get("/cases/find/", {"reference": f" {reference.lower()} "}).status_code == 302
    assert grace.get("/cases/find/", {"reference": "CA-0000-0000"}).status_code == 404


def test_a_long_queue_is_counted_so_far_and_no_further(
    grace: Client, alice: Viewer, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one(alice, "RADA", "call:2")
    open_one(alice, "RADA", "call:3")
    assert queries.count_queue(viewer=alice, purpose=PURPOSE)["all"] == 3
    for module in ("borough.cases.reading_queue", "borough.cases.queries", "borough.web.today"):
        monkeypatch.setattr(f"{module}.MOST_COUNTED", 1)
    assert queries.count_queue(viewer=alice, purpose=PURPOSE)["all"] == 2
    assert "More than 1\n" in re.sub(r"</p>", "\n", grace.get("/cases/").content.decode())
    assert "More than 1\n" in re.sub(r"</p>", "\n", grace.get("/staff/").content.decode())


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("show", "index"),
    [
        ("all", "case_queue"),
        ("mine", "case_by_worker"),
        ("team", "case_open_of_team"),
        ("unassigned", "case_by_worker"),
        ("overdue", "case_queue"),
        ("concern", "case_open_queue"),
        ("to_ask", "case_queue"),
    ],
)
def test_each_count_of_the_queue_finds_its_cases_in_an_index(alice: Viewer, show: str, index: str) -> None:
    # PostgreSQL plans by how many rows there are, and here are none.
    cases = worked_by(alice, PURPOSE).filter(conditions_of(alice)[show], closed_at=None)
    plan = cases.values("pk")[:1001].explain()
    assert f"USING INDEX {index} " in plan
    assert "SCAN" not in plan


def test_the_page_of_a_case(grace: Client, case_id: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(32):
        page = grace.get(f"/cases/{case_id}/").content.decode()
    for words in ("Ada Lovelace", "1 High Street", "I cannot get to the shops", "Assign to me", "Ask a volunteer"):
        assert words in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    grace.post(f"/cases/{case_id}/take/", {"version": version})
    grace.post(f"/cases/{case_id}/note/", {"text": "Rang <b>her</b>", "flagged": "on"})
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Rang &lt;b&gt;her&lt;/b&gt;" in page
    assert "Somebody is worried" in page
    assert "Assign to me" not in page
    # The page that was open before all this is refused.
    stale = grace.post(f"/cases/{case_id}/state/delivered/", {"version": version})
    assert stale.status_code == 409
    assert "Somebody else changed this case" in stale.content.decode()


def test_buttons_are_drawn_only_where_the_table_allows(grace: Client, alice: Viewer, case_id: str) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="cancelled", reason="Asked by mistake")
    page = grace.get(f"/cases/{case_id}/").content.decode()
    for words in ("Help was given", "Ask a volunteer", "Refer to a service", "Assign to me", "Reopen"):
        assert words not in page


def test_closing_asks_why_and_keeps_it(grace: Client, case_id: str) -> None:
    address = f"/cases/{case_id}/state/could_not_help/"
    assert "Say why" in grace.post(address, {"reason": ""}).content.decode()
    assert grace.post(address, {"reason": "Moved away"}).status_code == 302
    assert Case.objects.get().outcome == "Moved away"


def test_a_service_is_found_and_the_case_handed_over(
    grace: Client, case_id: str, service_id: str, streets: None
) -> None:
    page = grace.get(f"/cases/{case_id}/refer/").content.decode()
    assert "Shopping club" in page
    assert "100 metres" in page
    address = f"/cases/{case_id}/refer/{service_id}/"
    assert "Write what the person agreed to" in grace.post(address, {"consent": ""}).content.decode()
    grace.post(address, {"consent": "Agreed on the phone", "consent_how": "phone", "covers": "this"})
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Waiting for the service" in page
    grace.post(f"/cases/{case_id}/referrals/{apps.get_model('cases', 'Referral').objects.get().pk}/accepted/")
    assert apps.get_model("cases", "Referral").objects.get().state == "accepted"


def test_an_asker_is_recognised_by_a_person_not_by_the_machine(client: Client, grace: Client, ada: str) -> None:
    terms = apps.get_model("residents", "SearchTerm")
    terms.objects.create(resident_id=ada, kind="phone", term="+447700900001")
    Client().post("/cases/ask/", form_of(Client()))
    case = Case.objects.get()
    assert case.resident_id == ""
    page = grace.get(f"/cases/{case.id}/").content.decode()
    assert "Is it one of these residents?" in page
    grace.post(f"/cases/{case.id}/identify/", {"resident_id": ada, "version": case.version})
    assert Case.objects.get().resident_id == ada


def test_the_answer_by_link_needs_no_sign_in(client: Client, alice: Viewer, case_id: str, post: Post) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    link = post.link("/cases/answer/")
    page = client.get(link).content.decode()
    assert "Somebody to do the shopping" in page
    assert "Lovelace" not in page
    assert "Select yes, partly or no" in client.post(link, {}).content.decode()
    assert client.post(link, {"answer": "no", "text": "Nobody came"}).status_code == 302
    assert "opened your request again" in client.get("/cases/answer/done/").content.decode()
    assert client.get(link).status_code == 404
    assert client.get(link[:-3] + "xx/").status_code == 404
    assert Case.objects.get().state == "reopened"


def test_staff_pages_are_closed_to_the_public(client: Client, case_id: str) -> None:
    for address in ("/cases/", f"/cases/{case_id}/", f"/cases/{case_id}/refer/", f"/cases/{case_id}/need-met/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "sign" in answer["Location"]
    for address in ("take", "note", "identify", "state/delivered"):
        assert client.post(f"/cases/{case_id}/{address}/").status_code == 302
    assert Case.objects.get().version == 1


def test_an_assessment_adds_tasks_that_the_case_and_the_queue_count(grace: Client, case_id: str) -> None:
    address = f"/cases/{case_id}/assess/"
    page = grace.post(address, {"text": "She is alone a lot"}).content.decode()
    assert "Select at least one need" in page
    assert "She is alone a lot" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    found = {"needs": ["isolation", "food"], "text": "She is alone a lot", "version": version}
    page = grace.post(address, found, follow=True).content.decode()
    for words in ("0 of 3 done", "Somebody to talk to", "She is alone a lot"):
        assert words in page
    assert "0 of 3" in grace.get("/cases/").content.decode()


def test_a_need_asks_its_own_questions(client: Client, db: None) -> None:
    page = client.get("/cases/ask/?service=community_aid").content.decode()
    assert "Which pharmacy has it?" in page and 'data-reveals="conditional-id_need' in page
    typed = {"need": "dog_walking", "name": "Ada", "phone": "07700 900001", "postcode": "NW1 2DB", "form_key": "F1"}
    page = client.post("/cases/ask/?service=community_aid", typed).content.decode()
    assert page.count("Answer this question") == 2, "in the summary and at the field"
    assert 'href="#id_dog"' in page and 'id="id_dog"' in page
    # What the form asks of others is left out; what it asks of them moves the triage.
    asked = {**typed, "need": "prescriptions", "medicine_left": "none", "dog": "Rex"}
    assert client.post("/cases/ask/?service=community_aid", asked).status_code == 302
    case = Case.objects.get()
    assert (case.urgency, case.answers) == ("urgent", {"access": "", "pharmacy": "", "medicine_left": "none"})


def test_the_home_page_of_a_worker_whose_agreement_ended_shows_no_counts_of_cases(grace: Client, case_id: str) -> None:
    assert "Case that nobody has taken" in grace.get("/staff/").content.decode()
    apps.get_model("governance", "Agreement").objects.update(state="revoked", revoked_at=clock.now())
    page = grace.get("/staff/")
    assert page.status_code == 200
    assert "Case that nobody has taken" not in page.content.decode()
