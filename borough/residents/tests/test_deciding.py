"""Which decisions are in force: cases, and one that no order of readers can change."""

from itertools import permutations

import pytest

from borough.common import clock
from borough.residents.deciding import Standing, Word, decisions_in_force, weigh
from borough.residents.models import Decision


def said(*words: str) -> Standing:
    """Words such as "ann same" or "ann same!", where ! needs a second reader."""
    return weigh(
        Word(by=by, says=says.rstrip("!"), needs_second=says.endswith("!"))
        for by, says in (word.split() for word in words)
    )


@pytest.mark.parametrize(
    ("words", "says", "awaits"),
    [
        ([], "", False),
        (["ann same"], "same", False),
        (["ann different"], "different", False),
        (["ann unsure"], "", False),
        (["ann same", "bob different"], "different", False),
        (["ann same", "bob unsure"], "same", False),
        (["ann same!"], "", True),
        (["ann same!", "ann same!"], "", True),
        (["ann same!", "bob same"], "same", False),
        (["ann same!", "bob unsure"], "", True),
        (["ann same!", "bob different"], "", True),
        (["ann same!", "bob different", "cat same"], "same", False),
        (["ann same!", "bob different", "cat different"], "different", False),
        (["ann same!", "bob same!", "cat different"], "different", False),
        (["ann same!", "bob same!", "cat different!"], "same", True),
        (["ann different", "bob same!"], "different", True),
        (["ann different", "bob same!", "ann different"], "different", True),
        (["ann different", "bob same!", "cat same!"], "same", False),
        (["ann same!", "bob different", "ann different"], "different", False),
    ],
)
def test_what_is_in_force(words: list[str], says: str, awaits: bool) -> None:
    standing = said(*words)
    assert (standing.says, standing.awaits) == (says, awaits)


def test_readers_are_all_who_looked() -> None:
    assert said("ann same!", "bob unsure").readers == {"ann", "bob"}


@pytest.mark.parametrize("order", list(permutations(["ann same!", "bob different!", "cat same!"])))
def test_second_readers_count_alike_in_any_order(order: tuple[str, ...]) -> None:
    assert said(*order).says == "same"


def decide(low: int, high: int, says: str, by: str = "ann", undoes: Decision | None = None) -> Decision:
    return Decision.objects.create(
        act="T",
        kind="undo" if undoes else "review",
        low=low,
        high=high,
        says=says,
        by=by,
        at=clock.now(),
        undoes=undoes,
    )


def test_a_decision_taken_back_leaves_the_one_before_it_in_force(db: None) -> None:
    decide(1, 2, "same")
    newer = decide(1, 2, "different", by="bob")
    assert decisions_in_force() == [(1, 2, "different")]
    decide(1, 2, "different", undoes=newer)
    assert decisions_in_force() == [(1, 2, "same")]


def test_only_the_decisions_of_these_records_newest_last(db: None) -> None:
    decide(5, 6, "same")
    decide(1, 2, "different")
    decide(2, 9, "same")
    assert decisions_in_force([2, 3]) == [(1, 2, "different"), (2, 9, "same")]
    assert decisions_in_force() == [(5, 6, "same"), (1, 2, "different"), (2, 9, "same")]
