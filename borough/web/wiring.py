"""Which room acts on what another room announces. One line each: event → action."""

from django.conf import settings

from borough.accounts.policies import system_viewer
from borough.cases.actions import end_referrals_of, open_case_for_reply, record_need_met_by_reply
from borough.cases.events import CompanionMissing, ConcernRaised, MayGoAlone, NeedAnswered, TaskEnded
from borough.common.events import subscribe
from borough.council_services import discover
from borough.directory.events import ConfirmationDue, ListingCodeAsked
from borough.governance.decisions.events import DecisionMade
from borough.governance.glass.events import GlassBroken
from borough.governance.rights.events import Objected, OwnLinkAsked, RequestAnswered, RequestReceived
from borough.governance.rights.ports import tell_fields, tell_verbs
from borough.insight.actions import forget_signs
from borough.messaging.actions import deal_with_reply, keep_no_after_split
from borough.messaging.decisions import tell_decision
from borough.messaging.events import HelpAsked, ReplyReceived
from borough.messaging.listings import ask_still_right, mail_listing_code
from borough.messaging.officers import tell_duty_of_concern, tell_officers_of_break
from borough.messaging.rights import send_own_link, tell_request_answered, tell_request_received
from borough.residents.events import ResidentsSplit
from borough.volunteers.actions import close_offers_of, go_alone, note_need_answered, tell_pair
from borough.web.copy_words import WORDS as FIELDS
from borough.web.ledger_words import WORDS


def connect() -> None:
    """Switch on the authority's council services and subscribe every handler. Called once when Django is ready."""
    discover(settings.AUTHORITY.council_services)
    tell_verbs(WORDS)
    tell_fields(FIELDS)
    subscribe(HelpAsked, open_case)
    subscribe(ConfirmationDue, ask_about_listing)
    subscribe(ListingCodeAsked, answer_listing_code_asked)
    subscribe(ReplyReceived, note_answer)
    subscribe(TaskEnded, free_volunteer)
    subscribe(TaskEnded, tell_service)
    subscribe(CompanionMissing, stop_going_alone)
    subscribe(MayGoAlone, let_go_alone)
    subscribe(ConcernRaised, alert_duty)
    subscribe(NeedAnswered, trust_volunteer)
    subscribe(ResidentsSplit, keep_no)
    subscribe(GlassBroken, alert_officers)
    subscribe(Objected, forget_what_was_worked_out)
    subscribe(OwnLinkAsked, answer_link_asked)
    subscribe(RequestReceived, acknowledge_request)
    subscribe(RequestAnswered, tell_of_answer)
    subscribe(DecisionMade, tell_of_decision)


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


def free_volunteer(event: TaskEnded) -> None:
    close_offers_of(event.task_id)


def tell_service(event: TaskEnded) -> None:
    end_referrals_of(event.task_id)


def stop_going_alone(event: CompanionMissing) -> None:
    tell_pair(by=system_viewer("volunteers"), task_id=event.task_id)


def let_go_alone(event: MayGoAlone) -> None:
    go_alone(by=system_viewer("volunteers"), task_id=event.task_id)


def alert_duty(event: ConcernRaised) -> None:
    tell_duty_of_concern(event.case_id, event.reference, event.note_id)


def trust_volunteer(event: NeedAnswered) -> None:
    note_need_answered(case_id=event.case_id, answer=event.answer)


def keep_no(event: ResidentsSplit) -> None:
    """Whom a case, a message or a cohort names is looked up when it is read, so that a merge needs nothing done. A
    case stays with the id that it was opened for; but a "no" must go on holding for both."""
    keep_no_after_split(event.apart)


def ask_about_listing(event: ConfirmationDue) -> None:
    ask_still_right(event.confirmation_id, event.round)


def answer_listing_code_asked(event: ListingCodeAsked) -> None:
    mail_listing_code(event.link_id, event.number)


def alert_officers(event: GlassBroken) -> None:
    tell_officers_of_break(event.reference)


def forget_what_was_worked_out(event: Objected) -> None:
    forget_signs(event.resident_id)


def answer_link_asked(event: OwnLinkAsked) -> None:
    send_own_link(event.link_id)


def acknowledge_request(event: RequestReceived) -> None:
    tell_request_received(event.reference)


def tell_of_answer(event: RequestAnswered) -> None:
    tell_request_answered(event.reference)


def tell_of_decision(event: DecisionMade) -> None:
    tell_decision(event.decision_id)


def _dealt_with(message_id: str) -> None:
    deal_with_reply(by=system_viewer("replies"), purpose="offer-help", message_id=message_id)
