"""Whoever changes the ledger after it was sealed is found out: as its owner, past the triggers, one change each."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from borough.common import clock
from borough.common.jobs import run_pending
from borough.governance.door import log_write, open_door
from borough.governance.ledger import sealing
from borough.governance.ledger.exporting import export_ledger, verify_export
from borough.governance.ledger.hashing import LEAF, root_of
from borough.governance.ledger.reading import ids_in, leaves_of, micros, runs_of, without
from borough.governance.ledger.sealing import BATCH, LedgerStalled, is_stalled, seal_ledger
from borough.governance.ledger.verifying import verify_ledger
from borough.governance.models import LedgerEntry, LedgerSubject, Seal

PURPOSE, VERB = "residents-index", "residents.look"


def look(viewer, *residents):
    open_door(viewer=viewer, purpose=PURPOSE, verb=VERB).saw(residents)
    return LedgerEntry.objects.latest("id")


@contextmanager
def past_the_triggers():
    """What the owner of the tables can do, and the house never does."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield cursor
            cursor.execute("RESET session_replication_role")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'governance%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _, sql in triggers:
            cursor.execute(sql)


def long_ago():
    return "now() - interval '16 minutes'" if connection.vendor == "postgresql" else "datetime('now', '-16 minutes')"


@pytest.fixture
def sealed(system):
    """Two batches: three looks, then two."""
    entries = [look(system, f"R{n}", "RBOTH") for n in range(3)]
    seal_ledger()
    entries += [look(system, f"R{n}") for n in range(3, 5)]
    seal_ledger()
    return entries


def test_what_is_written_is_sealed_once_in_order_and_verifies(sealed):
    assert list(Seal.objects.order_by("number").values_list("number", "entries")) == [(1, 3), (2, 2)]
    assert seal_ledger() == 0
    verdict = verify_ledger()
    assert (verdict.seals, verdict.entries, verdict.unsealed, verdict.faults) == (2, 5, 0, [])
    assert verdict.head == Seal.objects.latest("number").head


@pytest.mark.parametrize("micro", [0, 7, 120_000, 999_999])
def test_a_moment_is_hashed_to_the_microsecond_as_an_export_has_it(system, micro):
    at = clock.now().replace(microsecond=micro)
    with clock.at(at):
        entry = look(system, "R1")
    (leaf,) = leaves_of([[entry.id, entry.id]])
    assert leaf[LEAF.index("at")] == micros(at)
    assert leaf[LEAF.index("written_at")] == micros(entry.written_at)


def test_a_batch_holds_a_thousand(system):
    now = clock.now()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(at=now, kind="denied", viewer_kind="system", viewer_id="t", viewer_name="t", purpose="", verb="x")
        for _ in range(BATCH + 1)
    )
    assert seal_ledger() == BATCH + 1
    assert list(Seal.objects.order_by("number").values_list("entries", flat=True)) == [BATCH, 1]
    assert verify_ledger().faults == []


CHANGES = {
    "edited": ("UPDATE governance_ledgerentry SET purpose = 'other' WHERE id = {second}", "batch 1: edited"),
    "edited time": (
        "UPDATE governance_ledgerentry SET at = written_at, written_at = at WHERE id = {fifth}",
        "batch 2: ",
    ),
    "somebody else's": (
        "UPDATE governance_ledgersubject SET resident_id = 'ROTHER' WHERE entry_id = {fifth}",
        "batch 2",
    ),
    "a subject left out": ("DELETE FROM governance_ledgersubject WHERE entry_id = {first}", "batch 1: edited"),
    "a subject added": (
        "INSERT INTO governance_ledgersubject (entry_id, resident_id) VALUES ({first}, 'R9')",
        "batch 1: edited",
    ),
    "the last of a batch deleted": (
        "DELETE FROM governance_ledgersubject WHERE entry_id = {third};"
        "DELETE FROM governance_ledgerentry WHERE id = {third}",
        "batch 1: deleted",
    ),
    "a seal deleted": ("DELETE FROM governance_seal WHERE number = 1", "batch 1: its seal is missing"),
    "a seal changed": ("UPDATE governance_seal SET entries = 4 WHERE number = 1", "batch 1: its seal was changed"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_and_its_batch_named(change, sealed):
    sql, fault = CHANGES[change]
    names = dict(zip(("first", "second", "third", "fourth", "fifth"), (entry.pk for entry in sealed), strict=True))
    with past_the_triggers() as cursor:
        for statement in sql.format(**names).split(";"):
            cursor.execute(statement)
    faults = verify_ledger().faults
    assert any(found.startswith(fault) for found in faults), faults
    with pytest.raises(CommandError, match="The ledger was changed"):
        call_command("ledger", "verify")


def test_two_entries_that_change_places_are_found(sealed):
    first, second = sealed[0].pk, sealed[1].pk
    with past_the_triggers() as cursor:
        for old, new in ((first, -1), (second, first), (-1, second)):
            cursor.execute("UPDATE governance_ledgersubject SET entry_id = %s WHERE entry_id = %s", [new, old])
            cursor.execute("UPDATE governance_ledgerentry SET id = %s WHERE id = %s", [new, old])
    assert verify_ledger().faults[0].startswith("batch 1: edited, or in another order")


def test_an_entry_put_in_between_afterwards_is_found(sealed, system):
    room = sealed[1].pk
    with past_the_triggers() as cursor:
        cursor.execute("DELETE FROM governance_ledgersubject WHERE entry_id = %s", [room])
        cursor.execute("DELETE FROM governance_ledgerentry WHERE id = %s", [room])
        # As if a rollback had left a gap there.
        cursor.execute("UPDATE governance_seal SET runs = '[]' WHERE number = 1")
    LedgerEntry.objects.bulk_create(
        [LedgerEntry(id=room, at=clock.now(), kind="denied", viewer_kind="x", viewer_id="x", purpose="x", verb="x")]
    )
    if connection.vendor == "postgresql":
        with past_the_triggers() as cursor:
            cursor.execute("UPDATE governance_ledgerentry SET xact = '3' WHERE id = %s", [room])
    assert f"batch 1: inserted after it was sealed: entry {room}" in verify_ledger().faults


def test_entries_whose_seals_were_cut_off_wait_for_a_seal_again(sealed):
    """Cutting off the end of the chain shows only beside a head that was kept elsewhere: hence the co-signing."""
    kept = Seal.objects.latest("number").head
    with past_the_triggers() as cursor:
        cursor.execute("DELETE FROM governance_seal WHERE number = 2")
    verdict = verify_ledger()
    assert verdict.unsealed == 2
    assert verdict.head != kept


def test_the_seals_are_append_only_too(sealed):
    for change in ("DELETE FROM governance_seal", "UPDATE governance_seal SET entries = 1"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_an_export_is_verified_without_the_database(sealed, tmp_path, capsys):
    file = tmp_path / "ledger.jsonl"
    assert export_ledger(file) == 5
    assert verify_export(file).faults == []
    file.write_text(file.read_text().replace("RBOTH", "RNONE", 1))
    assert verify_export(file).faults[0].startswith("batch 1: edited")
    call_command("ledger", "verify")
    assert "5 entries in 2 batches are as they were sealed" in capsys.readouterr().out


def test_a_seal_that_waits_too_long_is_noticed_by_the_databases_clock(system, sealed, settings, monkeypatch):
    waiting = look(system, "R9")
    assert not is_stalled()
    with clock.at(clock.now() + timedelta(days=1)):
        # A web server whose clock is wrong stops nothing.
        assert not is_stalled()
    with past_the_triggers() as cursor:
        cursor.execute(f"UPDATE governance_ledgerentry SET written_at = {long_ago()} WHERE id = %s", [waiting.pk])
    assert is_stalled()
    settings.REHEARSAL = False
    monkeypatch.setattr(sealing, "_looked_at", -60.0)
    with pytest.raises(LedgerStalled, match="borough work"):
        look(system, "R9")
    assert not LedgerSubject.objects.filter(resident_id="R9").exclude(entry=waiting).exists()
    run_pending()
    assert not is_stalled()
    assert look(system, "R9").pk > waiting.pk


def test_a_rehearsal_without_a_worker_seals_itself(system, sealed, monkeypatch):
    waiting = look(system, "R9")
    with past_the_triggers() as cursor:
        cursor.execute(f"UPDATE governance_ledgerentry SET written_at = {long_ago()} WHERE id = %s", [waiting.pk])
    monkeypatch.setattr(sealing, "_looked_at", -60.0)
    look(system, "R9")
    assert not is_stalled()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_sealed_late_and_not_left_out(system):
    written, seal_now = threading.Event(), threading.Event()

    def write_slowly():
        try:
            with transaction.atomic():
                log_write(by=system, purpose=PURPOSE, verb=VERB, residents=["RLATE"])
                written.set()
                seal_now.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    written.wait(10)
    newest = look(system, "R1").pk
    assert seal_ledger() > 0
    seal_now.set()
    slow.join()
    late = LedgerSubject.objects.get(resident_id="RLATE").entry_id
    assert late < newest
    look(system, "R2")
    assert seal_ledger() > 0
    assert late in set(ids_in(Seal.objects.latest("number").runs))
    assert verify_ledger().faults == []
    assert seal_ledger() == 0


@pytest.mark.postgresql
def test_after_a_restore_onto_a_new_server_all_is_sealed_once(system, sealed):
    with past_the_triggers() as cursor:
        # As on the server before, which had counted further.
        cursor.execute("UPDATE governance_ledgerentry SET xact = '900000000000'")
        cursor.execute("UPDATE governance_seal SET horizon = 900000000000, ceiling = 900000000001")
    with transaction.atomic():
        log_write(by=system, purpose=PURPOSE, verb=VERB, residents=["RNEW"])
    assert seal_ledger() == 1
    assert verify_ledger().faults == []
    assert seal_ledger() == 0


@given(st.sets(st.integers(1, 60)), st.sets(st.integers(1, 60)))
def test_runs_say_the_same_as_their_ids(some, others):
    assert list(ids_in(runs_of(sorted(some)))) == sorted(some)
    assert list(without(sorted(some), runs_of(sorted(others)))) == sorted(some - others)


@given(st.lists(st.integers(), min_size=1, max_size=20, unique=True), st.data())
def test_a_root_tells_each_entry_and_their_order(values, data):
    leaves = [[value] for value in values]
    assert root_of(leaves) != root_of([*leaves, leaves[-1]])
    other = data.draw(st.permutations(leaves))
    assert (root_of(other) == root_of(leaves)) == (other == leaves)
