"""Pages of governance: choosing a purpose, agreements, the ledger."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from borough.accounts.policies import IG_OFFICER, check_may_work_as, may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import safe_next, staff_page
from borough.common.errors import NotFound, Problem
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.actions import approve_agreement, draft_agreement, revoke_agreement
from borough.governance.forms import DraftForm, LedgerForm, PurposeForm, ReasonForm
from borough.governance.models import AGREEMENT_STATES, Agreement, LedgerEntry, Purpose
from borough.governance.queries import list_agreements, list_ledger, purpose_of, purposes_open_to
from borough.governance.words import field_words, role_words

STATE_COLOURS = {"draft": "yellow", "live": "green", "revoked": "grey"}
KIND_COLOURS = {"read": "blue", "write": "purple", "denied": "red"}


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def purpose(request: HttpRequest) -> HttpResponse:
    """Choose why you are looking. Who has one purpose only is not asked."""
    viewer = viewer_of(request)
    purposes = purposes_open_to(viewer)
    if not purposes:
        raise Problem(
            _("No agreement is in force for your role."), _("Ask the information governance team to approve one.")
        )
    if len(purposes) == 1:
        _choose(request, purposes[0])
        return redirect(safe_next(request))
    chosen = purpose_of(request)
    form = PurposeForm(request.POST or None, purposes=purposes, initial={"purpose": chosen} if chosen else None)
    if request.method == "POST" and form.is_valid():
        _choose(request, next(one for one in purposes if one.code == form.cleaned_data["purpose"]))
        return redirect(safe_next(request))
    return render(request, "governance/purpose.html", {"form": form, "next": safe_next(request)})


@require_safe
@staff_page(purpose=False)
def agreements(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "title": _(one.title),
            "title_href": f"{one.reference}/",
            "purpose": _(one.purpose.name),
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
    return _show_agreement(request, reference)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def draft(request: HttpRequest) -> HttpResponse:
    check_may_work_as(viewer_of(request), IG_OFFICER)
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        reference = draft_agreement(
            by=viewer_of(request),
            reference=asked["reference"],
            purpose=asked["purpose"],
            title=asked["title"],
            lawful_basis=asked["lawful_basis"],
            roles=asked["roles"],
            fields=asked["fields_open"],
            sources=asked["sources"],
            starts_on=asked["starts_on"],
            review_on=asked["review_on"],
        )
        messages.success(request, _("The draft is saved. It opens nothing until somebody approves it."))
        return redirect("governance:agreement", reference)
    return render(request, "governance/draft.html", {"form": form})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, approve_agreement, _("The agreement is live."))


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    return _decide(request, reference, revoke_agreement, _("The agreement is revoked. It opens nothing any more."))


@require_safe
@staff_page(purpose=False)
def ledger(request: HttpRequest) -> HttpResponse:
    """Who looked, why, at how many. Not at whom: that is on each resident's own page."""
    form = LedgerForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    labels = dict(LedgerEntry.KINDS)
    rows = [
        {
            "at": look.at,
            "who": look.who,
            "kind": _(labels[look.kind]),
            "kind_colour": KIND_COLOURS[look.kind],
            "purpose": look.purpose,
            "verb": look.verb,
            "people": look.people,
            "agreement": look.agreement,
        }
        for look in list_ledger(viewer=viewer_of(request), kind=kind)
    ]
    columns = [
        Column("at", _("When"), sort=True),
        Column("who", _("Who"), sort=True),
        Column("kind", _("What"), sort=True),
        Column("purpose", _("Purpose"), sort=True),
        Column("verb", _("Through"), sort=True),
        Column("people", _("Residents"), sort=True, numeric=True),
        Column("agreement", _("Agreement")),
    ]
    table = Table(caption=_("The newest 200 entries"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "governance/ledger.html", table, {"filters": form})


def _choose(request: HttpRequest, purpose: Purpose) -> None:
    request.session["purpose"] = purpose.code
    request.session["purpose_name"] = purpose.name


def _show_agreement(request: HttpRequest, reference: str) -> HttpResponse:
    one = _find(reference)
    context = {
        "agreement": one,
        "state": _(AGREEMENT_STATES.labels[one.state]),
        "state_colour": STATE_COLOURS[one.state],
        "roles": role_words(one.roles),
        "opened": field_words(one.fields),
        "may_decide": may_work_as(viewer_of(request), IG_OFFICER),
    }
    return render(request, "governance/agreement.html", context)


def _find(reference: str) -> Agreement:
    for one in list_agreements():
        if one.reference == reference:
            return one
    raise NotFound(_("There is no such agreement."))


def _decide(request: HttpRequest, reference: str, verb: Callable[..., None], done: str) -> HttpResponse:
    """Ask for the reason, then decide."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    form: Form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb(by=viewer_of(request), reference=reference, reason=form.cleaned_data["reason"])
        messages.success(request, done)
        return redirect("governance:agreement", reference)
    context = {"form": form, "agreement": _find(reference), "revoking": verb is revoke_agreement}
    return render(request, "governance/decide.html", context)
