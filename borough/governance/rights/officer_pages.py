"""Pages of the information governance team: what residents asked, and who looked at one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import safe_next, staff_page
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.queries import purpose_of
from borough.governance.rights.forms import AnswerForm, ReleaseForm, RequestsForm
from borough.governance.rights.pages import REQUEST_COLOURS
from borough.governance.rights.ports import words_of_field


@require_safe
@staff_page
def requests(request: HttpRequest) -> HttpResponse:
    form = RequestsForm(request.GET)
    rows = [
        {
            "reference": one.reference,
            "reference_href": reverse("governance:request", args=[one.reference]),
            "kind": one.kind_label,
            "received": one.received_at,
            "answer_by": one.answer_by,
            "late": _("Late") if one.overdue else "",
            "late_colour": "red" if one.overdue else "",
            "state": one.state_label,
            "state_colour": REQUEST_COLOURS[one.state],
        }
        for one in queries.list_requests(viewer=viewer_of(request), waiting=form.chosen() != "all")
    ]
    columns = [
        Column("reference", _("Reference")),
        Column("kind", _("What"), sort=True),
        Column("received", _("Received"), sort=True),
        Column("answer_by", _("Answer by"), sort=True),
        Column("late", _("On time?")),
        Column("state", _("State"), sort=True),
    ]
    table = Table(caption=_("Requests"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "rights/requests.html", table, {"filters": form})


@require_http_methods(["GET", "POST"])
@staff_page
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = queries.read_request(reference, viewer=viewer, purpose=purpose)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_request(by=viewer, purpose=purpose, reference=reference, answer=form.cleaned_data["answer"])
        messages.success(request, _("The answer is kept, and the resident is told that it is there."))
        return redirect("governance:request", reference)
    return render(
        request, "rights/officer_request.html", {"one": one, "form": form, "colour": REQUEST_COLOURS[one.state]}
    )


@require_POST
@staff_page
def take(request: HttpRequest, reference: str) -> HttpResponse:
    actions.take_request(by=viewer_of(request), purpose=purpose_of(request), reference=reference)
    return redirect("governance:request", reference)


@require_safe
@staff_page
def looks(request: HttpRequest, resident_id: str) -> HttpResponse:
    """Who looked at one resident: to answer them, or to print for somebody without a telephone."""
    found = queries.list_looks_at(resident_id, viewer=viewer_of(request), purpose=purpose_of(request))
    rows = [
        {"at": one.at, "who": one.who, "kind": one.kind, "purpose": one.purpose, "verb": one.verb, "people": one.people}
        for one in found
    ]
    columns = [
        Column("at", _("When"), sort=True),
        Column("who", _("Who"), sort=True),
        Column("kind", _("What"), sort=True),
        Column("purpose", _("Purpose"), sort=True),
        Column("verb", _("Through"), sort=True),
        Column("people", _("Residents"), sort=True, numeric=True),
    ]
    table = Table(caption=_("The newest 200 looks"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "rights/looks.html", table, {"resident_id": resident_id})


@require_POST
@staff_page
def send_link(request: HttpRequest, resident_id: str) -> HttpResponse:
    actions.offer_own_link(by=viewer_of(request), purpose=purpose_of(request), resident_id=resident_id)
    messages.success(
        request, _("They get a link by text or email, at the contact that we hold. If we hold none, nothing is sent.")
    )
    return redirect(safe_next(request))


@require_http_methods(["GET", "POST"])
@staff_page
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Look a copy through, leave out what is of others, and release it."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = queries.read_copy(reference, viewer=viewer, purpose=purpose)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_copy(
                by=viewer,
                purpose=purpose,
                reference=reference,
                leave_out=request.POST.getlist("leave_out"),
                why=form.cleaned_data["why"],
            )
        except (NotAllowed, NotFound, WrongState):
            raise
        except Problem as problem:
            form.add_error("why", str(problem))
        else:
            messages.success(request, _("The copy is released. The resident is told that it is there."))
            return redirect("governance:request", reference)
    return render(request, "rights/copy.html", {"one": one, "form": form, "label": words_of_field})


@require_POST
@staff_page
def start_copy(request: HttpRequest, resident_id: str) -> HttpResponse:
    reference = actions.start_copy(by=viewer_of(request), purpose=purpose_of(request), resident_id=resident_id)
    return redirect("governance:request", reference)


@require_POST
@staff_page
def objection(request: HttpRequest, resident_id: str) -> HttpResponse:
    """Note one that came by letter or telephone, or overrule the one that there is, with a reason."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if "because" in request.POST:
        actions.overrule_objection(by=viewer, purpose=purpose, resident_id=resident_id, because=request.POST["because"])
    else:
        actions.note_objection(by=viewer, purpose=purpose, resident_id=resident_id)
    messages.success(request, _("It is kept, and holds from now on."))
    return redirect("governance:looks", resident_id)
