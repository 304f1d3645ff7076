"""Roles and fields of an agreement as a person reads them."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.accounts.policies import PARTNER, RESIDENT, STAFF_ROLES, SYSTEM, VOLUNTEER
from borough.governance.policies import FIELDS

NOT_STAFF = {
    SYSTEM: gettext_lazy("The system itself"),
    VOLUNTEER: gettext_lazy("Volunteers who accepted a task"),
    RESIDENT: gettext_lazy("Residents, about themselves"),
    PARTNER: gettext_lazy("Services that a resident was referred to"),
}


def role_words(roles: Collection[str]) -> str:
    """Contact centre worker, Link worker"""
    names = {**STAFF_ROLES, **NOT_STAFF}
    return ", ".join(str(names.get(role, role)) for role in roles)


def field_words(fields: Collection[str]) -> str:
    """Name, Date of birth"""
    return _("Everything") if "*" in fields else ", ".join(_(FIELDS[name]) for name in fields)
