"""A harder borough has less to go by and more that misleads; the default stays as its seed has always given it."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from borough.common.errors import Problem
from borough.synthetic import write_rehearsal
from borough.synthetic.clerk import Quality
from borough.synthetic.setting import AGENTS, DEFAULT, HARDER, agent_number
from borough.synthetic.tests.conftest import RESIDENTS, read
from borough.synthetic.tests.test_rehearsal import hashes

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def harder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harder")
    write_rehearsal(folder, residents=RESIDENTS, seed=7, setting="harder")
    return folder


def share(rows: Rows, column: str) -> float:
    return sum(bool(row[column]) for row in rows) / len(rows)


def test_the_default_setting_is_what_is_written_without_one(rehearsal: Path, tmp_path: Path) -> None:
    write_rehearsal(tmp_path, residents=RESIDENTS, seed=7, setting="default")
    assert hashes(tmp_path) == hashes(rehearsal)


def test_the_default_setting_changes_no_office() -> None:
    usual = Quality(maiden=0.2, dob=0.9)
    assert DEFAULT.quality(usual) == usual
    assert HARDER.quality(usual).dob < usual.dob
    assert HARDER.quality(usual).maiden > usual.maiden


def test_the_same_seed_gives_the_same_harder_borough_by_any_number_of_processes(harder: Path, tmp_path: Path) -> None:
    write_rehearsal(tmp_path, residents=RESIDENTS, seed=7, setting="harder", processes=2)
    assert hashes(tmp_path) == hashes(harder)


@pytest.mark.parametrize(
    ("source", "column", "delimiter"),
    [("housing_benefit", "NINO", "|"), ("housing_benefit", "DOB", "|"), ("adult_social_care", "NHS Number", ",")],
)
def test_it_holds_fewer_identifiers_and_dates(
    rehearsal: Path, harder: Path, source: str, column: str, delimiter: str
) -> None:
    before, after = (read(folder / "extracts" / f"{source}.csv", delimiter=delimiter) for folder in (rehearsal, harder))
    assert share(after, column) < 0.8 * share(before, column)


def test_more_people_share_a_telephone(harder: Path, people: Rows) -> None:
    def shared(rows: Rows) -> float:
        numbers = Counter(row["phone"] for row in rows if row["phone"])
        return sum(count for count in numbers.values() if count > 1) / sum(numbers.values())

    after = read(harder / "truth" / "people.csv")
    assert shared(after) > shared(people) + 0.15
    by_agent = Counter(row["phone"] for row in after)
    assert max(by_agent[agent_number(place)] for place in range(AGENTS)) >= 4
    assert not {agent_number(place) for place in range(AGENTS)} & {row["phone"] for row in people}


def test_some_communities_have_few_surnames(harder: Path, people: Rows) -> None:
    def surnames(rows: Rows) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            found[row["naming_group"]][row["surname"]] += 1
        return found

    before, after = surnames(people), surnames(read(harder / "truth" / "people.csv"))
    largest = {code: max(found.values()) / found.total() for code, found in after.items()}
    assert largest["bengali"] > 1.3 * max(before["bengali"].values()) / before["bengali"].total()
    assert len(after["chinese"]) < len(before["chinese"])


def test_more_rows_hold_another_surname_than_today(rehearsal: Path, harder: Path) -> None:
    def others(folder: Path) -> float:
        now = {row["person"]: row["surname"].casefold() for row in read(folder / "truth" / "people.csv")}
        who = {(row["source"], row["key"]): row["person"] for row in read(folder / "truth" / "records.csv")}
        rows = read(folder / "extracts" / "electoral_roll.csv")
        known = [
            (row["Elector Surname"].casefold(), person)
            for row in rows
            if (person := who.get(("electoral_roll", f"{row['Elector Number Prefix']}|{row['Elector Number']}")))
        ]
        return sum(surname != now[person] for surname, person in known) / len(known)

    assert others(harder) > 1.2 * others(rehearsal)


def test_its_manifest_says_so(rehearsal: Path, harder: Path) -> None:
    assert '"setting": "harder"' in (harder / "manifest.json").read_text()
    assert "setting" not in (rehearsal / "manifest.json").read_text()


def test_an_unknown_setting_is_told_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="harder"):
        write_rehearsal(tmp_path, residents=400, seed=1, setting="hardest")
