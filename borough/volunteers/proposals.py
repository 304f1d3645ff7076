"""Reads of proposals."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.common.errors import NotFound
from borough.governance.door import open_door
from borough.volunteers.models import Proposal, ProposedMatch, Volunteer
from borough.volunteers.policies import MATCHERS, PURPOSE


@dataclass(frozen=True)
class ProposedLine:
    """A task of a proposal: whom it goes to, or one of the two, and why (as matching.Match tells)."""

    id: int
    task_id: str
    case_id: str
    need_label: str
    area: str
    volunteer_id: str
    volunteer: str
    distance_km: float
    minutes: int
    load: int
    capacity: int
    language: str
    trusted: bool
    idle_weeks: int
    candidates: int
    next_best: str
    next_costs: int
    rather_not: bool
    left_out: bool


@dataclass(frozen=True)
class ProposalView:
    id: str
    state: str
    by: str
    at: datetime
    gap_minutes: float
    unplaced: dict[str, int]
    lines: list[ProposedLine]


def read_proposal(proposal_id: str, *, viewer: Viewer) -> ProposalView:
    """A proposal with all its matches; `unplaced` counts tasks by the reason why they have nobody. It names no
    resident. Three queries."""
    check_may_work_as(viewer, *MATCHERS)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.read_proposal")
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."), _("Match all waiting cases again."))
    rows = list(ProposedMatch.objects.filter(proposal=proposal).select_related("volunteer").order_by("id"))
    others = {row.reasons["next_best"] for row in rows} - {""}
    names = dict(Volunteer.objects.filter(pk__in=others).values_list("id", "name"))
    why: dict[str, int] = {}
    for reason in proposal.unplaced.values():
        why[reason] = why.get(reason, 0) + 1
    told = (
        "distance_km",
        "minutes",
        "load",
        "capacity",
        "language",
        "trusted",
        "idle_weeks",
        "candidates",
        "next_costs",
    )
    lines = [
        ProposedLine(
            id=row.id,
            task_id=row.task_id,
            case_id=row.case_id,
            need_label=gettext(row.need_label),
            area=row.area,
            volunteer_id=row.volunteer_id,
            volunteer=row.volunteer.name,
            next_best=names.get(row.reasons["next_best"], ""),
            rather_not=row.reasons.get("rather_not", False),
            left_out=row.left_out,
            **{name: row.reasons[name] for name in told},
        )
        for row in rows
    ]
    return ProposalView(
        proposal.id, proposal.state, proposal.by, proposal.at, proposal.gap_minutes, dict(sorted(why.items())), lines
    )
