"""A link worker's people, and the plan of one of them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import RESIDENT, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.models import CLOSED, Case
from borough.cases.planning.models import Plan
from borough.cases.scope import worked_by
from borough.common import clock
from borough.common.errors import NotFound
from borough.governance.door import open_door
from borough.residents.queries import ids_of, list_contacts

OWN_PURPOSE = "answer-rights"


@dataclass(frozen=True)
class CaseloadLine:
    """One of a link worker's people. `next_contact_on` and `review_on` are empty where there is no plan yet."""

    case_id: str
    reference: str
    name: str
    need_label: str
    state: str
    next_contact_on: date | None
    review_on: date | None
    contact_due: bool
    review_due: bool


@dataclass(frozen=True)
class StepView:
    id: int
    what: str
    who: str
    by_when: date | None
    done_on: date | None


@dataclass(frozen=True)
class PlanView:
    """A plan as those who made it read it. `version` 0: there is none yet."""

    case_id: str
    reference: str
    need_label: str
    what_matters: str = ""
    goals: tuple[str, ...] = ()
    review_on: date | None = None
    next_contact_on: date | None = None
    made_at: datetime | None = None
    made_by: str = ""
    version: int = 0
    steps: tuple[StepView, ...] = ()


def list_caseload(*, viewer: Viewer, purpose: str) -> list[CaseloadLine]:
    """The open cases that are this viewer's, whom to call next first; those without a plan before all."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_caseload")
    mine = worked_by(viewer, purpose).filter(assigned_to=viewer.id).exclude(state__in=CLOSED)
    cases = list(mine.select_related("plan").order_by(F("plan__next_contact_on").asc(nulls_first=True), "due_on", "id"))
    ids = [case.resident_id for case in cases if case.resident_id]
    contacts = list_contacts(ids, viewer=viewer, purpose=purpose) if ids else {}
    opening.saw(ids)
    shows, today = opening.shows("name"), clock.today()
    lines = []
    for case in cases:
        plan, contact = getattr(case, "plan", None), contacts.get(case.resident_id)
        lines.append(
            CaseloadLine(
                case_id=case.id,
                reference=case.reference,
                name=contact.name if contact else case.asker_name if shows else "",
                need_label=_need(case),
                state=case.state,
                next_contact_on=plan.next_contact_on if plan else None,
                review_on=plan.review_on if plan else None,
                contact_due=bool(plan and plan.next_contact_on and plan.next_contact_on <= today),
                review_due=bool(plan and plan.review_on <= today),
            )
        )
    return lines


def read_plan(case_id: str, *, viewer: Viewer, purpose: str) -> PlanView:
    """The plan of a case, an empty one where there is none yet."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_plan")
    case = worked_by(viewer, purpose).filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference, or choose another purpose."))
    opening.saw([case.resident_id] if case.resident_id else [])
    plan = Plan.objects.filter(case=case).select_related("case").prefetch_related("steps").first()
    return _view(plan) if plan else PlanView(case.id, case.reference, _need(case))


def own_plans(*, viewer: Viewer) -> list[PlanView]:
    """A resident's own plans, the newest first, behind the link to their own page."""
    check_may_work_as(viewer, RESIDENT)
    opening = open_door(viewer=viewer, purpose=OWN_PURPOSE, verb="cases.own_plans")
    same = ids_of([viewer.id])[viewer.id]
    plans = Plan.objects.filter(case__resident_id__in=same).select_related("case").prefetch_related("steps")
    found = [_view(plan) for plan in plans.order_by("-made_at")]
    opening.saw([viewer.id])
    return found


def _view(plan: Plan) -> PlanView:
    case = plan.case
    steps = sorted(plan.steps.all(), key=lambda one: (one.by_when or date.max, one.pk))
    return PlanView(
        case_id=case.id,
        reference=case.reference,
        need_label=_need(case),
        what_matters=plan.what_matters,
        goals=tuple(filter(None, (line.strip() for line in plan.goals.splitlines()))),
        review_on=plan.review_on,
        next_contact_on=plan.next_contact_on,
        made_at=plan.made_at,
        made_by=plan.made_by,
        version=plan.version,
        steps=tuple(StepView(one.pk, one.what, one.who, one.by_when, one.done_on) for one in steps),
    )


def _need(case: Case) -> str:
    return gettext(kind(case.service).needs.get(case.need, case.need))
