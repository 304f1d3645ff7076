"""How single cells are read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.identifiers import clean_phone
from borough.residents.cells import (
    INVALID,
    ImpossibleDate,
    fact_reader,
    field_reader,
    join_address,
    quick_phone,
    readable_name,
    split_name,
)
from borough.residents.mapping import FactRule, FieldRule

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("O'BRIEN-SMITH", "O'Brien-Smith"),
        ("MCKAY", "McKay"),
        ("van der Berg", "van der Berg"),
        ("ÉLODIE", "Élodie"),
        ("Abdul KABIR", "Abdul Kabir"),
        ("A N OTHER", "A N Other"),
        ("ann", "Ann"),
        ("ST JOHN'S", "St John's"),
    ],
)
def test_capitals_become_readable(text: str, read: str) -> None:
    assert readable_name(text) == read


@pytest.mark.parametrize(
    ("text", "order", "parts"),
    [
        ("Smith, Mrs Ann Jane", "surname, forename", ("Mrs", "Ann", "Jane", "Smith")),
        ("Mr Ali Khan", "title forename surname", ("Mr", "Ali", "", "Khan")),
        ("Ann Smith", "forename surname", ("", "Ann", "", "Smith")),
        ("Smith Ann", "surname forename", ("", "Ann", "", "Smith")),
        ("Smith", "forename surname", ("", "", "", "Smith")),
        ("", "forename surname", ("", "", "", "")),
    ],
)
def test_whole_names_are_split(text: str, order: str, parts: tuple[str, ...]) -> None:
    assert split_name(text, order) == parts


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        (("Flat 2", "14", "High Street"), "Flat 2, 14 High Street"),
        (("", "14A", "High Street"), "14A High Street"),
        (("14 High Street", "", "Alderbrook"), "14 High Street, Alderbrook"),
        (("FLAT 2B", "14", "HIGH STREET"), "Flat 2B, 14 High Street"),
        (("", "n/a", ""), ""),
    ],
)
def test_addresses_are_joined(parts: tuple[str, ...], address: str) -> None:
    assert join_address(parts) == address


@pytest.mark.parametrize(
    ("type", "text", "piece"),
    [
        ("money", "£1,234.50", '"x": 1234.5'),
        ("money", "(12.30)", '"x": -12.3'),
        ("money", "12.30 CR", '"x": -12.3'),
        ("money", "-0.00", '"x": 0.0'),
        ("money", "lots", ""),
        ("number", "1,204", '"x": 1204'),
        ("text", ' "quoted"  text ', '"x": "\\"quoted\\" text"'),
        ("text", "", ""),
        ("flag", "y", '"x": true'),
        ("flag", "", '"x": false'),
        ("date", "01/02/2020", '"x": "2020-02-01"'),
    ],
)
def test_facts_are_typed(type: str, text: str, piece: str) -> None:
    rule = FactRule("X", type, format="%d/%m/%Y" if type == "date" else "", yes=("Y",) if type == "flag" else ())
    assert fact_reader("x", rule)[text] == piece


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=TODAY),
    st.sampled_from(["%d/%m/%Y", "%Y%m%d", "%d-%b-%Y", "%d %B %Y"]),
)
def test_a_date_is_read_as_it_was_written(day: date, format: str) -> None:
    reader = field_reader("dob", FieldRule(("DOB",), format=format), TODAY)
    assert reader[day.strftime(format)] == day.isoformat()


@pytest.mark.parametrize("text", ["31/02/1980", "32/01/1980", "1979", "soon", "29/02/1981"])
def test_an_impossible_date_is_refused_with_its_column(text: str) -> None:
    reader = field_reader("dob", FieldRule(("DOB",), format="%d/%m/%Y"), TODAY)
    with pytest.raises(ImpossibleDate) as caught:
        reader[text]
    assert caught.value.column == "DOB"
    assert text not in str(caught.value), "the reason is shown where the cell may not be"


def test_an_impossible_date_may_be_left_out_where_the_mapping_says_so() -> None:
    reader = field_reader("dob", FieldRule(("DOB",), format="%d/%m/%Y", impossible="empty"), TODAY)
    assert reader["31/02/1980"] is None
    assert reader["31/02/1980"] is None
    assert reader.left_out == 2, "each cell counts, however often it comes"


def test_two_digits_of_a_year_are_never_in_the_future_and_unborn_people_are_left_out() -> None:
    assert field_reader("dob", FieldRule(("DOB",), format="%d/%m/%y"), TODAY)["01/05/41"] == "1941-05-01"
    reader = field_reader("dob", FieldRule(("DOB",), format="%d/%m/%Y", unknown=("01/01/1900",)), TODAY)
    assert reader["01/01/2030"] is None
    assert reader.left_out == 1
    assert reader["01/01/1900"] is None
    assert reader.left_out == 1, "what means unknown is no warning"


def test_an_invalid_identifier_is_left_out_and_counted() -> None:
    reader = field_reader("nino", FieldRule(("NI",)), TODAY)
    assert [reader[text] for text in ("ab 12 34 56 c", "QQ123456C", "", "n/a")] == ["AB123456C", None, None, None]
    assert reader.left_out == 1


@given(st.text(alphabet="0123456789 +()-x٣", max_size=16))
def test_the_short_way_for_phones_agrees_with_the_long_one(text: str) -> None:
    assert quick_phone(text) == clean_phone(text)


def test_na_is_a_name_where_it_is_written_as_one() -> None:
    reader = field_reader("forename", FieldRule(("F",)), TODAY)
    assert [reader[text] for text in ("Na", " Na ", "NA", "na", "N/A", "n/a")] == ["Na", "Na", "", "", "", ""]


def test_text_too_long_for_its_field_is_left_out() -> None:
    reader = field_reader("surname", FieldRule(("S",)), TODAY)
    assert reader["x" * 81] == ""
    assert reader.left_out == 1
    assert INVALID not in reader.values()
