"""What is deleted when, what a legal hold keeps, and that nothing else goes."""

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import IG_OFFICER, Viewer
from borough.cases.models import Case, CaseNote
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.jobs import run_pending
from borough.governance.actions import delete_what_is_over, end_legal_hold, set_legal_hold
from borough.governance.keeping.models import DeletionRun, LegalHold
from borough.governance.keeping.rules import over_before
from borough.governance.models import LedgerEntry
from borough.governance.queries import list_legal_holds, plan_deletion
from borough.governance.rights.models import RightsRequest, SubjectCopy
from borough.messaging.models import Message
from borough.residents.models import Comparable, Load, Membership, Record, Resident, SearchTerm, Source
from borough.volunteers.models import Offer, Volunteer

TODAY = date(2026, 11, 22)
# The agreements of the rehearsal begin today.
NOON = clock.now().astimezone(clock.LONDON).replace(hour=12)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("6 years after it is closed", date(2020, 11, 22)),
        ("90 days", date(2026, 8, 24)),
        ("1 year", date(2025, 11, 22)),
        ("18 months after it ends", date(2025, 5, 22)),
        ("until the next load of the source, at most 1 year", date(2025, 11, 22)),
    ],
)
def test_a_time_is_read_from_the_words_of_the_table(words: str, day: date) -> None:
    assert over_before(words, TODAY) == day


def test_words_that_name_no_time_are_refused() -> None:
    with pytest.raises(ValueError, match="names no time"):
        over_before("as long as the case", TODAY)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_years_are_never_more_than_a_few_days_off_and_never_too_early(today: date, years: int) -> None:
    day = over_before(f"{years} years", today)
    assert 0 <= (today - timedelta(days=round(years * 365.2425)) - day).days + 2 <= 4
    assert day.month == today.month


def _message(at: datetime, key: str, **more: Any) -> Message:
    return Message.objects.create(
        direction="out", channel="sms", address="+447700900123", body="Hello", at=at, key=key, **more
    )


def test_what_is_over_goes_and_what_is_not_stays(system: Viewer) -> None:
    with clock.at(NOON):
        old, young = NOON - timedelta(days=731), NOON - timedelta(days=729)
        _message(old, "old", resident_id="R1")
        _message(young, "young", resident_id="R1")
        assert delete_what_is_over(by=system)["messaging.Message"] == (1, 0)
        assert list(Message.objects.values_list("key", flat=True)) == ["young"]
        assert delete_what_is_over(by=system) == {}
    written = LedgerEntry.objects.get(kind="write", verb="governance.delete_what_is_over")
    assert (written.everyone, written.people) == (True, 1)


def test_a_message_that_a_younger_one_answers_stays_as_long_as_it(system: Viewer) -> None:
    with clock.at(NOON):
        asked = _message(NOON - timedelta(days=731), "asked")
        answer = _message(NOON - timedelta(days=700), "answer", answers=asked)
        delete_what_is_over(by=system)
        assert Message.objects.count() == 2
    with clock.at(NOON + timedelta(days=60)):
        delete_what_is_over(by=system)
        assert not Message.objects.filter(pk__in=[asked.pk, answer.pk]).exists()


def test_a_case_goes_by_its_state_and_takes_its_notes_along(system: Viewer) -> None:
    with clock.at(NOON):
        longago = NOON - timedelta(days=7 * 365)
        shared = {
            "service": "community_aid",
            "need": "food",
            "opened_at": longago,
            "due_on": TODAY,
            "channel": "phone",
            "resident_id": "R1",
        }
        closed = Case.objects.create(source_key="a", reference="AB1", closed_at=longago, state="cancelled", **shared)
        Case.objects.create(source_key="b", reference="AB2", **shared)
        CaseNote.objects.create(case=closed, at=longago, by="Test", text="Called.")
        delete_what_is_over(by=system)
        assert list(Case.objects.values_list("source_key", flat=True)) == ["b"]
        assert not CaseNote.objects.exists()


def test_who_was_asked_to_help_is_kept_no_longer_than_the_case(system: Viewer) -> None:
    with clock.at(NOON):
        longago, lately = NOON - timedelta(days=7 * 365), NOON - timedelta(days=300)
        vera = Volunteer.objects.create(import_key="1", name="Vera", phone="+447700900999", postcode="XA1 0AA")
        shared = {"volunteer": vera, "purpose": "offer-help", "service": "community_aid", "need_label": "Food"}
        shared |= {"case_id": "C1", "expires_at": NOON, "by": "Test"}
        for task, state, at, resident in (
            ("T1", "done", longago, "R1"),
            ("T2", "accepted", longago, "R1"),
            ("T3", "done", lately, "R1"),
            ("T4", "declined", longago, "R2"),
        ):
            Offer.objects.create(task_id=task, state=state, offered_at=at, resident_id=resident, **shared)
        LegalHold.objects.create(resident_id="R2", room="", why="Claim 1", set_at=longago, set_by="Test")
        assert delete_what_is_over(by=system)["volunteers.Offer"] == (1, 1)
    assert sorted(Offer.objects.values_list("task_id", flat=True)) == ["T2", "T3", "T4"]


def test_a_request_goes_by_its_state(system: Viewer) -> None:
    with clock.at(NOON):
        longago, lately = NOON - timedelta(days=7 * 365), NOON - timedelta(days=300)
        shared = {"kind": "access", "acknowledged_at": longago, "received_at": longago, "answer_by": TODAY}
        answered = RightsRequest.objects.create(state="answered", answer="Yes.", answered_at=longago, **shared)
        SubjectCopy.objects.create(request=answered, state="over")
        RightsRequest.objects.create(state="answered", answer="Yes.", answered_at=lately, **shared)
        RightsRequest.objects.create(state="withdrawn", **shared)
        RightsRequest.objects.create(state="looking", **shared)
        delete_what_is_over(by=system)
        assert sorted(RightsRequest.objects.values_list("state", flat=True)) == ["answered", "looking"]
        assert not SubjectCopy.objects.exists()


@pytest.fixture
def left(open_agreements: None) -> Resident:
    """Somebody of whom the last source dropped its record seven years ago."""
    longago = NOON - timedelta(days=7 * 365)
    source = Source.objects.create(code="libraries", title="Libraries", mapping={}, confirmed_at=longago)
    load = Load.objects.create(source=source, sha256="x" * 64, size_bytes=1, started_at=longago, state="done")
    who = Resident.objects.create(
        id="R1", forename="Ada", surname="Okafor", left_on=longago.date(), minted_at=longago, dob=date(1950, 1, 1)
    )
    record = Record.objects.create(
        source=source, key="1", row_hash="x", first_load=load, last_load=load, gone_at=longago, surname="Okafor"
    )
    Membership.objects.create(record=record, resident=who, began_at=longago)
    Comparable.objects.create(record=record)
    SearchTerm.objects.create(kind="name", term="OKAFOR", resident=who)
    return who


def test_of_who_left_long_ago_the_id_alone_remains(left: Resident, system: Viewer) -> None:
    with clock.at(NOON):
        counts = delete_what_is_over(by=system)
    assert counts["residents.Record"] == counts["residents.Resident"] == (1, 0)
    left.refresh_from_db()
    assert (left.surname, left.dob, left.retired_at is not None) == ("", None, True)
    for table in (Record, Membership, Comparable, SearchTerm):
        assert not table.objects.exists()


def test_a_legal_hold_keeps_what_is_over_until_it_ends(left: Resident, ig_officer: Viewer, system: Viewer) -> None:
    with clock.at(NOON):
        _message(NOON - timedelta(days=800), "hers", resident_id="R1")
        _message(NOON - timedelta(days=800), "his", resident_id="R2")
        held = set_legal_hold(by=ig_officer, purpose="oversight", resident_id="R1", why="Claim 1")
        counts = delete_what_is_over(by=system)
        assert counts["residents.Record"] == (0, 1)
        assert counts["messaging.Message"] == (1, 1)
        assert list(Message.objects.values_list("key", flat=True)) == ["hers"]
        end_legal_hold(by=ig_officer, purpose="oversight", hold_id=held)
        assert delete_what_is_over(by=system)["messaging.Message"] == (1, 0)


@pytest.mark.parametrize(("room", "kept"), [("", 1), ("messaging", 1), ("cases", 0)])
def test_a_hold_of_a_room_or_of_all_keeps_what_is_in_it(
    room: str, kept: int, ig_officer: Viewer, system: Viewer
) -> None:
    with clock.at(NOON):
        _message(NOON - timedelta(days=800), "old")
        set_legal_hold(by=ig_officer, purpose="oversight", room=room, why="The inquiry")
        delete_what_is_over(by=system)
        assert Message.objects.count() == kept


def test_the_plan_counts_what_the_night_deletes(left: Resident, ig_officer: Viewer, system: Viewer) -> None:
    with clock.at(NOON):
        _message(NOON - timedelta(days=800), "old", resident_id="R1")
        plans = {one.table: one for one in plan_deletion(viewer=ig_officer, purpose="oversight")}
        assert plans["messaging.Message"].going == plans["residents.Record"].going == 1
        said = StringIO()
        call_command("delete_old", "--dry-run", stdout=said)
        assert "messaging.Message: 1 would go, 0 held" in said.getvalue()
        assert Message.objects.exists()
        call_command("delete_old", stdout=said)
        assert "messaging.Message: 1 deleted, 0 held" in said.getvalue()
        assert not Message.objects.exists()


def test_a_worker_does_it_once_a_day(system: Viewer) -> None:
    with clock.at(NOON):
        _message(NOON - timedelta(days=800), "old")
        run_pending()
        assert DeletionRun.objects.get().counts == {"messaging.Message": [1, 0]}
        _message(NOON - timedelta(days=800), "late")
        run_pending()
        assert Message.objects.filter(key="late").exists()
    with clock.at(NOON + timedelta(days=1)):
        run_pending()
        assert not Message.objects.exists()


def test_where_no_agreement_covers_it_nothing_goes(db: None) -> None:
    with clock.at(NOON):
        _message(NOON - timedelta(days=800), "old")
        run_pending()
    assert Message.objects.exists()


@pytest.mark.usefixtures("sealed_lately")
def test_a_night_takes_as_many_queries_for_many_as_for_one(system: Viewer) -> None:
    took = []
    for many in (1, 300):
        with clock.at(NOON):
            Message.objects.bulk_create(
                Message(direction="out", channel="sms", body="Hello", at=NOON - timedelta(days=800), key=f"{many}-{n}")
                for n in range(many)
            )
            with CaptureQueriesContext(connection) as queries:
                delete_what_is_over(by=system)
        took.append(len(queries))
    assert took[1] <= took[0]


def test_a_hold_needs_a_reason_and_an_officer(ig_officer: Viewer, alice: Viewer) -> None:
    with pytest.raises(Problem):
        set_legal_hold(by=ig_officer, purpose="oversight", why=" ")
    with pytest.raises(NotAllowed):
        set_legal_hold(by=alice, purpose="offer-help", why="Claim 1")
    with pytest.raises(NotFound):
        end_legal_hold(by=ig_officer, purpose="oversight", hold_id=99)
    assert list_legal_holds(viewer=ig_officer, purpose="oversight") == []


def test_an_officer_sees_what_goes_and_holds_it(open_agreements: None) -> None:
    browser = Client()
    browser.get(make_rehearsal_link(add_user(email="ivy@a.example", name="Ivy", role=IG_OFFICER)))
    browser.post("/governance/purpose/", {"purpose": "oversight"})
    page = browser.get("/governance/deletion/").content.decode()
    assert "6 years after it is closed" in page
    assert "Nothing is held" in page
    browser.post("/governance/deletion/", {"why": "Claim 2026/114", "resident_id": "", "room": "cases"})
    page = browser.get("/governance/deletion/").content.decode()
    assert "Claim 2026/114" in page
    browser.post(f"/governance/deletion/holds/{LegalHold.objects.get().pk}/end/")
    assert "Nothing is held" in browser.get("/governance/deletion/").content.decode()
    assert "governance.DeletionRun" in browser.get("/governance/deletion/?format=csv").content.decode()
