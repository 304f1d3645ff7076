"""Published writes of governance."""

from collections.abc import Collection

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.governance.changing.correcting import acknowledge_correction, correct_record, note_corrected
from borough.governance.changing.erasing import erase_resident, keep_tombstones
from borough.governance.changing.restricting import lift_restriction, restrict_use
from borough.governance.decisions.deciding import (
    contest_decision,
    note_posted,
    note_told,
    register_rule,
    review_decision,
    switch_rule_off,
    switch_rule_on,
    take_decisions,
)
from borough.governance.dpia.writing import edit_dpia, sign_dpia, start_dpia
from borough.governance.glass.breaking import break_glass, end_emergency, review_break
from borough.governance.keeping.nightly import delete_what_is_over, end_legal_hold, set_legal_hold
from borough.governance.ledger.witnessing import add_witness, co_sign
from borough.governance.models import Purpose
from borough.governance.register.drafting import (
    approve_agreement,
    draft_agreement,
    edit_draft,
    register_organisation,
    renew_agreement,
    revoke_agreement,
)
from borough.governance.rights.asking import answer_request, complain, make_request, take_request, withdraw_request
from borough.governance.rights.copying import (
    ask_for_copy,
    download_copy,
    forget_copies,
    gather_copy,
    release_copy,
    start_copy,
)
from borough.governance.rights.exempting import decide_exemption, end_exemption, set_exemption
from borough.governance.rights.links import (
    ask_for_own_link,
    close_own_link,
    make_own_link,
    offer_own_link,
    open_own_link,
)
from borough.governance.rights.objecting import (
    note_objection,
    object_to_use,
    overrule_objection,
    withdraw_objection,
)
from borough.governance.watching.judging import judge_odd_look, protect_person, tell_own_home, unprotect_person
from borough.governance.watching.nightly import watch_looks

# What this room publishes from its other modules, beside what stands here.
__all__ = [
    "acknowledge_correction",
    "add_witness",
    "answer_request",
    "approve_agreement",
    "ask_for_copy",
    "ask_for_own_link",
    "break_glass",
    "close_own_link",
    "co_sign",
    "complain",
    "contest_decision",
    "correct_record",
    "decide_exemption",
    "delete_what_is_over",
    "download_copy",
    "draft_agreement",
    "edit_dpia",
    "edit_draft",
    "end_emergency",
    "end_exemption",
    "end_legal_hold",
    "erase_resident",
    "forget_copies",
    "gather_copy",
    "judge_odd_look",
    "keep_tombstones",
    "lift_restriction",
    "make_own_link",
    "make_request",
    "note_corrected",
    "note_objection",
    "note_posted",
    "note_told",
    "object_to_use",
    "offer_own_link",
    "open_own_link",
    "overrule_objection",
    "protect_person",
    "register_organisation",
    "register_rule",
    "release_copy",
    "renew_agreement",
    "restrict_use",
    "review_break",
    "review_decision",
    "revoke_agreement",
    "set_exemption",
    "set_legal_hold",
    "sign_dpia",
    "start_copy",
    "start_dpia",
    "switch_rule_off",
    "switch_rule_on",
    "take_decisions",
    "take_request",
    "tell_own_home",
    "unprotect_person",
    "watch_looks",
    "withdraw_objection",
    "withdraw_request",
]


def register_purpose(*, by: Viewer, code: str, name: str, explanation: str, dpv: str, rooms: Collection[str]) -> None:
    """Add a purpose, or change how it is explained and which rooms' verbs serve it."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    Purpose.objects.update_or_create(
        code=code, defaults={"name": name, "explanation": explanation, "dpv": dpv, "rooms": sorted(rooms)}
    )
