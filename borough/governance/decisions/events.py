from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class DecisionMade(Event):
    """Something was decided about a resident, or decided again: they are to be told."""

    decision_id: str
