"""Published writes of cases: open, work, have others help, hear whether it met the need."""

from borough.cases.answering import (
    answer_need_met,
    ask_need_met,
    record_need_met,
    record_need_met_by_reply,
    send_case_message,
)
from borough.cases.attachments import attach_file, remove_file
from borough.cases.backlogs.importing import BacklogReport, import_cases
from borough.cases.backlogs.opening import (
    continue_backlog,
    name_backlog_columns,
    open_backlog,
    stop_backlog,
    take_backlog,
)
from borough.cases.feedback import chase, chase_unanswered, close_unanswered, note_asked
from borough.cases.helping import hand_back, mark_matched, mark_offered, record_delivery
from borough.cases.joining import merge_cases, split_case
from borough.cases.many import assign_cases, change_due, close_cases
from borough.cases.minding import look_in, record_contact, set_flags, stop_waiting, wait_for_person
from borough.cases.opening import ask_for_help, open_case, open_case_for_reply
from borough.cases.planning.planning import add_plan_step, finish_plan_step, plan_next_contact, write_plan
from borough.cases.referrals.answering import (
    accept_referral,
    answer_referral,
    decline_referral,
    finish_referral,
    start_referral,
)
from borough.cases.referrals.consent import end_referrals_of, take_consent_back, withdraw_consent
from borough.cases.referrals.deadlines import chase_referrals
from borough.cases.referrals.proving import ask_for_new_link, prove_referral_link, send_link_code
from borough.cases.referrals.referring import (
    pass_on_referral,
    refer_oneself,
    refer_own_self,
    refer_somebody,
    refer_to_service,
    send_referral,
)
from borough.cases.referrals.telling import send_receipt, tell_withdrawn
from borough.cases.sharing import delete_view, hand_over, save_view, share_out
from borough.cases.standing import end_standing, make_standing, open_standing
from borough.cases.undoing import undo_last_step
from borough.cases.wellbeing_records import record_wellbeing
from borough.cases.working import (
    add_note,
    assign_case,
    change_state,
    end_task,
    identify_resident,
    record_assessment,
    settle_concern,
    take_case,
)

__all__ = [
    "BacklogReport",
    "accept_referral",
    "add_note",
    "add_plan_step",
    "answer_need_met",
    "answer_referral",
    "ask_for_help",
    "ask_for_new_link",
    "ask_need_met",
    "assign_case",
    "assign_cases",
    "attach_file",
    "change_due",
    "change_state",
    "chase",
    "chase_referrals",
    "chase_unanswered",
    "close_cases",
    "close_unanswered",
    "continue_backlog",
    "decline_referral",
    "delete_view",
    "end_referrals_of",
    "end_standing",
    "end_task",
    "finish_plan_step",
    "finish_referral",
    "hand_back",
    "hand_over",
    "identify_resident",
    "import_cases",
    "look_in",
    "make_standing",
    "mark_matched",
    "mark_offered",
    "merge_cases",
    "name_backlog_columns",
    "note_asked",
    "open_backlog",
    "open_case",
    "open_case_for_reply",
    "open_standing",
    "pass_on_referral",
    "plan_next_contact",
    "prove_referral_link",
    "record_assessment",
    "record_contact",
    "record_delivery",
    "record_need_met",
    "record_need_met_by_reply",
    "record_wellbeing",
    "refer_oneself",
    "refer_own_self",
    "refer_somebody",
    "refer_to_service",
    "remove_file",
    "save_view",
    "send_case_message",
    "send_link_code",
    "send_receipt",
    "send_referral",
    "set_flags",
    "settle_concern",
    "share_out",
    "split_case",
    "start_referral",
    "stop_backlog",
    "stop_waiting",
    "take_backlog",
    "take_case",
    "take_consent_back",
    "tell_withdrawn",
    "undo_last_step",
    "wait_for_person",
    "withdraw_consent",
    "write_plan",
]
