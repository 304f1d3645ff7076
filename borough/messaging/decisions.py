"""Tells a resident that something was decided about them. The message says nothing of what: a telephone lies on a
table. The link in it shows what was decided and why, and takes their answer."""

from django.utils.translation import gettext as _

from borough.accounts.policies import system_viewer
from borough.governance.actions import note_told
from borough.governance.queries import decision_link, whom_to_tell
from borough.messaging.actions import send_message
from borough.messaging.wording import Wording


def tell_decision(decision_id: str) -> None:
    """Send the link, once for each time that it was decided. Whom no message reaches is noted for the post."""
    tell = whom_to_tell(decision_id)
    if tell is None:
        return
    by = system_viewer("decisions")
    text = _("((council)): we have decided something about you. Read what and why, or say that it is wrong: ((link))")
    sent = send_message(
        by=by,
        purpose=tell.purpose,
        resident_id=tell.resident_id,
        wording=Wording(sms=text, email_subject=_("We have decided something about you"), email_body=text),
        about=f"decision:{decision_id}",
        key=f"decision:{decision_id}:{tell.round}",
        values={"link": decision_link(decision_id)},
    )
    note_told(by=by, decision_id=decision_id, how="message" if sent else "")
