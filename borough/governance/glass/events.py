from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class GlassBroken(Event):
    """Somebody opened emergency access. The reference alone: it tells of nobody."""

    reference: str
