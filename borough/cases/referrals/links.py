"""The link to a referral, as whoever opens it meets it. How it is sent and proved: proving.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from borough.accounts.policies import PARTNER, Viewer
from borough.cases.models import REFERRAL_LIVE
from borough.cases.referrals.models import ReferralLink
from borough.cases.referrals.rules import LINK_KEPT
from borough.common.mailbox_links import (
    LinkOver,
    address_of,
    check_proved,
    check_works,
    genuine_link,
    is_code_sent,
    masked,
    token_of,
)
from borough.directory.queries import read_service
from borough.governance.door import without_the_door

KIND = "cases:referral"

_BRIEF = [field.name for field in ReferralLink._meta.concrete_fields]
_BRIEF += ["referral__case_id", "referral__state", "referral__service_id", "referral__organization_id"]

_OVER = {
    "declined": gettext_noop("You said no to this referral. Thank you for telling us: there is nothing more to do."),
    "no_answer": gettext_noop("The time to answer is over, so we are asking another service. There is nothing to do."),
    "withdrawn": gettext_noop("This referral was taken back. Please delete what you noted of it."),
    "done": gettext_noop("This referral is finished. Thank you for helping."),
    "could_not": gettext_noop("This referral is finished. Thank you for trying."),
}


@dataclass(frozen=True)
class LinkView:
    """What a link shows before it is proved: whose mailbox it went to, and nothing of anybody."""

    referral_id: int
    organization: str
    sent_to: str
    proved: bool
    code_sent: bool


def link_address(link: ReferralLink) -> str:
    return address_of(reverse("referrals:link", args=[token_of(KIND, link)]))


def read_referral_link(token: str, secrets_held: Mapping[str, str]) -> LinkView:
    """What a link is, in the browser that holds these secrets. Raises NotFound or LinkOver in words for its reader."""
    link = working(token, secrets_held)
    service = read_service(link.referral.service_id)
    return LinkView(
        referral_id=link.referral_id,
        organization=service.organization,
        sent_to=masked(service.email or service.phone),
        proved=link.bound_at is not None,
        code_sent=is_code_sent(link),
    )


def viewer_of_referral_link(token: str, secrets_held: Mapping[str, str]) -> Viewer:
    """The service for whom a proved link speaks. Raises Problem where it was not proved in this browser."""
    link = working(token, secrets_held)
    check_proved(link)
    name = _("%(organization)s, a service you were referred to") % {
        "organization": read_service(link.referral.service_id).organization
    }
    return Viewer(
        kind="partner",
        id=f"link {link.pk}",
        name=name[:160],
        roles=frozenset({PARTNER}),
        organization=link.referral.organization_id,
    )


def genuine(token: str) -> ReferralLink:
    """The link and of its referral what stands before any proof: which it is, of which service, and where it stands."""
    with without_the_door():
        return genuine_link(KIND, token, ReferralLink.objects.select_related("referral").only(*_BRIEF))


def working(token: str, secrets_held: Mapping[str, str]) -> ReferralLink:
    link = genuine(token)
    if link.referral.state not in REFERRAL_LIVE:
        raise over(link.referral.state)
    check_works(link, secrets_held, kept=LINK_KEPT)
    return link


def over(state: str) -> LinkOver:
    return LinkOver(_("This referral is not open any more."), _(_OVER[state]), may_renew=False)
