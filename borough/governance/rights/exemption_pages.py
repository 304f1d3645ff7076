"""Pages of lawful exemptions: apply a rule, confirm what somebody else applied, end it; and the public count."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.queries import purpose_of
from borough.governance.rights.exemptions import rules_for
from borough.governance.rights.forms import ExemptionForm

COLOURS = {"set": "yellow", "confirmed": "green", "refused": "red", "ended": "grey"}


@require_safe
@staff_page
def exemptions(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "id": one.id,
            "id_href": reverse("governance:exemption", args=[one.id]),
            "rule": str(one.rule.title),
            "state": one.state_label,
            "state_colour": COLOURS[one.state],
            "set_by": one.set_by,
            "confirm_by": one.confirm_by if one.state == "set" else None,
            "until": one.until,
        }
        for one in queries.list_exemptions(viewer=viewer_of(request))
    ]
    columns = [
        Column("id", _("Reference")),
        Column("rule", _("Rule"), sort=True),
        Column("state", _("State"), sort=True),
        Column("set_by", _("Set by"), sort=True),
        Column("confirm_by", _("Confirm by"), sort=True),
        Column("until", _("Until"), sort=True),
    ]
    table = Table(caption=_("Exemptions in force"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "rights/exemptions.html", table)


@require_http_methods(["GET", "POST"])
@staff_page
def new(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    rules = rules_for(purpose)
    if not rules:
        raise NotAllowed(
            _("No rule lets a look for this purpose be shown later."), _("Ask the information governance team.")
        )
    form = ExemptionForm(
        request.POST or None, rules=rules, initial={"rule": rules[0].code if len(rules) == 1 else None}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_exemption(by=viewer, purpose=purpose, **form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("until", str(problem))
        else:
            messages.success(request, _("It is in force now. It lapses after 7 days unless somebody else confirms it."))
            return redirect("web:staff_home")
    return render(request, "rights/exemption_new.html", {"form": form})


@require_safe
@staff_page
def exemption(request: HttpRequest, exemption_id: str) -> HttpResponse:
    viewer = viewer_of(request)
    one = queries.read_exemption(exemption_id, viewer=viewer, purpose=purpose_of(request))
    return render(request, "rights/exemption.html", {"one": one, "colour": COLOURS[one.state]})


@require_POST
@staff_page
def decide(request: HttpRequest, exemption_id: str) -> HttpResponse:
    actions.decide_exemption(
        by=viewer_of(request),
        purpose=purpose_of(request),
        exemption_id=exemption_id,
        agree=request.POST.get("agree") == "yes",
    )
    return redirect("governance:exemption", exemption_id)


@require_POST
@staff_page
def end(request: HttpRequest, exemption_id: str) -> HttpResponse:
    actions.end_exemption(by=viewer_of(request), purpose=purpose_of(request), exemption_id=exemption_id)
    messages.success(request, _("It has ended. What was delayed shows from now on."))
    return redirect("web:staff_home")


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """For anybody: how often each rule was applied."""
    columns = [
        Column("rule", _("Why")),
        Column("provision", _("Which law allows it")),
        Column("quarter", _("When")),
        Column("count", _("How often")),
    ]
    rows = [
        {
            "rule": one.title,
            "provision": one.provision,
            "quarter": _("%(year)s, quarter %(quarter)s") % {"year": one.year, "quarter": one.quarter},
            "count": one.count,
        }
        for one in queries.count_exemptions()
    ]
    table = Table(caption=_("How often we showed a look later"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "rights/counts.html", table)
