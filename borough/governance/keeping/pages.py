"""The officer's page on what is deleted tonight, and on what is held."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.keeping.forms import HoldForm
from borough.governance.queries import purpose_of


@require_http_methods(["GET", "POST"])
@staff_page
def deletion(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_legal_hold(by=viewer, purpose=purpose, **form.cleaned_data)
        messages.success(request, _("It is held from now on."))
        return redirect("governance:deletion")
    rows = [
        {"table": one.table, "keep": one.keep, "going": one.going, "held": one.held, "last": one.last}
        for one in queries.plan_deletion(viewer=viewer, purpose=purpose)
    ]
    columns = [
        Column("table", _("Table"), sort=True),
        Column("keep", _("Kept")),
        Column("going", _("Goes tonight"), sort=True, numeric=True),
        Column("held", _("Held"), sort=True, numeric=True),
        Column("last", _("Went last time"), sort=True, numeric=True),
    ]
    table = Table(caption=_("What is deleted tonight"), columns=columns, rows=rows, request=request)
    context = {
        "form": form,
        "holds": queries.list_legal_holds(viewer=viewer, purpose=purpose),
        "last": queries.last_deletion(viewer=viewer),
    }
    return respond_with_table(request, "keeping/deletion.html", table, context)


@require_POST
@staff_page
def end_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    actions.end_legal_hold(by=viewer_of(request), purpose=purpose_of(request), hold_id=hold_id)
    messages.success(request, _("It is no longer held."))
    return redirect("governance:deletion")
