"""Slips change what is written, and never an identifier."""

import random
from datetime import date

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
)
from borough.synthetic import slips
from borough.synthetic.area_files import SYSTEMS
from borough.synthetic.borough_map import Home
from borough.synthetic.circumstances import settle
from borough.synthetic.clerk import Quality, write_person
from borough.synthetic.names import GROUPS, NICKNAMES, OTHER_SPELLINGS, feminine, other_spelling, plain_letters
from borough.synthetic.person import Household
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.settlement import Settlement

seeds = st.integers(0, 10_000).map(random.Random)
births = st.dates(date(1920, 1, 1), date(2024, 12, 31))
HOME = Home("990000100001", "Flat 3", "Brunel House", "12", "Mill Road", "Alderbrook", "XA1 0AA", 52.3, 2.6)


@pytest.fixture(scope="module")
def households() -> list[Household]:
    ground = made_up_borough(30_000)
    rng = random.Random(5)
    made = Settlement(ground.areas[9], 5000, rng).households()
    settle(made, ground.areas[9], ground, rng)
    return made


@given(seeds, st.text(alphabet="ABCDEFGHIJabcdefghijklmnopqrstuvwxyzłşé'-", min_size=1, max_size=20))
def test_a_typo_keeps_the_first_letter_and_about_the_length(rng: random.Random, word: str) -> None:
    wrong = slips.typo(rng, word)
    assert wrong[0] == word[0]
    assert abs(len(wrong) - len(word)) <= 1


@given(seeds, births)
def test_a_wrong_birth_is_a_day_of_the_calendar_and_not_of_the_future(rng: random.Random, born: date) -> None:
    wrong = slips.wrong_digit(rng, born)
    assert date(1900, 1, 1) < wrong < date(2025, 1, 1)
    assert slips.first_of_january(born).timetuple()[1:3] == (1, 1)


@given(births)
def test_swapping_day_and_month_twice_gives_the_day_again(born: date) -> None:
    assert slips.swap_day_and_month(slips.swap_day_and_month(born)) == born


@given(seeds, st.floats(0, 1))
def test_an_address_keeps_its_number(rng: random.Random, care: float) -> None:
    flat, number, street = slips.write_address(rng, HOME, care)
    assert number == "12"
    assert "3" in flat
    assert street[0] == "M"


@given(seed=st.integers(0, 5000), typo=st.floats(0, 1), swap=st.floats(0, 50))
def test_no_slip_touches_an_identifier(households: list[Household], seed: int, typo: float, swap: float) -> None:
    rng = random.Random(seed)
    household = rng.choice(households)
    person = rng.choice(household.people)
    nino, nhs_number = person.nino, person.nhs_number
    bad = Quality(typo=typo, swap_names=swap, care=0, uprn=1, phone=1, email=1, old_address=0.2, dob_wrong=0.5)
    held = write_person(person, household, bad, rng)
    assert (person.nino, person.nhs_number) == (nino, nhs_number)
    assert clean_nino(nino)
    assert clean_nhs_number(nhs_number)
    assert clean_uprn(held.uprn) == held.uprn
    assert held.postcode == "" or clean_postcode(held.postcode)
    assert held.phone == "" or clean_phone(held.phone)
    assert held.email == "" or clean_email(held.email)


@given(seed=st.integers(0, 500))
def test_every_row_has_a_value_for_every_column(households: list[Household], seed: int) -> None:
    rng = random.Random(seed)
    for system in SYSTEMS:
        for household in households[:40]:
            for values, _ in system.rows(household, rng):
                assert len(values) == len(system.columns)
                assert all(isinstance(value, str) and "\n" not in value for value in values)
                assert all(system.key_of(values))


@given(seeds, st.sampled_from(sorted(OTHER_SPELLINGS)))
def test_another_spelling_is_another(rng: random.Random, name: str) -> None:
    assert other_spelling(rng, name) != name


@given(st.sampled_from([word for group in GROUPS.values() for word in group.surnames.words]))
def test_plain_letters_are_plain(name: str) -> None:
    assert plain_letters(name).isascii()
    assert len(plain_letters(name)) >= len(name) - 1


def test_polish_women_carry_the_womens_form() -> None:
    assert feminine("Kowalski") == "Kowalska"
    assert feminine("Nowak") == "Nowak"


def test_lists_are_large_enough_for_names_to_repeat_as_they_do() -> None:
    assert len(GROUPS["british"].surnames.words) > 250
    for group in GROUPS.values():
        for pick in (group.women, group.men, group.surnames):
            assert len(pick.words) >= 28
            assert len(set(pick.words)) > 0.95 * len(pick.words)
    assert len(NICKNAMES) > 80
