"""What happens in the borough is in the extracts as far as each system was told, and in the truth."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from borough.synthetic.tests.conftest import RESIDENTS, read

Rows = list[dict[str, Any]]
Extract = Callable[[str], Rows]


@pytest.fixture(scope="session")
def findings(rehearsal: Path) -> dict[str, Rows]:
    by_check: dict[str, Rows] = defaultdict(list)
    for row in read(rehearsal / "truth" / "findings.csv"):
        by_check[row["check"]].append(row)
    return by_check


@pytest.fixture(scope="session")
def holds(rehearsal: Path) -> dict[str, set[str]]:
    """For each person the systems that hold a row of them."""
    systems: dict[str, set[str]] = defaultdict(set)
    for row in read(rehearsal / "truth" / "records.csv"):
        systems[row["person"]].add(row["source"])
    return systems


def test_something_of_each_kind_happens_to_few(findings: dict[str, Rows]) -> None:
    assert set(findings) == {"sublets", "discount", "school", "died", "moved"}
    for rows in findings.values():
        assert 3 <= len(rows) <= RESIDENTS * 0.02


def test_a_sublet_tenancy_stays_in_the_tenant_s_name_and_they_live_elsewhere(
    findings: dict[str, Rows], people: Rows, extract: Extract
) -> None:
    lives = {row["person"]: row["uprn"] for row in people}
    rented = {row["Tenancy Ref"]: row["UPRN"] for row in extract("housing_rents") if row["Tenancy Ref"]}
    living_at = Counter(row["uprn"] for row in people)
    for row in findings["sublets"]:
        assert rented["T" + row["household"][1:]] == row["uprn"] != lives[row["person"]]
        assert living_at[row["uprn"]] > 0


def test_a_discount_is_given_where_two_adults_live(findings: dict[str, Rows], people: Rows, extract: Extract) -> None:
    adults = Counter(row["household"] for row in people if date.fromisoformat(row["dob"]).year <= 2007)
    accounts = defaultdict(list)
    for row in extract("council_tax"):
        if row["Discount"] == "single person":
            accounts[row["Account No"]].append(row)
    for row in findings["discount"]:
        # A damaged row may have lost its account number.
        assert len(accounts[str(60_000_000 + int(row["household"][1:]) * 2)]) <= 1
        assert adults[row["household"]] >= 2
    assert sum(bool(accounts[str(60_000_000 + int(row["household"][1:]) * 2)]) for row in findings["discount"]) > 5


def test_who_died_or_left_is_nobody_s_neighbour_now_but_some_systems_hold_them(
    findings: dict[str, Rows], people: Rows, holds: dict[str, set[str]]
) -> None:
    here = {row["person"] for row in people}
    for check in ("died", "moved"):
        gone = {row["person"] for row in findings[check]}
        assert not gone & here
        assert sum("council_tax" in holds[person] for person in gone) > 0.9 * len(gone)
        assert any(holds[person] & {"libraries", "electoral_roll", "parking_permits"} for person in gone)


def test_a_death_has_its_day_in_the_systems_that_know(findings: dict[str, Rows], extract: Extract) -> None:
    days = Counter(row["on"] for row in findings["died"])
    told = [row["Date of death"] for row in extract("council_tax") if row["Date of death"]]
    assert len(told) > 5
    for day in told:
        assert datetime.strptime(day, "%d/%m/%Y").date().isoformat() in days  # noqa: DTZ007
