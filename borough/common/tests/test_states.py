import pytest

from borough.common.errors import WrongState
from borough.common.states import StateTable

DOOR = StateTable(
    name="door",
    labels={"open": "Open", "shut": "Shut", "gone": "Gone"},
    allowed={"open": frozenset({"shut"}), "shut": frozenset({"open", "gone"}), "gone": frozenset()},
)


def test_only_the_changes_in_the_table_are_allowed():
    DOOR.check_change("open", "shut")
    with pytest.raises(WrongState, match="This door is open, so it cannot become gone"):
        DOOR.check_change("open", "gone")


def test_a_state_without_a_label_is_refused_at_once():
    with pytest.raises(ValueError, match="gone"):
        StateTable(name="door", labels={"open": "Open"}, allowed={"open": frozenset({"gone"})})


def test_the_diagram_shows_every_change_and_every_end():
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    open --> shut",
        "    shut --> gone",
        "    shut --> open",
        "    gone --> [*]",
    ]


def test_a_state_that_is_none_is_refused_in_words():
    with pytest.raises(WrongState, match="This door is open, so it cannot become something else"):
        DOOR.check_change("open", "")
