"""Writing the plan that a link worker makes with a resident."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import Case
from borough.cases.moving import lock_case
from borough.cases.planning.models import Plan, PlanStep
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState


def write_plan(
    *,
    by: Viewer,
    purpose: str,
    case_id: str,
    what_matters: str,
    goals: str,
    review_on: date,
    next_contact_on: date | None = None,
    version: int = 0,
) -> None:
    """Write down what was agreed with the resident, or change it. `version` is that of the plan that was open, 0 for
    none: one that somebody else has changed since is refused."""
    if not what_matters.strip():
        raise Problem(_("Write what matters to the person."), _("In their own words, if you can."))
    if review_on < clock.today() or (next_contact_on is not None and next_contact_on < clock.today()):
        raise Problem(_("That day is over."), _("Choose today or a later day."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.write_plan")
        plan = Plan.objects.filter(case=case).first() or Plan(case=case, version=0)
        if plan.version != version:
            raise WrongState(
                _("Somebody else changed this plan while you had it open."), _("Read what changed, then try again.")
            )
        plan.what_matters, plan.goals, plan.review_on = what_matters.strip(), goals.strip(), review_on
        plan.next_contact_on, plan.made_at, plan.made_by = next_contact_on, clock.now(), by.name
        plan.version += 1
        plan.save()


def add_plan_step(*, by: Viewer, purpose: str, case_id: str, what: str, who: str, by_when: date | None = None) -> int:
    """Add a small step to the plan: what, who does it, by when. Returns its id."""
    if not what.strip() or not who.strip():
        raise Problem(_("Say what, and who does it."), _("One small step at a time."))
    with transaction.atomic():
        plan = _plan_of(lock_case(case_id, by=by, purpose=purpose, verb="cases.add_plan_step"))
        return int(PlanStep.objects.create(plan=plan, what=what.strip(), who=who.strip(), by_when=by_when).pk)


def finish_plan_step(*, by: Viewer, purpose: str, case_id: str, step_id: int) -> None:
    """The step is done. Saying it again takes that back."""
    with transaction.atomic():
        plan = _plan_of(lock_case(case_id, by=by, purpose=purpose, verb="cases.finish_plan_step"))
        step = plan.steps.filter(pk=step_id).first()
        if step is None:
            raise NotFound(_("There is no such step."), _("Open the plan again."))
        step.done_on = None if step.done_on else clock.today()
        step.save(update_fields=["done_on"])


def plan_next_contact(*, by: Viewer, purpose: str, case_id: str, on: date) -> None:
    """Say when the link worker is next in touch."""
    if on < clock.today():
        raise Problem(_("That day is over."), _("Choose today or a later day."))
    with transaction.atomic():
        plan = _plan_of(lock_case(case_id, by=by, purpose=purpose, verb="cases.plan_next_contact"))
        plan.next_contact_on = on
        plan.save(update_fields=["next_contact_on"])


def _plan_of(case: Case) -> Plan:
    plan = Plan.objects.filter(case=case).first()
    if plan is None:
        raise NotFound(_("There is no plan yet."), _("Write it first."))
    return plan
