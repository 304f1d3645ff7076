"""Published writes of accounts."""

from datetime import timedelta

import pyotp
from django.db import transaction
from django.db.models import F

from borough.accounts.models import User
from borough.accounts.policies import STAFF_ROLES
from borough.common import clock
from borough.common.errors import Problem

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
STEP_S = 30


def add_user(*, email: str, name: str, role: str, password: str | None = None) -> str:
    """Create a member of staff, or update the one with this e-mail address. Returns the id."""
    if role not in STAFF_ROLES:
        raise Problem(f"There is no role {role!r}.", f"Choose one of {', '.join(STAFF_ROLES)}.")
    user, _ = User.objects.update_or_create(email=email.lower(), defaults={"name": name, "role": role})
    if password is not None:
        user.set_password(password)
    elif not user.password:
        user.set_unusable_password()
    user.save(update_fields=["password"])
    return user.id


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
