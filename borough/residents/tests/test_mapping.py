"""Errors of a mapping file name the file, the key and the remedy."""

from pathlib import Path
from typing import Any

import pytest

from borough.common.errors import Problem
from borough.residents.mapping import mapping_from, read_mapping
from borough.residents.tests.conftest import DECLARED, changed


def test_a_mapping_survives_being_written_as_a_dictionary() -> None:
    mapping = changed()
    again = mapping_from(mapping.as_dict(), where="again")
    assert again == mapping
    assert again.version == mapping.version


def test_the_version_changes_with_the_way_a_row_is_read() -> None:
    assert changed().version != changed(key=["Ref", "No"]).version


def test_columns_are_listed_once() -> None:
    assert changed(key=["Ref", "First"]).columns.count("First") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "Housing Rents"}, "source 'Housing Rents' is not a code"),
        ({"key": []}, "key is missing"),
        ({"extract": "part"}, "extract is 'part'"),
        ({"encoding": "latin-99"}, "encoding 'latin-99' is not known"),
        ({"delimiter": "::"}, "delimiter"),
        ({"fields": {}}, "fields is missing"),
        ({"fields": {"frename": {"column": "x"}}}, "fields.frename is not a standard field"),
        ({"fields": {"dob": {"column": "x"}}}, "fields.dob.format is missing"),
        ({"fields": {"dob": {"column": "x", "format": "dd/mm/yyyy"}}}, "fields.dob.format is 'dd/mm/yyyy'"),
        ({"fields": {"nino": {"colum": "x"}}}, "did you mean column"),
        ({"fields": {"nino": {"columns": ["a", "b"]}}}, "fields.nino.columns is not known"),
        ({"fields": {"name": {"column": "a", "order": "last first"}}}, "fields.name.order"),
        ({"fields": {"name": {"column": "a"}, "surname": {"column": "b"}}}, "fields.name stands beside"),
        ({"facts": {"x": {"column": "a", "type": "boolean"}}}, "facts.x.type is 'boolean'"),
        ({"facts": {"x": {"column": "a", "type": "flag"}}}, "facts.x.yes"),
        ({"facts": {"x": {"column": "a", "type": "date"}}}, "facts.x.format is missing"),
        ({"colour": "blue"}, "colour is not known"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Problem) as caught:
        mapping_from({**DECLARED, **changes}, where="rents.toml")
    assert caught.value.message.startswith("rents.toml: ")
    assert said.casefold() in str(caught.value).casefold()
    assert caught.value.remedy


def test_a_file_that_is_no_toml_says_which_line(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('source = "x"\ntitle = \n')
    with pytest.raises(Problem, match="line 2"):
        read_mapping(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="borough guess"):
        read_mapping(tmp_path / "none.toml")
