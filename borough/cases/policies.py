"""Who may work a case, what state its tasks bring it to, and what a short answer means."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from borough.accounts.policies import SYSTEM, Viewer, may_work_as
from borough.cases.kinds import CaseKind
from borough.cases.models import CASE_STATES, HELPERS, TASK_ENDED, Task
from borough.common.errors import NotAllowed
from borough.common.working_days import add_working_days, working_days_between

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

# What to mind of a person, and what it means for a helper who comes to them.
FLAGS = {
    "safeguarding": _("Safeguarding"),
    "not_alone": _("Do not visit alone"),
    "interpreter": _("Interpreter needed"),
}
HELPER_WARNINGS = {
    "safeguarding": _("Call us before you go."),
    "not_alone": _("Do not go alone. If the other volunteer is not there, call us."),
    "interpreter": _("This person needs an interpreter."),
}


def people_of(flags: Collection[str]) -> int:
    """How many volunteers go together to a person of whom this is to be minded."""
    return 2 if "not_alone" in flags else 1


# A member of staff counts as on a case this long after they last had it open.
PRESENT_FOR = timedelta(minutes=2)

# Whoever made a step may take it back so long. What puts people or cases together or apart, any of the team at any
# time.
UNDO_WITHIN = timedelta(minutes=30)
UNDONE_BY_ALL = ("merge", "split", "identify")

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


def due_after_waiting(due_on: date, since: date, until: date, *, in_working_days: bool) -> date:
    """The day that something is due after the clock stood from `since` to `until`."""
    if in_working_days:
        return add_working_days(due_on, working_days_between(since, until))
    return due_on + max(until - since, timedelta(0))


def is_waiting(task: Task) -> bool:
    """Nobody outside the team is asked or helping: a volunteer may be looked for, or a service. Twin of WAITING."""
    return task.state == "rejected" or (task.owner_kind not in HELPERS and task.state in ("requested", "accepted"))


# The same as a condition on the table of tasks.
WAITING = Q(state="rejected") | (~Q(owner_kind__in=HELPERS) & Q(state__in=("requested", "accepted")))

# A volunteer may be looked for: the first, or the one who goes with them.
WANTS_VOLUNTEER = WAITING | Q(one_missing=True)

_WITH_A_HELPER = {
    ("volunteer", "requested"): "offered",
    ("volunteer", "accepted"): "matched",
    ("volunteer", "in_progress"): "matched",
    ("organisation", "requested"): "referred",
    ("organisation", "accepted"): "referred",
    ("organisation", "in_progress"): "referred",
}
_ENDED = {"completed": "delivered", "failed": "could_not_help", "cancelled": "cancelled"}
# Of several open tasks the one that lacks most says where the case stands.
_LACKS_MOST = ("reopened", "new", "in_hand", "offered", "referred", "matched")


def state_of_task(task: Task) -> str:
    """The state of a case that has this task alone, before the person has said whether their need was met."""
    if task.state in TASK_ENDED:
        return _ENDED[task.state]
    if task.one_missing:
        return "in_hand"
    with_a_helper = _WITH_A_HELPER.get((task.owner_kind, task.state))
    if with_a_helper or task.state != "requested" or task.answered_at:
        return with_a_helper or "in_hand"
    return "reopened" if task.reopened else "new"


def state_of(tasks: Collection[Task], need_met: str) -> str:
    """The state that its tasks bring a case to. `need_met` is the person's answer about the latest delivery."""
    states = {state_of_task(task) for task in tasks}
    still_open = [state for state in _LACKS_MOST if state in states]
    if still_open:
        # Something has been done about a case of which not every task is new.
        return "in_hand" if still_open[0] == "new" and len(states) > 1 else still_open[0]
    if "delivered" in states:
        return "met" if need_met == "yes" else "delivered"
    return "could_not_help" if "could_not_help" in states else "cancelled"


def may_undo(what: str, at: datetime, by_id: str, *, viewer_id: str, now: datetime) -> bool:
    """Whether this viewer may still undo a step: who, and how long ago. That nothing came after it is for the verb."""
    return what in UNDONE_BY_ALL or (by_id == viewer_id and now - at < UNDO_WITHIN)


def asked_again(tasks: Collection[Task], answer: str) -> list[Task]:
    """The tasks that a case is reopened with: after "partly" those that failed, if any did; else all that ended."""
    failed = [task for task in tasks if task.state == "failed"]
    if answer == "partly" and failed:
        return failed
    return [task for task in tasks if task.state in ("completed", "failed")]


def buttons_of(state: str, kind: CaseKind, viewer: Viewer) -> list[tuple[str, str]]:
    """(state, what the button says) for the changes that the table allows by hand and this viewer may make."""
    if not may_work_on(viewer, kind, kind.purpose):
        return []
    return [(to, BUTTONS[to]) for to in BY_HAND if may_set_by_hand(state, to)]


def may_set_by_hand(state: str, to: str) -> bool:
    """The table allows it, and no volunteer or service is left with a task that is theirs no more."""
    if (to in ("in_hand", "could_not_help") and state in ("offered", "matched", "referred")) or (
        to == "delivered" and state == "offered"
    ):
        return False
    return to in BY_HAND and CASE_STATES.may_change(state, to)


def read_answer(text: str) -> str:
    """yes, partly or no, where the text begins with such a word and says little else; empty when it does not."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    # "No I still need the shopping" is for a person to read, "no thanks" is not.
    if not words or len(words) > 4:
        return ""
    return next((answer for answer, accepted in _ANSWER_WORDS.items() if words[0] in accepted), "")
