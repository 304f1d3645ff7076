"""Verbs on rules and decisions: register, switch, take, review, contest, note that the person was told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import announce
from borough.common.links import read_token
from borough.governance.decisions.events import DecisionMade
from borough.governance.decisions.models import (
    DECISION_STATES,
    RULE_STATES,
    Decision,
    DecisionAnswer,
    DecisionReview,
    DecisionRule,
)
from borough.governance.decisions.policies import may_look_again, what_bars
from borough.governance.decisions.rule import Rule, declared_rule
from borough.governance.door import log_write, open_door

# Each of three parts, so that only a purpose that names it serves it, and no officer's oversight of all.
TAKE, REVIEW = "governance.decisions.take", "governance.decisions.review"
LINK = "governance:decision"
LINK_KEPT = timedelta(days=90)
MOST_ANSWERS = 20


def register_rule(*, by: Viewer, rule: Rule) -> None:
    """Enter what a room declared into the register, switched off. A version that is there already is left alone."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    DecisionRule.objects.get_or_create(
        code=rule.code,
        version=rule.version,
        defaults={
            "title": str(rule.title),
            "purpose": rule.purpose,
            "solely_automated": rule.solely_automated,
            "significant": rule.significant,
            "special": rule.special,
            "lawful_basis": rule.lawful_basis,
            "registered_at": clock.now(),
            "says": {
                "question": str(rule.question),
                "logic": [str(line) for line in rule.logic],
                "cites": rule.cites,
                "owner": str(rule.owner),
                "inputs": {code: str(words) for code, words in rule.inputs.items()},
                "outcomes": {code: str(words) for code, words in rule.outcomes.items()},
                "human_review": str(rule.human_review),
                "profiling": rule.profiling,
                "not_kept": str(rule.not_kept),
                "sources": list(rule.sources),
                "about": {**vars(rule.about), "risks": [list(pair) for pair in rule.about.risks]},
            },
        },
    )


def switch_rule_on(*, by: Viewer, code: str, reason: str, article_9: str = "", schedule_1: str = "") -> None:
    """Let the declared version of this rule be used; the version before it is replaced.

    Refused, by the database too, where it uses special-category data without a condition.
    """
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    _check_reason(reason)
    rule = declared_rule(code)
    with transaction.atomic():
        row = _locked_rule(code, rule.version)
        RULE_STATES.check_change(row.state, "on")
        barred = what_bars(
            special=row.special,
            significant=row.significant,
            solely_automated=row.solely_automated,
            lawful_basis=row.lawful_basis,
            article_9=article_9,
            schedule_1=schedule_1,
        )
        if barred:
            raise Problem(_("This rule cannot be switched on."), " ".join(barred))
        DecisionRule.objects.filter(code=code).exclude(pk=row.pk).update(state="replaced")
        row.state, row.article_9, row.schedule_1 = "on", article_9, schedule_1
        _note(row, by, reason)


def switch_rule_off(*, by: Viewer, code: str, reason: str) -> None:
    """Nothing is decided by this rule any more, from now."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    _check_reason(reason)
    with transaction.atomic():
        row = _locked_rule(code, declared_rule(code).version)
        RULE_STATES.check_change(row.state, "off")
        row.state = "off"
        _note(row, by, reason)


def is_rule_on(code: str) -> bool:
    """Is the version of the rule that the house has now switched on?"""
    return DecisionRule.objects.filter(code=code, version=declared_rule(code).version, state="on").exists()


def check_rule_is_on(code: str) -> DecisionRule:
    """The rule, for its room to go by. Raises Problem while it is switched off."""
    rule = declared_rule(code)
    row = DecisionRule.objects.filter(code=code, version=rule.version, state="on").first()
    if row is None:
        raise Problem(
            _("The rule “%(title)s” is switched off.") % {"title": _(str(rule.title))},
            _("Ask the information governance team to read it and switch it on."),
        )
    return row


def take_decisions(
    *, by: Viewer, purpose: str, rule: str, cases: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> list[str]:
    """Decide these cases by a rule: (resident id, key, inputs) each. Returns ids, in the order of the cases.

    The same resident and key again decides nothing new. A rule that decides alone decides now, and the person is
    told; else each waits for a person to review it.
    """
    opening = open_door(viewer=by, purpose=purpose, verb=TAKE)
    row, declared = check_rule_is_on(rule), declared_rule(rule)
    if declared.decide is None or declared.purpose != opening.purpose:
        raise Problem(_("This rule does not decide for this purpose."), _("Choose its purpose."))
    state, now = "stands" if row.solely_automated else "proposed", clock.now()
    decisions = []
    for resident_id, key, inputs in cases:
        known = {code: inputs[code] for code in declared.inputs}
        verdict = declared.decide(known)
        if verdict.outcome not in declared.outcomes:
            raise ValueError(f"{rule}: {verdict.outcome!r} is not one of {', '.join(declared.outcomes)}")
        decisions.append(
            Decision(
                rule=row,
                resident_id=resident_id,
                key=key,
                inputs=known,
                proposed=verdict.outcome,
                outcome=verdict.outcome,
                explanation=verdict.because,
                state=state,
                taken_at=now,
            )
        )
    keys = {(each.resident_id, each.key) for each in decisions}
    with transaction.atomic():
        Decision.objects.bulk_create(decisions, ignore_conflicts=True, batch_size=1000)
        kept = {
            (each.resident_id, each.key): each.id
            for each in Decision.objects.filter(rule=row, resident_id__in={each for each, _key in keys})
        }
        log_write(by=by, purpose=purpose, verb=TAKE, residents=[each.resident_id for each in decisions])
        if row.solely_automated:
            for each in decisions:
                if kept[each.resident_id, each.key] == each.id:
                    announce(DecisionMade(decision_id=each.id))
    return [kept[each.resident_id, each.key] for each in decisions]


def review_decision(*, by: Viewer, purpose: str, decision_id: str, outcome: str, minutes: int, reason: str) -> None:
    """A person decides, following what stands there or not; the resident is told.

    A challenge is settled by somebody who has not decided it before.
    """
    open_door(viewer=by, purpose=purpose, verb=REVIEW)
    _check_reason(reason)
    with transaction.atomic():
        decision = _locked(decision_id, purpose)
        before = list(decision.reviews.values_list("reviewer_id", flat=True))
        DECISION_STATES.check_change(decision.state, "stands")
        if outcome not in decision.rule.says["outcomes"]:
            raise Problem(_("There is no such outcome."), _("Choose one from the list."))
        if decision.state == "contested" and not may_look_again(by.id, before):
            raise Problem(
                _("You decided this before, and the person has challenged it."), _("Ask a colleague to look again.")
            )
        DecisionReview.objects.create(
            decision=decision,
            reviewer_id=by.id,
            reviewer_name=by.name,
            at=clock.now(),
            minutes=minutes,
            outcome=outcome,
            overturned=outcome != decision.outcome,
            reason=reason,
        )
        decision.outcome, decision.state = outcome, "stands"
        decision.told_by, decision.told_at = "", None
        decision.save(update_fields=["outcome", "state", "told_by", "told_at"])
        log_write(by=by, purpose=purpose, verb=REVIEW, residents=[decision.resident_id])
        announce(DecisionMade(decision_id=decision.id))


def contest_decision(*, token: str, kind: str, text: str) -> None:
    """The person answers by their link: says something, wants a person, or contests. Somebody then looks again."""
    if kind not in DecisionAnswer.KINDS:
        raise Problem(_("Choose what you want to do."), _("Go back and choose one."))
    decision_id = read_token(LINK, token, keep=LINK_KEPT)
    with transaction.atomic():
        decision = _locked(decision_id)
        if decision.answers.count() >= MOST_ANSWERS:
            raise Problem(_("We have many answers from you already."), _("Call us, and a person will speak with you."))
        DecisionAnswer.objects.create(decision=decision, at=clock.now(), kind=kind, text=text)
        if decision.state == "stands":
            decision.state = "contested"
            decision.save(update_fields=["state"])


def note_told(*, by: Viewer, decision_id: str, how: str) -> None:
    """The person was told of what holds now: by a message, or by post where nothing else reaches them."""
    check_may_work_as(by, SYSTEM)
    Decision.objects.filter(pk=decision_id).update(told_by=how, told_at=clock.now())


def note_posted(*, by: Viewer, purpose: str, decision_id: str) -> None:
    """A letter went to a person whom no message reaches."""
    open_door(viewer=by, purpose=purpose, verb=REVIEW)
    with transaction.atomic():
        decision = _locked(decision_id, purpose)
        decision.told_by, decision.told_at = "post", clock.now()
        decision.save(update_fields=["told_by", "told_at"])
        log_write(by=by, purpose=purpose, verb=REVIEW, residents=[decision.resident_id])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Problem(_("A decision needs a reason."), _("Write in a sentence why this is right."))


def _note(row: DecisionRule, by: Viewer, reason: str) -> None:
    row.decided_by, row.decided_at, row.reason = by.name, clock.now(), reason
    row.save()


def _locked_rule(code: str, version: str) -> DecisionRule:
    row = DecisionRule.objects.select_for_update().filter(code=code, version=version).first()
    if row is None:
        raise NotFound(_("This rule is not in the register."), _("Run borough setup, which registers it."))
    return row


def _locked(decision_id: str, purpose: str = "") -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).select_related("rule").filter(pk=decision_id)
    decision = rows.filter(rule__purpose=purpose).first() if purpose else rows.first()
    if decision is None:
        raise NotFound(_("There is no such decision."), _("Open it from the list of decisions."))
    return decision
