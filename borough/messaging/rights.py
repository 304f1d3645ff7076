"""Messages about a resident's own record. Each goes to the contact that was on record before, and says nothing of what
it is about: a telephone lies on a table."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, system_viewer
from borough.common import clock
from borough.governance.actions import make_own_link
from borough.governance.queries import read_asked_link, whose_request
from borough.governance.rights.links import PURPOSE, AskedLink
from borough.governance.rights.rules import LINK_FROM_AGE, age_on
from borough.messaging.actions import send_message
from borough.messaging.wording import Wording
from borough.residents.queries import find_by_contact, list_contacts

SENDER_NAME = "links to own record"


def send_own_link(link_id: str) -> None:
    """Send the link that was asked for, if the contact is of one person alone. Twice is the same as once."""
    asked = read_asked_link(link_id)
    if asked is None:
        return
    by = system_viewer(SENDER_NAME)
    resident_id = asked.resident_id or _whose(asked, by)
    token = make_own_link(link_id, resident_id=resident_id)
    if not token:
        return
    link = settings.BASE_URL + reverse("rights:open", args=[token])
    text = _("((council)): here is the link that you asked for: ((link)) It works once, for 3 days.")
    text += " " + _("If you did not ask for it, do nothing.")
    _send(by, resident_id, text, f"own-link:{link_id}", link)


def tell_request_received(reference: str) -> None:
    text = _("((council)): we have your request %(reference)s. To see where it stands, ask for a link: ((link))")
    _tell(reference, "received", text)


def tell_request_answered(reference: str) -> None:
    text = _("((council)): we have answered your request %(reference)s. To read it, ask for a link: ((link))")
    _tell(reference, "answered", text)


def _tell(reference: str, what: str, text: str) -> None:
    resident_id, _kind = whose_request(reference)
    link = settings.BASE_URL + reverse("rights:ask")
    _send(system_viewer(SENDER_NAME), resident_id, text % {"reference": reference}, f"{what}:{reference}", link)


def _whose(asked: AskedLink, by: Viewer) -> str:
    """The one adult whose contact it is; nobody where adults share it, since either could open the other's page."""
    holders = find_by_contact(channel=asked.channel, value=asked.contact, viewer=by, purpose=PURPOSE)
    found = list_contacts(holders, viewer=by, purpose=PURPOSE).values()
    today = clock.today()
    # Whoever we do not know the age of may be an adult.
    adults = {one.resident_id for one in found if one.born_on is None or age_on(one.born_on, today) >= LINK_FROM_AGE}
    return adults.pop() if len(adults) == 1 else ""


def _send(by: Viewer, resident_id: str, text: str, key: str, link: str) -> None:
    wording = Wording(sms=text, email_subject=_("Your own page"), email_body=text)
    send_message(
        by=by, purpose=PURPOSE, resident_id=resident_id, wording=wording, key=key, values={"link": link}, at_once=True
    )
