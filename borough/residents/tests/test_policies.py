"""Who may review, and which decisions one person is not enough for: cases."""

import pytest

from borough.accounts.policies import ANALYST, CONTACT_WORKER, IG_OFFICER, Viewer
from borough.common.errors import NotAllowed
from borough.residents.policies import (
    REVIEW,
    SAMPLED,
    SECOND_READER,
    Person,
    check_may_review,
    is_read_twice,
    may_review,
    must_say_why,
    second_reader_for,
)


def person(nhs: str = "", nino: str = "", sources: str = "council_tax") -> Person:
    return Person(frozenset(nhs.split()), frozenset(nino.split()), frozenset(sources.split()))


MANY = "council_tax electoral_roll housing_rents libraries"


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (person(), person(), ""),
        (person(nhs="1"), person(nhs="1"), ""),
        (person(nhs="1"), person(), ""),
        (person(nhs="1"), person(nhs="2"), "nhs_number"),
        (person(nhs="1 2"), person(nhs="2"), ""),
        (person(nino="A"), person(nino="B"), "nino"),
        (person(nhs="1", nino="A"), person(nhs="1", nino="B"), "nino"),
        (person(), person(sources="adult_social_care"), "restricted"),
        (person(sources=MANY), person(sources="libraries"), ""),
        (person(sources=MANY), person(sources=MANY), "many_systems"),
    ],
)
def test_who_is_joined_by_one_person_alone(one: Person, other: Person, because: str) -> None:
    assert second_reader_for(one, other) == because
    assert second_reader_for(other, one) == because


def test_to_override_a_refusal_or_another_person_takes_two() -> None:
    assert second_reader_for(person(), person(), refused=True) == "refused"
    assert second_reader_for(person(), person(), refused=True, apart=True) == "apart"


def test_each_reason_has_its_words() -> None:
    assert all(str(words) or not code for code, words in SECOND_READER.items())


@pytest.mark.parametrize(
    ("says", "facts", "asked"),
    [
        ("same", {}, False),
        ("same", {"refused": True}, True),
        ("same", {"apart": True}, True),
        ("same", {"weight": -3.0}, False),
        ("different", {}, False),
        ("different", {"weight": 9.9}, False),
        ("different", {"weight": 10.0}, True),
        ("different", {"shares_identifier": True}, True),
        ("different", {"refused": True}, False),
        ("unsure", {"weight": 30.0, "refused": True, "shares_identifier": True, "apart": True}, False),
    ],
)
def test_when_a_reason_is_asked(says: str, facts: dict[str, object], asked: bool) -> None:
    usual: dict[str, object] = {"weight": 3.0, "refused": False, "shares_identifier": False, "apart": False}
    assert must_say_why(says, **(usual | facts)) is asked  # type: ignore[arg-type]


def test_one_pair_in_twenty_is_read_twice() -> None:
    chosen = sum(is_read_twice(low, high) for low in range(1, 101) for high in range(low + 1, low + 101))
    assert chosen == 10_000 // SAMPLED


@pytest.mark.parametrize(
    ("role", "purpose", "may"),
    [
        (ANALYST, REVIEW, True),
        (IG_OFFICER, REVIEW, True),
        (ANALYST, "residents-index", False),
        (CONTACT_WORKER, REVIEW, False),
    ],
)
def test_who_may_review(role: str, purpose: str, may: bool) -> None:
    viewer = Viewer(kind="staff", id="U1", name="Ann", roles=frozenset({role}))
    assert may_review(viewer, purpose) is may
    if not may:
        with pytest.raises(NotAllowed):
            check_may_review(viewer, purpose)
