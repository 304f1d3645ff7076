"""A guess reads the header and the values, says why, and is loaded by nobody who has not confirmed it."""

import tomllib
from pathlib import Path

import pytest

from borough.common.errors import Problem
from borough.residents.guessing import guess, guess_mapping
from borough.residents.mapping import mapping_from, read_mapping
from borough.residents.mapping_text import mapping_text
from borough.residents.tests.conftest import HEADER, row, write_csv
from borough.synthetic.rehearsal import write_rehearsal


def test_the_guess_for_each_rehearsal_extract_is_close_to_its_own_mapping(tmp_path: Path) -> None:
    write_rehearsal(tmp_path, residents=1_000, seed=7)
    right = every = 0
    for path in sorted((tmp_path / "mappings").glob("*.toml")):
        extract = tmp_path / "extracts" / f"{path.stem}.csv"
        mapping, guessed = read_mapping(path), guess_mapping(extract)
        assert guessed.delimiter == mapping.delimiter, path.stem
        assert extract.read_bytes().isascii() or guessed.encoding == mapping.encoding, path.stem
        for name, rule in mapping.fields.items():
            every += 1
            other = guessed.fields.get(name)
            right += bool(
                other and (other.columns, other.format, other.order) == (rule.columns, rule.format, rule.order)
            )
    assert right / every > 0.9, f"{right} of {every} fields"


def test_the_text_of_a_guess_is_a_mapping_file_with_reasons(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "Rents 2026.csv", [row(f"T{n}", DOB=f"{n + 1:02}/12/1980") for n in range(20)])
    made = guess(path)
    text = mapping_text(made)
    assert mapping_from(tomllib.loads(text), where="x") == made.mapping
    assert made.mapping.source == "rents_2026"
    assert made.mapping.key == ("Ref",)
    assert made.mapping.fields["dob"].format == "%d/%m/%Y"
    assert '# its header says "dob"' in text


def test_impossible_dates_do_not_cost_the_person(tmp_path: Path) -> None:
    rows = [row(f"T{n}", DOB="31/02/1980" if n == 3 else "14/03/1952") for n in range(40)]
    assert guess_mapping(write_csv(tmp_path / "a.csv", rows)).fields["dob"].impossible == "empty"


def test_values_outweigh_the_header(tmp_path: Path) -> None:
    rows = [row(f"T{n}", NI="not one", UPRN=f"person{n}@example.org") for n in range(40)]
    fields = guess_mapping(write_csv(tmp_path / "a.csv", rows, [*HEADER[:10], "Reach", "Balance"])).fields
    assert "nino" not in fields
    assert fields["email"].columns == ("Reach",)


def test_a_key_is_different_in_the_whole_file_not_only_in_its_beginning(tmp_path: Path) -> None:
    header = ["Ward Prefix", "Elector Number", "Surname"]
    rows = [[str(n // 3000), str(n % 3000), "Smith"] for n in range(3100)]
    assert guess_mapping(write_csv(tmp_path / "a.csv", rows, header)).key == ("Ward Prefix", "Elector Number")


def test_a_file_of_no_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no column looks like"):
        guess_mapping(write_csv(tmp_path / "a.csv", [["1", "2"]], ["Height", "Width"]))
