"""What messaging needs from outside: something that carries a text or an e-mail."""

from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Outgoing:
    """One message to carry. `key` is the same each time this message is tried. What is personal stays out of repr."""

    key: str
    channel: str
    to: str = field(repr=False)
    body: str = field(repr=False)
    subject: str = field(default="", repr=False)
    # Where a reader of an e-mail can say "no more"; empty for texts, which say STOP.
    stop_link: str = field(default="", repr=False)


@dataclass(frozen=True)
class Receipt:
    """The carrier took the message. `provider_id` is its own name for it."""

    provider_id: str


class SendFailure(Exception):
    """Base of what a sender raises. `code` is a short reason that holds nothing personal, such as "bad_address"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TemporaryFailure(SendFailure):
    """It was not sent; trying later may work."""


class PermanentFailure(SendFailure):
    """It was not sent and never will be: a bad address, a refusal."""


class UncertainFailure(SendFailure):
    """The line broke at a moment when it may or may not have been sent."""


class MessageSender(Protocol):
    """A carrier. `idempotent`: giving it the same key twice sends one message only."""

    channels: frozenset[str]
    idempotent: bool

    def send(self, outgoing: Outgoing) -> Receipt:
        """Carry it. Raises TemporaryFailure, PermanentFailure or UncertainFailure, and nothing else on purpose."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...


def load_sender() -> MessageSender:
    """The sender that this authority chose, `ADAPTERS["messages"]`."""
    sender: MessageSender = import_string(settings.ADAPTERS["messages"])()
    return sender
