"""A load takes each row once, keeps what it rejects, and is whole or not at all: after a kill -9 too."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection

from borough.accounts.policies import Viewer
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.residents import loading
from borough.residents.actions import add_source, load_extract
from borough.residents.mapping import Mapping
from borough.residents.models import Load, Record, Reject, StagedRecord
from borough.residents.tests.conftest import HEADER, Take, changed, row, write_csv

# Another room's tables are its own; a test may still look at the ledger.
LedgerEntry = apps.get_model("governance", "LedgerEntry")
pytestmark = pytest.mark.django_db


def held() -> dict[str, str]:
    return dict(Record.objects.filter(gone_at=None).values_list("key", "surname"))


def test_a_first_load_adds_every_row(take: Take) -> None:
    report = take([row("T1"), row("T2", Last="Khan")])
    assert (report.rows, report.accepted, report.added, report.rejected) == (2, 2, 2, 0)
    one = Record.objects.get(key="T1")
    assert (one.forename, str(one.dob), one.phone, one.facts) == (
        "Ann",
        "1980-12-31",
        "+447700900123",
        {"rent_balance": 312.5},
    )
    assert not StagedRecord.objects.exists()
    assert LedgerEntry.objects.get(kind="write").people == 2


def test_the_same_file_twice_changes_nothing_and_says_so(take: Take) -> None:
    first = take([row("T1")])
    before = list(Record.objects.values())
    again = take([row("T1")])
    assert (again.already, again.load_id) == (True, first.load_id)
    assert list(Record.objects.values()) == before
    assert Load.objects.count() == 1


def test_a_newer_extract_adds_changes_and_lets_go(take: Take) -> None:
    take([row("T1"), row("T2"), row("T3")])
    report = take([row("T1"), row("T2", Last="Khan"), row("T4")])
    assert (report.added, report.changed, report.unchanged, report.gone) == (1, 1, 1, 1)
    assert held() == {"T1": "O'Brien-Smith", "T2": "Khan", "T4": "O'Brien-Smith"}
    assert Load.objects.get(pk=report.load_id).records == 3
    back = take([row("T1"), row("T2", Last="Khan"), row("T4"), row("T3"), row("T5")])
    assert (back.added, back.changed, back.gone) == (1, 1, 0), "one that comes back has changed"
    assert len(held()) == 5 == Load.objects.get(pk=back.load_id).records


def test_an_extract_of_changes_lets_nobody_go(take: Take, system: Viewer) -> None:
    add_source(by=system, mapping=changed(extract="changes"))
    take([row("T1"), row("T2")])
    report = take([row("T3")])
    assert (report.added, report.gone, len(held())) == (1, 0, 3)


def test_a_person_whose_row_was_rejected_has_not_left(take: Take) -> None:
    take([row("T1"), row("T2")])
    report = take([row("T1", Last="Khan"), row("T2", DOB="31/02/1980")])
    assert (report.gone, report.rejected) == (0, 1)
    assert set(held()) == {"T1", "T2"}


def test_rejects_are_kept_with_line_column_and_reason(take: Take) -> None:
    report = take([row("T1"), row("T2", DOB="31/02/1980")])
    reject = Reject.objects.get(load=report.load_id)
    assert (reject.line, reject.column, reject.key) == (3, "DOB", "T2")
    assert "31/02/1980" in reject.row


def test_a_key_that_comes_twice_is_taken_once_and_rejected_once(take: Take) -> None:
    report = take([row("T1"), row("T2"), row("T1", Last="Khan")])
    assert (report.accepted, report.rejected, report.added) == (2, 1, 2)
    assert held()["T1"] == "O'Brien-Smith"
    assert Reject.objects.get().reason == "The same key as line 2."
    assert "Khan" in Reject.objects.get().row


def test_cells_left_out_are_counted_by_column(take: Take) -> None:
    report = take([row("T1", NI="XX999999X", PC="nowhere"), row("T2", NI="also wrong"), row("T3")])
    assert report.warnings == {"NI": 2, "PC": 1}
    assert Record.objects.get(key="T1").nino is None
    assert Load.objects.get().warnings == {"NI": 2, "PC": 1}


def test_a_file_cut_short_does_not_empty_a_source(take: Take) -> None:
    take([row(f"T{n}") for n in range(20)])
    with pytest.raises(Problem, match=r"lacks 15 of the 20 records.*--accept-drop"):
        take([row(f"T{n}") for n in range(5)])
    assert len(held()) == 20
    assert Load.objects.latest("id").state == "held"
    assert not StagedRecord.objects.exists()
    assert take([row(f"T{n}") for n in range(5)], accept_drop=True).gone == 15


def test_rows_that_are_all_wrong_end_the_load_early(take: Take) -> None:
    with pytest.raises(Problem, match=r"none of the first .* Line 2, column DOB"):
        take([row(f"T{n}", DOB="1980-12-31x") for n in range(1200)])
    assert not Record.objects.exists()


def test_a_file_without_rows_is_fine_for_a_new_source_and_refused_for_one_that_holds_people(take: Take) -> None:
    assert (take([]).rows, take([row("T1")]).added) == (0, 1)
    with pytest.raises(Problem, match="lacks 1 of the 1 records"):
        take([[""] * 12])


def test_a_failed_load_keeps_its_reason_and_the_file_can_be_loaded_later(
    take: Take, tmp_path: Path, system: Viewer
) -> None:
    path = write_csv(tmp_path / "x.csv", [row("T1")], ["Reference", *HEADER[1:]])
    with pytest.raises(Problem, match="no column Ref"):
        take(path)
    assert (Load.objects.get().state, "no column Ref" in Load.objects.get().problem) == ("failed", True)
    add_source(by=system, mapping=changed(key=["Reference"]))
    assert take(path).added == 1


def test_asked_to_stop_it_stops_and_changes_nothing(take: Take) -> None:
    report = take([row("T1")], should_stop=lambda: True)
    assert (report.state, held(), StagedRecord.objects.count()) == ("stopped", {}, 0)
    assert take([row("T1")]).added == 1


def test_progress_ends_at_the_whole_file(take: Take) -> None:
    seen: list[tuple[int, int]] = []
    take([row("T1")], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def test_a_source_that_nobody_confirmed_is_not_loaded(system: Viewer, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="borough source add"):
        load_extract(by=system, purpose="residents-index", source="unknown", path=write_csv(tmp_path / "a.csv", []))


def test_without_an_agreement_nothing_is_read(
    take: Take, system: Viewer, charlie: Viewer, analyst: Viewer, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [row("T1")])
    for viewer, purpose in ((charlie, "residents-index"), (analyst, "made-up"), (system, "")):
        with pytest.raises(NotAllowed):
            load_extract(by=viewer, purpose=purpose, source="housing_rents", path=path)
    with pytest.raises(NotAllowed):
        add_source(by=charlie, mapping=changed())
    assert not Load.objects.exists()


def test_confirming_again_keeps_the_first_name_until_the_mapping_changes(take: Take, analyst: Viewer) -> None:
    from borough.residents.models import Source

    add_source(by=analyst, mapping=changed())
    assert Source.objects.get().confirmed_by == "test"
    add_source(by=analyst, mapping=changed(title="Rents"))
    assert (Source.objects.get().confirmed_by, Source.objects.get().title) == ("Anna", "Rents")


def test_a_full_disk_is_said_in_words_and_merges_nothing(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*args: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(loading, "fill_table", no_room)
    with pytest.raises(Problem, match=r"disk is full.*Free some space"):
        take([row("T1")])
    assert (Load.objects.get().state, held()) == ("failed", {})
    monkeypatch.undo()
    assert take([row("T1")]).added == 1


def test_another_failure_is_kept_and_not_hidden(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("of a person")

    monkeypatch.setattr(loading, "merge_staged", broken)
    with pytest.raises(RuntimeError):
        take([row("T1")])
    assert Load.objects.get().problem == "RuntimeError while merging", "the text of an error may quote a person's data"


LOAD = """
import sys, time, resource
import django; django.setup()
from pathlib import Path
from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents import loading
from borough.residents.actions import load_extract, add_source

def load(path):
    return load_extract(by=system_viewer("test"), purpose="residents-index", source="housing_rents", path=Path(path))

def halt(*args, **kwargs):
    print("here", flush=True)
    time.sleep(60)
"""
HALT_IN = {
    "reading": """
loading.BATCH = 50
keep = loading.keep_rejects
def halt_later(load, rejects):
    keep(load, rejects)
    if load.rows > 100:
        # Leave the transaction of this batch, so that its rows are there when the process is killed.
        loading.transaction.on_commit(halt)
loading.keep_rejects = halt_later
""",
    "merging": "loading.log_write = halt\n",
}


def child_environment() -> dict[str, str]:
    """For a process of its own on the test's database."""
    name = connection.settings_dict["NAME"]
    host = connection.settings_dict.get("HOST") or "/var/run/postgresql"
    at = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}?host={host}"
    if connection.vendor == "postgresql" and connection.settings_dict.get("USER"):
        s = connection.settings_dict
        port = s.get("PORT") or 5432
        at = f"postgres://{s['USER']}:{s.get('PASSWORD', '')}@{s.get('HOST') or 'localhost'}:{port}/{name}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "borough.web.settings",
        "BOROUGH_HOME": str(settings.HOME),
        "DATABASE_URL": at,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["reading", "merging"])
def test_killed_in_the_middle_it_is_completed_by_loading_again(state: str, take: Take, tmp_path: Path) -> None:
    take([row(f"T{n}") for n in range(200)])
    newer = write_csv(tmp_path / "newer.csv", [row(f"T{n}", Last="Khan") for n in range(50, 300)])
    child = subprocess.Popen(
        [sys.executable, "-c", f"{LOAD}\n{HALT_IN[state]}\nload(sys.argv[1])", str(newer)],
        stdout=subprocess.PIPE,
        env=child_environment(),
    )
    assert child.stdout
    assert child.stdout.readline() == b"here\n"
    if state == "reading":
        with pytest.raises(Problem, match="Another load of housing_rents is running"):
            take(newer)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert Load.objects.latest("id").state == state
    assert len(held()) == 200, "nothing is merged by halves"
    assert "Khan" not in held().values()
    # The server notices a moment later that the process is gone; its lock goes with it.
    report = _until_free(lambda: take(newer))
    assert (report.added, report.changed, report.gone) == (100, 150, 50)
    assert len(held()) == 250
    assert Record.objects.count() == 300
    assert not StagedRecord.objects.exists()
    killed = Load.objects.order_by("id")[1]
    assert (killed.state, killed.problem[:24]) == ("failed", "Its process ended before")


def _until_free(load: Callable[[], Any]) -> Any:
    pause = threading.Event()
    for _ in range(100):
        try:
            return load()
        except Problem as problem:
            if "Another load" not in problem.message:
                raise
            pause.wait(0.05)
    raise AssertionError("the killed load kept its lock")


def test_a_disk_that_fills_under_sqlite(tmp_path: Path, mapping: Mapping) -> None:
    """A real limit on the size of files, in a process and a database of its own."""
    newer = write_csv(tmp_path / "big.csv", [row(f"T{n}") for n in range(20_000)])
    script = f"""{LOAD}
from django.core.management import call_command
from borough.residents.models import Load, Record, StagedRecord
from borough.residents.tests.conftest import changed
from borough.web.rehearsal import open_agreements
call_command("migrate", verbosity=0)
open_agreements()
add_source(by=system_viewer("test"), mapping=changed())
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
try:
    load(sys.argv[1])
except Problem as problem:
    print(problem)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(Record.objects.count())
print(load(sys.argv[1]).added, StagedRecord.objects.count(), sorted(Load.objects.values_list("state", flat=True)))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "borough.web.settings", "BOROUGH_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", script, str(newer)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    said, records, after = done.stdout.strip().splitlines()
    assert said.startswith("The disk is full")
    assert records == "0"
    assert after == "20000 0 ['done', 'failed']"
