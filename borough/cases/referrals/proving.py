"""Links to referrals are mailed to the service's own address, opened with a code from there, bound to one browser."""

from collections.abc import Mapping

from django.db import transaction

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.models import REFERRAL_LIVE, Referral
from borough.cases.referrals.changing import purpose_of
from borough.cases.referrals.links import genuine, link_address, over, working
from borough.cases.referrals.models import ReferralLink
from borough.cases.referrals.telling import write_to_service
from borough.common import clock
from borough.common.mailbox_links import ask_code, check_may_renew, close_links, code_of, prove_link
from borough.governance.door import open_door_without_account


def renew_link(referral: Referral) -> ReferralLink:
    """A new link, in place of those before it. Call it with the referral locked."""
    close_links(referral.links.all())
    return ReferralLink.objects.create(referral=referral, made_at=clock.now())


def send_link_code(token: str, secrets_held: Mapping[str, str]) -> None:
    """Mail a code for this link to the service's address on record. The code before it is worth nothing then."""
    link, by = working(token, secrets_held), system_viewer("referrals")
    open_door_without_account(viewer=by, purpose=purpose_of(link.referral_id), verb="cases.send_link_code")
    number = ask_code(link)
    write_to_service(
        by=by,
        referral=link.referral,
        wording="service_code",
        key=f"referral-code:{link.pk}:{number}",
        values={"code": code_of(link, number)},
        at_once=True,
    )


def prove_referral_link(token: str, secrets_held: Mapping[str, str], *, code: str) -> tuple[str, str]:
    """Bind the link to this browser by the code from the mailbox. Returns (name, secret) for the browser to hold."""
    return prove_link(working(token, secrets_held), code)


def ask_for_new_link(token: str) -> None:
    """Send a new link to the service's address on record, to nobody else. The old one opens nothing then."""
    link, by = genuine(token), system_viewer("referrals")
    open_door_without_account(viewer=by, purpose=purpose_of(link.referral_id), verb="cases.ask_for_new_link")
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=link.referral_id)
        if referral.state not in REFERRAL_LIVE:
            raise over(referral.state)
        check_may_renew(referral.links.all())
        link = renew_link(referral)
    send_link(link, by=by)


def send_link(link: ReferralLink, *, by: Viewer, wording: str = "service_asked", again: str = "") -> None:
    """Mail the link to the service. Once for each link and `again`."""
    write_to_service(
        by=by,
        referral=link.referral,
        wording=wording,
        key=f"referral-link:{link.pk}:{wording}{again}",
        values={"link": link_address(link)},
    )
