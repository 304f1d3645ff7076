"""Messages to services of the directory, about their own listing."""

from django.utils.translation import gettext as _

from borough.accounts.policies import system_viewer
from borough.directory.queries import confirmation_letter, listing_code
from borough.messaging.actions import send_to_address
from borough.messaging.wording import Wording


def ask_still_right(confirmation_id: str, asking: str) -> None:
    """Ask whether a listing is still right, by a link to the mailbox that it names. Twice is the same as once."""
    letter = confirmation_letter(confirmation_id)
    if letter is None:
        return
    text = _("((council)) lists your service ((service)). Is what we say of it still right? Confirm or change it here:")
    text += " ((link)) " + _("You need no account: a code that we send to this address opens it.")
    wording = Wording(email_subject=_("Is your listing still right?"), email_body=text)
    send_to_address(
        by=system_viewer("still right?"),
        name="",
        phone="",
        email=letter.email,
        wording=wording,
        about=confirmation_id,
        key=f"still-right:{asking}:{confirmation_id}",
        values={"link": letter.link, "service": letter.service},
    )


def mail_listing_code(link_id: int, number: int) -> None:
    """Mail the code that opens a link to a listing. Each code once."""
    found = listing_code(link_id, number)
    if found is None:
        return
    email, code = found
    text = _("The code that opens the page of your listing is:") + "\n\n((code))\n\n"
    text += _("It works for 15 minutes, once. If you did not ask for it, do nothing.")
    send_to_address(
        by=system_viewer("still right?"),
        name="",
        phone="",
        email=email,
        wording=Wording(email_subject=_("Your code for your listing"), email_body=text),
        key=f"still-right-code:{link_id}:{number}",
        values={"code": code},
        at_once=True,
    )
