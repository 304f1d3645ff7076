"""A resident's own pages. They come by a link; the session then holds the link's id and nothing of theirs."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.policies import Viewer
from borough.common.errors import NotFound, Problem
from borough.governance import actions, queries
from borough.governance.changing.forms import AskChangeForm
from borough.governance.rights.forms import AskLinkForm, BornForm, ComplaintForm, OpenComplaintForm, WhyForm

SESSION = "own_record"
REQUEST_COLOURS = {"received": "blue", "looking": "yellow", "answered": "green", "withdrawn": "grey"}

OwnView = Callable[..., HttpResponse]


def own_page(view: OwnView) -> OwnView:
    """Pass on the resident whose page is open; send anybody else to ask for a link."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        resident = viewer_here(request)
        if resident is None:
            return redirect("rights:ask")
        return _private(view(request, resident, *args, **kwargs))

    return guarded


def viewer_here(request: HttpRequest) -> Viewer | None:
    """The resident whose own record is open in this browser."""
    link_id = request.session.get(SESSION, "")
    return queries.viewer_of_link(link_id) if link_id else None


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = AskLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        channel, contact = form.cleaned_data["contact"]
        actions.ask_for_own_link(channel=channel, contact=contact)
        return redirect("rights:asked")
    return render(request, "rights/ask.html", {"form": form})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/asked.html")


@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    queries.check_own_link(token)
    form = BornForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link_id = actions.open_own_link(token, born_on=form.cleaned_data["born_on"])
        except NotFound:
            raise
        except Problem as problem:
            form.add_error("born_on", str(problem))
        else:
            # A session that somebody planted in this browser is not the one that opens.
            request.session.cycle_key()
            request.session[SESSION] = link_id
            return redirect("rights:own")
    return _private(render(request, "rights/open.html", {"form": form}))


@require_safe
@own_page
def own(request: HttpRequest, resident: Viewer) -> HttpResponse:
    whole = request.GET.get("all") == "1"
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    record = queries.read_own_record(viewer=resident, page=number, whole=whole)
    context = {
        "record": record,
        "whole": whole,
        "requests": queries.list_own_requests(viewer=resident),
        "colours": REQUEST_COLOURS,
        "objection": queries.own_objection(viewer=resident),
        "restricted_since": queries.own_restriction(viewer=resident),
        "corrections": queries.own_corrections(viewer=resident),
    }
    return render(request, "rights/own.html", context)


@require_http_methods(["GET", "POST"])
@own_page
def why(request: HttpRequest, resident: Viewer, entry_id: int) -> HttpResponse:
    look = queries.read_own_look(entry_id, viewer=resident)
    if look is None:
        raise NotFound(_("There is no such look at your record."), _("Choose one from your list."))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = actions.make_request(by=resident, kind="why", entry_id=entry_id, words=form.cleaned_data["words"])
        return redirect("rights:request", reference)
    return render(request, "rights/why.html", {"form": form, "look": look})


@require_http_methods(["GET", "POST"])
@own_page
def complain_of(request: HttpRequest, resident: Viewer, entry_id: int) -> HttpResponse:
    return _complain(request, resident, entry_id)


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """With or without a link: a complaint must not need one."""
    resident = viewer_here(request)
    if resident is not None:
        return _private(_complain(request, resident, None))
    form = OpenComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["complained"] = actions.complain(**form.cleaned_data)
        return redirect("rights:complained")
    return render(request, "rights/complain.html", {"form": form, "look": None})


@require_safe
def complained(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/complained.html", {"reference": request.session.get("complained", "")})


@require_safe
@own_page
def request_page(request: HttpRequest, resident: Viewer, reference: str) -> HttpResponse:
    for one in queries.list_own_requests(viewer=resident):
        if one.reference == reference:
            made = queries.read_own_copy(reference, viewer=resident) if one.kind == "access" else None
            context = {"one": one, "colour": REQUEST_COLOURS[one.state], "copy": made}
            return render(request, "rights/request.html", context)
    raise NotFound(_("There is no such request."), _("Open it from your own page."))


@require_POST
@own_page
def objection(request: HttpRequest, resident: Viewer) -> HttpResponse:
    """Say no, or take it back."""
    if request.POST.get("say") == "yes":
        actions.withdraw_objection(by=resident)
    else:
        actions.object_to_use(by=resident)
    return redirect("rights:own")


@require_http_methods(["GET", "POST"])
@own_page
def change(request: HttpRequest, resident: Viewer) -> HttpResponse:
    form = AskChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("rights:request", actions.make_request(by=resident, **form.cleaned_data))
    return render(request, "rights/change.html", {"form": form})


@require_POST
@own_page
def ask_copy(request: HttpRequest, resident: Viewer) -> HttpResponse:
    return redirect("rights:request", actions.ask_for_copy(by=resident))


@require_POST
@own_page
def copy(request: HttpRequest, resident: Viewer, reference: str) -> HttpResponse:
    """A form sends this: a link would be followed twice, by a browser that looks ahead."""
    file = actions.download_copy(reference, by=resident)
    response = HttpResponse(file, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="your-data.zip"'
    return response


@require_POST
@own_page
def withdraw(request: HttpRequest, resident: Viewer, reference: str) -> HttpResponse:
    actions.withdraw_request(by=resident, reference=reference)
    return redirect("rights:request", reference)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    if link_id := request.session.pop(SESSION, ""):
        actions.close_own_link(link_id)
    return redirect("rights:closed")


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/closed.html")


def _complain(request: HttpRequest, resident: Viewer, entry_id: int | None) -> HttpResponse:
    look = queries.read_own_look(entry_id, viewer=resident) if entry_id is not None else None
    if entry_id is not None and look is None:
        raise NotFound(_("There is no such look at your record."), _("Choose one from your list."))
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = actions.make_request(
            by=resident, kind="complaint", entry_id=entry_id, words=form.cleaned_data["words"]
        )
        return redirect("rights:request", reference)
    return render(request, "rights/complain.html", {"form": form, "look": look})


def _private(response: HttpResponse) -> HttpResponse:
    # Out of shared caches, and not shown by the back button on a telephone that is handed on.
    response["Cache-Control"] = "private, no-store"
    return response
