"""`borough evaluate`, on real labelled data and on files that cannot be right."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from borough.residents.tests.febrl import write_febrl

# Measured: .999, .999, .999, 1.000. A change that costs half a point is a change for the worse.
FLOOR = 0.994


def evaluate(*arguments: object) -> dict[str, object]:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_febrl(number: int, tmp_path: Path):
    # No database: pytest-django would refuse a query here.
    result = evaluate(
        write_febrl(number, tmp_path), "--truth", "person", *(["--source", "file"] if number == 4 else [])
    )
    assert result["f1"] >= FLOOR
    assert result["bcubed_f1"] >= FLOOR
    assert result["precision"] >= FLOOR
    assert result["records"] == {1: 1000, 2: 5000, 3: 5000, 4: 10000}[number]
    assert result["left_out"] == 0
    assert set(result["seconds"]) >= {"read", "standardise", "train", "predict", "cluster"}
    assert result["peak_rss_mb"] > 0


MAPPING = """
source = "cards"
title = "Cards"
owner = "Nobody"
refresh = "never"
key = ["no"]
[fields]
forename = { column = "first" }
surname = { column = "last" }
dob = { column = "born", format = "%d/%m/%Y" }
"""


def write_cards(folder: Path, rows: str) -> Path:
    path = folder / "cards.csv"
    path.write_text("no,first,last,born,who\n" + rows)
    (folder / "cards.toml").write_text(MAPPING)
    return path


def test_a_mapping_file_is_used_and_bad_rows_are_counted(tmp_path: Path):
    path = write_cards(
        tmp_path,
        "1,Ann,Bell,01/02/1980,A\n2,Ann,Bell,01/02/1980,A\n3,Tom,Fry,31/02/1990,B\n4,Zoe,Ray,03/03/2001,\n,Al,Low,,C\n",
    )
    result = evaluate(path, "--mapping", tmp_path / "cards.toml", "--truth", "who")
    # An impossible date leaves the date out, not the person; a row without truth or without key cannot be judged.
    assert result["records"] == 3
    assert result["left_out"] == 2
    assert result["persons_true"] == 2


def test_the_table_for_people_shows_the_same_figures(tmp_path: Path):
    path = write_cards(tmp_path, "1,Ann,Bell,01/02/1980,A\n2,Tom,Fry,04/05/1990,B\n")
    out = StringIO()
    call_command("evaluate", str(path), "--mapping", str(tmp_path / "cards.toml"), "--truth", "who", stdout=out)
    assert "F1 of pairs" in out.getvalue()
    assert "Peak memory" in out.getvalue()


def test_an_unknown_truth_column_is_named_with_those_that_are_there(tmp_path: Path):
    path = write_cards(tmp_path, "1,Ann,Bell,01/02/1980,A\n")
    with pytest.raises(CommandError, match=r"no column wh0\. It has: no, first, last, born, who"):
        evaluate(path, "--mapping", tmp_path / "cards.toml", "--truth", "wh0")


def test_a_file_without_labels_is_refused(tmp_path: Path):
    path = write_cards(tmp_path, "1,Ann,Bell,01/02/1980,\n")
    with pytest.raises(CommandError, match="no row with a value in who"):
        evaluate(path, "--mapping", tmp_path / "cards.toml", "--truth", "who")


def test_no_file(tmp_path: Path):
    with pytest.raises(CommandError):
        evaluate(tmp_path / "none.csv", "--truth", "who")
