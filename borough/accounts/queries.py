"""Published reads of accounts. They return staff, not residents, so they need no purpose."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest

from borough.accounts.models import ApiKey, User
from borough.accounts.policies import PARTNER, PUBLIC, SIGN_IN_ROLES, Viewer


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
