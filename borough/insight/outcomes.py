"""Did it work? From the residents who were chosen to those who say that their need was met. Counts only."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from borough.accounts.policies import Viewer
from borough.cases.kinds import all_kinds
from borough.cases.queries import count_outcomes
from borough.insight.queries import CohortView, list_cohorts
from borough.messaging.queries import CampaignView, list_campaigns


@dataclass(frozen=True)
class Funnel:
    """Residents in cohorts, those written to, who replied, who asked for help; then cases: opened, with a volunteer,
    help given, need met as the resident says. Cases also come from people to whom nobody wrote."""

    chosen: int = 0
    contacted: int = 0
    replied: int = 0
    asked: int = 0
    cases: int = 0
    matched: int = 0
    delivered: int = 0
    met: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def service_funnels(*, viewer: Viewer) -> list[tuple[str, Funnel]]:
    """(title, funnel) of each council service that is switched on."""
    written = _by_service(viewer)
    return [
        (kind.title, sum((funnel for _, funnel in written.get(kind.code, [])), _cases(kind.code)))
        for kind in all_kinds()
    ]


def cohort_funnels(*, viewer: Viewer) -> list[tuple[CohortView, Funnel]]:
    """Each cohort that was written to, newest first, as far as its messages went."""
    return [pair for pairs in _by_service(viewer).values() for pair in pairs]


def _by_service(viewer: Viewer) -> Mapping[str, list[tuple[CohortView, Funnel]]]:
    campaigns = {campaign.id: campaign for campaign in list_campaigns(viewer=viewer)}
    found: dict[str, list[tuple[CohortView, Funnel]]] = {}
    for cohort in list_cohorts(viewer=viewer):
        if campaign := campaigns.get(cohort.campaign_id):
            found.setdefault(cohort.service, []).append((cohort, _messages(cohort, campaign)))
    return found


def _messages(cohort: CohortView, campaign: CampaignView) -> Funnel:
    counts = campaign.counts
    return Funnel(chosen=cohort.size, contacted=counts.sent, replied=counts.replied, asked=counts.asked_for_help)


def _cases(service: str) -> Funnel:
    counts = count_outcomes(service=service)
    return Funnel(cases=counts.opened, matched=counts.matched, delivered=counts.delivered, met=counts.met)
