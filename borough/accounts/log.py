"""What happened with accounts and at the doors: for the person and whoever answers for the house, and for the machine.

An event of an account is a row that its owner reads. The machine's log gets a line of each, which names an account by
its id alone and never holds what was typed: no email address, password, code, key or link.
"""

import logging

from borough.accounts.models import AccountEvent, User
from borough.common import clock

logger = logging.getLogger("borough.security")
# What the machine's log tells of whoever has no account here, or not this one.
STRANGERS = {
    "wrong_password": "A password for an email address that nobody has",
    "refused_account": "An account that is closed or locked, or a first password whose time is over",
    "wrong_key": "The API was asked with a key that there is not, or that was revoked",
    "form_refused": "A form from another site, or one that was open for too long",
    "wrong_certificate": "The mail server is not the one whose name it has, or somebody answers in its place",
    "forged_link": "A link whose signature is not ours, or of another kind; most were cut short on the way",
}
# What somebody tried, as against what somebody did.
WARNINGS = frozenset({"wrong_password", "wrong_code", "locked"})


def note_event(user: User, kind: str, *, by: str = "") -> None:
    """Keep that this happened with the account (AccountEvent.KINDS). `by`: who did it, where not they themselves."""
    AccountEvent.objects.create(user=user, at=clock.now(), kind=kind, by=by)
    logger.log(logging.WARNING if kind in WARNINGS else logging.INFO, "%s of %s", kind, user.pk)


def note_stranger(kind: str, where: str = "") -> None:
    """For the machine's log alone: somebody was refused whose account, if any, is not theirs to fill with rows.

    `where` is a word of the house's own, such as the name of a page.
    """
    logger.warning("%s %s", kind, f"on {where}" if where else "of nobody known")
