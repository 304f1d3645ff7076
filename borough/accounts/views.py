"""Signing in: password, then a code; signing out; the rehearsal's short way in; and what staff say of themselves."""

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from borough.accounts.actions import (
    begin_second_factor,
    check_password,
    check_second_factor,
    say_languages,
    user_of_rehearsal_link,
)
from borough.accounts.forms import CodeForm, LanguagesForm, SignInForm
from borough.accounts.policies import PARTNER
from borough.accounts.queries import languages_of_staff, viewer_of
from borough.accounts.staff_page import safe_next, staff_page

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = check_password(email=form.cleaned_data["email"], password=form.cleaned_data["password"])
        if user is not None:
            # Not signed in yet: viewer_of stays the public until the second factor is passed.
            login(request, user, backend=BACKEND)
            request.session["second_factor_passed"] = False
            request.session["next"] = safe_next(request)
            return redirect("accounts:second_factor")
        form.add_error("password", _("Email address or password is wrong. After 5 wrong tries, wait 15 minutes"))
    return render(request, "accounts/sign_in.html", {"form": form, "next": safe_next(request)})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code. Before the first code ever, show the key to put into an authenticator app."""
    if not request.user.is_authenticated:
        return redirect("accounts:sign_in")
    user = request.user
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if check_second_factor(user, form.cleaned_data["code"]):
            return _let_in(request)
        form.add_error(
            "code",
            _("That code is wrong, or was used before. Wait for the next code. After 5 wrong tries, wait 15 minutes"),
        )
    context: dict[str, object] = {"form": form}
    if user.totp_confirmed_at is None:
        uri = begin_second_factor(user)
        user.refresh_from_db(fields=["totp_secret"])
        key = user.totp_secret
        context["key"] = " ".join(key[i : i + 4] for i in range(0, len(key), 4))
        context["picture"] = segno.make(uri, error="m").svg_data_uri(scale=5, border=2)
    return render(request, "accounts/second_factor.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("web:home")


@staff_page(purpose=False)
@require_http_methods(["GET", "POST"])
def languages(request: HttpRequest) -> HttpResponse:
    """Which languages a member of staff speaks, for whoever shares out cases."""
    viewer = viewer_of(request)
    spoken = languages_of_staff([viewer.id])[viewer.id]
    form = LanguagesForm(request.POST if request.method == "POST" else None, initial={"languages": spoken})
    if request.method == "POST" and form.is_valid():
        say_languages(by=viewer, languages=form.cleaned_data["languages"])
        messages.success(request, _("Your languages are saved."))
        return redirect(safe_next(request))
    return render(request, "accounts/languages.html", {"form": form, "next": safe_next(request)})


@never_cache
@require_GET
def rehearsal_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """The link that the demo prints for each role. A live borough has no such page."""
    if not settings.REHEARSAL:
        raise Http404
    user = user_of_rehearsal_link(token)
    login(request, user, backend=BACKEND)
    return _let_in(request)


def _let_in(request: HttpRequest) -> HttpResponse:
    # A new session key: one that somebody knew before the code was right is worth nothing now.
    request.session.cycle_key()
    request.session["second_factor_passed"] = True
    for name in ("purpose", "purpose_name"):
        request.session.pop(name, None)
    wish, home = request.session.pop("next", None), reverse("web:staff_home")
    if viewer_of(request).has_role(PARTNER):
        return redirect(wish if wish and wish != home else "referrals:inbox")
    return redirect(wish or home)
