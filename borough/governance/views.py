"""Pages of governance: choosing a purpose, and the ledger. Those of agreements are in `register.views`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import safe_next, staff_page
from borough.common.errors import Problem
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.forms import LedgerForm, PurposeForm
from borough.governance.models import LedgerEntry, Purpose
from borough.governance.queries import closed_at, list_ledger, purpose_of, purposes_open_to, read_sealing

KIND_COLOURS = {"opened": "grey", "read": "blue", "write": "purple", "denied": "red"}


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
    context = {"filters": form, "sealing": read_sealing(viewer=viewer_of(request))}
    return respond_with_table(request, "governance/ledger.html", table, context)


@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """For still-open.js, without a session: when the newest door of a purpose closed, as text; empty for never."""
    closed = closed_at(request.GET.get("purpose", ""))
    return HttpResponse(
        closed.isoformat(timespec="microseconds") if closed else "", content_type="text/plain; charset=utf-8"
    )


def _choose(request: HttpRequest, purpose: Purpose) -> None:
    request.session["purpose"] = purpose.code
    request.session["purpose_name"] = purpose.name
