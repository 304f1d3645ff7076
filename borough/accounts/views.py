"""Signing in: password, then a code; signing out; one's own account; the rehearsal's short way in."""

from typing import cast

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from borough.accounts.actions import (
    begin_second_factor,
    change_password,
    check_old_password,
    check_password,
    check_second_factor,
    say_languages,
    sign_out_of,
    user_of_rehearsal_link,
)
from borough.accounts.forms import ChangePasswordForm, CodeForm, LanguagesForm, NewPasswordForm, SignInForm
from borough.accounts.known_browsers import known_here, remember_here
from borough.accounts.log import note_event
from borough.accounts.models import User
from borough.accounts.policies import PARTNER
from borough.accounts.queries import languages_of_staff, list_events, list_sessions, viewer_of
from borough.accounts.sessions import begin_here, end_here, move_here, seconds_left
from borough.accounts.staff_page import safe_next, staff_page
from borough.accounts.typed import drop_typed_of_others, take_typed

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        user = check_password(email=email, password=password, known=known_here(request))
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
        if check_second_factor(user, form.cleaned_data["code"], known=known_here(request) == user.pk):
            if user.first_password_until is not None:
                request.session["factor_passed"] = True
                return redirect("accounts:first_password")
            return _let_in(request, user)
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


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Who came with a password that somebody else has read chooses their own, before anything else opens."""
    user = request.user
    if not isinstance(user, User) or not request.session.get("factor_passed"):
        return redirect("accounts:sign_in")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        change_password(user, new=form.cleaned_data["new"])
        update_session_auth_hash(request, user)
        del request.session["factor_passed"]
        return _let_in(request, user)
    return render(request, "accounts/first_password.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def still(request: HttpRequest) -> HttpResponse:
    """For signed-out.js: for how many seconds the session of this browser goes on. Asking does not prolong it; a POST,
    by who wants to stay, does (EndedSessions).
    """
    left = max(0, int(seconds_left(request))) if viewer_of(request).kind != "public" else 0
    return HttpResponse(str(left), content_type="text/plain; charset=utf-8")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User) and viewer_of(request).kind != "public":
        note_event(request.user, "signed_out")
    end_here(request)
    return redirect("web:home")


@staff_page(purpose=False, partners=True)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and what happened with the account."""
    user = _user_of(request)
    context = {
        "user": user,
        "sessions": list_sessions(user, here=str(request.session.session_key)),
        "events": list_events(user),
    }
    return render(request, "accounts/account.html", context)


@staff_page(purpose=False, partners=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = _user_of(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        if check_old_password(user, form.cleaned_data["old"]):
            before = str(request.session.session_key)
            change_password(user, new=form.cleaned_data["new"], here=before)
            update_session_auth_hash(request, user)
            move_here(request, before)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect("accounts:account")
        form.add_error("old", _("This is not your password. After 5 wrong tries, wait 15 minutes"))
    return render(request, "accounts/password.html", {"form": form})


@staff_page(partners=True)
@require_safe
def typed(request: HttpRequest) -> HttpResponse:
    """What was typed while the session ended, to send after all. Shown once."""
    kept = take_typed(request)
    if kept is None:
        return redirect("web:staff_home" if viewer_of(request).kind == "staff" else "referrals:inbox")
    # Whole sentences are what they want to see again; the rest are choices and numbers.
    words = [value for _name, value in kept.fields if " " in value.strip()]
    return render(request, "accounts/typed.html", {"typed": kept, "words": words})


@staff_page(purpose=False, partners=True)
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End one other session of one's own, or all."""
    here = str(request.session.session_key)
    if sign_out_of(_user_of(request), here=here, only=request.POST.get("session", "")):
        messages.success(request, _("That browser is signed out."))
    return redirect("accounts:account")


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
    return _let_in(request, user)


def _user_of(request: HttpRequest) -> User:
    # A page for staff or partners: nobody else comes so far.
    return cast(User, request.user)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    # A new session key: one that somebody knew before the code was right is worth nothing now.
    request.session.cycle_key()
    request.session["second_factor_passed"] = True
    drop_typed_of_others(request, user)
    begin_here(request, user)
    note_event(user, "signed_in")
    for name in ("purpose", "purpose_name"):
        request.session.pop(name, None)
    wish, home = request.session.pop("next", None), reverse("web:staff_home")
    if viewer_of(request).has_role(PARTNER):
        answer = redirect(wish if wish and wish != home else "referrals:inbox")
    else:
        answer = redirect(wish or home)
    remember_here(answer, user)
    return answer
