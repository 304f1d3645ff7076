"""The page on security answers every requirement of ASVS, and what an answer names is there."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from borough.web.settings import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reference" / "security.md").read_text()
ANSWERS = ("met", "does not apply", "not met")
# ASVS 5.0.0 has so many requirements of each level.
STANDARD = {"1": 70, "2": 183}


class Row(NamedTuple):
    number: str
    level: str
    asks: str
    answer: str
    why: str


ROWS = [
    Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in PAGE.splitlines() if line.startswith("| V")
]
NAMED = sorted(set(re.findall(r"`([^`]+)`", PAGE)))


def test_every_requirement_is_there_once() -> None:
    assert [row.number for row in ROWS if not re.fullmatch(r"V\d+\.\d+\.\d+", row.number)] == []
    assert [number for number, times in Counter(row.number for row in ROWS).items() if times > 1] == []
    assert Counter(row.level for row in ROWS) == STANDARD


def test_a_requirement_stands_in_its_chapter_in_order() -> None:
    chapters = re.split(r"^## V(\d+) .*$", PAGE, flags=re.M)[1:]
    for chapter, table in zip(chapters[::2], chapters[1::2], strict=True):
        numbers = [tuple(map(int, found)) for found in re.findall(r"^\| V(\d+)\.(\d+)\.(\d+) ", table, re.M)]
        assert {first for first, _, _ in numbers} == {int(chapter)}
        assert numbers == sorted(numbers)


def test_the_page_counts_its_own_rows() -> None:
    told = re.findall(r"^\| ([12]) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.M)
    counted = Counter((row.level, row.answer) for row in ROWS)
    of_levels = {level: [counted[level, answer] for answer in ANSWERS] for level in STANDARD}
    assert {level: list(map(int, counts)) for level, *counts in told} == {
        level: [*counts, STANDARD[level]] for level, counts in of_levels.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_each_has_an_answer_and_says_by_what_or_why(row: Row) -> None:
    assert row.answer in ANSWERS
    assert row.asks
    assert row.why
    if row.answer == "met":
        assert "`" in row.why, "name the test, the setting or the file that meets it"


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        assert name in ENVIRONMENT or hasattr(settings, name), f"there is no setting {name}"
        return
    path, *parts = name.split("::")
    assert (ROOT / path).is_file(), f"there is no file {path}"
    for part in parts:
        assert re.search(rf"^\s*(?:async def|def|class) {part}\b", (ROOT / path).read_text(), re.M), f"no {part} there"
