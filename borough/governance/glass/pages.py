"""Pages of emergency access: open it, end it, review it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.glass.forms import BreakForm, ReviewForm
from borough.governance.glass.rules import EMERGENCY
from borough.governance.queries import purpose_of

COLOURS = {"to_review": "yellow", "justified": "green", "not_justified": "red"}


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def emergency(request: HttpRequest) -> HttpResponse:
    form = BreakForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        resident_id = form.resident()
        actions.break_glass(by=viewer_of(request), reason=form.cleaned_data["reason"], resident_id=resident_id)
        request.session["purpose"] = EMERGENCY
        request.session["purpose_name"] = _("Emergency access")
        return redirect("residents:resident", resident_id) if resident_id else redirect("residents:search")
    ends_at = queries.emergency_ends_at(viewer_of(request))
    return render(request, "glass/emergency.html", {"form": form, "ends_at": ends_at})


@require_POST
@staff_page(purpose=False)
def end(request: HttpRequest) -> HttpResponse:
    actions.end_emergency(by=viewer_of(request))
    if purpose_of(request) == EMERGENCY:
        request.session.pop("purpose")
        request.session.pop("purpose_name", None)
    messages.success(request, _("Your emergency access has ended."))
    return redirect("governance:emergency")


@require_safe
@staff_page
def breaks(request: HttpRequest) -> HttpResponse:
    show_all = request.GET.get("all") == "1"
    rows = [
        {
            "reference": one.reference,
            "reference_href": reverse("governance:glass_break", args=[one.reference]),
            "who": one.who,
            "opened": one.opened_at,
            "review_by": one.review_by,
            "late": _("Late") if one.overdue else "",
            "late_colour": "red" if one.overdue else "",
            "state": one.state_label,
            "state_colour": COLOURS[one.state],
        }
        for one in queries.list_breaks(viewer=viewer_of(request), all_of_them=show_all)
    ]
    columns = [
        Column("reference", _("Reference")),
        Column("who", _("Who"), sort=True),
        Column("opened", _("Opened"), sort=True),
        Column("review_by", _("Review by"), sort=True),
        Column("late", _("On time?")),
        Column("state", _("State"), sort=True),
    ]
    table = Table(caption=_("Emergency access"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "glass/breaks.html", table, {"show_all": show_all})


@require_http_methods(["GET", "POST"])
@staff_page
def glass_break(request: HttpRequest, reference: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = queries.read_break(reference, viewer=viewer, purpose=purpose)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.review_break(
            by=viewer,
            purpose=purpose,
            reference=reference,
            justified=form.cleaned_data["verdict"] == "yes",
            review=form.cleaned_data["review"],
        )
        messages.success(request, _("The review is kept."))
        return redirect("governance:glass_break", reference)
    return render(request, "glass/break.html", {"one": one, "form": form, "colour": COLOURS[one.state]})
