from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from borough.common import clock
from borough.common.errors import NotAllowed, Problem, WrongState
from borough.governance.actions import approve_agreement, draft_agreement, revoke_agreement
from borough.governance.door import MANY, log_write, open_door
from borough.governance.models import LedgerEntry, LedgerSubject
from borough.governance.queries import list_looks_at
from borough.governance.tests.terms import WHOLE


def last_entry() -> LedgerEntry:
    return LedgerEntry.objects.latest("id")


def test_a_covered_read_opens_what_the_agreement_names_and_leaves_a_row(alice):
    opening = open_door(viewer=alice, purpose="offer-help", verb="residents.look")
    opening.saw(["R1", "R2", "R1"])
    assert opening.shows("contact")
    assert opening.shows_source("council_tax")
    assert not opening.shows_source("adult_social_care")
    entry = last_entry()
    assert (entry.kind, entry.people, entry.agreement) == ("read", 2, "help-contact-centre")
    assert sorted(entry.subjects.values_list("resident_id", flat=True)) == ["R1", "R2"]


def test_a_field_that_nobody_declared_cannot_be_asked_for(alice):
    with pytest.raises(KeyError):
        open_door(viewer=alice, purpose="offer-help", verb="residents.look").shows("shoe_size")


@pytest.mark.parametrize("purpose", ["", "find-need", "no-such-purpose"])
def test_no_agreement_for_the_purpose_means_no_door_and_the_refusal_is_logged(alice, purpose):
    with pytest.raises(NotAllowed):
        open_door(viewer=alice, purpose=purpose, verb="residents.look")
    assert (last_entry().kind, last_entry().purpose) == ("denied", purpose)


def test_a_purpose_opens_only_the_rooms_that_serve_it(ig_officer, analyst):
    with pytest.raises(NotAllowed):
        open_door(viewer=ig_officer, purpose="oversight", verb="messaging.read_message")
    with pytest.raises(NotAllowed):
        open_door(viewer=analyst, purpose="find-need", verb="cases.read_case")
    assert open_door(viewer=analyst, purpose="find-need", verb="insight.look").agreement == "need-analysis"


def test_somebody_without_a_role_sees_nothing(open_agreements, charlie):
    with pytest.raises(NotAllowed):
        open_door(viewer=charlie, purpose="offer-help", verb="residents.look")


def test_an_agreement_opens_nothing_before_its_start_nor_from_its_review_day(alice):
    for days in (-1, 365):
        with clock.at(clock.now() + timedelta(days=days)), pytest.raises(NotAllowed):
            open_door(viewer=alice, purpose="offer-help", verb="residents.look")


def test_revoking_closes_the_door_at_once(alice, ig_officer):
    revoke_agreement(by=ig_officer, reference="help-contact-centre", reason="The pilot ended.")
    with pytest.raises(NotAllowed):
        open_door(viewer=alice, purpose="offer-help", verb="residents.look")
    with pytest.raises(WrongState):
        approve_agreement(by=ig_officer, reference="help-contact-centre", reason="Again.")


def test_a_draft_opens_nothing_until_somebody_decides_with_a_reason(open_agreements, ig_officer, charlie):
    draft_agreement(
        by=ig_officer,
        reference="trial",
        purpose="offer-help",
        title="Trial",
        **WHOLE | {"roles": ["trial_worker"]},
        starts_on=clock.today(),
        review_on=clock.today() + timedelta(days=30),
    )
    worker = type(charlie)(kind="staff", id="U9", name="Trial", roles=frozenset({"trial_worker"}))
    with pytest.raises(NotAllowed):
        open_door(viewer=worker, purpose="offer-help", verb="residents.look")
    with pytest.raises(Problem, match="reason"):
        approve_agreement(by=ig_officer, reference="trial", reason=" ")
    with pytest.raises(NotAllowed):
        approve_agreement(by=charlie, reference="trial", reason="Because I say so.")
    approve_agreement(by=ig_officer, reference="trial", reason="Six weeks, reviewed.")
    assert open_door(viewer=worker, purpose="offer-help", verb="residents.look").fields == {"name"}


@pytest.mark.django_db(transaction=True)
def test_a_read_inside_a_transaction_is_refused_because_a_rollback_would_hide_it(system):
    opening = open_door(viewer=system, purpose="residents-index", verb="residents.look")
    with pytest.raises(RuntimeError), transaction.atomic():
        opening.saw(["R1"])


@pytest.mark.django_db(transaction=True)
def test_a_write_and_its_row_stand_or_fall_together(system):
    by = system
    with pytest.raises(RuntimeError, match="one transaction"):
        log_write(by=by, purpose="offer-help", verb="residents.write", residents=["R1"])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        log_write(by=by, purpose="offer-help", verb="residents.write", residents=["R1"])
        raise ZeroDivisionError
    assert not LedgerEntry.objects.filter(kind="write").exists()


def test_a_write_of_many_names_each_of_them_once(system, django_assert_max_num_queries):
    many = [f"R{number}" for number in range(MANY + 1)]
    with transaction.atomic():
        opening = open_door(viewer=system, purpose="residents-index", verb="residents.write")
        # However many they are, on either database.
        with django_assert_max_num_queries(3):
            opening.wrote([*many, "R0"])
    assert last_entry().people == len(many)
    assert sorted(last_entry().subjects.values_list("resident_id", flat=True)) == sorted(many)


def test_the_database_refuses_to_change_or_delete_the_ledger(alice):
    open_door(viewer=alice, purpose="offer-help", verb="residents.look").saw(["R1"])
    for table in (LedgerEntry, LedgerSubject):
        name = table._meta.db_table
        for change in (f"DELETE FROM {name}", f"UPDATE {name} SET id = id + 1"):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(change)


def test_a_resident_sees_looks_at_them_and_at_everyone_but_not_at_others(alice, system, ig_officer):
    open_door(viewer=alice, purpose="offer-help", verb="residents.look").saw(["R1"])
    open_door(viewer=alice, purpose="offer-help", verb="residents.look").saw(["R2"])
    open_door(viewer=system, purpose="find-need", verb="insight.score").saw_everyone(2)
    looks = list_looks_at("R1", viewer=ig_officer, purpose="oversight")
    assert [look.verb for look in looks] == ["insight.score", "residents.look"]
    assert looks[1].who == "Alice"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [1, 2])
def test_the_ledger_is_empty_when_a_test_begins(again, system):
    assert not LedgerEntry.objects.exists()
    open_door(viewer=system, purpose="find-need", verb="residents.look").saw(["R1"])
