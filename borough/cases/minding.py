"""What to mind of a person, tries to reach them, the clock that stands while we wait for them, and who is here."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.helping import find_companions, let_go_alone
from borough.cases.kinds import kind
from borough.cases.models import (
    CHANNELS,
    CLOSED,
    CONTACT_OUTCOMES,
    TASK_ENDED,
    Case,
    CaseNote,
    ContactAttempt,
    Presence,
    Task,
)
from borough.cases.moving import lock_case, tasks_of_case, touch
from borough.cases.policies import FLAGS, PRESENT_FOR, due_after_waiting, people_of
from borough.cases.scope import worked_by
from borough.cases.undoing import undoable
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.door import open_door
from borough.residents.queries import ids_of


def set_flags(*, by: Viewer, purpose: str, case_id: str, flags: Collection[str], version: int | None = None) -> None:
    """What to mind of this person, from policies.FLAGS: on this case and on their other open ones."""
    if unknown := set(flags) - set(FLAGS):
        raise Problem(_("There is no such flag: %(flags)s.") % {"flags": ", ".join(sorted(unknown))})
    chosen = [flag for flag in FLAGS if flag in flags]
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.set_flags", version=version)
        theirs = worked_by(by, purpose).filter(pk=case.pk)
        if case.resident_id:
            same = ids_of([case.resident_id])[case.resident_id]
            theirs |= worked_by(by, purpose).filter(resident_id__in=same, closed_at=None)
        theirs.update(flags=chosen)
        change_helpers = find_companions if people_of(chosen) > 1 else let_go_alone
        change_helpers(theirs, by=by, reason=_("What to mind of the person has changed."))
        named = ", ".join(gettext(FLAGS[flag]) for flag in chosen) or _("none")
        CaseNote.objects.create(
            case=case, at=clock.now(), by=by.name, text=_("Flags now: %(flags)s") % {"flags": named}
        )
        touch(case)


def record_contact(*, by: Viewer, purpose: str, case_id: str, channel: str, outcome: str, text: str = "") -> None:
    """Somebody tried to reach the person. A clock that stood goes on when they were reached."""
    if channel not in CHANNELS or outcome not in CONTACT_OUTCOMES:
        raise Problem(_("Choose how you tried to reach them, and what came of it."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.record_contact")
        ContactAttempt.objects.create(
            case=case, at=clock.now(), by=by.name, channel=channel, outcome=outcome, text=text.strip()
        )
        if outcome == "reached":
            restart_clock(case)


def wait_for_person(*, by: Viewer, purpose: str, case_id: str, reason: str, version: int | None = None) -> None:
    """The clock stands until the person answers: nothing that we could do makes it go on."""
    if not reason.strip():
        raise Problem(_("Say what you wait for."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.wait_for_person", version=version)
        if case.waiting_since or case.state in (*CLOSED, "delivered"):
            raise WrongState(_("The clock of this case does not run."), _("Open it again to see where it stands."))
        case.waiting_since = clock.today()
        case.save(update_fields=["waiting_since"])
        text = _("We wait for the person: %(reason)s") % {"reason": reason.strip()}
        CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text)
        touch(case)


def stop_waiting(*, by: Viewer, purpose: str, case_id: str, version: int | None = None) -> None:
    """The person answered: the clock goes on, and the days that it stood are added to the day it is due."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.stop_waiting", version=version)
        if case.waiting_since:
            with undoable("due", [case], by=by):
                restart_clock(case)


def restart_clock(case: Case) -> None:
    """Let the clock of a locked case go on, where it stands."""
    if case.waiting_since is None:
        return
    since, declared = case.waiting_since, kind(case.service)
    working = case.urgency in declared.in_working_days
    shift = partial(due_after_waiting, since=since, until=clock.today(), in_working_days=working)
    tasks = [task for task in tasks_of_case(case) if task.state not in TASK_ENDED]
    for task in tasks:
        task.due_on = shift(task.due_on)
    Task.objects.bulk_update(tasks, ["due_on"])
    case.due_on, case.waiting_since = shift(case.due_on), None
    case.save(update_fields=["due_on", "waiting_since"])
    touch(case)


def look_in(*, by: Viewer, purpose: str, case_id: str) -> list[str]:
    """Say that I have this case open. Returns the names of the others who have had it open in the last two minutes."""
    open_door(viewer=by, purpose=purpose, verb="cases.look_in")
    case_id = worked_by(by, purpose).filter(pk=case_id).values_list("id", flat=True).first() or ""
    if not case_id:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    now = clock.now()
    Presence.objects.bulk_create(
        [Presence(case_id=case_id, viewer_id=by.id, viewer_name=by.name, seen_at=now)],
        update_conflicts=True,
        unique_fields=["case", "viewer_id"],
        update_fields=["viewer_name", "seen_at"],
    )
    others = Presence.objects.filter(case_id=case_id, seen_at__gt=now - PRESENT_FOR).exclude(viewer_id=by.id)
    return list(others.order_by("viewer_name").values_list("viewer_name", flat=True))
