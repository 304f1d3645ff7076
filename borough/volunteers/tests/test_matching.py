"""The choice of a volunteer for each case, against brute force and against the rules that no match may break."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borough.volunteers.matching import LOAD, Helper, Task, match, rank

NEAR = {"lat": 51.53, "lon": -0.13}


def helper(name: str, **changes: object) -> Helper:
    words = {"skills": frozenset({"food"}), "radius_km": 3.0, "capacity": 1, "load": 0, "checked": True, **NEAR}
    return Helper(id=name, **{**words, **changes})


def task(name: str, **changes: object) -> Task:
    return Task(id=name, **{"skill": "food", "checked": False, "urgency": "soon", **NEAR, **changes})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"skills": frozenset({"dog_walking"})}, "no_skill"),
        ({"checked": False}, "no_check"),
        ({"lat": 51.60}, "too_far"),
        ({"load": 1}, "no_capacity"),
    ],
)
def test_who_cannot_do_it_is_not_asked_and_the_reason_is_told(change: dict[str, object], why: str) -> None:
    matching = match([task("C1", checked=True)], [helper("V1", **change)])
    assert (matching.matches, matching.unplaced) == ([], {"C1": why})


def test_who_refused_is_not_asked_again() -> None:
    assert match([task("C1", refused_by=frozenset({"V1"}))], [helper("V1")]).unplaced == {"C1": "all_asked"}


def test_a_case_without_a_place_waits_for_a_person() -> None:
    assert match([task("C1", lat=None, lon=None)], [helper("V1")]).unplaced == {"C1": "no_place"}


def test_all_are_placed_where_nearest_first_would_leave_one_out() -> None:
    # Both cases are nearest to V1, but only V1 reaches C2: nearest-first gives V1 to C1 and leaves C2 alone.
    helpers = [helper("V1"), helper("V2", lat=51.54)]
    tasks = [task("C1", lat=51.531), task("C2", lat=51.51)]
    matching = match(tasks, helpers)
    assert {one.task_id: one.helper_id for one in matching.matches} == {"C1": "V2", "C2": "V1"}


def test_the_urgent_goes_first_when_there_are_too_few() -> None:
    matching = match([task("C1", urgency="routine"), task("C2", urgency="urgent")], [helper("V1")])
    assert [one.task_id for one in matching.matches] == ["C2"]
    assert matching.unplaced == {"C1": "no_capacity"}


def test_the_work_is_spread() -> None:
    helpers = [helper("V1", capacity=4), helper("V2", capacity=4, lat=51.5305)]
    matching = match([task(f"C{n}") for n in range(4)], helpers)
    assert sorted(one.helper_id for one in matching.matches) == ["V1", "V1", "V2", "V2"]


def test_a_match_says_why() -> None:
    one = match([task("C1", language="Somali")], [helper("V1", lat=51.539, languages=frozenset({"Somali"}))]).matches[0]
    assert (one.distance_km, one.skill, one.load, one.capacity, one.language) == (1.0, "food", 0, 1, "Somali")


def test_ranking_prefers_a_common_language_within_a_kilometre() -> None:
    helpers = [helper("V1", lat=51.531), helper("V2", lat=51.5325, languages=frozenset({"Somali"}))]
    assert [one.helper_id for one in rank(task("C1", language="Somali"), helpers)] == ["V2", "V1"]


places = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda at: (51.5 + at[0] / 500, -0.1 + at[1] / 500))
skills = st.sampled_from(["food", "shopping"])


@st.composite
def boroughs(draw: st.DrawFn) -> tuple[list[Task], list[Helper]]:
    tasks = [
        task(f"C{n}", lat=at[0], lon=at[1], skill=draw(skills), checked=draw(st.booleans()))
        for n, at in enumerate(draw(st.lists(places, min_size=1, max_size=5)))
    ]
    helpers = [
        helper(
            f"V{n}",
            lat=at[0],
            lon=at[1],
            skills=frozenset({draw(skills)}),
            checked=draw(st.booleans()),
            capacity=draw(st.integers(0, 2)),
            radius_km=draw(st.sampled_from([1.0, 3.0])),
        )
        for n, at in enumerate(draw(st.lists(places, max_size=4)))
    ]
    return tasks, helpers


def most_placed(tasks: list[Task], helpers: list[Helper]) -> tuple[int, float]:
    """(how many, at what least cost) by trying everything."""
    slots: list[tuple[Helper | None, float]] = [(h, LOAD * n) for h in helpers for n in range(h.capacity)]
    slots += [(None, 0.0)] * len(tasks)
    pairs = {(t.id, h.id): one.distance_km for t in tasks for h in helpers for one in match([t], [h]).matches}
    best = (0, 0.0)
    for choice in set(permutations(range(len(slots)), len(tasks))) if len(slots) <= 7 else ():
        placed, cost = 0, 0.0
        for t, slot in zip(tasks, choice, strict=True):
            who, extra = slots[slot]
            if who is None:
                continue
            if (t.id, who.id) not in pairs:
                break
            placed, cost = placed + 1, cost + pairs[t.id, who.id] + extra
        else:
            best = max(best, (placed, -cost))
    return best


@settings(max_examples=60, deadline=None)
@given(boroughs())
def test_no_match_breaks_a_rule_and_the_same_input_gives_the_same(borough: tuple[list[Task], list[Helper]]) -> None:
    tasks, helpers = borough
    matching = match(tasks, helpers)
    by_id = {one.id: one for one in helpers}
    held: dict[str, int] = {}
    for one, case in ((one, next(t for t in tasks if t.id == one.task_id)) for one in matching.matches):
        who = by_id[one.helper_id]
        held[who.id] = held.get(who.id, 0) + 1
        assert case.skill in who.skills
        assert who.checked or not case.checked
        assert one.distance_km <= who.radius_km + 0.01
    assert all(count <= by_id[name].capacity for name, count in held.items())
    assert len(matching.matches) + len(matching.unplaced) == len(tasks)
    assert match(tasks, list(reversed(helpers))) == matching


@settings(max_examples=40, deadline=None)
@given(boroughs().filter(lambda b: len(b[0]) + sum(h.capacity for h in b[1]) <= 7))
def test_it_places_as_many_as_anybody_could_and_as_near(borough: tuple[list[Task], list[Helper]]) -> None:
    tasks, helpers = borough
    placed, cost = most_placed(tasks, helpers)
    matching = match(tasks, helpers)
    assert len(matching.matches) == placed
    found = sum(one.distance_km + LOAD * one.load for one in matching.matches)
    assert found == pytest.approx(-cost, abs=0.05)
