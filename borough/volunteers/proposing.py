"""A proposal: the choice for all waiting tasks, looked through by a coordinator before anybody is asked."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.queries import list_waiting, read_waiting
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotFound, WrongState
from borough.governance.door import open_door
from borough.governance.queries import check_rule_is_on
from borough.volunteers import queries
from borough.volunteers.matching import Match, match, rank
from borough.volunteers.matching_rule import RULE
from borough.volunteers.models import PROPOSAL_STATES, Proposal, ProposedMatch
from borough.volunteers.offering import expire_offers, offer_matches
from borough.volunteers.policies import MATCHERS


def propose_matches(*, by: Viewer, purpose: str) -> str:
    """Choose a volunteer for each waiting task and ask nobody yet. Returns the proposal's id.

    An earlier proposal of the same person that was not sent is put away.
    """
    check_may_work_as(by, *MATCHERS)
    expire_offers(by=by)
    check_rule_is_on(RULE.code)
    waiting = list_waiting(viewer=by, purpose=purpose)
    tasks, areas = queries.tasks_of(waiting, viewer=by, purpose=purpose)
    matching = match(tasks, queries.free_helpers(), now=clock.now())
    of_task = {task.id: task for task in waiting}
    with transaction.atomic():
        Proposal.objects.filter(by=by.name, purpose=purpose, state="open").update(state="dropped")
        proposal = Proposal.objects.create(
            purpose=purpose,
            by=by.name,
            at=clock.now(),
            gap_minutes=matching.gap_minutes,
            unplaced=matching.unplaced,
        )
        ProposedMatch.objects.bulk_create(
            [
                ProposedMatch(
                    proposal=proposal,
                    task_id=one.task_id,
                    case_id=of_task[one.task_id].case_id,
                    need_label=kind(of_task[one.task_id].service).needs[of_task[one.task_id].need],
                    area=areas.get(one.task_id, ""),
                    volunteer_id=one.helper_id,
                    reasons=asdict(one),
                )
                for one in matching.matches
            ],
            batch_size=500,
        )
    return proposal.id


def change_proposed(*, by: Viewer, purpose: str, proposal_id: str, match_id: int, volunteer_id: str) -> None:
    """Give a task of the proposal to another volunteer who can do it, of two in place of the one of this match.

    Without a volunteer the task is left out, for both where two go together.
    """
    check_may_work_as(by, *MATCHERS)
    open_door(viewer=by, purpose=purpose, verb="volunteers.change_proposed")
    proposed = ProposedMatch.objects.filter(proposal=proposal_id, pk=match_id).first()
    if proposed is None:
        raise NotFound(_("This task is not in the proposal."), _("Go back to the proposal."))
    reasons = _reasons(proposed.task_id, volunteer_id, by=by, purpose=purpose) if volunteer_id else None
    own = ProposedMatch.objects.filter(proposal=proposal_id, task_id=proposed.task_id)
    with transaction.atomic():
        _lock_open(proposal_id, purpose)
        own.update(left_out=reasons is None)
        if reasons is None:
            return
        if own.exclude(pk=match_id).filter(volunteer_id=volunteer_id).exists():
            raise WrongState(_("This volunteer goes already."), _("Choose somebody else to go with them."))
        own.filter(pk=match_id).update(volunteer_id=volunteer_id, reasons=asdict(reasons))


def send_proposal(*, by: Viewer, purpose: str, proposal_id: str) -> tuple[int, int]:
    """Ask the volunteers of a proposal. Returns how many were asked, and how many tasks another had taken meanwhile
    or whose volunteer has no room any more. A proposal is sent once, on the day that it was made."""
    check_may_work_as(by, *MATCHERS)
    waiting = list_waiting(viewer=by, purpose=purpose)
    with transaction.atomic():
        proposal = _lock_open(proposal_id, purpose)
        if proposal.at.astimezone(LONDON).date() != clock.today():
            raise WrongState(_("This proposal is not of today."), _("Match all waiting cases again."))
        chosen = ProposedMatch.objects.filter(proposal=proposal, left_out=False).order_by("id")
        matches = [Match(**one.reasons) for one in chosen]
        areas = {one.task_id: one.area for one in chosen}
        still = {task.id for task in waiting}
        offers = offer_matches(
            [one for one in matches if one.task_id in still], waiting=waiting, areas=areas, by=by, purpose=purpose
        )
        proposal.state = "sent"
        proposal.save(update_fields=["state"])
    return len(offers), len(matches) - len(offers)


def _reasons(task_id: str, volunteer_id: str, *, by: Viewer, purpose: str) -> Match:
    """Why this volunteer can take the task; raises WrongState where they cannot."""
    waiting = read_waiting(task_id, viewer=by, purpose=purpose)
    tasks = queries.tasks_of([waiting], viewer=by, purpose=purpose)[0] if waiting else []
    helpers = [helper for helper in queries.free_helpers() if helper.id == volunteer_id]
    suitable = rank(tasks[0], helpers, now=clock.now()) if tasks else []
    if not suitable:
        raise WrongState(_("This volunteer cannot take this task now."), _("Choose one from the list."))
    return suitable[0]


def _lock_open(proposal_id: str, purpose: str) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, purpose=purpose).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."), _("Match all waiting cases again."))
    if not PROPOSAL_STATES.may_change(proposal.state, "sent"):
        raise WrongState(_("This proposal was sent, or a newer one replaced it."), _("Match all waiting cases again."))
    return proposal
