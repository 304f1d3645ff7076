"""Corrected, deleted, not used: it holds, also against tomorrow's extract and last week's backup."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.functional import Promise

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.common.jobs import run_pending
from borough.governance.actions import (
    acknowledge_correction,
    correct_record,
    erase_resident,
    keep_tombstones,
    lift_restriction,
    make_request,
    restrict_use,
    set_legal_hold,
)
from borough.governance.changing.models import Correction, Erasure, Restriction
from borough.governance.models import LedgerEntry, LedgerSubject
from borough.governance.queries import list_corrections, own_corrections, own_restriction, who_objects
from borough.governance.rights.holdings import Holding, all_holdings
from borough.governance.rights.models import RightsRequest
from borough.messaging.models import Message
from borough.residents import loading
from borough.residents.actions import add_source, link_records, load_extract
from borough.residents.mapping import mapping_from
from borough.residents.models import CorrectedField, ErasedRecord, Membership, Record, Resident, SearchTerm
from borough.residents.queries import look_up, read_resident, search_residents
from borough.residents.search import refresh_search
from tests.kept import begin_with

OVERSIGHT = "oversight"
MAPPING = {
    "source": "libraries",
    "title": "Libraries",
    "owner": "Library service",
    "refresh": "daily",
    "extract": "full",
    "key": ["id"],
    "fields": {
        "forename": {"column": "first"},
        "surname": {"column": "last"},
        "dob": {"column": "born", "format": "%Y-%m-%d"},
        "phone": {"column": "tel"},
    },
}
ADA, BEN = "1,Ada,Okafer,1950-03-01,07700900123", "2,Ben,Miller,1961-04-02,07700900124"


@pytest.fixture
def library(tmp_path: Path, system: Viewer, settings: Any) -> Any:
    """library(rows): the extract of today, taken in and linked. Returns the load's report."""
    settings.TOMBSTONES = tmp_path / "tombstones.jsonl"
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    add_source(by=system, mapping=mapping_from(MAPPING, where="test"))
    number = iter(range(100))

    def load(*rows: str) -> Any:
        path = tmp_path / f"extract-{next(number)}.csv"
        path.write_text("id,first,last,born,tel\n" + "".join(f"{row}\n" for row in rows))
        report = load_extract(by=system, purpose="residents-index", source="libraries", path=path, accept_drop=True)
        link_records(by=system, purpose="residents-index")
        return report

    return load


@pytest.fixture
def ada(library: Any) -> str:
    begin_with("ada and ben", lambda: library(ADA, BEN))
    return str(Resident.objects.get(forename="Ada").pk)


def _own(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="Resident", roles=frozenset({RESIDENT}))


def _surname() -> str:
    return Record.objects.get(key="1").surname


# Corrected


def test_tomorrows_extract_does_not_undo_a_correction(
    ada: str, library: Any, ig_officer: Viewer, system: Viewer
) -> None:
    made = correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="surname", should_be="Okafor")
    assert len(made) == 1
    link_records(by=system, purpose="residents-index")
    assert Resident.objects.get(pk=ada).surname == "Okafor"
    library(ADA, BEN.replace("Ben", "Benjamin"))
    assert (_surname(), Resident.objects.get(pk=ada).surname) == ("Okafor", "Okafor")
    assert Record.objects.get(key="2").forename == "Benjamin"
    assert [one.state for one in Correction.objects.all()] == ["sent"]


def test_the_sources_own_extract_settles_it(ada: str, library: Any, ig_officer: Viewer) -> None:
    correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="surname", should_be="Okafor")
    library(ADA.replace("Okafer", "Okafor"), BEN)
    assert [(one.state, one.ended_by) for one in Correction.objects.all()] == [("done", "Its own extract")]
    assert not CorrectedField.objects.exists()
    # And from then on the source's word is what holds.
    library(ADA.replace("Okafer", "Smith"), BEN)
    assert _surname() == "Smith"


def test_a_load_that_fails_settles_nothing(
    ada: str, library: Any, ig_officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise Problem("The disk is full.")

    correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="surname", should_be="Okafor")
    monkeypatch.setattr(loading, "log_write", full)
    with pytest.raises(Problem):
        library(ADA.replace("Okafer", "Okafor"), BEN)
    assert CorrectedField.objects.count() == 1
    assert _surname() == "Okafor"


def test_what_a_source_refuses_is_its_own_word_again(ada: str, library: Any, ig_officer: Viewer) -> None:
    (made,) = correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="surname", should_be="Okafor")
    acknowledge_correction(by=ig_officer, purpose=OVERSIGHT, reference=made, refused="It stands so in the passport.")
    library(ADA, BEN)
    assert _surname() == "Okafer"
    (told,) = own_corrections(viewer=_own(ada))
    assert (told.state, told.why_refused, told.key) == ("refused", "It stands so in the passport.", "")


def test_a_source_that_says_it_has_done_it_still_has_to_send_it(ada: str, library: Any, ig_officer: Viewer) -> None:
    (made,) = correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="dob", should_be="1950-03-11")
    acknowledge_correction(by=ig_officer, purpose=OVERSIGHT, reference=made)
    library(ADA, BEN.replace("Ben", "Benjamin"))
    assert Record.objects.get(key="1").dob.isoformat() == "1950-03-11"  # type: ignore[union-attr]
    assert list_corrections(viewer=ig_officer, purpose=OVERSIGHT) == []


@pytest.mark.parametrize(("field", "value"), [("dob", "1 March"), ("phone", "12"), ("postcode", "X"), ("shoe", "42")])
def test_a_value_that_is_none_is_refused(field: str, value: str, ada: str, ig_officer: Viewer) -> None:
    with pytest.raises(Problem):
        correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field=field, should_be=value)
    assert not Correction.objects.exists()


# Deleted


def test_what_need_not_be_kept_goes_and_no_extract_brings_it_back(ada: str, library: Any, ig_officer: Viewer) -> None:
    Message.objects.create(
        direction="out",
        channel="sms",
        address="+447700900123",
        body="Hello Ada",
        at=clock.now(),
        key="1",
        resident_id=ada,
    )
    erase_resident(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Article 17(1)(a)")
    resident = Resident.objects.get(pk=ada)
    assert (resident.surname, resident.phone, resident.dob) == ("", "", None)
    assert not Record.objects.filter(key="1").exists()
    assert not SearchTerm.objects.filter(resident=ada).exists()
    assert Message.objects.get(key="1").body == ""
    library(ADA, BEN, "3,Cy,Dent,1970-01-01,")
    assert not Record.objects.filter(key="1").exists()
    assert not Resident.objects.exclude(pk=ada).filter(forename="Ada").exists()
    assert Record.objects.filter(key="2").exists()


def test_erasing_is_done_again_after_a_restore(
    ada: str, library: Any, ig_officer: Viewer, alice: Viewer, settings: Any
) -> None:
    backup = [list(table.objects.all()) for table in (Resident, Record, Membership)]
    erase_resident(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Article 17(1)(a)")
    keep_tombstones()
    assert Erasure.objects.get().written
    said = settings.TOMBSTONES.read_text()
    assert "Ada" not in said and "Okafer" not in said
    assert json.loads(said)["ids"] == [ada]
    # A backup of the day before: the tombstone is not in it, and the resident is.
    Erasure.objects.all().delete()
    ErasedRecord.objects.all().delete()
    for rows in backup:
        for row in rows:
            row.save()
    assert read_resident(ada, viewer=alice, purpose="offer-help").name == "Ada Okafer"
    keep_tombstones()
    assert not Record.objects.filter(key="1").exists()
    assert Resident.objects.get(pk=ada).surname == ""
    library(ADA, BEN.replace("Ben", "Benjamin"))
    assert not Record.objects.filter(key="1").exists()
    assert Erasure.objects.get().because == "Article 17(1)(a)"
    keep_tombstones()
    assert settings.TOMBSTONES.read_text() == said


def test_a_worker_keeps_the_tombstones(ada: str, ig_officer: Viewer, settings: Any) -> None:
    erase_resident(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Article 17(1)(a)")
    run_pending()
    assert settings.TOMBSTONES.exists()


def test_a_legal_hold_forbids_it(ada: str, ig_officer: Viewer) -> None:
    set_legal_hold(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, why="Claim 1")
    with pytest.raises(Problem, match="legal hold"):
        erase_resident(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Asked")
    assert Record.objects.filter(key="1").exists()


@pytest.mark.parametrize("holding", all_holdings(), ids=lambda holding: holding.code)
def test_a_holding_goes_or_says_why_it_stays(holding: Holding) -> None:
    assert bool(holding.erase) != bool(holding.stays)
    assert holding.erase or isinstance(holding.stays, Promise)


# Not used


def test_what_is_restricted_is_neither_found_nor_opened_nor_looked_for(
    ada: str, alice: Viewer, analyst: Viewer, ig_officer: Viewer
) -> None:
    refresh_search([ada])
    assert search_residents("Okafer", viewer=alice, purpose="offer-help").rows
    restrict_use(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Accuracy is contested")
    assert search_residents("Okafer", viewer=alice, purpose="offer-help").rows == []
    assert look_up({"surname": "Okafer", "dob": "1950-03-01"}, viewer=alice, purpose="offer-help") == []
    # A refusal of PostgreSQL's own door would be the end of the test's transaction.
    point = transaction.savepoint()
    with pytest.raises(NotAllowed) as refused:
        read_resident(ada, viewer=alice, purpose="offer-help")
    transaction.savepoint_rollback(point)
    with pytest.raises(NotAllowed) as closed:
        read_resident(ada, viewer=alice, purpose="find-need")
    assert str(refused.value) == str(closed.value)
    assert ada in who_objects()
    assert own_restriction(viewer=_own(ada)) is not None
    lift_restriction(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="It was right")
    assert read_resident(ada, viewer=alice, purpose="offer-help").name == "Ada Okafer"
    assert own_restriction(viewer=_own(ada)) is None


def test_a_refused_look_at_them_is_in_the_ledger(ada: str, alice: Viewer, ig_officer: Viewer) -> None:
    restrict_use(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, because="Accuracy is contested")
    with pytest.raises(NotAllowed):
        read_resident(ada, viewer=alice, purpose="offer-help")
    refused = LedgerEntry.objects.latest("id")
    assert (refused.kind, refused.viewer_name) == ("denied", "Alice")
    assert LedgerSubject.objects.filter(entry=refused, resident_id=ada).exists()


# By pages


@pytest.fixture
def officer(library: Any) -> Iterator[Client]:
    client = Client()
    client.get(make_rehearsal_link(add_user(email="ivy@a.example", name="Ivy", role=IG_OFFICER)))
    client.post("/governance/purpose/", {"purpose": OVERSIGHT})
    yield client


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("correct", {"field": "surname", "should_be": "Okafor"}, Correction),
        ("erase", {"because": "Article 17(1)(a)", "sure": "on"}, Erasure),
        ("restrict", {"because": "Accuracy is contested"}, Restriction),
    ],
)
def test_an_officer_does_what_a_resident_asked(
    kind: str, sent: dict[str, str], kept: Any, ada: str, officer: Client
) -> None:
    reference = make_request(by=_own(ada), kind=kind, words="Please.")
    page = officer.get(f"/governance/requests/{reference}/").content.decode()
    assert f"/governance/requests/{reference}/change/" in page
    assert "Please." in officer.get(f"/governance/requests/{reference}/change/").content.decode()
    again = officer.post(f"/governance/requests/{reference}/change/", {"lift": ""})
    assert b"govuk-error-summary" in again.content
    assert officer.post(f"/governance/requests/{reference}/change/", sent).status_code == 302
    assert kept.objects.exists()


def test_the_outbox_names_each_record_for_its_source(ada: str, officer: Client, ig_officer: Viewer) -> None:
    (made,) = correct_record(by=ig_officer, purpose=OVERSIGHT, resident_id=ada, field="surname", should_be="Okafor")
    listed = officer.get("/governance/corrections/?format=csv").content.decode()
    assert "Library service" in listed and "Okafor" in listed
    assert officer.post(f"/governance/corrections/{made}/", {"refused": ""}).status_code == 302
    assert Correction.objects.get().state == "done"


def test_a_resident_asks_on_their_own_page(ada: str, client: Client) -> None:
    assert client.get("/my-record/change/").status_code == 302
    assert make_request(by=_own(ada), kind="erase", words="Everything.") == RightsRequest.objects.get(kind="erase").pk
