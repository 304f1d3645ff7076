import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from borough.synthetic import write_rehearsal

RESIDENTS = 6000


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up borough of 6,000, written once for all tests."""
    folder = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=RESIDENTS, seed=7)
    return folder


@pytest.fixture(scope="session")
def people(rehearsal: Path) -> list[dict[str, str]]:
    """Who lives here now."""
    return [row for row in read(rehearsal / "truth" / "people.csv") if row["living"] != "gone"]


@pytest.fixture(scope="session")
def everybody(rehearsal: Path) -> list[dict[str, str]]:
    """Those who died or left too."""
    return read(rehearsal / "truth" / "people.csv")


@pytest.fixture(scope="session")
def extract(rehearsal: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Rows of an extract, read as its mapping file says."""
    import tomllib

    def rows(source: str) -> list[dict[str, Any]]:
        mapping = tomllib.loads((rehearsal / "mappings" / f"{source}.toml").read_text(encoding="utf-8"))
        return read(
            rehearsal / "extracts" / f"{source}.csv",
            encoding=mapping.get("encoding", "utf-8-sig"),
            delimiter=mapping.get("delimiter", ","),
        )

    return rows


def read(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, Any]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))
