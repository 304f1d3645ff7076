"""Which room acts on what another room announces. One line each: event → action."""

from django.conf import settings

from borough.cases.actions import open_case_for_reply, record_need_met_by_reply
from borough.common.events import subscribe
from borough.council_services import discover
from borough.messaging.events import HelpAsked, ReplyReceived


def connect() -> None:
    """Switch on the authority's council services and subscribe every handler. Called once when Django is ready."""
    discover(settings.AUTHORITY.council_services)
    subscribe(HelpAsked, open_case)
    subscribe(ReplyReceived, note_answer)


def open_case(event: HelpAsked) -> None:
    open_case_for_reply(message_id=event.message_id, resident_id=event.resident_id, service=event.service)


def note_answer(event: ReplyReceived) -> None:
    """An answer to "was your need met?" goes to its case; any other reply waits in the inbox for a person."""
    if event.about.startswith("case:"):
        record_need_met_by_reply(message_id=event.message_id, resident_id=event.resident_id, about=event.about)
