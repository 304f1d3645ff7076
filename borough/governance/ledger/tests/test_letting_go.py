"""What has been kept for six years goes by whole batches, and whoever takes away more is found out."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.governance.actions import delete_what_is_over, end_legal_hold, set_legal_hold
from borough.governance.door import open_door
from borough.governance.ledger import sealing
from borough.governance.ledger.append_only import keep_append_only, let_tables_be_made_anew
from borough.governance.ledger.exporting import export_ledger, verify_export
from borough.governance.ledger.letting_go import entries_over, let_go, over_since
from borough.governance.ledger.models import CoSignature
from borough.governance.ledger.sealing import seal_ledger
from borough.governance.ledger.signing import Seen, own_public_key, sign
from borough.governance.ledger.tests.test_seal import past_the_triggers
from borough.governance.ledger.verifying import verify_ledger
from borough.governance.models import LedgerEntry, LedgerSubject, Seal

LONG_AGO = clock.now() - timedelta(days=7 * 365)
TABLE = "governance.LedgerEntry"


def write(*residents: str, at: datetime = LONG_AGO) -> int:
    """A look of then at each of these, one entry each. Returns the id of the last."""
    for resident in residents:
        entry = LedgerEntry.objects.create(
            at=at, written_at=at, kind="read", viewer_kind="system", viewer_id="t", viewer_name="t",
            purpose="residents-index", agreement="a", verb="residents.look",
        )  # fmt: skip
        LedgerSubject.objects.create(entry=entry, resident_id=resident)
    return entry.pk


def seal_as_of(moment: datetime) -> None:
    before = Seal.objects.count()
    seal_ledger()
    with past_the_triggers():
        Seal.objects.filter(number__gt=before).update(sealed_at=moment)


@pytest.fixture
def chain(system: Viewer) -> None:
    """Two batches of seven years ago, of three and two looks; two of today, of one look each."""
    write("R1", "R2", "R2")
    seal_as_of(LONG_AGO + timedelta(seconds=5))
    write("R3", "R4", at=LONG_AGO + timedelta(seconds=10))
    seal_as_of(LONG_AGO + timedelta(seconds=15))
    for resident in ("R1", "R5"):
        open_door(viewer=system, purpose="residents-index", verb="residents.look").saw([resident])
        seal_ledger()


def change(*statements: str) -> list[str]:
    with past_the_triggers() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return verify_ledger().faults


def rows_of(number: int) -> str:
    first, last = Seal.objects.get(number=number).runs[0]
    return f"BETWEEN {first} AND {last}"


def delete_batch(number: int) -> tuple[str, str]:
    return (
        f"DELETE FROM governance_ledgersubject WHERE entry_id {rows_of(number)}",
        f"DELETE FROM governance_ledgerentry WHERE id {rows_of(number)}",
    )


def test_whole_batches_go_when_their_time_is_over_and_the_chain_verifies(
    chain: None, system: Viewer, capsys: Any, tmp_path: Path
) -> None:
    head = verify_ledger().head
    young = set(Seal.objects.filter(number__gt=2).values_list("last_id", flat=True))
    assert delete_what_is_over(by=system)[TABLE] == (5, 0)
    assert delete_what_is_over(by=system) == {}
    assert young <= set(LedgerEntry.objects.values_list("id", flat=True))
    assert not LedgerEntry.objects.filter(id__lt=min(young)).exists()
    assert set(LedgerSubject.objects.values_list("resident_id", flat=True)) == {"R1", "R5"}
    assert Seal.objects.count() == 4
    verdict = verify_ledger()
    assert (verdict.faults, verdict.head, verdict.seals, verdict.let_go) == ([], head, 4, 2)
    call_command("ledger", "verify")
    said = capsys.readouterr().out
    assert "in 2 batches are as they were sealed" in said
    assert "2 batches were let go when they had been kept for 6 years; their seals stand." in said
    file = tmp_path / "ledger.jsonl"
    export_ledger(file)
    assert (verify_export(file).faults, verify_export(file).let_go) == ([], 2)


CHANGES = {
    "edited": (["UPDATE governance_ledgerentry SET purpose = 'x' WHERE id {rows}"], "batch 3: edited"),
    "of somebody else": (["UPDATE governance_ledgersubject SET resident_id = 'x' WHERE entry_id {rows}"], "batch 3"),
    "deleted before its time": (["{delete_3}"], "batch 3: deleted: entries "),
    "a seal that was let go, gone": (["DELETE FROM governance_seal WHERE number = 1"], "batch 1: its seal is missing"),
    "a seal that was let go, changed": (
        ["UPDATE governance_seal SET entries = 9 WHERE number = 2"],
        "batch 2: its seal was changed",
    ),
    "deleted, and its seal made old": (
        ["{delete_4}", "UPDATE governance_seal SET sealed_at = '{long_ago}' WHERE number = 4"],
        "batch 4: its seal says that it is older than the batch before it",
    ),
    "made old while it is there": (
        ["UPDATE governance_seal SET sealed_at = '{long_ago}' WHERE number = 3"],
        "batch 3: its seal says that it is older than what it holds",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_after_the_old_was_let_go_is_found(what: str, chain: None, system: Viewer) -> None:
    delete_what_is_over(by=system)
    assert verify_ledger().faults == []
    statements, fault = CHANGES[what]
    names = {
        "rows": rows_of(3),
        "delete_3": ";".join(delete_batch(3)),
        "delete_4": ";".join(delete_batch(4)),
        "long_ago": f"{LONG_AGO + timedelta(minutes=1):%Y-%m-%d %H:%M:%S+00:00}",
    }
    if connection.vendor == "sqlite":
        names["long_ago"] = names["long_ago"].removesuffix("+00:00")
    faults = change(*";".join(statements).format(**names).split(";"))
    assert any(found.startswith(fault) for found in faults), faults


def test_a_row_put_where_a_batch_was_let_go_is_found(chain: None, system: Viewer) -> None:
    first = Seal.objects.get(number=1).runs[0][0]
    delete_what_is_over(by=system)
    LedgerEntry.objects.create(
        id=first, at=LONG_AGO, written_at=LONG_AGO, kind="denied", viewer_kind="x", viewer_id="x", purpose="x", verb="x"
    )
    assert verify_ledger().faults[0].startswith("batch 1: deleted")


def test_all_that_is_young_deleted_under_seals_made_old_is_found_by_a_witness(
    chain: None, system: Viewer, settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_KEY = tmp_path / "seal_key"
    seal = Seal.objects.get(number=3)
    seen = Seen("Alderbrook", 3, seal.head, clock.now().isoformat(), "Elsewhere")
    CoSignature.objects.create(
        borough=seen.borough, number=3, head=seen.head, at=seen.at, witness=seen.signer, key=own_public_key(),
        signature=sign(seen),
    )  # fmt: skip
    delete_what_is_over(by=system)
    assert verify_ledger().faults == []
    with past_the_triggers() as cursor:
        for number in (3, 4):
            for statement in delete_batch(number):
                cursor.execute(statement)
        Seal.objects.filter(number__gte=3).update(sealed_at=LONG_AGO + timedelta(minutes=1))
    assert verify_ledger().faults == [f"batch 3: deleted before its time: Elsewhere signed it on {seen.at}"]


def test_a_batch_that_was_changed_does_not_go_with_the_others(chain: None, system: Viewer) -> None:
    changed = f"UPDATE governance_ledgerentry SET purpose = 'x' WHERE id = {Seal.objects.get(number=1).runs[0][0]}"
    assert change(changed)[0].startswith("batch 1: edited")
    delete_what_is_over(by=system)
    verdict = verify_ledger()
    assert verdict.let_go == 1
    assert verdict.faults[0].startswith("batch 1: edited")


def test_what_committed_late_stays_as_long_as_its_own_batch(system: Viewer) -> None:
    first, late, last = (write("R1", at=LONG_AGO) for _ in range(3))
    span = sealing._Span(0)
    nothing = Seal(number=0, head=sealing.BEGINNING, last_id=0)
    old = sealing._seal([first, last], nothing, span)
    sealing._seal([late], old, span)
    with past_the_triggers():
        Seal.objects.filter(number=1).update(sealed_at=LONG_AGO)
    delete_what_is_over(by=system)
    left = set(LedgerEntry.objects.filter(id__lte=last).values_list("id", flat=True))
    assert left == {late}


def test_a_legal_hold_keeps_each_batch_that_names_them(chain: None, system: Viewer, ig_officer: Viewer) -> None:
    held = set_legal_hold(by=ig_officer, purpose="oversight", resident_id="R1", why="Claim 1")
    assert delete_what_is_over(by=system)[TABLE] == (2, 1)
    verdict = verify_ledger()
    assert (verdict.faults, verdict.let_go) == ([], 1)
    assert LedgerSubject.objects.filter(resident_id="R2").count() == 2
    end_legal_hold(by=ig_officer, purpose="oversight", hold_id=held)
    assert delete_what_is_over(by=system)[TABLE] == (3, 0)
    assert verify_ledger().let_go == 2


@pytest.mark.parametrize("room", ["", "governance"])
def test_a_legal_hold_of_the_room_or_of_all_keeps_the_whole_ledger(
    room: str, chain: None, system: Viewer, ig_officer: Viewer
) -> None:
    set_legal_hold(by=ig_officer, purpose="oversight", room=room, why="The inquiry")
    assert delete_what_is_over(by=system)[TABLE] == (0, 5)
    assert verify_ledger().let_go == 0


def test_a_web_servers_wrong_clock_lets_nothing_go(system: Viewer) -> None:
    open_door(viewer=system, purpose="residents-index", verb="residents.look").saw(["R1"])
    seal_ledger()
    with clock.at(clock.now() + timedelta(days=7 * 365)):
        assert let_go(LedgerEntry.objects.all()) == 0
        assert not entries_over(over_since()).exists()
    assert LedgerEntry.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_migration_can_go_on_making_the_table_of_entries_anew() -> None:
    def triggers() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            return {name for (name,) in cursor.fetchall()}

    before = triggers()
    let_tables_be_made_anew(using="default")
    with connection.schema_editor() as editor:
        editor._remake_table(LedgerEntry)  # type: ignore[attr-defined]
    keep_append_only(using="default")
    assert triggers() == before


def test_the_database_gives_up_nothing_young_and_changes_nothing_old(chain: None) -> None:
    young, old = Seal.objects.get(number=3).runs[0][0], Seal.objects.get(number=1).runs[0][0]
    for statement in (
        f"DELETE FROM governance_ledgersubject WHERE entry_id = {young}",
        f"DELETE FROM governance_ledgerentry WHERE id = {young}",
        f"UPDATE governance_ledgerentry SET purpose = 'x' WHERE id = {old}",
        f"UPDATE governance_ledgersubject SET resident_id = 'x' WHERE entry_id = {old}",
        "DELETE FROM governance_seal WHERE number = 1",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT governance_ledger_let_go(array[3, 4])")
            assert cursor.fetchone() == (0,)
