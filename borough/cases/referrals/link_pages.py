"""Pages behind a service's link. Nobody signs in: a code from the service's mailbox opens them in one browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from borough.cases import actions, queries
from borough.cases.referrals.desk import Desk, say, show_referral
from borough.common.mailbox_pages import MailboxPages

PAGES = MailboxPages(
    held_as="referral_links",
    page="referrals:link",
    send_code="referrals:send_code",
    new_link="referrals:new_link",
    title=gettext_noop("A referral for you"),
    show=gettext_noop("Show the referral"),
)


@PAGES.guard
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Before the code: whose mailbox it went to. After it: the referral."""
    held = PAGES.held(request)
    view = queries.read_referral_link(token, held)
    if view.proved:
        return show_referral(request, _desk(request, token, view.referral_id))
    return PAGES.ask_for_code(
        request,
        token,
        sent_to=view.sent_to,
        code_sent=view.code_sent,
        caption=view.organization,
        prove=lambda code: actions.prove_referral_link(token, held, code=code),
    )


@require_POST
@PAGES.guard
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    actions.send_link_code(token, PAGES.held(request))
    messages.success(request, _("We sent a code. Look in the mailbox."))
    return redirect("referrals:link", token)


@require_POST
@never_cache
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    actions.ask_for_new_link(token)
    return render(request, "house/link_sent.html")


@PAGES.guard
def answer(request: HttpRequest, token: str, what: str) -> HttpResponse:
    view = queries.read_referral_link(token, PAGES.held(request))
    return say(request, _desk(request, token, view.referral_id), what)


def _desk(request: HttpRequest, token: str, referral_id: int) -> Desk:
    def address(what: str) -> str:
        name, more = ("referrals:link_answer", [what]) if what else ("referrals:link", [])
        return reverse(name, args=[token, *more])

    by = queries.viewer_of_referral_link(token, PAGES.held(request))
    return Desk(by, referral_id, address, reverse("referrals:thanks"))
