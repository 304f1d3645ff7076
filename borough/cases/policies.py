"""Who may work a case, and what a short answer means."""

import re
from typing import TYPE_CHECKING

from borough.accounts.policies import SYSTEM, Viewer, may_work_as
from borough.cases.kinds import CaseKind
from borough.common.errors import NotAllowed

if TYPE_CHECKING:
    from borough.cases.models import Case

# The states that a member of staff sets by hand. The others follow from an offer, a referral or the person's answer.
BY_HAND = ("in_hand", "delivered", "could_not_help", "cancelled", "reopened")
# These close a case against the person's wish or without their word, so they need a reason.
NEEDS_REASON = ("could_not_help", "cancelled", "reopened")

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


def may_refer(case: "Case") -> bool:
    """A case that nobody is helping with yet can be handed to a service."""
    return case.state in ("new", "in_hand", "reopened") and bool(case.resident_id or case.asker_phone)


def read_answer(text: str) -> str:
    """yes, partly or no, where the text begins with such a word and says little else; empty when it does not."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    # "No I still need the shopping" is for a person to read, "no thanks" is not.
    if not words or len(words) > 4:
        return ""
    return next((answer for answer, accepted in _ANSWER_WORDS.items() if words[0] in accepted), "")
