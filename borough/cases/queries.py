"""Published reads of cases. Whoever reads a case reads about a person: each takes a viewer and a purpose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.attachments import FileContent, read_file
from borough.cases.backlogs.reading import BacklogView, list_backlogs, read_backlog
from borough.cases.kinds import kind
from borough.cases.measures import MeasuredCase, measure_cases
from borough.cases.models import ASKED, Case, CaseStep
from borough.cases.planning.reading import list_caseload, own_plans, read_plan
from borough.cases.reading_case import CaseView, read_case
from borough.cases.reading_feedback import asked_by_link, count_feedback, instrument_of
from borough.cases.reading_queue import (
    MOST_COUNTED,
    MOST_IN_A_FILE,
    PAGE,
    CaseLine,
    count_queue,
    find_case,
    list_cases_of,
    list_queue,
    list_workers,
    needs_in_queue,
    read_references,
)
from borough.cases.reading_tasks import (
    TaskView,
    WaitingTask,
    list_waiting,
    list_waiting_of,
    read_task,
    read_waiting,
    ready_pairs,
)
from borough.cases.referrals.links import read_referral_link, viewer_of_referral_link
from borough.cases.referrals.reading import consent_behind, count_referrals, list_referrals, read_referral
from borough.cases.scope import check_some, kind_of, kinds_of, worked_by
from borough.cases.service_measures import ReferralResult, list_referral_results
from borough.cases.sharing import ViewLine, list_views
from borough.cases.standing import StandingLine, list_standing
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.governance.door import open_door, open_door_without_account, without_the_door

# What this room publishes from its other modules, beside what stands here.
__all__ = [
    "MOST_COUNTED",
    "MOST_IN_A_FILE",
    "PAGE",
    "BacklogView",
    "CaseLine",
    "CaseView",
    "FileContent",
    "MeasuredCase",
    "ReferralResult",
    "StandingLine",
    "TaskView",
    "ViewLine",
    "WaitingTask",
    "asked_by_link",
    "consent_behind",
    "count_feedback",
    "count_queue",
    "count_referrals",
    "find_case",
    "instrument_of",
    "list_backlogs",
    "list_caseload",
    "list_cases_of",
    "list_queue",
    "list_referral_results",
    "list_referrals",
    "list_standing",
    "list_views",
    "list_waiting",
    "list_waiting_of",
    "list_workers",
    "measure_cases",
    "needs_in_queue",
    "own_plans",
    "read_backlog",
    "read_case",
    "read_file",
    "read_plan",
    "read_references",
    "read_referral",
    "read_referral_link",
    "read_task",
    "read_waiting",
    "ready_pairs",
    "viewer_of_referral_link",
]

FEEDBACK_KEPT = timedelta(days=28)
# For whoever follows the link that was sent to ask whether their need was met.
BY_LINK = system_viewer("answer by link")


@dataclass(frozen=True)
class Answered:
    """A case as the person behind a feedback link may see it."""

    id: str
    reference: str
    service: str
    need_label: str


def case_ids_of(resident_ids: Collection[str]) -> list[str]:
    """The cases of a resident, by id alone: for rooms that keep something by case."""
    return list(Case.objects.filter(resident_id__in=resident_ids).values_list("id", flat=True))


def count_in_state(state: str, *, viewer: Viewer, purpose: str) -> int:
    """How many cases in this state the viewer works on. `MOST_COUNTED + 1` stands for any number above it."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.count_in_state")
    return worked_by(viewer, purpose).filter(state=state)[: MOST_COUNTED + 1].count()


@dataclass(frozen=True)
class Outcomes:
    """How many cases got how far: `matched` had a volunteer or a service that said yes, `met` the person's yes."""

    opened: int
    matched: int
    delivered: int
    met: int


def count_outcomes(*, service: str) -> Outcomes:
    """How far the cases of a service got. Counts of all cases, for staff: not for publication."""
    cases = Case.objects.filter(service=service)
    delivered, met = Count("id", filter=Q(deliveries__gt=0)), Count("id", filter=Q(need_met="yes"))
    said_yes = Q(new="matched") | Q(owner_kind__in=("volunteer", "organisation"), new="accepted")
    with without_the_door():
        counted = cases.aggregate(opened=Count("id"), delivered=delivered, met=met)
        matched = CaseStep.objects.filter(said_yes, case__service=service).values("case").distinct().count()
    return Outcomes(matched=matched, **counted)


def count_own_outcomes(*, viewer: Viewer, purpose: str) -> dict[str, Outcomes]:
    """How far the cases got of each service whose cases this viewer works on, by its code."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.count_own_outcomes")
    kinds = kinds_of(viewer, purpose)
    check_some(kinds)
    return {one.code: count_outcomes(service=one.code) for one in kinds}


def case_behind(token: str) -> Answered:
    """The case that a feedback link is about. Raises NotFound, in words for its reader, when it opens nothing."""
    case_id, _dot, delivery = read_token("cases:feedback", token, keep=FEEDBACK_KEPT).partition(".")
    open_door_without_account(viewer=BY_LINK, purpose=kind_of(case_id).purpose, verb="cases.case_behind")
    case = Case.objects.filter(pk=case_id).first()
    if case is None or str(case.deliveries) != delivery or case.state not in ASKED:
        raise NotFound(
            _("This question was answered already."),
            _("Thank you. If you still need help, call us or ask for help again."),
        )
    return Answered(case.id, case.reference, case.service, gettext(kind(case.service).needs[case.need]))


def feedback_link(case: Case) -> str:
    """The address where the person says whether their need was met, for the latest delivery."""
    token = make_token("cases:feedback", f"{case.id}.{case.deliveries}")
    return settings.BASE_URL.rstrip("/") + reverse("cases:feedback", args=[token])
