"""What is announced about a resident's own record: ids only."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class OwnLinkAsked(Event):
    """Somebody asked for a link to their own record, or a worker did for them."""

    link_id: str


@dataclass(frozen=True)
class RequestReceived(Event):
    """A resident asked something of us, by their own link."""

    reference: str


@dataclass(frozen=True)
class RequestAnswered(Event):
    """The information governance team answered a resident's request."""

    reference: str


@dataclass(frozen=True)
class Objected(Event):
    """A resident objected to being looked for."""

    resident_id: str
