"""Published reads of accounts. They return staff, not residents, so they need no purpose."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest

from borough.accounts.models import ApiKey, User
from borough.accounts.policies import PUBLIC, STAFF_ROLES, Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is behind this request. A user whose second factor is not passed is the public."""
    user = request.user
    if not isinstance(user, User) or not request.session.get("second_factor_passed"):
        return PUBLIC
    return viewer_for(user)


def viewer_for(user: User) -> Viewer:
    name = f"{user.name}, {STAFF_ROLES[user.role]}"
    return Viewer(kind="staff", id=user.id, name=name, roles=frozenset({user.role}))


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


def staff_names(ids: Collection[str]) -> dict[str, str]:
    """Name for each id; one query."""
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "name"))
