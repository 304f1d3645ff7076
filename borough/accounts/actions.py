"""Published writes of accounts."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from borough.accounts.models import ApiKey, User
from borough.accounts.policies import PARTNER, SIGN_IN_ROLES, STAFF_ROLES, Viewer
from borough.accounts.queries import hash_of_key
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.links import make_token, read_token

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
STEP_S = 30
REHEARSAL_LINK = "rehearsal-sign-in"
KEEP_REHEARSAL_LINK = timedelta(hours=24)


def add_user(*, email: str, name: str, role: str, password: str | None = None, organization_id: str = "") -> str:
    """Create a member of staff or of a partner, or update the one with this e-mail address. Returns the id.

    `organization_id` is the organisation of the directory for whom a partner, and nobody else, answers.
    """
    if role not in SIGN_IN_ROLES:
        raise Problem(f"There is no role {role!r}.", f"Choose one of {', '.join(SIGN_IN_ROLES)}.")
    if (role == PARTNER) != bool(organization_id):
        raise Problem("A partner, and nobody else, works for an organisation.", "Say which one the directory lists.")
    given = {"name": name, "role": role, "organization_id": organization_id}
    user, _ = User.objects.update_or_create(email=email.lower(), defaults=given)
    if password is not None:
        user.set_password(password)
    elif not user.password:
        user.set_unusable_password()
    user.save(update_fields=["password"])
    return user.id


def say_languages(*, by: Viewer, languages: Sequence[str]) -> None:
    """Keep which languages a member of staff speaks, as they say it of themselves; none takes it back."""
    if by.kind != "staff":
        raise NotAllowed("Only staff say which languages they speak.", "Sign in first.")
    User.objects.filter(pk=by.id).update(languages=list(languages))


def add_api_key(*, name: str, role: str) -> tuple[str, str]:
    """Let another system in under this name and role. Returns (id, the key): the key cannot be shown again."""
    if role not in STAFF_ROLES:
        raise Problem(f"There is no role {role!r}.", f"Choose one of {', '.join(STAFF_ROLES)}.")
    key = f"ob_{secrets.token_urlsafe(32)}"
    made = ApiKey.objects.create(name=name, role=role, key_hash=hash_of_key(key), made_at=clock.now())
    return made.id, key


def revoke_api_key(*, key_id: str) -> None:
    """Shut the system with this key out, from now on."""
    if not ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=clock.now()):
        raise NotFound("There is no such key in use.", "See the list: borough keys")


def begin_second_factor(user: User) -> str:
    """Give the user a new secret unless one is confirmed. Returns the otpauth:// URI for an authenticator app."""
    if user.totp_confirmed_at is None and not user.totp_secret:
        user.totp_secret = pyotp.random_base32()
        user.save(update_fields=["totp_secret"])
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=user.email, issuer_name="Open Borough")


def check_second_factor(user: User, code: str) -> bool:
    """True if `code` is right, not used before, and the account is not locked. Five wrong codes lock for 15 minutes."""
    now = clock.now()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.locked_until and locked.locked_until > now:
            return False
        step = int(now.timestamp()) // STEP_S
        totp = pyotp.TOTP(locked.totp_secret)
        for candidate in (step, step - 1):
            if candidate > locked.totp_last_step and totp.verify(code, for_time=candidate * STEP_S):
                User.objects.filter(pk=user.pk).update(
                    totp_last_step=candidate,
                    totp_confirmed_at=locked.totp_confirmed_at or now,
                    failed_attempts=0,
                    locked_until=None,
                )
                return True
    note_failed_attempt(user)
    return False


def note_failed_attempt(user: User) -> None:
    """Count a wrong password or code."""
    User.objects.filter(pk=user.pk).update(failed_attempts=F("failed_attempts") + 1)
    User.objects.filter(pk=user.pk, failed_attempts__gte=LOCK_AFTER).update(
        failed_attempts=0, locked_until=clock.now() + LOCK_FOR
    )


def check_password(*, email: str, password: str) -> User | None:
    """The user with this e-mail address, if the password is right and the account is neither locked nor closed.

    Takes as long for an address that nobody has, so that it does not tell who works here.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        User().set_password(password)
        return None
    right = user.check_password(password)
    if not user.is_active or (user.locked_until is not None and user.locked_until > clock.now()):
        return None
    if not right:
        note_failed_attempt(user)
        return None
    return user


def make_rehearsal_link(user_id: str) -> str:
    """The path that signs this user in without a password, for 24 hours. Works in a rehearsal only."""
    if not settings.REHEARSAL:
        raise Problem("Sign-in links exist only in a rehearsal.", "Sign in with a password and a code.")
    return reverse("accounts:rehearsal_sign_in", args=[make_token(REHEARSAL_LINK, user_id)])


def user_of_rehearsal_link(token: str) -> User:
    """The user that the link signs in. Raises NotFound when it is expired, edited, or this is no rehearsal."""
    if not settings.REHEARSAL:
        raise NotFound("This link does not work.")
    user = User.objects.filter(pk=read_token(REHEARSAL_LINK, token, keep=KEEP_REHEARSAL_LINK), is_active=True).first()
    if user is None:
        raise NotFound("This link does not work.", "Run borough demo again for new ones.")
    return user
