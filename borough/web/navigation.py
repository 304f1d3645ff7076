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
    Link(_("Your people"), "planning:caseload", (LINK_WORKER,)),
    Link(_("Volunteers"), "volunteers:list", (COORDINATOR,)),
    Link(_("Sources"), "residents:sources", (ANALYST,)),
    Link(_("Quality"), "residents:quality", (ANALYST, IG_OFFICER)),
    Link(_("Review"), "residents:review", (ANALYST, IG_OFFICER)),
    Link(_("Checks"), "residents:checks", (*HELPERS, ANALYST)),
    Link(_("Cohorts"), "insight:cohorts", (ANALYST,)),
    Link(_("Map"), "insight:map", (ANALYST,)),
    Link(_("Where help is needed"), "insight:heat", (ANALYST, COORDINATOR, IG_OFFICER)),
    Link(_("Campaigns"), "messaging:campaigns", (ANALYST, CONTACT_WORKER)),
    Link(_("Services"), "directory:search", HELPERS),
    Link(_("Agreements"), "governance:agreements", (IG_OFFICER,)),
    Link(_("Assessments"), "governance:dpias", (IG_OFFICER,)),
    Link(_("Decisions"), "governance:rules", (ANALYST, IG_OFFICER)),
    Link(_("Ledger"), "governance:ledger", (IG_OFFICER,)),
    Link(_("Requests"), "governance:requests", (IG_OFFICER,)),
    Link(_("Deletion"), "governance:deletion", (IG_OFFICER,)),
    Link(_("Exemptions"), "governance:exemptions", (IG_OFFICER,)),
    Link(_("Looks to judge"), "governance:odd_looks", (IG_OFFICER,)),
    Link(_("Emergencies"), "governance:glass_breaks", (IG_OFFICER,)),
)

PARTNER_LINKS = (
    Link(_("Your referrals"), "referrals:inbox"),
    Link(_("Refer somebody"), "referrals:choose_kind"),
    Link(_("Your volunteers"), "volunteers:list"),
    Link(_("Services"), "directory:search"),
    Link(_("How we use your data"), "web:privacy"),
)

PUBLIC_LINKS = (
    Link(_("Ask for help"), "cases:ask"),
    Link(_("Find local help"), "directory:search"),
    Link(_("Who looked at my record"), "rights:own"),
    Link(_("How we use your data"), "web:privacy"),
)


def navigation_for(viewer: Viewer, path: str) -> list[dict[str, object]]:
    """The items of GOV.UK's service navigation, the one that the reader is in marked."""
    links = {"staff": STAFF_LINKS, "partner": PARTNER_LINKS}.get(viewer.kind, PUBLIC_LINKS)
    addresses = {link: reverse(link.page) for link in links if not link.roles or viewer.has_role(*link.roles)}
    # /residents/sources/ is under both Residents and Sources: the longer address is where the reader is.
    within = max((one for one in addresses.values() if path.startswith(one)), key=len, default="")
    return [
        {"text": str(link.text), "href": address, "current": path == address, "active": address == within}
        for link, address in addresses.items()
    ]
