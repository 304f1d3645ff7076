"""Which pages stand in the navigation for whom. What a role may do there is for the verbs to say."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from borough.accounts.policies import ANALYST, CONTACT_WORKER, COORDINATOR, IG_OFFICER, LINK_WORKER, Viewer

HELPERS = (CONTACT_WORKER, LINK_WORKER, COORDINATOR)


@dataclass(frozen=True)
class Link:
    """`roles` empty means everybody who signs in."""

    text: str | Promise
    page: str
    roles: tuple[str, ...] = ()


STAFF_LINKS = (
    Link(_("Today"), "web:staff_home"),
    Link(_("Residents"), "residents:search", (*HELPERS, ANALYST)),
    Link(_("Cases"), "cases:queue", HELPERS),
    Link(_("Volunteers"), "volunteers:list", (COORDINATOR,)),
    Link(_("Sources"), "residents:sources", (ANALYST,)),
    Link(_("Quality"), "residents:quality", (ANALYST, IG_OFFICER)),
    Link(_("Review"), "residents:review", (ANALYST, IG_OFFICER)),
    Link(_("Checks"), "residents:checks", (*HELPERS, ANALYST)),
    Link(_("Cohorts"), "insight:cohorts", (ANALYST,)),
    Link(_("Map"), "insight:map", (ANALYST,)),
    Link(_("Campaigns"), "messaging:campaigns", (ANALYST, CONTACT_WORKER)),
    Link(_("Services"), "directory:search", HELPERS),
    Link(_("Agreements"), "governance:agreements", (IG_OFFICER,)),
    Link(_("Ledger"), "governance:ledger", (IG_OFFICER,)),
)

PUBLIC_LINKS = (
    Link(_("Ask for help"), "cases:ask"),
    Link(_("Find local help"), "directory:search"),
    Link(_("How we use your data"), "web:privacy"),
)


def navigation_for(viewer: Viewer, path: str) -> list[dict[str, object]]:
    """The items of GOV.UK's service navigation, the one that the reader is in marked."""
    links = STAFF_LINKS if viewer.kind == "staff" else PUBLIC_LINKS
    addresses = {link: reverse(link.page) for link in links if not link.roles or viewer.has_role(*link.roles)}
    # /residents/sources/ is under both Residents and Sources: the longer address is where the reader is.
    within = max((one for one in addresses.values() if path.startswith(one)), key=len, default="")
    return [
        {"text": str(link.text), "href": address, "current": path == address, "active": address == within}
        for link, address in addresses.items()
    ]
