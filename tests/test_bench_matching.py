"""The measurements of the matching, small: it never places fewer than nearest-first, and leaves fewer people out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.borough import START, Borough
from bench.rivals import one_by_one
from bench.ten_weeks import ten_weeks
from borough.volunteers.matching_pairs import pairs_of
from borough.volunteers.matching_solve import choose


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.sampled_from([20, 40]))
def test_it_places_as_many_as_nearest_first_or_more(seed: int, share: int) -> None:
    borough = Borough(seed)
    helpers, tasks = borough.helpers()[::share], list(borough.tasks(300))
    pairs, nobody = pairs_of(tasks, helpers, now=START)
    choice = choose(tasks, helpers, pairs)
    assert len(choice.pairs) >= len(one_by_one(tasks, helpers, pairs, nearest=True))
    assert len(choice.pairs) <= len(tasks) - len(nobody)
    assert choice.gap_minutes <= 2500


@pytest.mark.parametrize("seed", [20])
def test_ten_weeks_leave_fewer_without_help_and_fewer_volunteers_unasked(seed: int) -> None:
    ours, nearest = (ten_weeks(way, seed=seed, share=0.05) for way in ("all at once", "nearest first"))
    assert ours.unmet <= nearest.unmet / 2
    assert ours.never_asked <= nearest.never_asked
