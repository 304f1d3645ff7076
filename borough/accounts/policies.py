"""Who is who, and who may do what kind of work."""

from dataclasses import dataclass
from typing import Literal

from borough.accounts.roles import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    PARTNER,
    RESIDENT,
    SIGN_IN_ROLES,
    STAFF_ROLES,
    SYSTEM,
    VOLUNTEER,
)
from borough.common.errors import NotAllowed

__all__ = [
    "ANALYST",
    "CONTACT_WORKER",
    "COORDINATOR",
    "IG_OFFICER",
    "LINK_WORKER",
    "PARTNER",
    "PUBLIC",
    "RESIDENT",
    "SIGN_IN_ROLES",
    "STAFF_ROLES",
    "SYSTEM",
    "VOLUNTEER",
    "Viewer",
    "check_may_work_as",
    "may_work_as",
    "system_viewer",
]


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `id` is opaque; `name` is what a resident reads in "who looked at my record".

    `organization` is that of the directory for whom a partner answers; empty for everybody else.
    """

    kind: Literal["staff", "system", "volunteer", "resident", "partner", "public"]
    id: str
    name: str
    roles: frozenset[str]
    organization: str = ""

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


PUBLIC = Viewer(kind="public", id="", name="", roles=frozenset())


def system_viewer(name: str) -> Viewer:
    """A job or command of the house itself, such as "nightly load"."""
    return Viewer(kind="system", id=name, name=name, roles=frozenset({SYSTEM}))


def may_work_as(viewer: Viewer, *roles: str) -> bool:
    return viewer.has_role(*roles)


def check_may_work_as(viewer: Viewer, *roles: str) -> None:
    """Raise NotAllowed unless the viewer has one of the roles."""
    if not may_work_as(viewer, *roles):
        raise NotAllowed("You cannot do this with your role.", "Ask your team's administrator if you need to.")
