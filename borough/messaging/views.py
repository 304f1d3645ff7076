"""Pages of messaging: each parses, makes one call, renders."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common import clock
from borough.common.links import read_token
from borough.common.tables import Column, Table, respond_with_table
from borough.common.words import number_words, time_words
from borough.governance.queries import purpose_of
from borough.messaging import actions, queries
from borough.messaging.forms import PreferencesForm, StopForm, WordingForm
from borough.messaging.policies import next_allowed
from borough.messaging.receiving import say_preferences
from borough.messaging.sending import PERSONAL, PREFERENCES_LINK, common_values

STATE_COLOURS = {"draft": "grey", "sending": "blue", "stopped": "red", "done": "green"}
READING_COLOURS = {"help": "purple", "stop": "red", "no": "grey", "other": "yellow"}
# A stop link must work for as long as somebody keeps the e-mail.
PREFERENCES_KEEP = timedelta(days=3 * 365)


@staff_page
def campaigns(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "title": each.title,
            "title_href": f"campaigns/{each.id}/",
            "state": each.state_label,
            "state_colour": STATE_COLOURS[each.state],
            "created": each.created_at.date(),
            "people": each.counts.people,
            "sent": each.counts.sent,
            "replied": each.counts.replied,
            "help": each.counts.asked_for_help,
        }
        for each in queries.list_campaigns(viewer=viewer_of(request))
    ]
    table = Table(
        caption=_("All campaigns"),
        columns=[
            Column("title", _("Campaign"), sort=True),
            Column("state", _("State"), sort=True),
            Column("created", _("Made on"), sort=True),
            Column("people", _("People"), sort=True, numeric=True),
            Column("sent", _("Sent"), sort=True, numeric=True),
            Column("replied", _("Replied"), sort=True, numeric=True),
            Column("help", _("Asked for help"), sort=True, numeric=True),
        ],
        rows=rows,
        request=request,
    )
    return respond_with_table(request, "messaging/campaigns.html", table, {"waiting": queries.count_inbox()})


@staff_page
def campaign(request: HttpRequest, campaign_id: str) -> HttpResponse:
    found = queries.read_campaign(campaign_id, viewer=viewer_of(request))
    return render(
        request,
        "messaging/campaign.html",
        {
            "campaign": found,
            "colour": STATE_COLOURS[found.state],
            "previews": queries.preview_wording(found.wording, found.values),
            "texts": queries.count_texts(found),
        },
    )


@staff_page
def wording(request: HttpRequest, campaign_id: str) -> HttpResponse:
    found = queries.read_campaign(campaign_id, viewer=viewer_of(request))
    words = found.wording
    form = WordingForm(
        request.POST or None,
        initial={"sms": words.sms, "email_subject": words.email_subject, "email_body": words.email_body},
        known=frozenset([*PERSONAL, *common_values(found.values)]),
        channels=words.channels,
    )
    if request.method == "POST" and form.is_valid():
        actions.edit_wording(by=viewer_of(request), campaign_id=campaign_id, wording=form.wording())
        messages.success(request, _("The words are saved. Read them as a resident will."))
        return redirect("messaging:campaign", campaign_id)
    return render(request, "messaging/wording.html", {"campaign": found, "form": form, "known": sorted(form.known)})


@staff_page
def start(request: HttpRequest, campaign_id: str) -> HttpResponse:
    if request.method == "POST":
        due = actions.start_campaign(by=viewer_of(request), campaign_id=campaign_id)
        at_once = due <= clock.now()
        words = _("The messages are going out.") if at_once else _("The messages go out from %(time)s.")
        messages.success(request, words % {"time": time_words(due)})
        return redirect("messaging:campaign", campaign_id)
    found = queries.read_campaign(campaign_id, viewer=viewer_of(request))
    now = clock.now()
    due = next_allowed(now)
    context = {
        "campaign": found,
        "previews": queries.preview_wording(found.wording, found.values),
        "texts": queries.count_texts(found),
        "due": due if due > now else None,
    }
    return render(request, "messaging/start.html", context)


@staff_page
def stop(request: HttpRequest, campaign_id: str) -> HttpResponse:
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = actions.stop_campaign(by=viewer_of(request), campaign_id=campaign_id, reason=form.cleaned_data["reason"])
        words = ngettext("Stopped. %(held)s message was held back.", "Stopped. %(held)s messages were held back.", held)
        messages.success(request, words % {"held": number_words(held)})
        return redirect("messaging:campaign", campaign_id)
    found = queries.read_campaign(campaign_id, viewer=viewer_of(request))
    return render(request, "messaging/stop.html", {"campaign": found, "form": form})


@staff_page
def not_reached(request: HttpRequest, campaign_id: str) -> HttpResponse:
    found = queries.read_campaign(campaign_id, viewer=viewer_of(request))
    page = queries.list_not_reached(
        campaign_id, viewer=viewer_of(request), purpose=purpose_of(request), page=_page(request)
    )
    table = Table(
        caption=_("People to telephone or visit"),
        columns=[Column("name", _("Name")), Column("phone", _("Phone")), Column("why", _("Why"))],
        rows=[{"name": each.name or each.resident_id, "phone": each.phone, "why": each.why} for each in page],
        request=request,
    )
    return respond_with_table(request, "messaging/not_reached.html", table, {"campaign": found, "page": page})


@staff_page
def inbox(request: HttpRequest) -> HttpResponse:
    page = queries.list_inbox(viewer=viewer_of(request), purpose=purpose_of(request), page=_page(request))
    return render(request, "messaging/inbox.html", {"page": page, "colours": READING_COLOURS})


@require_POST
@staff_page
def deal_with(request: HttpRequest, message_id: int) -> HttpResponse:
    actions.deal_with_reply(by=viewer_of(request), purpose=purpose_of(request), message_id=str(message_id))
    messages.success(request, _("The reply is out of the list."))
    return redirect("messaging:inbox")


def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """A resident's own page, from the link in their e-mail. It says nothing of whose it is: links are passed on."""
    resident_id = read_token(PREFERENCES_LINK, token, keep=PREFERENCES_KEEP)
    if request.method == "POST":
        form = PreferencesForm(request.POST)
        if form.is_valid():
            say_preferences(resident_id, form.chosen())
            return render(request, "messaging/preferences_kept.html", {"allowed": any(form.chosen().values())})
    else:
        told = queries.own_preferences(resident_id)
        form = PreferencesForm(initial={"allowed": " ".join(channel for channel, may in told.items() if may)})
    return render(request, "messaging/preferences.html", {"form": form})


def _page(request: HttpRequest) -> int:
    page = request.GET.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() else 1
