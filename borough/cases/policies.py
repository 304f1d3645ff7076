"""Who may work a case, and what a short answer means."""

import re

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import SYSTEM, Viewer, may_work_as
from borough.cases.kinds import CaseKind
from borough.cases.models import CASE_STATES
from borough.common.errors import NotAllowed

# The states that a member of staff sets by hand. The others follow from an offer, a referral or the person's answer.
BY_HAND = ("in_hand", "delivered", "could_not_help", "cancelled", "reopened")
# These close a case against the person's wish or without their word, so they need a reason.
NEEDS_REASON = ("could_not_help", "cancelled", "reopened")

BUTTONS = {
    "in_hand": _("Take back in hand"),
    "delivered": _("Help was given"),
    "could_not_help": _("We could not help"),
    "cancelled": _("Cancel the case"),
    "reopened": _("Reopen"),
}

_ANSWER_WORDS = {
    "yes": {"yes", "y", "yeah", "yep", "1"},
    "partly": {"partly", "part", "some", "somewhat", "2"},
    "no": {"no", "n", "nope", "3"},
}


def may_work_on(viewer: Viewer, kind: CaseKind, purpose: str) -> bool:
    """The service's own workers, and the house's jobs, for the purpose that the service declares."""
    return purpose == kind.purpose and may_work_as(viewer, SYSTEM, *kind.roles)


def check_may_work_on(viewer: Viewer, kind: CaseKind, purpose: str) -> None:
    """Raise NotAllowed unless `may_work_on`."""
    if not may_work_on(viewer, kind, purpose):
        raise NotAllowed("You cannot work on these cases.", "Choose another purpose, or ask your team's administrator.")


def may_refer(state: str) -> bool:
    """A case that nobody is helping with yet can be handed to a service."""
    return CASE_STATES.may_change(state, "referred")


def buttons_of(state: str, kind: CaseKind, viewer: Viewer) -> list[tuple[str, str]]:
    """(state, what the button says) for the changes that the table allows by hand and this viewer may make."""
    if not may_work_on(viewer, kind, kind.purpose):
        return []
    return [(to, BUTTONS[to]) for to in BY_HAND if may_set_by_hand(state, to)]


def may_set_by_hand(state: str, to: str) -> bool:
    """The table allows it, and no volunteer or service is left with a task that is theirs no more."""
    if to == "in_hand" and state in ("offered", "matched", "referred"):
        return False
    return to in BY_HAND and CASE_STATES.may_change(state, to)


def read_answer(text: str) -> str:
    """yes, partly or no, where the text begins with such a word and says little else; empty when it does not."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    # "No I still need the shopping" is for a person to read, "no thanks" is not.
    if not words or len(words) > 4:
        return ""
    return next((answer for answer, accepted in _ANSWER_WORDS.items() if words[0] in accepted), "")
