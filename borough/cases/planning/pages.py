"""A link worker's caseload and plans; a resident's copy of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.policies import Viewer
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.models import CASE_STATES
from borough.cases.planning.forms import ContactForm, PlanForm, StepForm
from borough.cases.queue_views import STATE_COLOURS
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.queries import purpose_of
from borough.governance.rights.pages import own_page


@staff_page
def caseload(request: HttpRequest) -> HttpResponse:
    lines = queries.list_caseload(viewer=viewer_of(request), purpose=purpose_of(request))
    rows = [
        {
            "reference": line.reference,
            "reference_href": reverse("cases:case", args=[line.case_id]),
            "name": line.name,
            "need": line.need_label,
            "state": gettext(CASE_STATES.labels[line.state]),
            "state_colour": STATE_COLOURS[line.state],
            "plan": _("Open the plan") if line.review_on else _("Write a plan"),
            "plan_href": reverse("planning:plan" if line.review_on else "planning:write", args=[line.case_id]),
            "contact": line.next_contact_on,
            "due": _("Get in touch") if line.contact_due else _("Review the plan") if line.review_due else "",
            "due_colour": "red" if line.contact_due else "yellow" if line.review_due else "",
            "review": line.review_on,
        }
        for line in lines
    ]
    table = Table(
        caption=_("Your people"),
        columns=[
            Column("name", _("Name"), sort=True),
            Column("reference", _("Reference"), sort=True),
            Column("need", _("Need"), sort=True),
            Column("state", _("State"), sort=True),
            Column("contact", _("Next contact"), sort=True),
            Column("due", _("Due"), sort=True),
            Column("review", _("Review on"), sort=True),
            Column("plan", _("Plan")),
        ],
        rows=rows,
        request=request,
    )
    figures = [
        (len(lines), _("People")),
        (sum(line.contact_due for line in lines), _("To get in touch with")),
        (sum(line.review_due for line in lines), _("Plans to review")),
        (sum(line.review_on is None for line in lines), _("Without a plan")),
    ]
    return respond_with_table(request, "planning/caseload.html", table, {"figures": figures})


@staff_page
def plan(request: HttpRequest, case_id: str) -> HttpResponse:
    return _plan_page(request, case_id, StepForm())


@staff_page
def write(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_plan(case_id, viewer=viewer, purpose=purpose)
    initial = {
        "what_matters": found.what_matters,
        "goals": "\n".join(found.goals),
        "review_on": found.review_on,
        "next_contact_on": found.next_contact_on,
        "version": found.version,
    }
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        actions.write_plan(by=viewer, purpose=purpose, case_id=case_id, **given)
        messages.success(request, _("The plan is saved. The resident finds it on their own page."))
        return redirect("planning:plan", case_id)
    return render(request, "planning/write.html", {"form": form, "plan": found})


@staff_page
@require_POST
def add_step(request: HttpRequest, case_id: str) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, case_id, form)
    actions.add_plan_step(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, **form.cleaned_data)
    messages.success(request, _("The step is added."))
    return redirect("planning:plan", case_id)


@staff_page
@require_POST
def finish_step(request: HttpRequest, case_id: str, step_id: int) -> HttpResponse:
    actions.finish_plan_step(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, step_id=step_id)
    return redirect("planning:plan", case_id)


@staff_page
def next_contact(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.plan_next_contact(by=viewer, purpose=purpose, case_id=case_id, on=form.cleaned_data["next_contact_on"])
        return redirect("planning:plan", case_id)
    found = queries.read_plan(case_id, viewer=viewer, purpose=purpose)
    return render(request, "planning/next_contact.html", {"form": form, "plan": found})


@own_page
def own(request: HttpRequest, resident: Viewer) -> HttpResponse:
    return render(request, "planning/own.html", {"plans": queries.own_plans(viewer=resident)})


def _plan_page(request: HttpRequest, case_id: str, form: StepForm) -> HttpResponse:
    found = queries.read_plan(case_id, viewer=viewer_of(request), purpose=purpose_of(request))
    if not found.version:
        return redirect("planning:write", case_id)
    return render(request, "planning/plan.html", {"plan": found, "form": form})
