"""Published reads of accounts. They return staff, not residents, so they need no purpose."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import HttpRequest

from borough.accounts.models import AccountEvent, ApiKey, SignIn, User
from borough.accounts.policies import PARTNER, PUBLIC, SIGN_IN_ROLES, Viewer
from borough.accounts.sessions import IDLE, LONGEST
from borough.common import clock


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is behind this request. A user whose second factor is not passed is the public."""
    user = request.user
    if not isinstance(user, User) or not request.session.get("second_factor_passed"):
        return PUBLIC
    return viewer_for(user)


def viewer_for(user: User) -> Viewer:
    return Viewer(
        kind="partner" if user.role == PARTNER else "staff",
        id=user.id,
        name=f"{user.name}, {SIGN_IN_ROLES[user.role]}",
        roles=frozenset({user.role}),
        organization=user.organization_id,
    )


def viewer_by_id(user_id: str) -> Viewer:
    """The viewer that this member of staff is when signed in."""
    return viewer_for(User.objects.get(pk=user_id))


def viewer_by_key(key: str) -> Viewer | None:
    """The system that this API key lets in; None for a key that nobody has or that was revoked."""
    row = ApiKey.objects.filter(key_hash=hash_of_key(key), revoked_at=None).first()
    return Viewer(kind="system", id=row.id, name=row.name, roles=frozenset({row.role})) if row else None


def hash_of_key(key: str) -> str:
    """What is kept of an API key. Its 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def list_api_keys() -> list[tuple[str, str, str, datetime, datetime | None]]:
    """(id, name, role, made, revoked) of every key, the newest first."""
    rows = ApiKey.objects.order_by("-made_at", "id")
    return list(rows.values_list("id", "name", "role", "made_at", "revoked_at"))


@dataclass(frozen=True)
class OpenSession:
    """A browser in which somebody is signed in. `here`: the one that asks."""

    id: str
    browser: str
    began_at: datetime
    used_at: datetime
    here: bool


def list_sessions(user: User, *, here: str = "") -> list[OpenSession]:
    """Where the person is signed in now, the newest first. `here` is the key of the session that asks."""
    now = clock.now()
    rows = SignIn.objects.filter(user=user, began_at__gt=now - LONGEST, used_at__gt=now - IDLE).order_by("-began_at")
    return [OpenSession(one.id, one.browser, one.began_at, one.used_at, one.session_key == here) for one in rows]


def list_events(user: User, *, most: int = 20) -> list[tuple[datetime, str, str]]:
    """(when, what in words, by whom where not themselves) of what happened with an account, the newest first."""
    rows = AccountEvent.objects.filter(user=user).order_by("-at", "-id")[:most]
    return [(one.at, str(AccountEvent.KINDS[one.kind]), one.by) for one in rows]


@dataclass(frozen=True)
class Account:
    """A sign-in as whoever looks after them needs to see it. `open_in`: of how many browsers it is signed in."""

    email: str
    name: str
    role: str
    is_open: bool
    has_second_factor: bool
    has_first_password: bool
    open_in: int


def list_accounts() -> list[Account]:
    """Everybody who has a sign-in, by name."""
    now = clock.now()
    live = Count("sign_ins", filter=Q(sign_ins__used_at__gt=now - IDLE, sign_ins__began_at__gt=now - LONGEST))
    return [
        Account(
            email=one.email,
            name=one.name,
            role=str(SIGN_IN_ROLES[one.role]),
            is_open=one.is_active,
            has_second_factor=one.totp_confirmed_at is not None,
            has_first_password=one.first_password_until is not None,
            open_in=one.open_in,
        )
        for one in User.objects.annotate(open_in=live).order_by("name", "id")
    ]


def has_account(email: str) -> bool:
    return User.objects.filter(email=email.strip().lower()).exists()


def events_of(email: str) -> list[tuple[datetime, str, str]]:
    """As list_events, of the account with this email address; empty where there is none."""
    user = User.objects.filter(email=email.strip().lower()).first()
    return list_events(user, most=200) if user else []


def list_staff(*, roles: Collection[str]) -> list[tuple[str, str]]:
    """(id, name) of those who may be given work of these roles, by name."""
    return list(User.objects.filter(is_active=True, role__in=roles).order_by("name").values_list("id", "name"))


def list_staff_addresses(*, roles: Collection[str]) -> list[tuple[str, str]]:
    """(id, e-mail address) of those who do this kind of work, to alert them."""
    return list(User.objects.filter(is_active=True, role__in=roles).order_by("id").values_list("id", "email"))


def roles_of_staff(ids: Collection[str]) -> dict[str, str]:
    """Role of each, to compare people who do the same work."""
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "role"))


def languages_of_staff(ids: Collection[str]) -> dict[str, list[str]]:
    """The languages that each says they speak; one query."""
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "languages"))


def staff_names(ids: Collection[str]) -> dict[str, str]:
    """Name for each id; one query."""
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "name"))
