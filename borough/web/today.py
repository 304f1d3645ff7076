"""What needs me today: the work that waits for a member of staff, each figure a link to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from borough.accounts.policies import ANALYST, CONTACT_WORKER, COORDINATOR, IG_OFFICER, Viewer
from borough.cases.kinds import all_kinds
from borough.cases.queries import MOST_COUNTED, Outcomes, count_in_state, count_own_outcomes, count_queue
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.common.words import counted_words
from borough.governance.queries import (
    list_agreements,
    list_breaks,
    list_exemptions,
    list_ledger,
    list_odd_looks,
    list_requests,
    list_reviewers,
)
from borough.insight.queries import list_cohorts
from borough.messaging.queries import count_inbox, list_campaigns
from borough.residents.queries import list_sources

# How long before its review an agreement is somebody's work.
REVIEW_SOON = timedelta(days=60)
LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Tile:
    """So many of something, and where the work on it is done. `most`: where counting stopped, if it did."""

    number: int
    label: str
    href: str
    most: int = 0

    @property
    def words(self) -> str:
        return counted_words(self.number, most=self.most or self.number)


@dataclass(frozen=True)
class Progress:
    """How far the cases of one council service got."""

    title: str
    outcomes: Outcomes


def what_needs(viewer: Viewer, purpose: str) -> list[Tile]:
    """The tiles of the viewer's roles, the most pressing first. What is at nought needs nobody and is left out."""
    tiles: list[Tile] = []
    if _works_on_cases(viewer, purpose):
        try:
            tiles += _cases(viewer, purpose)
        except NotAllowed:
            # The agreement ended while they were signed in: nothing waits for them under it.
            tiles = []
    if viewer.has_role(ANALYST):
        tiles += _data(viewer)
    if viewer.has_role(IG_OFFICER):
        tiles += _oversight(viewer)
    return [tile for tile in tiles if tile.number]


def how_it_goes(viewer: Viewer, purpose: str) -> list[Progress]:
    """For each council service whose cases the viewer works on, how many asked, were matched, were helped, and said it
    met their need."""
    if not _works_on_cases(viewer, purpose):
        return []
    try:
        counted = count_own_outcomes(viewer=viewer, purpose=purpose)
    except NotAllowed:
        return []
    progress = [Progress(_(kind.title), counted[kind.code]) for kind in all_kinds() if kind.code in counted]
    return [one for one in progress if one.outcomes.opened]


def _works_on_cases(viewer: Viewer, purpose: str) -> bool:
    """Those who work on cases of a kind may count them only for its purpose."""
    return any(kind.purpose == purpose and viewer.has_role(*kind.roles) for kind in all_kinds())


def _cases(viewer: Viewer, purpose: str) -> Iterator[Tile]:
    counts = count_queue(viewer=viewer, purpose=purpose)
    labels = {
        "concern": ngettext("Case with a concern for safety", "Cases with a concern for safety", counts["concern"]),
        "overdue": ngettext("Case past its target date", "Cases past their target date", counts["overdue"]),
        "mine": ngettext("Case assigned to you", "Cases assigned to you", counts["mine"]),
        "unassigned": ngettext("Case that nobody has taken", "Cases that nobody has taken", counts["unassigned"]),
    }
    for show, label in labels.items():
        yield Tile(counts[show], label, f"{reverse('cases:queue')}?show={show}", most=MOST_COUNTED)
    if viewer.has_role(CONTACT_WORKER):
        waiting = count_inbox()
        yield Tile(waiting, ngettext("Reply to read", "Replies to read", waiting), reverse("messaging:inbox"))
    if viewer.has_role(COORDINATOR):
        offered = count_in_state("offered", viewer=viewer, purpose=purpose)
        words = ngettext("Case waiting for a volunteer's answer", "Cases waiting for a volunteer's answer", offered)
        yield Tile(offered, words, f"{reverse('cases:queue')}?state=offered", most=MOST_COUNTED)


def _data(viewer: Viewer) -> Iterator[Tile]:
    loads = [source.last_load for source in list_sources() if source.last_load]
    failed = sum(load.state == "failed" for load in loads)
    yield Tile(failed, ngettext("Load that failed", "Loads that failed", failed), reverse("residents:sources"))
    held = sum(load.state == "held" for load in loads)
    words = ngettext("Load held until you have looked", "Loads held until you have looked", held)
    yield Tile(held, words, reverse("residents:quality"))
    rejects = sum(load.rejected > 0 for load in loads)
    words = ngettext("Source with rejected rows", "Sources with rejected rows", rejects)
    yield Tile(rejects, words, reverse("residents:sources"))
    cohorts = sum(cohort.state == "draft" for cohort in list_cohorts(viewer=viewer))
    words = ngettext("Cohort still being drawn up", "Cohorts still being drawn up", cohorts)
    yield Tile(cohorts, words, reverse("insight:cohorts"))
    campaigns = sum(campaign.state == "draft" for campaign in list_campaigns(viewer=viewer))
    words = ngettext("Campaign not started", "Campaigns not started", campaigns)
    yield Tile(campaigns, words, reverse("messaging:campaigns"))


def _oversight(viewer: Viewer) -> Iterator[Tile]:
    agreements, here = list_agreements(), reverse("governance:agreements")
    drafts = sum(one.state == "draft" for one in agreements)
    yield Tile(drafts, ngettext("Agreement to decide on", "Agreements to decide on", drafts), here)
    requests = list_requests(viewer=viewer)
    words = ngettext("Resident's request to answer", "Residents' requests to answer", len(requests))
    yield Tile(len(requests), words, reverse("governance:requests"))
    odd = sum(one.state == "new" for one in list_odd_looks(viewer=viewer))
    yield Tile(odd, ngettext("Look to judge", "Looks to judge", odd), reverse("governance:odd_looks"))
    breaks = list_breaks(viewer=viewer)
    words = ngettext("Emergency access to review", "Emergency accesses to review", len(breaks))
    yield Tile(len(breaks), words, reverse("governance:glass_breaks"))
    late = sum(one.overdue for one in breaks)
    words = ngettext("Emergency access not reviewed in time", "Emergency accesses not reviewed in time", late)
    yield Tile(late, words, reverse("governance:glass_breaks"))
    unconfirmed = sum(one.state == "set" for one in list_exemptions(viewer=viewer))
    words = ngettext("Exemption to confirm", "Exemptions to confirm", unconfirmed)
    yield Tile(unconfirmed, words, reverse("governance:exemptions"))
    soon = clock.today() + REVIEW_SOON
    reviews = sum(one.state == "live" and one.review_on <= soon for one in agreements)
    yield Tile(reviews, ngettext("Agreement to review soon", "Agreements to review soon", reviews), here)
    nods = sum(one.only_nods for one in list_reviewers(viewer=viewer))
    words = ngettext("Reviewer who agrees with everything at once", "Reviewers who agree with everything at once", nods)
    yield Tile(nods, words, reverse("governance:reviewers"))
    since = clock.now() - LOOK_BACK
    denied = sum(look.at >= since for look in list_ledger(viewer=viewer, kind="denied"))
    words = ngettext("Look refused in the last 7 days", "Looks refused in the last 7 days", denied)
    yield Tile(denied, words, f"{reverse('governance:ledger')}?kind=denied")
