"""What stands before every page for staff and partners: signed in with both factors; for staff, a purpose chosen."""

from collections.abc import Callable
from functools import wraps
from typing import overload
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from borough.accounts.policies import PARTNER
from borough.accounts.queries import viewer_of
from borough.accounts.typed import keep_typed
from borough.common.errors import NotAllowed

View = Callable[..., HttpResponse]


@overload
def staff_page(view: View) -> View: ...
@overload
def staff_page(*, purpose: bool = True, partners: bool = False) -> Callable[[View], View]: ...
def staff_page(
    view: View | None = None, *, purpose: bool = True, partners: bool = False
) -> View | Callable[[View], View]:
    """Send the public to sign in, and staff without a purpose to choose one. `partners`: the page is for them too.

    Whether they may see what the page shows is for the verb behind it: this only spares them a refusal.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            who = viewer_of(request)
            if who.kind == "partner" and partners:
                return view(request, *args, **kwargs)
            if who.kind == "partner":
                raise NotAllowed(_("This page is for the council's staff."), _("Go back to your referrals."))
            if who.kind != "staff":
                return _ask_first("accounts:sign_in", request)
            if purpose and not request.session.get("purpose"):
                return _ask_first("governance:purpose", request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate(view) if view is not None else decorate


def partner_page(view: View) -> View:
    """Send the public to sign in. A page for those who work for a partner organisation."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        who = viewer_of(request)
        if who.kind == "public":
            return _ask_first("accounts:sign_in", request)
        if not who.has_role(PARTNER):
            raise NotAllowed(_("This page is for partner organisations."), _("Open the case instead."))
        return view(request, *args, **kwargs)

    return guarded


def safe_next(request: HttpRequest, otherwise: str = "web:staff_home") -> str:
    """Where `?next=` or a hidden field asks to go, if that is a page of this site; else the page named `otherwise`."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wish
    return reverse(otherwise)


def _ask_first(page: str, request: HttpRequest) -> HttpResponse:
    # A form that was sent is kept for after the detour, where the session was over; else they go home.
    wanted = request.get_full_path() if request.method == "GET" else ""
    if keep_typed(request):
        wanted = reverse("accounts:typed")
    return redirect(f"{reverse(page)}?{urlencode({'next': wanted})}" if wanted else reverse(page))
