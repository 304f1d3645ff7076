"""The officer's pages on what a resident asked to have changed, and the outbox of each source."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.changing.forms import AcknowledgeForm, BecauseForm, CorrectForm, EraseForm
from borough.governance.queries import purpose_of

KINDS = ("correct", "erase", "restrict")
COLOURS = {"sent": "yellow", "done": "green", "refused": "red"}


@require_http_methods(["GET", "POST"])
@staff_page
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Do what the request asks: correct, erase or restrict. The answer is then written on the request's own page."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = queries.read_request(reference, viewer=viewer, purpose=purpose)
    if one.kind not in KINDS or not one.resident_id:
        raise NotFound(_("There is nothing to change here."), _("Open the request from the list."))
    lift = one.kind == "restrict" and request.POST.get("lift") == "1"
    form = _form(one.kind, request)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"by": viewer, "purpose": purpose, "resident_id": one.resident_id}
        try:
            if one.kind == "correct":
                made = actions.correct_record(**said, **form.cleaned_data)
                text = _("It is corrected in %(count)s records, and each source is to be told.") % {"count": len(made)}
            elif one.kind == "erase":
                actions.erase_resident(**said, because=form.cleaned_data["because"])
                text = _("It is deleted.")
            elif lift:
                actions.lift_restriction(**said, because=form.cleaned_data["because"])
                text = _("It may be used again.")
            else:
                actions.restrict_use(**said, because=form.cleaned_data["because"])
                text = _("From now on it is not used.")
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("should_be" if one.kind == "correct" else "because", str(problem))
        else:
            messages.success(request, text)
            return redirect("governance:request", reference)
    context = {"one": one, "form": form, "fates": queries.fates() if one.kind == "erase" else []}
    return render(request, "changing/change.html", context)


@require_safe
@staff_page
def corrections(request: HttpRequest) -> HttpResponse:
    show_all = request.GET.get("all") == "1"
    listed = queries.list_corrections(viewer=viewer_of(request), purpose=purpose_of(request), waiting=not show_all)
    rows = [
        {
            "reference": one.reference,
            "reference_href": reverse("governance:correction", args=[one.reference]),
            "source": f"{one.source}, {one.owner}" if one.owner else one.source,
            "key": one.key,
            "field": one.field,
            "should_be": one.should_be,
            "sent": one.sent_at.astimezone(clock.LONDON).date(),
            "state": one.state_label,
            "state_colour": COLOURS[one.state],
        }
        for one in listed
    ]
    columns = [
        Column("reference", _("Reference")),
        Column("source", _("Source, and who answers for it"), sort=True),
        Column("key", _("Its key")),
        Column("field", _("What"), sort=True),
        Column("should_be", _("Should be")),
        Column("sent", _("Since"), sort=True),
        Column("state", _("State"), sort=True),
    ]
    table = Table(caption=_("Corrections"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "changing/corrections.html", table, {"show_all": show_all})


@require_http_methods(["GET", "POST"])
@staff_page
def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """What the source answered."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    listed = queries.list_corrections(viewer=viewer, purpose=purpose, waiting=False)
    one = next((each for each in listed if each.reference == reference), None)
    if one is None:
        raise NotFound(_("There is no such correction."), _("Choose one from the list."))
    form = AcknowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.acknowledge_correction(by=viewer, purpose=purpose, reference=reference, **form.cleaned_data)
        messages.success(request, _("The source's answer is kept."))
        return redirect("governance:corrections")
    return render(request, "changing/correction.html", {"one": one, "form": form, "colour": COLOURS[one.state]})


def _form(kind: str, request: HttpRequest) -> Form:
    sent = request.POST or None
    if kind == "correct":
        return CorrectForm(sent)
    if kind == "erase":
        return EraseForm(sent, hint=_("Which ground of UK GDPR Article 17 there is. The resident can ask for it."))
    return BecauseForm(sent, hint=_("Which ground of UK GDPR Article 18 there is, or what was found if it ends."))
