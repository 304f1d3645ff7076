"""Pages of the register: organisations, agreements from draft to decision, and “May we share?”."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from borough.accounts.policies import IG_OFFICER, check_may_work_as, may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.errors import NotFound
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.declared import all_sources
from borough.governance.forms import ReasonForm
from borough.governance.models import AGREEMENT_STATES, Agreement, Organisation
from borough.governance.queries import list_agreements, list_organisations, read_agreement
from borough.governance.register import drafting, sharing
from borough.governance.register.completeness import STEPS
from borough.governance.register.forms import STEP_FORMS, OrganisationForm, PurposeStep, QuestionForm
from borough.governance.register.words import step_title, terms_by_step
from borough.governance.words import role_words

STATE_COLOURS = {"draft": "yellow", "live": "green", "revoked": "grey"}


@require_safe
@staff_page(purpose=False)
def agreements(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "title": _(one.title),
            "title_href": f"{one.reference}/",
            "purpose": _(one.purpose.name),
            "parties": ", ".join(_(party.name) for party in one.parties.all()),
            "state": _(AGREEMENT_STATES.labels[one.state]),
            "state_colour": STATE_COLOURS[one.state],
            "review": one.review_on,
            "decided": one.decided_by,
        }
        for one in list_agreements()
    ]
    columns = [
        Column("title", _("Agreement"), sort=True),
        Column("purpose", _("Purpose"), sort=True),
        Column("parties", _("Organisations"), sort=True),
        Column("state", _("State"), sort=True),
        Column("review", _("Review on"), sort=True),
        Column("decided", _("Decided by")),
    ]
    table = Table(caption=_("Agreements"), columns=columns, rows=rows, request=request)
    context = {"may_decide": may_work_as(viewer_of(request), IG_OFFICER)}
    return respond_with_table(request, "governance/agreements.html", table, context)


@require_safe
@staff_page(purpose=False)
def agreement(request: HttpRequest, reference: str) -> HttpResponse:
    """All terms on one page: to check before the decision, and to read after it."""
    one = read_agreement(reference)
    terms = terms_by_step(one, all_sources())
    context = {
        "agreement": one,
        "state": _(AGREEMENT_STATES.labels[one.state]),
        "state_colour": STATE_COLOURS[one.state],
        "steps": [(step, step_title(step), terms[step]) for step in STEPS],
        "missing": drafting.missing_from(one) if one.state != "revoked" else [],
        "four_eyes": one.state == "draft" and drafting.needs_four_eyes(one),
        "may_decide": may_work_as(viewer_of(request), IG_OFFICER),
    }
    return render(request, "governance/agreement.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def draft(request: HttpRequest) -> HttpResponse:
    """The first page of a draft; the others follow from its list of tasks."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    form = PurposeStep(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        drafting.draft_agreement(
            by=viewer_of(request),
            reference=said["reference"],
            purpose=said["purpose"],
            title=said["title"],
            necessity=said["necessity"],
        )
        return redirect("governance:tasks", said["reference"])
    return render(request, "governance/draft_step.html", {"form": form, "title": _("Draft an agreement")})


@require_safe
@staff_page(purpose=False)
def tasks(request: HttpRequest, reference: str) -> HttpResponse:
    """What is done of a draft and what is missing, page by page."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    one = _draft(reference)
    missing = drafting.missing_from(one)
    rows = [
        {
            "title": step_title(step),
            "href": reverse("governance:edit", args=[reference, step]),
            "missing": [each.words for each in missing if each.step == step],
        }
        for step in STEPS
    ]
    return render(request, "governance/tasks.html", {"agreement": one, "rows": rows, "complete": not missing})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def edit(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """One page of a draft. It keeps what is there; what is still missing does not stop it."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    if step not in STEP_FORMS:
        raise Http404
    one = _draft(reference)
    form = STEP_FORMS[step](request.POST or None, initial=_initial(one))
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        if "fields_open" in said:
            said["fields"] = said.pop("fields_open")
        drafting.edit_draft(by=viewer_of(request), reference=reference, **said)
        return redirect("governance:tasks", reference)
    context = {"form": form, "title": step_title(step), "agreement": one}
    return render(request, "governance/draft_step.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, drafting.approve_agreement, _("The agreement is live."))


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    done = _("The agreement is revoked. It opens nothing any more.")
    return _decide(request, reference, drafting.revoke_agreement, done)


@require_http_methods(["POST"])
@staff_page(purpose=False)
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    new = drafting.renew_agreement(by=viewer_of(request), reference=reference)
    messages.success(request, _("A draft with the same terms is ready. Read it, change what has changed, approve it."))
    return redirect("governance:tasks", new)


@require_safe
@staff_page(purpose=False)
def organisations(request: HttpRequest) -> HttpResponse:
    check_may_work_as(viewer_of(request), IG_OFFICER)
    rows = [
        {
            "name": _(one.name),
            "name_href": f"{one.code}/",
            "kind": str(Organisation.KINDS[one.kind]),
            "ico": one.ico_number,
            "contact": one.contact,
            "roles": role_words(one.roles),
        }
        for one in list_organisations()
    ]
    columns = [
        Column("name", _("Organisation"), sort=True),
        Column("kind", _("Kind"), sort=True),
        Column("ico", _("ICO registration")),
        Column("contact", _("Contact for data protection")),
        Column("roles", _("Roles of its people")),
    ]
    table = Table(caption=_("Organisations"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "governance/organisations.html", table)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def organisation(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add an organisation, or change one."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    known = next((one for one in list_organisations() if one.code == code), None)
    if code and known is None:
        raise NotFound(_("There is no such organisation."), _("Open it from the list of organisations."))
    initial = {name: getattr(known, name) for name in OrganisationForm.base_fields} if known else None
    form = OrganisationForm(request.POST or None, initial=initial, adding=known is None)
    if request.method == "POST" and form.is_valid():
        drafting.register_organisation(
            by=viewer_of(request),
            code=code or slugify(form.cleaned_data["name"])[:40],
            ours=known.ours if known else False,
            **form.cleaned_data,
        )
        messages.success(request, _("The organisation is kept."))
        return redirect("governance:organisations")
    title = _(known.name) if known else _("Add an organisation")
    return render(request, "governance/organisation.html", {"form": form, "title": title})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def share(request: HttpRequest) -> HttpResponse:
    """One question a page; the answers so far stand in the address and name no person."""
    answers = {name: values for name, values in request.GET.lists() if name in sharing.NAMES}
    step = sharing.next_step(answers)
    may_draft = may_work_as(viewer_of(request), IG_OFFICER)
    if isinstance(step, sharing.Outcome):
        if request.method == "POST" and step.kind == "draft":
            reference, purpose, title, terms = sharing.draft_from(answers)
            drafting.draft_agreement(by=viewer_of(request), reference=reference, purpose=purpose, title=title, **terms)
            return redirect("governance:tasks", reference)
        return render(request, "governance/share_outcome.html", {"outcome": step, "may_draft": may_draft})
    form = QuestionForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data[step.name]
        given = {**answers, step.name: said if step.many else [said]}
        return redirect(f"{reverse('governance:share')}?{urlencode(given, doseq=True)}")
    return render(request, "governance/share.html", {"form": form, "begun": bool(answers)})


def _draft(reference: str) -> Agreement:
    one = read_agreement(reference)
    if one.state != "draft":
        raise NotFound(
            _("This agreement was decided on, so its terms cannot change."), _("Renew it to draft it again.")
        )
    return one


def _initial(one: Agreement) -> dict[str, Any]:
    names = [name for form in STEP_FORMS.values() for name in form.base_fields if hasattr(one, name)]
    return {name: getattr(one, name) for name in names} | {
        "purpose": one.purpose_id,
        "parties": [party.code for party in one.parties.all()],
        "fields_open": one.fields,
    }


def _decide(request: HttpRequest, reference: str, verb: Callable[..., None], done: str) -> HttpResponse:
    """Ask for the reason, then decide."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    form: Form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb(by=viewer_of(request), reference=reference, reason=form.cleaned_data["reason"])
        messages.success(request, done)
        return redirect("governance:agreement", reference)
    revoking = verb is drafting.revoke_agreement
    context = {"form": form, "agreement": read_agreement(reference), "revoking": revoking}
    return render(request, "governance/decide.html", context)
