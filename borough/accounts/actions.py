"""Published writes of accounts."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from borough.accounts.log import note_event, note_stranger
from borough.accounts.models import ApiKey, User
from borough.accounts.policies import PARTNER, SIGN_IN_ROLES, STAFF_ROLES, Viewer
from borough.accounts.queries import hash_of_key
from borough.accounts.sessions import end_elsewhere
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.links import make_token, read_token

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
STEP_S = 30
FIRST_PASSWORD_WORKS_FOR = timedelta(days=3)
# Small letters and digits that cannot be taken for one another, since it is read out or copied from paper.
EASY_TO_READ = "abcdefghijkmnpqrstuvwxyz23456789"
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


def give_first_password(*, email: str, done_by: str) -> str:
    """A random password for this account, in place of any other; their sessions end. Returns it: it is not kept.

    It works for 3 days, and has to be changed at the first sign-in. The second factor stays as it is. `done_by`
    names whoever gives it.
    """
    user = _user_with(email)
    password = "-".join("".join(secrets.choice(EASY_TO_READ) for _ in range(5)) for _ in range(4))
    user.set_password(password)
    user.first_password_until = clock.now() + FIRST_PASSWORD_WORKS_FOR
    with transaction.atomic():
        user.save(update_fields=["password", "first_password_until"])
        end_elsewhere(user)
        note_event(user, "first_password", by=done_by)
    return password


def change_password(user: User, *, new: str, here: str = "") -> None:
    """Keep a password of the person's own choosing, already found good. Their other sessions end: all but `here`."""
    user.set_password(new)
    user.first_password_until = None
    with transaction.atomic():
        user.save(update_fields=["password", "first_password_until"])
        end_elsewhere(user, here=here)
        note_event(user, "password_changed")


def check_old_password(user: User, password: str) -> bool:
    """Whether whoever sits at an open session knows its password. Wrong ones count, as at signing in."""
    user.refresh_from_db(fields=[_locked(True)])
    if _is_locked(user, True):
        return False
    if not user.check_password(password):
        note_failed_attempt(user, known=True)
        return False
    return True


def sign_out_of(user: User, *, here: str, only: str = "") -> int:
    """End the person's other sessions, all but the one with the key `here`, or `only` the one with this id. Returns
    how many."""
    ended = end_elsewhere(user, here=here, only=only)
    if ended:
        note_event(user, "sessions_ended")
    return ended


def end_sessions(*, email: str, done_by: str) -> int:
    """Sign somebody out everywhere, now. Returns of how many browsers. `done_by` names whoever does it."""
    user = _user_with(email)
    with transaction.atomic():
        ended = end_elsewhere(user)
        note_event(user, "sessions_ended", by=done_by)
    return ended


def close_account(*, email: str, done_by: str) -> None:
    """Nobody signs in with it from now on, and whoever is signed in is out. `done_by` names whoever does it."""
    _set_open(email, False, done_by)


def open_account(*, email: str, done_by: str) -> None:
    """Let the person sign in again, as before. `done_by` names whoever does it."""
    _set_open(email, True, done_by)


def remove_second_factor(*, email: str, asked_by: str, confirmed_by: str) -> None:
    """For who has lost their phone: the next sign-in sets up a new one. Their sessions end.

    It takes two people, since it takes a factor away: one who asks for it, and another who knows the person and has
    spoken to them. Both are named in what happened with the account.
    """
    if not confirmed_by.strip() or asked_by.strip().lower() == confirmed_by.strip().lower():
        raise Problem(
            "Removing a second factor takes two people.",
            "Have somebody else who knows the person speak to them, and name that colleague: --confirmed-by.",
        )
    user = _user_with(email)
    user.totp_secret, user.totp_confirmed_at = "", None
    with transaction.atomic():
        user.save(update_fields=["totp_secret", "totp_confirmed_at"])
        end_elsewhere(user)
        note_event(user, "factor_removed", by=f"{asked_by.strip()}, confirmed by {confirmed_by.strip()}")


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


def check_second_factor(user: User, code: str, *, known: bool = False) -> bool:
    """True if `code` is right, not used before, and the account is not locked. Five wrong codes lock for 15 minutes.

    `known`: from a browser in which this person signed in before, for which wrong ones are counted apart.
    """
    now = clock.now()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if _is_locked(locked, known):
            return False
        step = int(now.timestamp()) // STEP_S
        totp = pyotp.TOTP(locked.totp_secret)
        for candidate in (step, step - 1):
            if candidate > locked.totp_last_step and totp.verify(code, for_time=candidate * STEP_S):
                User.objects.filter(pk=user.pk).update(
                    totp_last_step=candidate,
                    totp_confirmed_at=locked.totp_confirmed_at or now,
                    **{_attempts(known): 0, _locked(known): None},
                )
                if locked.totp_confirmed_at is None:
                    note_event(user, "factor_set")
                return True
    note_failed_attempt(user, "wrong_code", known=known)
    return False


def note_failed_attempt(user: User, what: str = "wrong_password", *, known: bool = False) -> None:
    """Count a wrong password or code; `known` as in check_second_factor."""
    note_event(user, what)
    attempts, locked = _attempts(known), _locked(known)
    User.objects.filter(pk=user.pk).update(**{attempts: F(attempts) + 1})
    if User.objects.filter(pk=user.pk, **{f"{attempts}__gte": LOCK_AFTER}).update(
        **{attempts: 0, locked: clock.now() + LOCK_FOR}
    ):
        note_event(user, "locked")


def _attempts(known: bool) -> str:
    return "known_failed_attempts" if known else "failed_attempts"


def _locked(known: bool) -> str:
    return "known_locked_until" if known else "locked_until"


def _is_locked(user: User, known: bool) -> bool:
    until = getattr(user, _locked(known))
    return until is not None and until > clock.now()


def check_password(*, email: str, password: str, known: str = "") -> User | None:
    """The user with this e-mail address, if the password is right and the account is neither locked nor closed; None
    also for a first password whose three days are over. `known`: the id of whoever signed in before in this browser.

    Takes as long for an address that nobody has, so that it does not tell who works here.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        User().set_password(password)
        note_stranger("wrong_password")
        return None
    right = user.check_password(password)
    is_known = known == user.pk
    if not user.is_active or _is_locked(user, is_known):
        note_stranger("refused_account")
        return None
    if not right:
        note_failed_attempt(user, known=is_known)
        return None
    if user.first_password_until is not None and user.first_password_until < clock.now():
        note_stranger("refused_account")
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


def _user_with(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound("Nobody signs in with this email address.", "See the list: borough staff")
    return user


def _set_open(email: str, is_open: bool, by: str) -> None:
    user = _user_with(email)
    user.is_active = is_open
    with transaction.atomic():
        user.save(update_fields=["is_active"])
        end_elsewhere(user)
        note_event(user, "opened" if is_open else "closed", by=by)
