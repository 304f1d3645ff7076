"""Alerts to staff who must act at any hour. Each holds a reference and a link, and nothing of anybody."""

from collections.abc import Collection

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from borough.accounts.policies import COORDINATOR, IG_OFFICER, LINK_WORKER, system_viewer
from borough.accounts.queries import list_staff_addresses
from borough.messaging.actions import send_to_address
from borough.messaging.duty import duty_contacts, duty_key
from borough.messaging.wording import Wording


def tell_officers_of_break(reference: str) -> None:
    """Tell every officer, at any hour, that emergency access was opened and waits for a review."""
    link = settings.BASE_URL + reverse("governance:glass_break", args=[reference])
    wording = Wording(
        email_subject=_("Emergency access %(reference)s") % {"reference": reference},
        email_body=_("Emergency access %(reference)s was opened. Review it: ((link))") % {"reference": reference},
    )
    _alert([IG_OFFICER], wording, link, about=reference, key=f"glass:{reference}")


def tell_duty_of_concern(case_id: str, reference: str, note_id: int) -> None:
    """Tell those who look after people at risk, and the council's contact for safeguarding, at any hour, that somebody
    is worried about the person of a case."""
    wording = Wording(
        email_subject=_("Somebody is worried: case %(reference)s") % {"reference": reference},
        email_body=_("Somebody is worried about the person of case %(reference)s. Read it now: ((link))")
        % {"reference": reference},
    )
    link = settings.BASE_URL + reverse("cases:case", args=[case_id])
    _alert([COORDINATOR, LINK_WORKER], wording, link, about=reference, key=f"concern:{note_id}")
    for channel, address in duty_contacts().items():
        send_to_address(
            by=system_viewer("alerts"),
            name="",
            phone=address if channel == "sms" else "",
            email=address if channel == "email" else "",
            wording=_for_duty(reference),
            about=reference,
            key=duty_key(note_id, channel),
            values={"link": link},
            at_once=True,
        )


def _for_duty(reference: str) -> Wording:
    """The contact for safeguarding may have no account here."""
    said = {"reference": reference, "phone": settings.AUTHORITY.phone}
    ask = _("Call us on %(phone)s and give the reference, or sign in and read it: ((link))")
    if not settings.AUTHORITY.phone:
        ask = _("Call us and give the reference, or sign in and read it: ((link))")
    words = _("Somebody is worried about the person of case %(reference)s.") % said + " " + ask % said
    return Wording(
        sms=f"((council)): {words}",
        email_subject=_("For safeguarding: somebody is worried, case %(reference)s") % said,
        email_body=words,
    )


def _alert(roles: Collection[str], wording: Wording, link: str, *, about: str, key: str) -> None:
    """Once for each `key` and addressee, however often it is asked."""
    for user_id, email in list_staff_addresses(roles=roles):
        send_to_address(
            by=system_viewer("alerts"),
            name="",
            phone="",
            email=email,
            wording=wording,
            about=about,
            key=f"{key}:{user_id}",
            values={"link": link},
            at_once=True,
        )
