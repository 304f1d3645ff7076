"""A guess from names, and none where names do not tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.residents.naming_groups import NOT_TOLD, TITLES, naming_group_of


@pytest.mark.parametrize(
    ("forename", "surname", "group"),
    [
        ("Grace", "Taylor", "british"),
        ("Hodan", "Warsame", "somali"),
        ("Małgorzata", "Kowalska", "polish"),
        ("José", "García López", "iberian"),
        ("Laila", "Al-Hassan", "arabic"),
        ("Sean", "O'Brien", "british"),
        ("Kwame", "Nobodyshere", "west_african"),
        # Shah is Indian and Pakistani; a forename can tell which.
        ("Adam", "Shah", NOT_TOLD),
        ("Priya", "Shah", "indian"),
        # The two names are typical of different traditions.
        ("Agnieszka", "Khan", NOT_TOLD),
        ("Zzyzx", "Nobodyshere", NOT_TOLD),
        ("", "", NOT_TOLD),
    ],
)
def test_what_names_tell(forename: str, surname: str, group: str) -> None:
    assert naming_group_of(forename, surname) == group


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_gives_a_group_that_has_a_title(forename: str, surname: str) -> None:
    assert naming_group_of(forename, surname) in TITLES


@given(st.sampled_from(["Taylor", "Warsame", "Kowalska", "Patel"]))
def test_capitals_do_not_matter(surname: str) -> None:
    assert naming_group_of("", surname.upper()) == naming_group_of("", surname.lower()) != NOT_TOLD
