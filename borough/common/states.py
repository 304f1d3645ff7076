"""A thing's states as a table, with the changes allowed between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from borough.common.errors import WrongState


@dataclass(frozen=True)
class StateTable:
    """`allowed` maps each state to the states it may change to; a state that maps to none is final."""

    name: str
    labels: Mapping[str, str]
    allowed: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        named = set(self.allowed) | {state for targets in self.allowed.values() for state in targets}
        if named != set(self.labels):
            raise ValueError(f"{self.name}: every state needs a label and a row, differing: {named ^ set(self.labels)}")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.labels.items())

    @property
    def final(self) -> frozenset[str]:
        return frozenset(state for state, targets in self.allowed.items() if not targets)

    def may_change(self, old: str, new: str) -> bool:
        return new in self.allowed.get(old, ())

    def check_change(self, old: str, new: str) -> None:
        """Raise WrongState unless the table allows the change."""
        if not self.may_change(old, new):
            raise WrongState(
                f"This {self.name} is {self._words(old)}, so it cannot become {self._words(new)}.",
                "Open it again to see where it stands now.",
            )

    def _words(self, state: str) -> str:
        # What came from a form may be no state at all.
        return self.labels.get(state, "something else").lower()

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2"]
        for state, targets in self.allowed.items():
            lines += [f"    {state} --> {target}" for target in sorted(targets)]
            if not targets:
                lines.append(f"    {state} --> [*]")
        return "\n".join(lines)
