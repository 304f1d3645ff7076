"""The authorisation table: every published verb and every address of the house, and who may use it.

A verb or address that is missing here fails the tests, and so does one that lets in more people, or fewer.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

import borough
from borough.accounts.policies import ANALYST, CONTACT_WORKER, COORDINATOR, IG_OFFICER, LINK_WORKER, SYSTEM

LETTERS = {
    "A": ANALYST,
    "C": CONTACT_WORKER,
    "L": LINK_WORKER,
    "O": COORDINATOR,
    "I": IG_OFFICER,
    "S": SYSTEM,
    "P": "public",
    "X": "charlie",
}
EVERYBODY = "".join(LETTERS)


def people(letters: str) -> set[str]:
    """Roles for letters: A analyst, C contact worker, L link worker, O coordinator, I information governance officer,
    S the house's own jobs, P the public, X Charlie, who is staff with no role."""
    return {LETTERS[letter] for letter in letters}


def published_verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """(room.verb, function) for each function that a room publishes in `queries` or `actions`."""
    for room in pkgutil.iter_modules(borough.__path__):
        for kind in ("queries", "actions"):
            if not (Path(borough.__path__[0]) / room.name / f"{kind}.py").exists():
                continue
            module = import_module(f"borough.{room.name}.{kind}")
            exported = set(getattr(module, "__all__", ()))
            for name, thing in vars(module).items():
                is_own = inspect.isfunction(thing) and (thing.__module__ == module.__name__ or name in exported)
                if is_own and not name.startswith("_"):
                    yield f"{room.name}.{name}", thing


def addresses() -> Iterator[tuple[str, str]]:
    """(name, pattern) for each address of the site."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, path: str, namespace: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path + str(entry.pattern), entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}:{entry.name}", path + str(entry.pattern)


# Verbs that return no person and change nothing about one unasked, each with the reason why it does not ask who calls.
OPEN_VERBS = {
    "accounts.add_api_key": "keys of systems, not residents",
    "accounts.hash_of_key": "keys of systems, not residents",
    "accounts.list_api_keys": "keys of systems, not residents",
    "accounts.revoke_api_key": "keys of systems, not residents",
    "accounts.viewer_by_key": "keys of systems, not residents",
    "accounts.add_user": "staff accounts, not residents",
    "accounts.begin_second_factor": "staff accounts, not residents",
    "accounts.check_password": "staff accounts, not residents",
    "accounts.check_second_factor": "staff accounts, not residents",
    "accounts.list_staff": "staff accounts, not residents",
    "accounts.make_rehearsal_link": "staff accounts, not residents",
    "accounts.note_failed_attempt": "staff accounts, not residents",
    "accounts.staff_names": "staff accounts, not residents",
    "accounts.user_of_rehearsal_link": "staff accounts, not residents",
    "accounts.viewer_by_id": "staff accounts, not residents",
    "accounts.viewer_for": "staff accounts, not residents",
    "accounts.viewer_of": "staff accounts, not residents",
    "cases.answer_need_met": "by the person's own signed link",
    "cases.ask_for_help": "the public asks for help",
    "cases.case_behind": "by the person's own signed link",
    "cases.count_by_state": "counts, for staff pages",
    "cases.count_outcomes": "counts, for staff pages",
    "cases.feedback_link": "makes a link, reads nobody",
    "cases.open_case_for_reply": "acts as the house on a reply, and is logged as that",
    "cases.record_need_met_by_reply": "acts as the house on a reply, and is logged as that",
    "directory.count_services": "services, which are public",
    "directory.read_service": "services, which are public",
    "directory.read_services": "services, which are public",
    "directory.search_services": "services, which are public",
    "governance.list_agreements": "agreements are public by intent",
    "governance.purpose_of": "reads the session",
    "insight.area_figures": "protected counts by area",
    "insight.check_cohort_rule": "checks a rule, reads nobody",
    "insight.compare_with_census": "counts of areas",
    "insight.latest_run": "when scoring ran",
    "insight.small_areas_of": "areas, not people",
    "messaging.count_inbox": "a count, for staff pages",
    "messaging.count_texts": "a count of a wording",
    "messaging.keep_no_after_split": "acts on the event of a resident told apart: a no goes on holding",
    "messaging.own_preferences": "a person's own, by their signed link",
    "messaging.preview_wording": "with an invented name",
    "messaging.receive_message": "residents write to us; logged as their own word",
    "places.area_names": "addresses and areas, not people",
    "places.area_parents": "addresses and areas, not people",
    "places.attribution": "addresses and areas, not people",
    "places.distance_km": "addresses and areas, not people",
    "places.export_addresses": "addresses and areas, not people",
    "places.find_uprn": "addresses and areas, not people",
    "places.find_uprns": "addresses and areas, not people",
    "places.list_areas": "addresses and areas, not people",
    "places.list_places_in": "addresses and areas, not people",
    "places.read_geojson": "reads a drawing, no people",
    "places.locate_postcode": "addresses and areas, not people",
    "places.locate_postcodes": "addresses and areas, not people",
    "places.locate_uprn": "addresses and areas, not people",
    "residents.current_id": "ids only",
    "residents.current_ids": "ids only",
    "residents.ids_of": "ids only",
    "residents.list_checks": "questions, not their answers",
    "residents.list_loads": "counts of a file",
    "residents.list_sources": "systems, not people",
    "residents.read_check": "a question, not its answer",
    "residents.read_load": "counts of a file",
    "residents.read_source": "a system, not people",
    "residents.together_since": "ids only",
    "volunteers.answer_offer": "by the volunteer's own signed link",
    "volunteers.close_offers_of": "acts on the event of a closed case",
    "volunteers.finish_offer": "by the volunteer's own signed link",
    "volunteers.free_helpers": "volunteers without names, for matching",
    "volunteers.is_proof": "checks a proof, reads nobody",
    "volunteers.make_proof": "makes a proof, reads nobody",
    "volunteers.offer_behind": "by the volunteer's own signed link",
    "volunteers.offer_link": "makes a link, reads nobody",
    "volunteers.prove_holder": "by the volunteer's own signed link",
    "volunteers.raise_concern": "by the volunteer's own signed link",
    "volunteers.read_offer": "by the volunteer's own signed link; who they help only after they prove themselves",
    "volunteers.viewer_of_offer": "who a signed link speaks for",
}

# Purpose → the checks that may be run for it and no other, and who gets past their door.
CHECKS = {
    "check-occupancy": ({"occupancy"}, "AS"),
    "find-sublets": ({"sublets"}, "AS"),
    "confirm-electors": ({"electoral"}, "AS"),
    "review-discounts": ({"discount"}, "AS"),
    "review-school-places": ({"school"}, "AS"),
    "keep-records-right": ({"died", "moved"}, "AS"),
    "respond-to-emergency": ({"incident"}, "AOS"),
    "match-nhs-numbers": ({"nhs-number"}, "AS"),
}
PURPOSES = ("residents-index", "clerical-review", "find-need", "offer-help", "oversight", *CHECKS)

# Verb → purpose → who gets past its door. Verbs without a purpose go by role alone and stand under "".
VERBS: dict[str, dict[str, str]] = {
    "cases.add_note": {"offer-help": "CLOS"},
    "cases.answer_referral": {"offer-help": "CLOS"},
    "cases.ask_need_met": {"": "CLOS"},
    "cases.assign_case": {"offer-help": "CLOS"},
    "cases.change_state": {"offer-help": "CLOS"},
    "cases.count_queue": {"offer-help": "CLOS"},
    "cases.find_case": {"offer-help": "CLOS"},
    "cases.hand_back": {"offer-help": "ACLOS"},
    "cases.identify_resident": {"offer-help": "CLOS"},
    "cases.list_cases_of": {"offer-help": "CLOS"},
    "cases.list_queue": {"offer-help": "CLOS"},
    "cases.list_waiting": {"offer-help": "ACLOS"},
    "cases.mark_matched": {"offer-help": "CLOS"},
    "cases.mark_offered": {"offer-help": "CLOS"},
    "cases.needs_in_queue": dict.fromkeys(("", *PURPOSES), EVERYBODY),
    "cases.open_case": {"offer-help": "CLOS"},
    "cases.read_case": {"offer-help": "CLOS"},
    "cases.read_task": {},
    "cases.read_waiting": {"offer-help": "CLOS"},
    "cases.record_delivery": {"offer-help": "CLOS"},
    "cases.record_need_met": {"offer-help": "CLOS"},
    "cases.refer_to_service": {"offer-help": "CLOS"},
    "cases.send_case_message": {"": "CLOS"},
    "cases.settle_concern": {"offer-help": "CLOS"},
    "cases.take_case": {"offer-help": "CLOS"},
    "directory.import_services": {"": "ALOS"},
    "governance.approve_agreement": {"": "IS"},
    "governance.draft_agreement": dict.fromkeys(("", *PURPOSES), "IS"),
    "governance.list_ledger": {"": "I"},
    "governance.list_looks_at": {"oversight": "I"},
    "governance.purposes_open_to": {"": EVERYBODY},
    "governance.register_purpose": {"": "IS"},
    "governance.revoke_agreement": {"": "IS"},
    "insight.define_cohort": {"find-need": "AS", "offer-help": "AS"},
    "insight.freeze_cohort": dict.fromkeys(("", *PURPOSES), "AS"),
    "insight.list_cohorts": {"": "ACLOIS"},
    "insight.list_members": {"find-need": "AS", "offer-help": "ACLOS"},
    "insight.member_ids": {"find-need": "AS", "offer-help": "ACLOS"},
    "insight.read_cohort": {"": "ACLOIS"},
    "insight.read_indicators": {"find-need": "AS", "offer-help": "ACLOS"},
    "insight.score_residents": {"find-need": "AS", "offer-help": "AS"},
    "insight.size_cohort": {"": "AS"},
    "insight.start_cohort_campaign": {"find-need": "AS", "offer-help": "AS"},
    "messaging.create_campaign": {"offer-help": "ACLOS"},
    "messaging.deal_with_reply": {"offer-help": "ACLOS"},
    "messaging.edit_wording": {"": "ACLOS"},
    "messaging.list_campaigns": {"": "ACLOIS"},
    "messaging.list_inbox": {"offer-help": "ACLOS"},
    "messaging.list_messages": {"offer-help": "ACLOS"},
    "messaging.list_not_reached": {"offer-help": "ACLOS"},
    "messaging.read_campaign": {"": "ACLOIS"},
    "messaging.read_message": {"offer-help": "ACLOS"},
    "messaging.read_preferences": {"offer-help": "ACLOS"},
    "messaging.send_message": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "messaging.send_to_address": {"": "ACLOS"},
    "messaging.set_preference": {"offer-help": "ACLOS"},
    "messaging.start_campaign": {"": "ACLOS"},
    "messaging.stop_campaign": {"": "ACLOS"},
    "places.load_addresses": {"": "AIS"},
    "places.load_areas": {"": "AIS"},
    "residents.add_source": {"": "AS"},
    "residents.decide_pair": {"clerical-review": "AI"},
    "residents.count_quality": {"residents-index": "AS", "find-need": "AS", "offer-help": "AS"},
    "residents.export_facts": {"residents-index": "AS", "find-need": "AS", "offer-help": "AS"},
    "residents.find_by_contact": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "residents.find_next_to_review": {"clerical-review": "AI"},
    "residents.link_records": {
        "residents-index": "AS",
        "clerical-review": "A",
        "find-need": "AS",
        "offer-help": "AS",
    },
    "residents.look_up": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "residents.list_contacts": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "residents.list_rejects": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "residents.list_decisions": {"clerical-review": "AI"},
    "residents.list_to_review": {"clerical-review": "AI"},
    "residents.load_extract": {"residents-index": "AS", "find-need": "AS", "offer-help": "AS"},
    "residents.measure_agreement": {"": "AI"},
    "residents.merge_residents": {"clerical-review": "AI"},
    "residents.move_record": {"clerical-review": "AI"},
    "residents.read_pair": {"clerical-review": "AI"},
    "residents.read_quality": {"": "AIS"},
    "residents.read_resident": {
        "residents-index": "AS",
        "clerical-review": "AI",
        "find-need": "AS",
        "offer-help": "ACLOS",
        # Whoever reviews a row of a check looks at its resident.
        **{purpose: who for purpose, (_, who) in CHECKS.items()},
    },
    # Of the check "incident"; each other has a purpose of its own: CHECKS above.
    "residents.run_check": {"respond-to-emergency": "AOS"},
    "residents.search_residents": {
        "residents-index": "AS",
        "clerical-review": "AI",
        "find-need": "AS",
        "offer-help": "ACLOS",
    },
    "residents.split_resident": {"clerical-review": "AI"},
    "residents.undo_act": {"clerical-review": "AI"},
    "residents.who_was_who": {"residents-index": "AS", "find-need": "AS", "offer-help": "AS"},
    "residents.take_records": {"residents-index": "AS", "find-need": "AS", "offer-help": "AS"},
    "volunteers.expire_offers": {"": "CLOS"},
    "volunteers.import_volunteers": {"": "CLOS"},
    "volunteers.list_offers": {"": "CLOS"},
    "volunteers.list_volunteers": {"": "CLOS"},
    "volunteers.make_offer": {"offer-help": "CLOS"},
    "volunteers.match_open_cases": {"offer-help": "CLOS"},
    "volunteers.send_links": {"": "CLOS"},
    "volunteers.send_new_link": {"": "CLOS"},
    "volunteers.suggest_volunteers": {"offer-help": "CLOS"},
    "volunteers.tasks_of": {"residents-index": "AS", "find-need": "AS", "offer-help": "ACLOS"},
    "volunteers.tell_resident": {"": "CLOS"},
    "volunteers.withdraw_offer": {"offer-help": "CLOS"},
}

# Address → who may open it or, where it only takes a form, send it. What they then find is for its verb to decide:
# a page for a thing that is not there reads the same for all.
ADDRESSES = {
    "web:home": EVERYBODY,
    "web:staff_home": "ACLOI",
    "web:privacy": EVERYBODY,
    "web:accessibility": EVERYBODY,
    "web:brand": EVERYBODY,
    "web:health": EVERYBODY,
    "accounts:sign_in": EVERYBODY,
    "accounts:second_factor": "ACLOI",
    "accounts:sign_out": EVERYBODY,
    "accounts:rehearsal_sign_in": EVERYBODY,
    "governance:purpose": "ACLOI",
    "governance:agreements": "ACLOI",
    "governance:draft": "I",
    "governance:agreement": "ACLOI",
    "governance:approve": "I",
    "governance:revoke": "I",
    "governance:ledger": "I",
    "residents:search": "ACLOI",
    "residents:sources": "ACLOI",
    "residents:source": "ACLOI",
    "residents:load": "ACLOI",
    "residents:checks": "ACLOI",
    "residents:check": "AO",
    "residents:quality": "AI",
    "residents:quality_part": "AI",
    "residents:review": "AI",
    "residents:review_merge": "AI",
    "residents:review_move": "AI",
    "residents:review_next": "AI",
    "residents:review_pair": "AI",
    "residents:review_split": "AI",
    "residents:review_undo": "AI",
    "residents:resident": "ACLO",
    "directory:search": EVERYBODY,
    "directory:service": EVERYBODY,
    "messaging:campaigns": "ACLOI",
    "messaging:campaign": "ACLOI",
    "messaging:wording": "ACLOI",
    "messaging:start": "ACLOI",
    "messaging:stop": "ACLOI",
    "messaging:not_reached": "ACLOI",
    "messaging:inbox": "ACLO",
    "messaging:deal_with": "ACLO",
    "messaging:preferences": EVERYBODY,
    "cases:queue": "CLO",
    "cases:find": "CLO",
    "cases:ask": EVERYBODY,
    "cases:asked": EVERYBODY,
    "cases:answered": EVERYBODY,
    "cases:feedback": EVERYBODY,
    "cases:case": "CLO",
    "cases:take": "CLO",
    "cases:note": "CLO",
    "cases:change": "ACLOI",
    "cases:need_met": "CLO",
    "cases:identify": "CLO",
    "cases:choose_service": "CLO",
    "cases:refer": "CLO",
    "cases:answer_referral": "CLO",
    "cases:settle_concern": "ACLOI",
    "volunteers:list": "CLO",
    "volunteers:match": "CLO",
    "volunteers:case_offers": "CLO",
    "volunteers:make_offer": "CLO",
    "volunteers:withdraw": "CLO",
    "volunteers:new_link": "CLO",
    "volunteers:thanks": EVERYBODY,
    "volunteers:offer": EVERYBODY,
    "volunteers:answer": EVERYBODY,
    "volunteers:finish": EVERYBODY,
    "volunteers:could_not": EVERYBODY,
    "volunteers:worry": EVERYBODY,
    "insight:cohorts": "ACLOI",
    "insight:cohort_new": "A",
    "insight:cohort": "ACLOI",
    "insight:freeze": "A",
    "insight:cohort_campaign": "ACLOI",
    "insight:map": "AI",
    "insight:figures": "ACLOI",
    "api:openapi-json": EVERYBODY,
    # There is no page at the root.
    "api:api-root": EVERYBODY,
    # Other systems only, by their key: no session opens these.
    "api:look_up": "",
    "api:take_records": "",
}
