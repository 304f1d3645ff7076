"""The rule on single person discounts, as cases."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.residents.checks.discount_rule import RULE, propose


@pytest.mark.parametrize(
    ("adults", "systems", "outcome"),
    [
        (1, ["electoral_roll"], "ask"),
        (1, ["libraries"], "leave"),
        (1, ["housing_rents", "libraries"], "ask"),
        (3, ["libraries"], "leave"),
        (0, ["electoral_roll"], "leave"),
        (0, [], "leave"),
    ],
)
def test_whom_to_ask(adults: int, systems: list[str], outcome: str) -> None:
    verdict = propose({"adults": adults, "systems": systems})
    assert verdict.outcome == outcome
    assert verdict.because


@given(
    adults=st.integers(0, 9),
    systems=st.lists(st.sampled_from(RULE.sources), unique=True),
    more=st.sampled_from(RULE.sources),
)
def test_more_evidence_never_asks_less(adults: int, systems: list[str], more: str) -> None:
    def asks(found: list[Any]) -> bool:
        return propose({"adults": adults, "systems": found}).outcome == "ask"

    assert asks([*systems, more]) or not asks(systems)


@given(adults=st.integers(0, 9), systems=st.lists(st.text()))
def test_it_never_says_anything_but_what_it_declares(adults: int, systems: list[str]) -> None:
    assert propose({"adults": adults, "systems": systems}).outcome in RULE.outcomes
