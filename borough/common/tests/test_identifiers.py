import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.identifiers import (
    clean_email,
    clean_nhs_number,
    clean_nino,
    clean_phone,
    clean_postcode,
    clean_uprn,
    nhs_check_digit,
)

CLEANERS = [clean_nino, clean_nhs_number, clean_postcode, clean_uprn, clean_phone, clean_email]


@pytest.mark.parametrize("clean", CLEANERS)
@given(text=st.text(max_size=40))
def test_anything_is_either_refused_or_already_standard_when_cleaned_again(clean, text):
    once = clean(text)
    assert once is None or clean(once) == once


@pytest.mark.parametrize(
    ("text", "standard"),
    [("ab 12 34 56 c", "AB123456C"), ("AB-12-34-56-C", "AB123456C"), ("GB123456A", None), ("AB123456E", None)],
)
def test_nino(text, standard):
    assert clean_nino(text) == standard


@pytest.mark.parametrize(
    ("text", "standard"), [("943 476 5919", "9434765919"), ("9434765918", None), ("0000000000", None), ("943", None)]
)
def test_nhs_number(text, standard):
    assert clean_nhs_number(text) == standard


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_one_wrong_digit_is_always_noticed(first_nine):
    digit = nhs_check_digit(first_nine)
    if digit is None or len(set(f"{first_nine}{digit}")) == 1:
        return
    number = f"{first_nine}{digit}"
    assert clean_nhs_number(number) == number
    for place in range(10):
        other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert clean_nhs_number(other) is None


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("7700900123", "+447700900123"),
        ("020 7946 0000", "+442079460000"),
        ("12345", None),
        ("n/a", None),
    ],
)
def test_phone(text, standard):
    assert clean_phone(text) == standard


@pytest.mark.parametrize(
    ("text", "standard"), [("nw12db", "NW1 2DB"), ("EC1A 1BB", "EC1A 1BB"), ("NW1", None), ("1NW 2DB", None)]
)
def test_postcode(text, standard):
    assert clean_postcode(text) == standard


@pytest.mark.parametrize(("text", "standard"), [("00012345", "12345"), ("1234567890123", None), ("12a", None)])
def test_uprn(text, standard):
    assert clean_uprn(text) == standard
