"""Referrals: consent, answers by link and from the inbox, deadlines, the next best, receipts."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user
from borough.accounts.policies import PARTNER, Viewer, system_viewer
from borough.cases import actions, kinds, queries
from borough.cases.kinds import kind
from borough.cases.models import Case, CaseNote, Referral
from borough.cases.referrals.figures import answers_of
from borough.cases.referrals.rules import (
    MOST_IN_TURN,
    age_band,
    next_best,
    reminder_days,
    reminders_due,
)
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.common.identifiers import district_of
from borough.common.jobs import run_pending
from borough.common.mailbox_links import masked
from borough.directory.actions import import_services
from borough.governance.actions import delete_what_is_over, end_legal_hold, set_legal_hold

from .conftest import PURPOSE, TUESDAY_NOON, Post

pytestmark = pytest.mark.django_db


def place(number: int) -> dict[str, float]:
    return {"latitude": 51.53 + number / 1000, "longitude": -0.13}


@pytest.fixture
def services(tmp_path: Path, streets: None) -> list[str]:
    """Three clubs for shopping, ever farther from Ada, of three organisations; the fourth has no e-mail address."""
    path = tmp_path / "clubs.json"
    clubs = [
        {
            "id": f"S{number}",
            "name": f"Shopping club {number}",
            "description": "Shopping with you.",
            "status": "active",
            "email": f"hello@club{number}.example" if number < 4 else "",
            "organization": {"id": f"O{number}", "name": f"Good Neighbours {number}"},
            "service_at_locations": [
                {
                    "location": {
                        "id": f"L{number}",
                        "latitude": 51.53 + number / 1000,
                        "longitude": -0.13,
                        "addresses": [],
                    }
                }
            ],
        }
        for number in range(1, 5)
    ]
    path.write_text(json.dumps(clubs))
    import_services(path, by=system_viewer("test"))
    return [club["id"] for club in clubs]


def partner(number: int = 1) -> Viewer:
    return Viewer("partner", f"UP{number}", f"Pat {number}", frozenset({PARTNER}), organization=f"O{number}")


@pytest.fixture
def refer(alice: Viewer, case_id: str, services: list[str]) -> Any:
    """refer(covers="similar"): Alice refers Ada to the first club, and the jobs run."""

    def ask(service_id: str = "S1", **more: str) -> int:
        given = {"consent": "Agreed to name, number and need", "consent_how": "phone", "covers": "similar", **more}
        made = actions.refer_to_service(by=alice, purpose=PURPOSE, case_id=case_id, service_id=service_id, **given)
        run_pending()
        return made

    return ask


def state_of(case_id: str) -> str:
    return Case.objects.get(pk=case_id).state


def mails(post: Post, address: str) -> list[str]:
    return [f"{one.subject}\n{one.body}" for one in post.sent if one.to == address]


def code_in(post: Post) -> str:
    found = [re.search(r"^(\d{6})$", one.body, re.MULTILINE) for one in reversed(post.sent) if "Your code" in one.body]
    assert found[0] is not None
    return found[0][1]


def open_link(client: Client, post: Post) -> str:
    """Open the newest link to a referral as its service does, with the code from its mailbox."""
    link = post.link("/referrals/link/")
    client.post(f"{link}code/")
    run_pending()
    assert client.post(link, {"code": code_in(post)}).status_code == 302
    return link


# Consent


def test_a_referral_records_what_was_agreed_how_when_and_by_whom(refer: Any, alice: Viewer, case_id: str) -> None:
    refer(consent_by="Dr Osei", message="Rings best before noon")
    (referral,) = queries.read_case(case_id, viewer=alice, purpose=PURPOSE).referrals
    assert (referral.consent, referral.consent_how, referral.consent_by, referral.covers) == (
        "Agreed to name, number and need",
        "phone",
        "Dr Osei",
        "similar",
    )
    assert referral.consent_at == TUESDAY_NOON
    # Ten working days from Tuesday 24 November.
    assert referral.answer_by == date(2026, 12, 8)


@pytest.mark.parametrize("wrong", [{"consent": " "}, {"consent_how": "guessed"}, {"covers": "everything"}])
def test_a_referral_without_recorded_consent_is_refused(refer: Any, wrong: dict[str, str]) -> None:
    with pytest.raises(Problem):
        refer(**wrong)
    assert not Referral.objects.exists()


def test_consent_taken_back_mid_referral_shuts_link_and_inbox_at_once(
    refer: Any, client: Client, post: Post, alice: Viewer, case_id: str
) -> None:
    referral_id = refer()
    link = open_link(client, post)
    actions.accept_referral(by=partner(), referral_id=referral_id)
    assert "Ada Lovelace" in client.get(link).content.decode()
    actions.withdraw_consent(by=alice, purpose=PURPOSE, referral_id=referral_id)
    answer = client.get(link)
    assert answer.status_code == 404
    for words in ("Lovelace", "High Street", "doing the shopping", "Send a new link"):
        assert words not in answer.content.decode()
    assert "taken back" in answer.content.decode()
    seen = queries.read_referral(referral_id, viewer=partner())
    assert (seen.state, seen.name, seen.need_label, seen.area, seen.age_band) == ("withdrawn", "", "", "", "")
    run_pending()
    told = mails(post, "hello@club1.example")[-1]
    assert "taken back" in told
    assert "Ada" not in told
    assert state_of(case_id) in ("new", "in_hand")
    for verb in (actions.accept_referral, actions.start_referral):
        with pytest.raises(WrongState):
            verb(by=partner(), referral_id=referral_id, starts_on=clock.today())


def test_the_person_takes_consent_back_by_their_receipt_also_after_it_went_on(
    refer: Any, client: Client, post: Post, case_id: str
) -> None:
    first = refer()
    link = post.link("/referrals/agreed/")
    actions.decline_referral(by=partner(1), referral_id=first, reason="Full")
    run_pending()
    second = Referral.objects.get(state="requested")
    assert second.service_id == "S2"
    page = client.get(link).content.decode()
    assert Case.objects.get().reference in page
    assert "Shopping club" not in page
    assert Referral.objects.get(pk=second.pk).state == "requested"
    assert client.post(link).status_code == 302
    assert Referral.objects.get(pk=second.pk).state == "withdrawn"
    run_pending()
    assert not Referral.objects.filter(state="requested").exists()
    # Again is as once.
    assert client.post(link).status_code == 302
    assert client.get(link[:-4] + "abc/").status_code == 404


def test_consent_taken_back_while_it_waits_to_go_on_stops_it(refer: Any, client: Client, post: Post) -> None:
    first = refer()
    link = post.link("/referrals/agreed/")
    actions.decline_referral(by=partner(1), referral_id=first, reason="Full")
    client.post(link)
    run_pending()
    assert Referral.objects.count() == 1


# The link


def test_a_link_shows_nothing_before_the_code_then_what_is_needed_to_decide_then_who(
    refer: Any, client: Client, post: Post, case_id: str
) -> None:
    refer(message="Rings best before noon")
    link = post.link("/referrals/link/")
    assert "hello@club1.example" in [one.to for one in post.sent]
    page = client.get(link).content.decode()
    assert "h…@club1.example" in page
    for words in ("Somebody to do the shopping", "NW1", "Ada", "CA-"):
        assert words not in page
    open_link(client, post)
    page = client.get(link).content.decode()
    assert "Somebody to do the shopping" in page
    assert "NW1" in page
    for words in ("Lovelace", "High Street", "07700", "noon", "NW1 2DB"):
        assert words not in page
    assert client.post(f"{link}accept/", {}).status_code == 302
    page = client.get(link).content.decode()
    for words in ("Ada Lovelace", "1 High Street", "+447700900001", "Rings best before noon", "Somali"):
        assert words in page
    assert state_of(case_id) == "referred"
    given = {"starts_on-day": "30", "starts_on-month": "11", "starts_on-year": "2026"}
    assert client.post(f"{link}start/", given).status_code == 302
    assert "30 November 2026" in client.get(link).content.decode()
    assert "Select one of the options" in client.post(f"{link}finish/", {}).content.decode()
    done = {"outcome": "done", "words": "Shops with her on Mondays"}
    assert client.post(f"{link}finish/", done).headers["Location"] == "/referrals/thanks/"
    referral = Referral.objects.get()
    assert (referral.state, referral.words, referral.starts_on) == (
        "done",
        "Shops with her on Mondays",
        date(2026, 11, 30),
    )
    assert state_of(case_id) == "delivered"
    assert client.get(link).status_code == 404


def test_a_service_says_no_by_its_link_and_why(refer: Any, client: Client, post: Post) -> None:
    refer(covers="this")
    link = open_link(client, post)
    assert "Say why" in client.post(f"{link}decline/", {}).content.decode()
    assert client.post(f"{link}decline/", {"reason": "No space"}).status_code == 302
    assert Referral.objects.get().words == "No space"
    assert "You said no" in client.get(link).content.decode()


def test_a_forwarded_link_opens_nothing_in_another_browser(refer: Any, client: Client, post: Post) -> None:
    refer()
    link = open_link(client, post)
    other = Client()
    for address in (link, f"{link}accept/", f"{link}decline/", f"{link}finish/", f"{link}start/"):
        answer = other.get(address)
        assert answer.status_code == 404, address
        assert "another browser" in answer.content.decode()
        assert "NW1" not in answer.content.decode()
    assert other.post(f"{link}accept/").status_code == 404
    assert other.post(f"{link}code/").status_code == 404
    assert other.post(link, {"code": code_in(post)}).status_code == 404
    assert Referral.objects.get().state == "requested"
    # Whoever answers for the service gets a new one, in its mailbox and nowhere else.
    assert "Send a new link" in other.get(link).content.decode()
    before = len(post.sent)
    other.post(f"{link}new/")
    run_pending()
    assert [one.to for one in post.sent[before:]] == ["hello@club1.example"]
    assert client.get(link).status_code == 404
    assert client.get(post.link("/referrals/link/")).status_code == 200


def test_a_code_works_once_and_the_link_is_then_used_up_for_others(refer: Any, client: Client, post: Post) -> None:
    refer()
    link = open_link(client, post)
    code = code_in(post)
    assert Client().post(link, {"code": code}).status_code == 404
    # In the browser that holds it the link goes on working.
    assert client.get(link).status_code == 200
    stale = {**client.session}
    assert stale["referral_links"]


def test_a_stolen_code_is_worth_nothing_after_fifteen_minutes_or_another_code(
    refer: Any, client: Client, post: Post
) -> None:
    refer()
    link = post.link("/referrals/link/")
    client.post(f"{link}code/")
    run_pending()
    first = code_in(post)
    with clock.at(TUESDAY_NOON + timedelta(minutes=16)):
        assert "wrong, or too old" in client.post(link, {"code": first}).content.decode()
        client.post(f"{link}code/")
        run_pending()
        second = code_in(post)
        if first != second:
            assert "wrong, or too old" in client.post(link, {"code": first}).content.decode()
        assert client.post(link, {"code": second}).status_code == 302


def test_five_wrong_codes_close_the_link_even_for_the_right_one(refer: Any, client: Client, post: Post) -> None:
    refer()
    link = post.link("/referrals/link/")
    client.post(f"{link}code/")
    run_pending()
    right = code_in(post)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        client.post(link, {"code": wrong})
    answer = client.post(link, {"code": right})
    assert answer.status_code == 404
    assert "too many wrong codes" in answer.content.decode()
    assert "Send a new link" in answer.content.decode()


def test_a_link_cannot_be_made_to_flood_a_mailbox(refer: Any, client: Client, post: Post) -> None:
    refer()
    link = post.link("/referrals/link/")
    for _ in range(8):
        client.post(f"{link}code/")
    for _ in range(8):
        client.post(f"{link}new/")
    run_pending()
    assert len([one for one in post.sent if "Your code" in one.body]) == 5
    assert len([one for one in post.sent if "/referrals/link/" in one.body]) <= 5


def test_an_edited_guessed_or_expired_link_opens_nothing_and_says_what_to_do(
    refer: Any, client: Client, post: Post
) -> None:
    refer()
    link = post.link("/referrals/link/")
    token = link.split("/")[-2]
    edited = token[:-1] + ("a" if token[-1] != "a" else "b")
    for wrong in (edited, "x", "IjEi:1abc:def", token[1:]):
        answer = client.get(f"/referrals/link/{wrong}/")
        assert answer.status_code == 404
        assert "Check that you opened all of it" in answer.content.decode()
        assert "Send a new link" not in answer.content.decode()
        assert client.post(f"/referrals/link/{wrong}/new/").status_code == 404
    with clock.at(TUESDAY_NOON + timedelta(days=31)):
        answer = client.get(link)
        assert answer.status_code == 404
        assert "expired" in answer.content.decode()
        assert "Send a new link" in answer.content.decode()


def test_a_link_of_another_kind_is_no_link_to_a_referral(refer: Any, client: Client, post: Post) -> None:
    refer()
    consent = post.link("/referrals/agreed/").split("/")[-2]
    assert client.get(f"/referrals/link/{consent}/").status_code == 404
    assert client.get(f"/referrals/agreed/{post.link('/referrals/link/').split('/')[-2]}/").status_code == 404


# The inbox


@pytest.fixture
def pat(client: Client) -> Client:
    """A browser where Pat of Good Neighbours 1 has signed in."""
    user_id = add_user(email="pat@club1.example", name="Pat", role=PARTNER, organization_id="O1")
    client.force_login(apps.get_model("accounts", "User").objects.get(pk=user_id))
    session = client.session
    session["second_factor_passed"] = True
    session.save()
    return client


def test_a_partner_sees_its_own_referrals_alone(refer: Any, pat: Client, alice: Viewer, case_id: str) -> None:
    mine = refer()
    theirs = Referral.objects.get(pk=mine)
    theirs.pk, theirs.task, theirs.service_id, theirs.organization_id = None, None, "S2", "O2"
    theirs.save(force_insert=True)
    page = pat.get("/referrals/").content.decode()
    assert page.count("CA-") == 1
    assert "Lovelace" not in page
    assert pat.get(f"/referrals/{mine}/").status_code == 200
    for address in ("", "accept/", "decline/", "finish/"):
        assert pat.get(f"/referrals/{theirs.pk}/{address}").status_code in (302, 404)
        assert (
            pat.post(f"/referrals/{theirs.pk}/{address}", {"reason": "x", "outcome": "done"}).status_code == 404
            or not address
        )
    assert Referral.objects.get(pk=theirs.pk).state == "requested"
    assert [line.id for line in queries.list_referrals(viewer=partner(2))] == [theirs.pk]
    with pytest.raises(NotFound):
        queries.read_referral(theirs.pk, viewer=partner(1))
    nobody = Viewer("partner", "UX", "X", frozenset({PARTNER}))
    assert queries.list_referrals(viewer=nobody) == []
    with pytest.raises(NotAllowed):
        queries.list_referrals(viewer=alice)


def test_the_inbox_answers_as_the_link_does(refer: Any, pat: Client, case_id: str) -> None:
    referral_id = refer()
    assert pat.post(f"/referrals/{referral_id}/accept/", {}).status_code == 302
    assert "Ada Lovelace" in pat.get(f"/referrals/{referral_id}/").content.decode()
    assert pat.get("/referrals/?show=accepted").content.decode().count("CA-") == 1
    assert len(pat.get("/referrals/?show=accepted&format=csv").content.decode().splitlines()) == 2
    finish = {"outcome": "could_not", "words": ""}
    assert "Say why you could not help" in pat.post(f"/referrals/{referral_id}/finish/", finish).content.decode()
    pat.post(f"/referrals/{referral_id}/finish/", {**finish, "words": "Moved away"})
    assert state_of(case_id) == "reopened" or state_of(case_id) in ("new", "in_hand")
    assert "Ada" not in pat.get(f"/referrals/{referral_id}/").content.decode()


@pytest.mark.usefixtures("sealed_lately")
def test_the_inbox_asks_the_database_as_often_for_forty_as_for_one(refer: Any, pat: Client) -> None:
    one = Referral.objects.select_related("case").get(pk=refer())
    pat.get("/referrals/")
    with CaptureQueriesContext(connection) as for_one:
        pat.get("/referrals/")
    given = {field.attname: getattr(one, field.attname) for field in Referral._meta.concrete_fields}
    Referral.objects.bulk_create(Referral(**{**given, "id": None, "task_id": None}) for _ in range(40))
    with CaptureQueriesContext(connection) as for_many:
        assert pat.get("/referrals/").content.decode().count(one.case.reference) == 41
    assert len(for_many) == len(for_one)


def test_a_charity_refers_somebody_with_recorded_consent(pat: Client, services: list[str]) -> None:
    page = pat.get("/referrals/new/").content.decode()
    assert "/referrals/new/crisis_referral/" in page
    assert pat.get("/referrals/new/community_aid/").status_code == 404
    address = "/referrals/new/crisis_referral/"
    key = pat.get(address).content.decode().split('name="form_key" value="')[1].split('"')[0]
    given = {"need": "debt", "text": "Bailiffs wrote", "name": "Bea", "phone": "07700 900002", "postcode": "NW1 2DB"}
    given |= {"form_key": key}
    assert "Write what the person agreed to" in pat.post(address, given).content.decode()
    given |= {"consent": "You may call her", "consent_how": "in_person"}
    for _ in range(2):
        assert pat.post(address, given).status_code == 302
    case = Case.objects.get(service="crisis_referral")
    assert (case.need, case.urgency, case.channel, case.asker_name) == ("debt", "urgent", "partner", "Bea")
    assert "You may call her" in CaseNote.objects.get(case=case).text
    assert case.reference in pat.get("/referrals/new/done/").content.decode()


# Deadlines, and on to the next


def at(day: date, hour: int = 12) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=LONDON))


def test_a_service_is_reminded_after_six_and_nine_working_days_once_each(refer: Any, post: Post) -> None:
    refer()
    house, counts = system_viewer("referrals"), []
    for day in range(15):
        with at(TUESDAY_NOON.date() + timedelta(days=day)):
            for _ in range(2):
                actions.chase_referrals(by=house)
            run_pending()
        counts.append(sum("still waits" in mail for mail in mails(post, "hello@club1.example")))
    # Tuesday 24 November + 6 working days is Wednesday 2 December; + 9 is Monday 7 December.
    assert counts == [0] * 8 + [1] * 5 + [2] * 2
    assert Referral.objects.get().state == "requested"


def test_what_nobody_answers_goes_on_and_never_in_circles(refer: Any, post: Post, case_id: str, alice: Viewer) -> None:
    refer()
    day = TUESDAY_NOON.date()
    for _ in range(5):
        day += timedelta(days=21)
        with at(day):
            actions.chase_referrals(by=system_viewer("referrals"))
            run_pending()
    asked = list(Referral.objects.order_by("pk").values_list("service_id", "state"))
    assert asked == [("S1", "no_answer"), ("S2", "no_answer"), ("S3", "no_answer")]
    assert len(asked) == MOST_IN_TURN
    assert mails(post, "hello@club2.example")
    notes = queries.read_case(case_id, viewer=alice, purpose=PURPOSE).notes
    assert "found no other to ask" in notes[0].text
    assert state_of(case_id) not in ("referred", "could_not_help")


def test_declined_goes_on_with_the_same_consent_and_the_receipt_says_where(refer: Any, post: Post) -> None:
    first = refer()
    actions.decline_referral(by=partner(1), referral_id=first, reason="Full")
    run_pending()
    for _ in range(2):
        actions.pass_on_referral(by=system_viewer("referrals"), referral_id=first)
    second = Referral.objects.get(state="requested")
    assert (second.follows_id, second.service_id, second.consent, second.covers) == (
        first,
        "S2",
        "Agreed to name, number and need",
        "similar",
    )
    assert second.consent_at == TUESDAY_NOON
    assert "Shopping club 2" in mails(post, "+447700900001")[-1]


def test_what_was_accepted_and_could_not_be_done_goes_on_and_the_worker_is_told(
    refer: Any, post: Post, alice: Viewer, case_id: str
) -> None:
    first = refer()
    actions.accept_referral(by=partner(1), referral_id=first, starts_on=clock.today())
    actions.finish_referral(by=partner(1), referral_id=first, done=False, words="Our van broke down")
    run_pending()
    for _ in range(2):
        actions.pass_on_referral(by=system_viewer("referrals"), referral_id=first)
    second = Referral.objects.get(state="requested")
    assert (second.follows_id, second.service_id, second.consent_at) == (first, "S2", TUESDAY_NOON)
    assert mails(post, "hello@club2.example")
    [note] = queries.read_case(case_id, viewer=alice, purpose=PURPOSE).notes
    assert "Shopping club 1 had accepted this and could not help after all. We asked Shopping club 2" in note.text
    assert state_of(case_id) == "referred"


def test_what_could_not_be_done_waits_for_the_worker_where_the_consent_ends(
    refer: Any, alice: Viewer, case_id: str
) -> None:
    first = refer(covers="this")
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=first, to="accepted")
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=first, to="could_not", words="Nobody is free")
    run_pending()
    actions.pass_on_referral(by=system_viewer("referrals"), referral_id=first)
    assert Referral.objects.count() == 1
    [note] = queries.read_case(case_id, viewer=alice, purpose=PURPOSE).notes
    assert "ask whether another may" in note.text
    refer("S2")


def test_consent_for_this_service_alone_sends_the_worker_to_ask(refer: Any, alice: Viewer, case_id: str) -> None:
    first = refer(covers="this")
    actions.decline_referral(by=partner(1), referral_id=first, reason="Full")
    run_pending()
    assert Referral.objects.count() == 1
    case = queries.read_case(case_id, viewer=alice, purpose=PURPOSE)
    assert "ask whether another may" in case.notes[0].text
    # And the worker may refer it on.
    refer("S2")


def test_a_case_closed_by_staff_ends_the_referral_and_the_service_is_told(
    refer: Any, alice: Viewer, case_id: str, post: Post
) -> None:
    refer()
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="cancelled", reason="Moved away")
    run_pending()
    assert Referral.objects.get().state == "withdrawn"
    assert "taken back" in mails(post, "hello@club1.example")[-1]


def test_a_service_without_an_address_is_asked_by_phone(refer: Any, post: Post, alice: Viewer, case_id: str) -> None:
    referral_id = refer("S4")
    assert not [one for one in post.sent if "/referrals/link/" in one.body]
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=referral_id, to="accepted")
    actions.answer_referral(by=alice, purpose=PURPOSE, referral_id=referral_id, to="done")
    assert state_of(case_id) == "delivered"


def test_a_council_service_that_is_switched_off_stops_neither_the_round_nor_the_inbox(
    refer: Any, pat: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = refer()
    monkeypatch.delitem(kinds._kinds, "community_aid")
    with at(TUESDAY_NOON.date() + timedelta(days=60)):
        assert actions.chase_referrals(by=system_viewer("referrals")) == (0, 0)
    assert "Nothing waits for your answer" in pat.get("/referrals/").content.decode()
    assert pat.get(f"/referrals/{referral_id}/").status_code == 404


@given(st.integers(1, 60), st.integers(0, 90))
def test_reminders_come_before_the_deadline_and_at_most_twice(days: int, waited: int) -> None:
    assert all(0 < day < days for day in reminder_days(days))
    assert reminders_due(days, waited) <= min(2, waited)
    assert reminder_days(10) == [6, 9]


@given(st.lists(st.sampled_from("ABCDEFG"), unique=True), st.sets(st.sampled_from("ABCDEFG"), max_size=4))
def test_nobody_is_asked_twice_nor_more_than_so_many_in_turn(found: list[str], asked: set[str]) -> None:
    chosen = next_best(found, asked, {})
    assert chosen not in asked
    assert (chosen == "") == (not set(found) - asked or len(asked) >= MOST_IN_TURN)
    if chosen:
        # Without figures it is the best of those left.
        assert chosen == next(one for one in found if one not in asked)


def test_a_service_that_says_yes_goes_before_a_nearer_one_that_does_not() -> None:
    assert next_best(["near", "far"], [], {"near": (1, 20), "far": (18, 20)}) == "far"
    assert next_best(["near", "far"], [], {"near": (9, 10), "far": (10, 10)}) == "near"


@pytest.mark.parametrize(
    ("born", "band"),
    [(None, ""), (date(2008, 11, 25), "under_18"), (date(2008, 11, 24), "18_24"), (date(1946, 11, 24), "80_over")],
)
def test_an_age_is_told_as_a_band(born: date | None, band: str) -> None:
    assert age_band(born, date(2026, 11, 24)) == band


def test_an_area_and_an_address_are_told_in_part() -> None:
    assert (district_of("NW1 2DB"), district_of("")) == ("NW1", "")
    assert (masked("hello@club.example"), masked("+447700900001")) == ("h…@club.example", "******0001")


# Receipts


def test_the_receipt_comes_in_the_persons_language_and_channel(refer: Any, post: Post) -> None:
    referral_id = refer()
    actions.accept_referral(by=partner(), referral_id=referral_id)
    run_pending()
    # Ada's language is Somali, and her mobile is known.
    receipt, accepted = mails(post, "+447700900001")
    assert "waxaan u gudbinnay" in receipt
    assert "Shopping club 1 (Good Neighbours 1)" in receipt
    assert "kula soo xiriiri" in accepted


def test_a_receipt_that_is_not_true_any_more_is_not_sent(refer: Any, alice: Viewer, case_id: str, post: Post) -> None:
    given = {"consent": "Yes", "covers": "this", "service_id": "S1", "case_id": case_id}
    referral_id = actions.refer_to_service(by=alice, purpose=PURPOSE, **given)
    actions.withdraw_consent(by=alice, purpose=PURPOSE, referral_id=referral_id)
    run_pending()
    assert mails(post, "+447700900001") == []


def test_nothing_is_written_to_somebody_about_abuse(alice: Viewer, ada: str, services: list[str], post: Post) -> None:
    case_id = actions.open_case(
        by=alice,
        purpose=PURPOSE,
        service="crisis_referral",
        resident_id=ada,
        need="domestic_abuse",
        channel="phone",
        source_key="x",
    )
    referral_id = actions.refer_to_service(
        by=alice, purpose=PURPOSE, case_id=case_id, service_id="S1", consent="In the room, alone"
    )
    actions.accept_referral(by=partner(), referral_id=referral_id)
    actions.finish_referral(by=partner(), referral_id=referral_id, done=True)
    run_pending()
    assert mails(post, "+447700900001") == []
    # Their service answers sooner than others.
    assert Referral.objects.get().answer_by == date(2026, 12, 1)


@pytest.mark.parametrize("name", ["receipt", "receipt_accepted"])
def test_a_receipt_is_there_in_five_languages_beside_english(name: str) -> None:
    wording = kind("community_aid").wording(name)
    assert set(wording.translations) == {"ar", "bn", "fr", "pl", "so"}
    wording.check(known=["council", "forename", "reference", "service", "link"])
    for words in (wording, *wording.translations.values()):
        for needed in ("((reference))", "((service))", "((link))"):
            assert needed in words.sms


# A resident refers themselves


def form_key(page: str) -> str:
    return page.split('name="form_key" value="')[1].split('"')[0]


def test_a_resident_asks_a_service_without_signing_in(client: Client, services: list[str], post: Post) -> None:
    assert "/referrals/ask/S1/" in client.get("/services/S1/").content.decode()
    address = "/referrals/ask/S1/"
    given = {"form_key": form_key(client.get(address).content.decode()), "need": "company", "text": "I miss people"}
    given |= {"name": "Bea", "phone": "07700 900002", "postcode": "nw12db", "language": "Polish", "age": "65_79"}
    page = client.post(address, given).content.decode()
    assert "We can only ask the service if you agree" in page
    assert "I miss people" in page
    given |= {"agree": "on", "covers": "this"}
    for _ in range(2):
        assert client.post(address, given).status_code == 302
    case, referral = Case.objects.get(), Referral.objects.get()
    assert case.reference in client.get("/referrals/ask/done/").content.decode()
    assert (case.service, case.state, case.channel) == ("social_prescribing", "referred", "web")
    assert (referral.area, referral.age_band, referral.consent_how, referral.covers) == (
        "NW1",
        "65_79",
        "online",
        "this",
    )
    run_pending()
    assert "przekazaliśmy" in mails(post, "+447700900002")[0]
    actions.accept_referral(by=partner(), referral_id=referral.pk)
    seen = queries.read_referral(referral.pk, viewer=partner())
    assert (seen.name, seen.phone, seen.address, seen.message) == ("Bea", "+447700900002", "NW1 2DB", "I miss people")


@pytest.fixture
def own_page(client: Client, ada: str) -> Client:
    """A browser in which Ada has opened her own page."""
    links, now = apps.get_model("governance", "OwnLink").objects, clock.now()
    link = links.create(resident_id=ada, asked_at=now, made_at=now, opened_at=now, ends_at=now + timedelta(hours=1))
    session = client.session
    session["own_record"] = link.pk
    session.save()
    return client


def test_a_resident_whose_page_is_open_asks_without_typing_who_they_are(
    own_page: Client, services: list[str], post: Post
) -> None:
    address = "/referrals/ask/S1/"
    page = own_page.get(address).content.decode()
    for words in ('name="phone"', 'name="postcode"', "Lovelace", "07700", "High Street"):
        assert words not in page
    given = {"form_key": form_key(page), "need": "company", "text": "I miss people", "covers": "this"}
    assert "We can only ask the service if you agree" in own_page.post(address, given).content.decode()
    for _ in range(2):
        assert own_page.post(address, {**given, "agree": "on"}).status_code == 302
    case, referral = Case.objects.get(), Referral.objects.get()
    assert (case.resident_id, case.channel, case.asker_name, referral.area) == ("RADA", "web", "", "NW1")
    assert case.reference in own_page.get("/referrals/ask/done/").content.decode()
    run_pending()
    assert [one.to for one in post.sent if "/referrals/agreed/" in one.body] == ["+447700900001"]
    actions.accept_referral(by=partner(), referral_id=referral.pk)
    seen = queries.read_referral(referral.pk, viewer=partner())
    assert (seen.name, seen.phone, seen.message) == ("Ada Lovelace", "+447700900001", "I miss people")


def test_who_asks_for_somebody_else_or_comes_too_late_types_it(own_page: Client, services: list[str]) -> None:
    assert 'name="phone"' in own_page.get("/referrals/ask/S1/?as=other").content.decode()
    with clock.at(TUESDAY_NOON + timedelta(hours=2)):
        late = own_page.post("/referrals/ask/S1/", {"need": "company", "text": "I miss people", "covers": "this"})
    assert "Enter your name" in late.content.decode()
    assert "I miss people" in late.content.decode()
    with pytest.raises(NotAllowed):
        actions.refer_own_self(
            by=partner(), service_id="S1", kind_code="social_prescribing", need="company", form_key="F1", covers="this"
        )


def test_a_robot_and_a_stopped_service_get_nowhere(client: Client, services: list[str]) -> None:
    key = form_key(client.get("/referrals/ask/S1/").content.decode())
    given = {"form_key": key, "need": "company", "name": "Bea", "phone": "07700 900002", "postcode": "NW1 2DB"}
    given |= {"agree": "on", "covers": "this", "website": "http://spam.example"}
    assert client.post("/referrals/ask/S1/", given).status_code == 302
    assert not Case.objects.exists()
    apps.get_model("directory", "Service").objects.update(active=False)
    assert client.get("/referrals/ask/S1/").status_code == 404
    assert "/referrals/ask/" not in client.get("/services/S1/").content.decode()


# Forgetting


def forget_all(today: date) -> None:
    with at(today):
        delete_what_is_over(by=system_viewer("deletion"))


def test_what_is_personal_leaves_when_the_agreement_says_and_the_outcome_stays(
    client: Client, services: list[str]
) -> None:
    key = form_key(client.get("/referrals/ask/S1/").content.decode())
    given = {"form_key": key, "need": "company", "text": "I miss people", "name": "Bea", "phone": "07700 900002"}
    client.post("/referrals/ask/S1/", {**given, "postcode": "NW1 2DB", "agree": "on", "covers": "this"})
    referral = Referral.objects.get()
    actions.accept_referral(by=partner(), referral_id=referral.pk)
    actions.finish_referral(by=partner(), referral_id=referral.pk, done=True, words="Comes to the lunch club")
    actions.record_need_met(by=system_viewer("t"), purpose=PURPOSE, case_id=referral.case_id, answer="yes")
    assert Case.objects.get().state == "met"
    # 24 November and 6 months: the agreement's own time.
    forget_all(date(2027, 5, 24))
    assert Referral.objects.get().consent
    forget_all(date(2027, 5, 25))
    kept, case = Referral.objects.get(), Case.objects.get()
    assert (kept.state, kept.service_id, kept.need, kept.area) == ("done", "S1", "company", "NW1")
    assert kept.forgotten_at is not None
    assert {kept.consent, kept.message, kept.words, kept.age_band, kept.by, kept.answered_by} == {""}
    assert (case.state, case.need_met) == ("met", "yes")
    assert {case.text, case.asker_name, case.asker_phone, case.asker_postcode} == {""}
    assert case.answers == {}
    assert answers_of(["S1"]) == {"S1": (1, 1)}
    assert queries.read_referral(kept.pk, viewer=partner()).words == ""


def test_a_referral_that_is_live_or_held_by_law_is_kept(
    refer: Any, ig_officer: Viewer, case_id: str, post: Post, client: Client
) -> None:
    referral_id = refer()
    link = post.link("/referrals/agreed/")
    forget_all(date(2027, 5, 25))
    assert Referral.objects.get().consent
    actions.accept_referral(by=partner(), referral_id=referral_id)
    actions.finish_referral(by=partner(), referral_id=referral_id, done=True)
    hold = set_legal_hold(by=ig_officer, purpose="oversight", why="Claim 1", resident_id="RADA", room="cases")
    forget_all(date(2027, 5, 25))
    assert Referral.objects.get().consent
    end_legal_hold(by=ig_officer, purpose="oversight", hold_id=hold)
    forget_all(date(2027, 5, 25))
    assert Referral.objects.get().consent == ""
    # A resident's own case is kept as its own agreement says.
    assert Case.objects.get().text == "I cannot get to the shops"
    assert client.get(link).status_code == 404


def test_another_agreement_another_time(refer: Any) -> None:
    referral_id = refer()
    actions.decline_referral(by=partner(), referral_id=referral_id, reason="Full")
    apps.get_model("governance", "Agreement").objects.filter(purpose="take-referrals").update(retention="30 days")
    forget_all(date(2026, 12, 30))
    assert Referral.objects.get(pk=referral_id).consent == ""
