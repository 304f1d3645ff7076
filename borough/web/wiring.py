"""Which room acts on what another room announces. One line each: event → action."""

from django.conf import settings

from borough.accounts.policies import system_viewer
from borough.cases.actions import open_case_for_reply, record_need_met_by_reply
from borough.cases.events import CaseClosed
from borough.common.events import subscribe
from borough.council_services import discover
from borough.messaging.actions import deal_with_reply, keep_no_after_split
from borough.messaging.events import HelpAsked, ReplyReceived
from borough.residents.events import ResidentSplit
from borough.volunteers.actions import close_offers_of


def connect() -> None:
    """Switch on the authority's council services and subscribe every handler. Called once when Django is ready."""
    discover(settings.AUTHORITY.council_services)
    subscribe(HelpAsked, open_case)
    subscribe(ReplyReceived, note_answer)
    subscribe(CaseClosed, free_volunteer)
    subscribe(ResidentSplit, keep_no)


def open_case(event: HelpAsked) -> None:
    """The reply leaves the inbox once it is a case, and not before: a job that failed cannot hide it."""
    open_case_for_reply(message_id=event.message_id, resident_id=event.resident_id, service=event.service)
    _dealt_with(event.message_id)


def note_answer(event: ReplyReceived) -> None:
    """An answer to "was your need met?" goes to its case; any other reply waits in the inbox for a person."""
    is_answer = event.about.startswith("case:") and record_need_met_by_reply(
        message_id=event.message_id, resident_id=event.resident_id, about=event.about
    )
    if is_answer:
        _dealt_with(event.message_id)


def free_volunteer(event: CaseClosed) -> None:
    close_offers_of(event.case_id)


def keep_no(event: ResidentSplit) -> None:
    """Whom a case, a message or a cohort names is looked up when it is read, so that a merge needs nothing done. A
    case stays with the id that it was opened for; but a "no" must go on holding for both."""
    keep_no_after_split(old_id=event.old_id, new_id=event.new_id)


def _dealt_with(message_id: str) -> None:
    deal_with_reply(by=system_viewer("replies"), purpose="offer-help", message_id=message_id)
