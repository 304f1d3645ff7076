"""What a resident sees of the looks at them, and what they may ask."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.governance.actions import answer_request, complain, make_request, take_request, withdraw_request
from borough.governance.decisions.deciding import REVIEW, TAKE
from borough.governance.door import open_door
from borough.governance.queries import (
    list_own_requests,
    list_requests,
    read_own_look,
    read_own_record,
    read_request,
)
from borough.governance.rights.rules import acknowledge_by, one_month_after
from tests.doors import VERBS


def resident(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))


@pytest.fixture
def ada(open_agreements: None) -> Viewer:
    return resident("R1")


def look_at(who: Viewer, *ids: str) -> None:
    open_door(viewer=who, purpose="offer-help", verb="residents.read_resident").saw(ids)


def test_a_look_shows_at_once_in_plain_words_newest_first(ada: Viewer, alice: Viewer, link_worker: Viewer) -> None:
    look_at(alice, "R1")
    look_at(link_worker, "R1")
    newest, oldest = read_own_record(viewer=ada).looks.object_list
    assert (newest.who, oldest.who) == ("Lin", "Alice")
    assert newest.what == "Opened your record"
    assert newest.purpose == "Offer and arrange help"
    assert newest.agreement_title == "Help offered by link workers"
    assert newest.how_many == "Yours alone"


def test_one_piece_of_work_is_one_line_and_other_peoples_are_their_own(
    ada: Viewer, alice: Viewer, link_worker: Viewer
) -> None:
    for who, verb in ((alice, "list_contacts"), (alice, "read_resident"), (link_worker, "read_resident")):
        open_door(viewer=who, purpose="offer-help", verb=f"residents.{verb}").saw(["R1"])
    with clock.at(clock.now() + timedelta(hours=1)):
        look_at(link_worker, "R1")
    assert [(one.who, one.what) for one in read_own_record(viewer=ada).gathered] == [
        ("Lin", "Opened your record"),
        ("Lin", "Opened your record"),
        ("Alice", "Opened your record; Read how to reach you"),
    ]


def test_of_a_list_it_shows_how_many_and_nobody_else(ada: Viewer, alice: Viewer) -> None:
    look_at(alice, *[f"R{number}" for number in range(1, 501)])
    [look] = read_own_record(viewer=ada).looks.object_list
    assert look.how_many == "A list of 500 residents"
    assert "R2" not in repr(look)


def test_looks_at_others_do_not_show_and_cannot_be_asked_about(ada: Viewer, alice: Viewer) -> None:
    look_at(alice, "R2")
    [theirs] = read_own_record(viewer=resident("R2")).looks.object_list
    assert read_own_record(viewer=ada).looks.object_list == []
    assert read_own_look(theirs.entry_id, viewer=ada) is None
    for kind in ("why", "complaint"):
        with pytest.raises(NotFound):
            make_request(by=ada, kind=kind, entry_id=theirs.entry_id)


def test_jobs_over_everybody_are_one_line_and_do_not_bury_a_look(ada: Viewer, alice: Viewer, system: Viewer) -> None:
    look_at(alice, "R1")
    for _night in range(40):
        open_door(viewer=system, purpose="find-need", verb="insight.score_residents").saw_everyone(1000)
    record = read_own_record(viewer=ada)
    assert len(record.looks.object_list) == 1
    assert [(one.what, one.times) for one in record.routines] == [("Looked for signs that you may need help", 40)]


def test_looks_come_in_pages_or_all_at_once(ada: Viewer, alice: Viewer) -> None:
    for _look in range(45):
        look_at(alice, "R1")
    assert [len(read_own_record(viewer=ada, page=page).looks.object_list) for page in (1, 2, 3)] == [20, 20, 5]
    assert len(read_own_record(viewer=ada, whole=True).looks.object_list) == 45


def test_what_was_worked_out_comes_from_the_rooms_that_say_so(ada: Viewer, monkeypatch: Any) -> None:
    from borough.governance.rights import ports

    sign = ports.Inference("Lives alone", "To offer help")
    monkeypatch.setattr(ports, "_infers", {"somewhere": lambda resident_id: [sign] if resident_id == "R1" else []})
    assert read_own_record(viewer=ada).inferred == [sign]
    assert read_own_record(viewer=resident("R2")).inferred == []


def test_nobody_but_the_resident_reads_an_own_record(alice: Viewer, ig_officer: Viewer, system: Viewer) -> None:
    for who in (alice, ig_officer, system):
        with pytest.raises(NotAllowed):
            read_own_record(viewer=who)


def test_asking_why_is_answered_on_their_own_page(ada: Viewer, alice: Viewer, ig_officer: Viewer) -> None:
    look_at(alice, "R1")
    [look] = read_own_record(viewer=ada).looks.object_list
    reference = make_request(by=ada, kind="why", entry_id=look.entry_id)
    [waiting] = list_requests(viewer=ig_officer)
    assert (waiting.reference, waiting.words, waiting.resident_id) == (reference, "", "")
    read = read_request(reference, viewer=ig_officer, purpose="oversight")
    assert read.look and read.look.who == "Alice"
    take_request(by=ig_officer, purpose="oversight", reference=reference)
    assert list_own_requests(viewer=ada)[0].taken_by == "Ivy"
    with pytest.raises(Problem):
        answer_request(by=ig_officer, purpose="oversight", reference=reference, answer="  ")
    answer_request(by=ig_officer, purpose="oversight", reference=reference, answer="She called you back.")
    assert list_own_requests(viewer=ada)[0].answer == "She called you back."
    assert list_requests(viewer=ig_officer) == []
    with pytest.raises(WrongState):
        withdraw_request(by=ada, reference=reference)
    # That the officer read and answered is in the resident's own list too.
    assert "Answered what you asked about your data" in [
        one.what for one in read_own_record(viewer=ada).looks.object_list
    ]


def test_a_complaint_is_acknowledged_at_once_and_late_ones_say_so(ada: Viewer, ig_officer: Viewer) -> None:
    reference = make_request(by=ada, kind="complaint", words="I never agreed.")
    [one] = list_own_requests(viewer=ada)
    assert one.acknowledged_at == one.received_at
    assert one.answer_by == one_month_after(clock.today())
    assert not one.overdue
    with clock.at(clock.now() + timedelta(days=40)):
        assert [each.overdue for each in list_requests(viewer=ig_officer)] == [True]
    withdraw_request(by=ada, reference=reference)
    assert list_requests(viewer=ig_officer) == []


def test_only_who_asked_takes_it_back(ada: Viewer) -> None:
    reference = make_request(by=ada, kind="complaint", words="No.")
    with pytest.raises(NotFound):
        withdraw_request(by=resident("R2"), reference=reference)
    assert list_own_requests(viewer=resident("R2")) == []


def test_a_complaint_needs_no_link(ig_officer: Viewer, alice: Viewer) -> None:
    reference = complain(name="Ada Test", contact="1 High Street", words="You wrote to my old address.")
    assert read_request(reference, viewer=ig_officer, purpose="oversight").contact == "1 High Street"
    with pytest.raises(NotAllowed):
        read_request(reference, viewer=alice, purpose="offer-help")
    with pytest.raises(NotAllowed):
        list_requests(viewer=alice)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1)))
def test_a_month_is_the_same_day_of_the_next_month_or_its_last(day: date) -> None:
    by = one_month_after(day)
    assert (by.year * 12 + by.month) - (day.year * 12 + day.month) == 1
    assert by.day == day.day or (by.day < day.day and (by + timedelta(days=1)).day == 1)


def test_thirty_days_begin_on_the_day_that_a_complaint_comes() -> None:
    assert acknowledge_by(date(2026, 11, 1)) == date(2026, 11, 30)


# They take a purpose, and write nothing to the ledger.
NOT_LOGGED = (
    "governance.draft_agreement",
    "governance.start_dpia",
    "governance.may_offer_own_link",
    # These write under names of three parts, governance.decisions.take and .review.
    "governance.list_decisions",
    "governance.note_posted",
    "governance.read_decision",
    "governance.review_decision",
    "governance.take_decisions",
    "residents.propose_decisions",
)
LEDGER_VERBS = [verb for verb, purposes in VERBS.items() if set(purposes) - {""} and verb not in NOT_LOGGED]


@pytest.mark.parametrize("verb", LEDGER_VERBS)
def test_every_verb_of_the_ledger_has_words_for_a_resident(verb: str) -> None:
    from borough.governance.rights.ports import words_of_verb

    assert words_of_verb(verb)
    assert words_of_verb(f"{verb}.kind") == words_of_verb(verb)


@pytest.mark.parametrize("verb", [TAKE, REVIEW])
def test_a_decision_has_words_for_a_resident(verb: str) -> None:
    from borough.governance.rights.ports import words_of_verb

    assert words_of_verb(verb)
