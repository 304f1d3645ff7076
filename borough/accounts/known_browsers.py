"""A cookie by which a browser shows that this person signed in with it before: somebody elsewhere who guesses, or means
to lock them out, is counted apart from them.

It opens nothing: password and code are asked for as ever. After OWASP, "Slow down online guessing attacks with device
cookies".
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from borough.accounts.models import User

KNOWN_FOR = timedelta(days=90)
_SALT = "borough.accounts.known"


def known_here(request: HttpRequest) -> str:
    """The id of whoever signed in last in this browser; empty for nobody, or where the cookie is not ours."""
    try:
        return signing.TimestampSigner(salt=_SALT).unsign(request.COOKIES.get(_name(), ""), max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""


def remember_here(answer: HttpResponse, user: User) -> None:
    answer.set_cookie(
        _name(),
        signing.TimestampSigner(salt=_SALT).sign(user.pk),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _name() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
