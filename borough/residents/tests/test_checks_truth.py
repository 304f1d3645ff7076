"""How much of what happens in a rehearsal each check finds, and how much of what it lists is so."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from borough.accounts.policies import Viewer
from borough.places.actions import load_addresses, load_areas
from borough.residents.actions import add_source, link_records, load_extract
from borough.residents.mapping import read_mapping
from borough.residents.models import Comparable
from borough.residents.queries import read_check, run_check
from borough.synthetic.rehearsal import write_rehearsal

# On PostgreSQL linking builds indexes, which it cannot inside the transaction of a test.
pytestmark = pytest.mark.django_db(transaction=True)
RESIDENTS = 6_000
# Systems that are seldom told of anything.
TOLD = ("libraries", "parking_permits", "electoral_roll")
Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Truth:
    """`findings`: check → whom it ought to find. `person`: of a record, by source and key. `lives`: person → UPRN."""

    def __init__(self, folder: Path) -> None:
        self.findings: dict[str, set[str]] = defaultdict(set)
        for row in read(folder / "truth" / "findings.csv"):
            by = "household" if row["check"] in ("sublets", "discount") else "person"
            self.findings[row["check"]].add(row[by])
        self.person = {(row["source"], row["key"]): row["person"] for row in read(folder / "truth" / "records.csv")}
        people = read(folder / "truth" / "people.csv")
        self.lives = {row["person"]: row["uprn"] for row in people if row["living"] != "gone"}


@pytest.fixture
def truth(tmp_path: Path, system: Viewer) -> Truth:
    """A rehearsal that is loaded and linked."""
    write_rehearsal(tmp_path, residents=RESIDENTS, seed=7)
    load_areas(tmp_path / "areas.geojson", by=system)
    load_addresses(tmp_path / "addresses.csv", by=system)
    for path in sorted((tmp_path / "mappings").glob("*.toml")):
        mapping = read_mapping(path)
        add_source(by=system, mapping=mapping)
        extract = tmp_path / "extracts" / f"{mapping.source}.csv"
        load_extract(by=system, purpose="residents-index", source=mapping.source, path=extract)
    link_records(by=system, purpose="residents-index")
    return Truth(tmp_path)


def rows_of(code: str, viewer: Viewer, **answers: str) -> list[dict[str, Any]]:
    return run_check(code, viewer=viewer, purpose=read_check(code).purpose, page=None, answers=answers).rows


def told_of(code: str, viewer: Viewer) -> list[tuple[str, str]]:
    """(source, key) of the records that are told of a death or a move."""
    return [(source, row["key"]) for source in TOLD for row in rows_of(code, viewer, source=source)]


def shares(found: set[str], true: set[str]) -> tuple[float, float]:
    """(precision, recall)"""
    return len(found & true) / len(found), len(found & true) / len(true)


def test_checks_find_what_happened(truth: Truth, system: Viewer) -> None:
    # A tenancy has the number of its household, and an account twice that.
    sublets = {f"H{row['key'][1:8]}" for row in rows_of("sublets", system)}
    precision, recall = shares(sublets, truth.findings["sublets"])
    assert precision > 0.5 and recall > 0.65, (precision, recall)

    discounts = {f"H{(int(row['key'][:8]) - 60_000_000) // 2:07d}" for row in rows_of("discount", system)}
    precision, recall = shares(discounts, truth.findings["discount"])
    assert precision > 0.25 and recall > 0.75, (precision, recall)

    # Whom a system still holds as living, and whose death another knows, is nearly always told.
    told = {truth.person.get((source, key), "") for source, key in told_of("died", system)}
    tellable = {
        person for (source, _), person in truth.person.items() if person in truth.findings["died"] and source in TOLD
    }
    precision, recall = shares(told, tellable)
    assert precision > 0.8 and recall > 0.9, (precision, recall)

    # Who is told to have moved lives no longer where the system has them.
    moved = [(truth.person.get(key, ""), key) for key in told_of("moved", system)]
    at = {(row.source, row.record.key): row.uprn for row in Comparable.objects.select_related("record")}
    wrong = [person for person, key in moved if person and truth.lives.get(person) == at[key]]
    assert len(moved) > 50
    assert len(wrong) < 0.02 * len(moved)

    # Of electors who live where they are registered nearly all are confirmed without a letter.
    electors = {person for (source, _key), person in truth.person.items() if source == "electoral_roll"}
    unsure = {truth.person.get(("electoral_roll", row["key"]), "") for row in rows_of("electoral", system)}
    assert len(unsure) < 0.2 * len(electors)
