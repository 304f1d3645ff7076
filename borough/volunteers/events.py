"""What this room announces."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class OfferAccepted(Event):
    offer_id: str
    case_id: str


@dataclass(frozen=True)
class OfferFinished(Event):
    """The volunteer says that the help was given (`done`), or could not be."""

    offer_id: str
    case_id: str
    done: bool
