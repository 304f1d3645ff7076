"""How long staff stay signed in, where, and how that ends. Decision 24 gives the reasons for the times."""

import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from borough.accounts.models import SignIn, User
from borough.common import clock

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
# How exactly the last use is known: one write in so long, not one for each page.
NOTED_EVERY = timedelta(minutes=1)
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


class EndedSessions:
    """Middleware: a session of staff that was not used for half an hour, or began 8 hours ago, is over.

    What a page's script asks by itself is no use: a screen that nobody is at would never be signed out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever has no cookie has no session, and is spared the look.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "_auth_user_id" in request.session:
            if request.path == reverse("accounts:still"):
                # Asking ends nothing, so that what is typed in the page that asks can still be sent and kept.
                if request.method == "POST" and not is_over(request):
                    _note_use(request)
            elif is_over(request):
                # For whoever keeps what was typed (typed.py), until they are back.
                request.ended_session_of = request.session["_auth_user_id"]  # type: ignore[attr-defined]
                end_here(request)
            elif request.headers.get("Sec-Fetch-Dest", "") != "empty":
                _note_use(request)
        return self.get_response(request)


def note_beginning(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """When the password was right. By the machine's clock, as Django's own sessions."""
    request.session["began"] = request.session["used"] = time.time()


def seconds_left(request: HttpRequest) -> float:
    """How long the session goes on if nothing is done; 0 or less when it is over."""
    began, used = request.session.get("began", 0), request.session.get("used", 0)
    return float(min(began + LONGEST.total_seconds(), used + IDLE.total_seconds()) - time.time())


def is_over(request: HttpRequest) -> bool:
    return seconds_left(request) <= 0


def begin_here(request: HttpRequest, user: User) -> None:
    """Note that this person is signed in in this browser, with both factors."""
    now = clock.now()
    browser = browser_words(request.headers.get("User-Agent", ""))
    # A session that was just given a new key has it once it is saved.
    request.session.save()
    key = str(request.session.session_key)
    SignIn.objects.create(user=user, session_key=key, browser=browser, began_at=now, used_at=now)


def move_here(request: HttpRequest, before: str) -> None:
    """The session has a new key: `before` was its old one."""
    request.session.save()
    SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def end_here(request: HttpRequest) -> None:
    """Sign this browser out."""
    SignIn.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_elsewhere(user: User, *, here: str = "", only: str = "") -> int:
    """End the person's sessions at once: but the one with the key `here`; or `only` the one with this id.

    Returns how many. A session of before both factors has no row, and ends with the password."""
    others = SignIn.objects.filter(user=user).exclude(session_key=here)
    if only:
        others = others.filter(pk=only)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = list(others.values_list("session_key", flat=True))
    for key in keys:
        store(key).delete()
    others.delete()
    return len(keys)


def forget_sessions() -> None:
    """Every hour: Django leaves the rows of sessions that ran out, and with them what was in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def browser_words(agent: str) -> str:
    """Such as "Firefox on Windows", from what the browser says of itself; enough to tell one's own apart."""
    browser = next((words for sign, words in BROWSERS if sign in agent), "A browser")
    system = next((words for sign, words in SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def _note_use(request: HttpRequest) -> None:
    if time.time() - request.session["used"] > NOTED_EVERY.total_seconds():
        request.session["used"] = time.time()
        SignIn.objects.filter(session_key=request.session.session_key).update(used_at=clock.now())
