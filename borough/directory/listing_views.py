"""Pages that keep the directory true: for the public, for services' own people by their link, and for editors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.common.mailbox_pages import MailboxPages
from borough.common.public_forms import count_sending
from borough.common.tables import Column, Table, respond_with_table
from borough.directory import actions, queries
from borough.directory.forms import DeclineForm, ListingForm, MistakeForm, SuggestForm, TimesForm
from borough.directory.models import SUGGESTION_KINDS, SUGGESTION_STATES

SHOWN, DOWNLOADED = 100, 100_000
# Within an hour: enough for somebody who goes through a list, too few for a script.
MOST_SUGGESTIONS = 10
PAGES = MailboxPages(
    held_as="listing_links",
    page="directory:still_right",
    send_code="directory:send_code",
    new_link="directory:new_link",
    title=gettext_noop("Is your listing still right?"),
    show=gettext_noop("Show the listing"),
)
COLOURS = {"waiting": "yellow", "approved": "green", "declined": "grey"}


def suggest(request: HttpRequest) -> HttpResponse:
    form = SuggestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _count(request)
        # A robot filled what no person sees. It is told nothing.
        if not form.cleaned_data["website"]:
            actions.suggest_service(form.fields_given)
        return redirect("directory:suggested")
    return render(request, "directory/suggest.html", {"form": form})


def mistake(request: HttpRequest, service_id: str) -> HttpResponse:
    service = queries.read_service(service_id)
    form = MistakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _count(request)
        if not form.cleaned_data["website"]:
            actions.report_mistake(service_id, form.cleaned_data["text"])
        return redirect("directory:suggested")
    return render(request, "directory/mistake.html", {"form": form, "service": service})


@require_safe
def suggested(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/suggested.html")


@PAGES.guard
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Before the code: whose mailbox it goes to. After it: what the service confirms or changes."""
    held = PAGES.held(request)
    link = queries.read_listing_link(token, held)
    if not link.proved:
        return PAGES.ask_for_code(
            request,
            token,
            sent_to=link.sent_to,
            code_sent=link.code_sent,
            prove=lambda code: actions.prove_listing_link(token, held, code=code),
        )
    asked = queries.confirmation_behind(token, held)
    is_sent = request.method == "POST"
    if is_sent and "confirm" in request.POST:
        return _confirmed(request, actions.confirm_service(token, held))
    form = ListingForm(request.POST if is_sent else None, initial=asked.fields)
    times = TimesForm(request.POST if is_sent else None, told=asked.fields["hours"])
    if is_sent and form.is_valid() & times.is_valid():
        return _confirmed(request, actions.confirm_service(token, held, {**form.cleaned_data, **times.changes}))
    context = {"form": form, "times": times, "asked": asked, "other_times": asked.other_times}
    return render(request, "directory/still_right.html", context)


@require_POST
@PAGES.guard
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    actions.send_listing_code(token, PAGES.held(request))
    messages.success(request, _("We sent a code. Look in the mailbox."))
    return redirect("directory:still_right", token)


@require_POST
@never_cache
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    actions.ask_for_new_listing_link(token)
    return render(request, "house/link_sent.html")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/confirmed.html", {"waits": request.session.get("listing_waits", False)})


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "name": one.name,
            "name_href": _page(one.id),
            "kind": _(SUGGESTION_KINDS[one.kind]),
            "state": _(SUGGESTION_STATES.labels[one.state]),
            "state_colour": COLOURS[one.state],
            "made": one.made_at,
            "decided": one.decided_at,
            "by": one.decided_by,
        }
        for one in queries.list_suggestions(viewer=viewer_of(request))
    ]
    columns = [
        Column("name", _("Service"), sort=True),
        Column("kind", _("About"), sort=True),
        Column("state", _("State"), sort=True),
        Column("made", _("Made"), sort=True),
        Column("decided", _("Decided"), sort=True),
        Column("by", _("By"), sort=True),
    ]
    table = Table(caption=_("Suggestions for the directory"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "directory/suggestions.html", table)


def suggestion(request: HttpRequest, suggestion_id: str) -> HttpResponse:
    viewer = viewer_of(request)
    found = queries.read_suggestion(suggestion_id, viewer=viewer)
    is_sent = request.method == "POST"
    approves = is_sent and "approve" in request.POST
    form = DeclineForm(request.POST if is_sent and not approves else None)
    if approves or (is_sent and form.is_valid()):
        reason = "" if approves else form.cleaned_data["reason"]
        actions.decide_suggestion(suggestion_id, by=viewer, approve=approves, reason=reason)
        return redirect("directory:suggestions")
    context = {"form": form, "suggestion": found, "label": _(SUGGESTION_KINDS[found.kind]), "names": _names()}
    context |= {"state": _(SUGGESTION_STATES.labels[found.state]), "state_colour": COLOURS[found.state]}
    return render(request, "directory/suggestion.html", context)


def edit(request: HttpRequest, service_id: str) -> HttpResponse:
    viewer = viewer_of(request)
    initial = queries.listing_fields(service_id, viewer=viewer)
    is_sent = request.method == "POST"
    form = ListingForm(request.POST if is_sent else None, initial=initial)
    times = TimesForm(request.POST if is_sent else None, told=initial["hours"])
    if is_sent and form.is_valid() & times.is_valid():
        actions.edit_service(service_id, {**form.cleaned_data, **times.changes}, by=viewer)
        return redirect("directory:service", service_id)
    history = queries.list_suggestions(viewer=viewer, service_id=service_id)
    states = {code: _(label) for code, label in SUGGESTION_STATES.labels.items()}
    context = {"form": form, "times": times, "other_times": queries.other_times(service_id, viewer=viewer)}
    context |= {"service": queries.read_service(service_id), "history": history}
    return render(request, "directory/edit.html", {**context, "states": states, "names": _names()})


@require_safe
def unconfirmed(request: HttpRequest) -> HttpResponse:
    wants_file = request.GET.get("format") == "csv"
    rows = [
        {
            "name": one.name,
            "name_href": _listing(one.service_id),
            "organization": one.organization,
            "confirmed": one.confirmed_at,
            "asked": one.asked_at,
            "chased": one.chased_at,
            "email": one.can_be_asked,
        }
        for one in queries.list_unconfirmed(viewer=viewer_of(request), most=DOWNLOADED if wants_file else SHOWN)
    ]
    columns = [
        Column("name", _("Service"), sort=True),
        Column("organization", _("Run by"), sort=True),
        Column("confirmed", _("Last confirmed"), sort=True),
        Column("asked", _("Asked"), sort=True),
        Column("chased", _("Chased"), sort=True),
        Column("email", _("Has an email address"), sort=True),
    ]
    table = Table(caption=_("Services to ask after"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "directory/unconfirmed.html", table)


def _confirmed(request: HttpRequest, waits: bool) -> HttpResponse:
    request.session["listing_waits"] = waits
    return redirect("directory:confirmed")


def _count(request: HttpRequest) -> None:
    count_sending(
        request,
        "suggestions",
        most=MOST_SUGGESTIONS,
        problem=_("You have sent many suggestions in the last hour."),
        remedy=_("Call us, or send more later."),
    )


def _names() -> dict[str, str]:
    """What each field of a change is called."""
    forms = (ListingForm.base_fields, SuggestForm.base_fields)
    return {"hours": _("Opening times")} | {
        name: str(field.label) for fields in forms for name, field in fields.items()
    }


def _page(suggestion_id: str) -> str:
    return reverse("directory:suggestion", args=[suggestion_id])


def _listing(service_id: str) -> str:
    return reverse("directory:edit", args=[service_id])
