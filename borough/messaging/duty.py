"""Who is told at any hour that somebody is worried about a person: the contact for safeguarding of the council's own
file, and whether they were. By the number of a note, and nothing of anybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings

from borough.common.identifiers import clean_phone
from borough.messaging.models import Message
from borough.messaging.policies import CHANNELS

Told = Literal["sent", "waiting", "failed"]


@dataclass(frozen=True)
class DutyAlert:
    """`at`: when the first message went out; None until then."""

    state: Told
    at: datetime | None


def duty_contacts() -> dict[str, str]:
    """The addresses of the contact for safeguarding by channel; none where the council's file names none."""
    council = settings.AUTHORITY
    found = {"sms": clean_phone(council.safeguarding_mobile) or "", "email": council.safeguarding_email}
    return {channel: address for channel, address in found.items() if address}


def duty_key(note_id: int, channel: str) -> str:
    return f"concern:{note_id}:duty:{channel}"


def duty_alerts(note_ids: Collection[int]) -> dict[int, DutyAlert]:
    """What became of the messages about these notes, by note; without those about which none was made. For whoever has
    opened the door to the notes."""
    keys = {duty_key(note_id, channel): note_id for note_id in note_ids for channel in CHANNELS}
    made: dict[int, list[Message]] = {}
    for message in Message.objects.filter(key__in=list(keys)).only("key", "state", "sent_at").order_by("sent_at", "id"):
        made.setdefault(keys[message.key], []).append(message)
    return {note_id: _alert_of(messages) for note_id, messages in made.items()}


def _alert_of(messages: Collection[Message]) -> DutyAlert:
    sent = [message.sent_at for message in messages if message.state == "sent"]
    if sent:
        return DutyAlert("sent", sent[0])
    waits = any(message.state in ("queued", "sending") for message in messages)
    return DutyAlert("waiting" if waits else "failed", None)
