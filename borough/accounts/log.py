"""What happened with accounts and at the doors: for the person and whoever answers for the house, and for the machine.

An event of an account is a row that its owner reads. The machine's log gets a line of each, which names an account by
its id alone and never holds what was typed: no email address, password, code, key or link.
"""

import logging

from borough.accounts.models import AccountEvent, User
from borough.common import clock

logger = logging.getLogger("borough.security")
# What somebody tried, as against what somebody did.
WARNINGS = frozenset({"wrong_password", "wrong_code", "locked"})


def note_event(user: User, kind: str, *, by: str = "") -> None:
    """Keep that this happened with the account (AccountEvent.KINDS). `by`: who did it, where not they themselves."""
    AccountEvent.objects.create(user=user, at=clock.now(), kind=kind, by=by)
    logger.log(logging.WARNING if kind in WARNINGS else logging.INFO, "%s of %s", kind, user.pk)


def note_stranger(kind: str) -> None:
    """For the machine's log alone: somebody was refused whose account, if any, is not theirs to fill with rows."""
    logger.warning("%s of nobody known", kind)
