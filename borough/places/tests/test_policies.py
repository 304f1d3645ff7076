import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.places.policies import Point, choose_uprn, distance_km, match_key


@pytest.mark.parametrize(
    "written",
    [
        "FLAT 3, 12 HIGH STREET",
        "Apartment 3, 12 High St.",
        "12 High Street, Flat 3",
        "flat 3 12 the high street, AB1 2CD",
        "Apt. 3 – No. 12 High Str",
    ],
)
def test_one_property_in_many_spellings(written):
    assert match_key(written) == "FLAT 3 12 HIGH ST"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 A High Street", "12A High Street", True),
        ("St John's Road, 4", "4 Saint Johns Rd", False),
        ("4 St. John’s Road", "4 Saint Johns Rd", True),
        ("12 High Street", "12A High Street", False),
        ("Flat 3 12 High Street", "Flat 3A 12 High Street", False),
        ("5 North Road", "5 N Road", True),
        ("12 High Road", "12 High Street", False),
    ],
)
def test_spellings_and_differences(one, other, same):
    assert (match_key(one) == match_key(other)) is same


@given(st.text("aStreFLb -12,./'", max_size=60))
def test_case_and_punctuation_do_not_matter(text):
    assert match_key(text.lower().replace("/", " ")) == match_key(text.upper().replace(",", "-"))


def test_the_town_may_be_left_out_by_either():
    properties = {"12 HIGH ST ALDERBROOK": "1", "FLAT 1 14 HIGH ST": "2"}
    assert choose_uprn("12 HIGH ST", properties) == "1"
    assert choose_uprn("FLAT 1 14 HIGH ST ALDERBROOK", properties) == "2"
    assert choose_uprn("14 HIGH ST", properties) is None
    assert choose_uprn("1 HIGH ST", properties) is None


def test_two_that_could_be_are_none():
    assert choose_uprn("FLAT 1 14", {"FLAT 1 14 HIGH ST": "1", "FLAT 1 14 MILL LN": "2"}) is None
    assert choose_uprn("HIGH ST", {"HIGH ST ALDERBROOK": "1"}) is None


def test_a_slip_of_the_pen_is_forgiven_in_words_never_in_numbers():
    properties = {"8 CLOVER AV": "1", "9 CLOVER AV": "2", "FLAT C 3 KINGS RISE": "3", "FLAT B 3 KINGS RISE": "4"}
    assert choose_uprn("8 CLVER AV", properties) == "1"
    assert choose_uprn("FLAT C 3 KINGS RIES", properties) == "3"
    assert choose_uprn("10 CLOVER AV", properties) is None
    assert choose_uprn("8 CHURCH RD", properties) is None
    assert choose_uprn("8 CLVER AV", {**properties, "8 CLEVER AV": "5"}) is None


def test_two_properties_with_one_address_are_none():
    assert choose_uprn("8 CLOVER AV", {"8 CLOVER AV": ""}) is None


POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_known_distance():
    # Camden Town Hall to Kingston Guildhall.
    assert distance_km(Point(51.5293, -0.1253), Point(51.4085, -0.3064)) == pytest.approx(18.36, abs=0.1)


@given(POINTS, POINTS)
def test_distance_is_symmetric_and_bounded(a, b):
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= 20_016
    assert distance_km(a, a) == 0
