"""What the published reads return, and what they keep back."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from django.apps import apps

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound
from borough.residents.linkage.scorer import Reason
from borough.residents.models import Pair, Record, Resident, ResidentEvent
from borough.residents.queries import (
    current_id,
    current_ids,
    export_facts,
    find_by_contact,
    list_contacts,
    list_loads,
    list_rejects,
    list_sources,
    read_load,
    read_resident,
    read_source,
)
from borough.residents.tests.conftest import Take, Town, row

# Another room's tables are its own; a test may still look at the ledger.
LedgerEntry = apps.get_model("governance", "LedgerEntry")
LedgerSubject = apps.get_model("governance", "LedgerSubject")
HELP = "offer-help"


@pytest.fixture
def ada(town: Town) -> Resident:
    return town.resident(
        "Ada", "Okafor", phone="+447700900123", email="ada@example.org", address="14 High Street", postcode="NW1 2DB",
        nino="AB123456C", language="Igbo", facts={"balance": 12.5, "support": True},
    )  # fmt: skip


def retire(old: Resident, into: Resident) -> None:
    Resident.objects.filter(pk=old.pk).update(retired_at=clock.now(), retired_into=into)


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Record, Record, float], None]:
    """Makes a pair with evidence, which two fields speak for."""
    reasons = [Reason("prior", "Seldom", -9.0), Reason("dob", "Same date of birth", 11.2), Reason("nino", "Same", 15.0)]
    monkeypatch.setattr("borough.residents.describing.explain_pairs", lambda pairs: dict.fromkeys(pairs, reasons))

    def link(one: Record, other: Record, weight: float) -> None:
        low, high = sorted((one.pk, other.pk))
        Pair.objects.create(low=low, high=high, weight=weight, rule=0)

    return link


def test_a_resident_with_records_links_household_and_timeline(
    town: Town, ada: Resident, alice: Viewer, linked: Callable[[Record, Record, float], None]
) -> None:
    ben = town.resident("Ben", "Okafor", dob=date(2015, 6, 1))
    town.household(ada, ben)
    first = Record.objects.get(memberships__resident=ada)
    linked(first, town.record(ada, "libraries", started_on=date(2020, 5, 1)), 21.0)
    ResidentEvent.objects.create(at=clock.now(), kind="minted", resident=ada)
    ada.refresh_from_db()
    view = read_resident(ada.id, viewer=alice, purpose=HELP)
    assert (view.name, view.dob, view.phone, view.nino) == (
        "Ada Okafor",
        date(1952, 3, 14),
        "+447700900123",
        "AB123456C",
    )
    assert [(member.name, member.resident_id) for member in view.members] == [("Ben Okafor", ben.id)]
    assert [record.source for record in view.records] == ["council_tax", "libraries"]
    assert ("Balance", "12.50") in view.records[0].facts
    assert ("Support", "Yes") in view.records[0].facts
    library = view.records[1]
    assert library.linked_to == f"Council tax, {first.key}"
    assert (library.strength, [reason.words for reason in library.reasons]) == (
        "Very strong",
        ["Same", "Same date of birth"],
    )
    assert any("Began in Libraries" in moment.words for moment in view.timeline)
    assert "Given this resident id." in [moment.words for moment in view.timeline]
    assert [m.on for m in view.timeline] == sorted((m.on for m in view.timeline), reverse=True)
    assert set(LedgerSubject.objects.values_list("resident_id", flat=True)) == {ada.id, ben.id}


def test_a_source_that_is_not_opened_reads_as_if_it_were_not_there(
    town: Town, ada: Resident, alice: Viewer, linked: Callable[[Record, Record, float], None]
) -> None:
    hidden = town.record(ada, "adult_social_care", nhs_number="9434765919", started_on=date(2021, 1, 1))
    linked(Record.objects.get(memberships__resident=ada, source="council_tax"), hidden, 9.0)
    view = read_resident(ada.id, viewer=alice, purpose=HELP)
    assert [record.source for record in view.records] == ["council_tax"]
    assert view.nhs_number == ""
    assert (view.records[0].linked_to, view.records[0].strength, view.records[0].reasons) == ("", "", [])
    assert not any("social care" in moment.words for moment in view.timeline)


def test_fields_that_are_not_opened_are_empty(ada: Resident, analyst: Viewer, link_worker: Viewer) -> None:
    assert read_resident(ada.id, viewer=link_worker, purpose=HELP).nino == ""
    found = read_resident(ada.id, viewer=analyst, purpose="find-need")
    assert (found.records, found.nino, found.timeline) == ([], "", [])
    assert found.name == "Ada Okafor"


def test_a_reason_that_speaks_of_a_closed_field_is_left_out(
    town: Town, ada: Resident, link_worker: Viewer, linked: Callable[[Record, Record, float], None]
) -> None:
    linked(Record.objects.get(memberships__resident=ada), town.record(ada, "libraries"), 30.0)
    reasons = read_resident(ada.id, viewer=link_worker, purpose=HELP).records[1].reasons
    assert [reason.words for reason in reasons] == ["Same date of birth"]


def test_a_retired_id_leads_to_who_it_is_now(town: Town, ada: Resident, alice: Viewer) -> None:
    middle, old = town.resident("A", "O"), town.resident("Ad", "Ok")
    retire(old, middle)
    retire(middle, ada)
    assert current_id(old.id) == ada.id
    assert current_ids([old.id, ada.id, "nobody"]) == {old.id: ada.id, ada.id: ada.id, "nobody": "nobody"}
    view = read_resident(old.id, viewer=alice, purpose=HELP)
    assert (view.resident_id, view.asked_for) == (ada.id, old.id)
    assert list_contacts([old.id], viewer=alice, purpose=HELP)[old.id].resident_id == ada.id


def test_nobody_is_not_found_and_without_an_agreement_neither(ada: Resident, alice: Viewer, charlie: Viewer) -> None:
    with pytest.raises(NotFound):
        read_resident("R0000000000000000", viewer=alice, purpose=HELP)
    refused = []
    for resident_id in (ada.id, "R0000000000000000"):
        with pytest.raises(NotAllowed) as caught:
            read_resident(resident_id, viewer=charlie, purpose=HELP)
        refused.append(str(caught.value))
    assert refused[0] == refused[1], "hidden and absent read alike"
    assert LedgerEntry.objects.filter(kind="denied").count() == 2


def test_contacts_are_logged_and_closed_by_agreement(ada: Resident, alice: Viewer, system: Viewer) -> None:
    contact = list_contacts([ada.id, "nobody"], viewer=alice, purpose=HELP)
    assert set(contact) == {ada.id}
    assert (contact[ada.id].name, contact[ada.id].phone, contact[ada.id].language) == (
        "Ada Okafor",
        "+447700900123",
        "Igbo",
    )
    assert LedgerSubject.objects.get().resident_id == ada.id


@pytest.mark.parametrize(("channel", "value"), [("sms", "07700 900123"), ("email", " ADA@example.org ")])
def test_a_sender_is_found_by_phone_or_email(channel: str, value: str, ada: Resident, alice: Viewer) -> None:
    assert find_by_contact(channel=channel, value=value, viewer=alice, purpose=HELP) == [ada.id]
    assert find_by_contact(channel=channel, value="nonsense", viewer=alice, purpose=HELP) == []


def test_facts_are_exported_without_names(town: Town, ada: Resident, system: Viewer, tmp_path: Path) -> None:
    left = town.resident("Gone", "Away", left_on=date(2020, 1, 1))
    gone = town.record(ada, "libraries")
    Record.objects.filter(pk=gone.pk).update(gone_at=clock.now())
    town.household(ada)
    files = export_facts(tmp_path / "facts", viewer=system, purpose="find-need")
    people = duckdb.sql(f"SELECT * FROM '{files.residents}'").fetchall()
    columns = [column[0] for column in duckdb.sql(f"SELECT * FROM '{files.residents}'").description]
    one = dict(zip(columns, people[0], strict=True))
    assert files.people == len(people) == 1
    assert (one["resident_id"], one["dob"], one["has_phone"], one["shared"]) == (ada.id, date(1952, 3, 14), True, False)
    assert one["age"] == clock.today().year - 1952 - ((clock.today().month, clock.today().day) < (3, 14))
    records = duckdb.sql(f"SELECT resident_id, source, facts FROM '{files.records}'").fetchall()
    assert [(r[0], r[1], json.loads(r[2])) for r in records] == [
        (ada.id, "council_tax", {"balance": 12.5, "support": True})
    ]
    content = files.residents.read_bytes() + files.records.read_bytes()
    assert b"Okafor" not in content
    assert left.id.encode() not in content
    entry = LedgerEntry.objects.get()
    assert (entry.everyone, entry.people) == (True, 1)


def test_an_export_of_nobody_has_its_columns(system: Viewer, tmp_path: Path) -> None:
    files = export_facts(tmp_path, viewer=system, purpose="find-need")
    assert duckdb.sql(f"SELECT count(*) FROM '{files.residents}' WHERE age > 1").fetchall() == [(0,)]


def test_sources_and_loads_are_listed(take: Take) -> None:
    take([row("T1"), row("T2", DOB="x")])
    source = list_sources()[0]
    assert source.last_load
    assert (source.code, source.records, source.last_load.state) == ("housing_rents", 1, "done")
    assert list_loads("housing_rents")[0] == read_load(source.last_load.load_id)
    for missing in (lambda: read_load(999_999), lambda: read_source("none")):
        with pytest.raises(NotFound):
            missing()


def test_rejects_show_their_row_only_where_records_are_opened(take: Take, analyst: Viewer, charlie: Viewer) -> None:
    load_id = take([row("T1"), row("T2", DOB="x")]).load_id
    opened = list_rejects(load_id, viewer=analyst, purpose="residents-index")
    closed = list_rejects(load_id, viewer=analyst, purpose="find-need")
    assert (opened[0].line, opened[0].column, "T2" in opened[0].row) == (3, "DOB", True)
    assert (closed[0].reason, closed[0].row) == (opened[0].reason, "")
    with pytest.raises(NotAllowed):
        list_rejects(load_id, viewer=charlie, purpose="residents-index")


def test_a_birthday_tomorrow_is_not_yet_a_year_older() -> None:
    from borough.residents.facts import age_on

    today = date(2026, 11, 22)
    assert age_on(today, (today - timedelta(days=0)).replace(year=1980).isoformat()) == 46
    assert age_on(today, "1980-11-23") == 45
