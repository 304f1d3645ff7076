"""What this room announces."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class ConfirmationDue(Event):
    """A service's own people are to be asked whether its listing is right; `round` is asked, chased, or again with the
    number of a new link."""

    confirmation_id: str
    round: str


@dataclass(frozen=True)
class ListingCodeAsked(Event):
    """A code is to be mailed for a link to a listing: which of its codes, never the code."""

    link_id: int
    number: int
