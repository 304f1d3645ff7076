"""What messaging announces."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class HelpAsked(Event):
    """A resident answered a campaign of `service` by asking for help."""

    message_id: str
    resident_id: str
    service: str


@dataclass(frozen=True)
class ReplyReceived(Event):
    """Any other reply that a person should read. `resident_id` is empty when the sender is not known.

    `about` is the reference that the message they answered was about, `reading` one of "help", "no", "other".
    """

    message_id: str
    resident_id: str
    about: str = ""
    reading: str = "other"
