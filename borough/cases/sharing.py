"""Who gets which cases: shared out to those on duty, handed over with a note; and views of the queue under a name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.accounts.queries import languages_of_staff, roles_of_staff
from borough.cases.models import WAITING, Case, CaseNote, SavedView
from borough.cases.moving import lock_cases
from borough.cases.scope import check_some, kinds_of, worked_by
from borough.cases.undoing import undoable
from borough.cases.working import give
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.door import open_door
from borough.messaging.wording import language_code
from borough.residents.queries import list_directions
from borough.residents.shapes import Direction

MOST_SHARED = 500
# How many cases more than the fewest somebody may have who is preferred for a language.
SLACK = 2
# What of the queue's address a view keeps.
KEPT = ("show", "need", "state", "sort")


@dataclass(frozen=True)
class Waiting:
    """A case that is nobody's. `team` is the role that it is routed to, `language` what its person speaks best; each
    empty where it says nothing."""

    id: str
    team: str = ""
    language: str = ""


def balance(
    cases: Sequence[Waiting],
    loads: Mapping[str, int],
    roles: Mapping[str, str],
    languages: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> dict[str, str]:
    """Case → worker: each in turn to whoever has the fewest then. Pure; the same input gives the same answer.

    `cases`, the most pressing first; a case of a team goes to one of that role where any is on duty, and of those to
    one who speaks the person's language, if they have at most `SLACK` more than whoever has the fewest. `loads`: how
    many open cases each worker on duty has; `languages`, what each speaks, as `tongue` writes it.
    """
    held = dict(loads)
    given = {}
    for case in cases:
        able = [worker for worker in held if roles.get(worker) == case.team] or list(held)
        most = min(held[worker] for worker in able) + SLACK
        speaking = [one for one in able if case.language and case.language in languages.get(one, ())]
        near = [worker for worker in speaking if held[worker] <= most]
        worker = min(near or able, key=lambda one: (held[one], one))
        given[case.id] = worker
        held[worker] += 1
    return given


def tongue(language: str) -> str:
    """A language in one spelling, from a name or a code; empty for English, which everybody here speaks."""
    said = language.strip().casefold()
    return "" if said.partition("-")[0] in ("en", "eng", "english") else language_code(said) or said


def share_out(*, by: Viewer, purpose: str, workers: Collection[str], most: int) -> dict[str, int]:
    """Give up to `most` of the cases that are nobody's, the most pressing first, to these workers on duty, by user id.

    Whoever has the fewest open cases gets the next, with some favour for the person's language (`balance`). Returns
    how many each got. One step, which can be undone.
    """
    opening = open_door(viewer=by, purpose=purpose, verb="cases.share_out")
    kinds = kinds_of(by, purpose)
    check_some(kinds)
    roles = roles_of_staff(workers)
    wrong = [worker for worker in workers if roles.get(worker) not in {role for one in kinds for role in one.roles}]
    if not workers or wrong or not 1 <= most <= MOST_SHARED:
        raise Problem(_("Tick who is on duty, and say how many cases: between 1 and 500."))
    with transaction.atomic():
        free = worked_by(by, purpose).filter(assigned_to="", state__in=WAITING, closed_at=None)
        pressing = list(free.order_by("-concern", "due_on", "opened_at", "id").values_list("id", flat=True)[:most])
        cases = lock_cases(pressing, by=by, purpose=purpose, verb="cases.share_out")
        # Somebody may have taken one in the meantime.
        still = {case.id: case for case in cases if not case.assigned_to and case.state in WAITING}
        loads = dict.fromkeys(workers, 0)
        held = worked_by(by, purpose).filter(assigned_to__in=list(workers), closed_at=None)
        loads.update(held.values_list("assigned_to").annotate(Count("id")).order_by())
        waiting = _waiting([still[case_id] for case_id in pressing if case_id in still], by=by, purpose=purpose)
        spoken = {worker: {tongue(one) for one in said} for worker, said in languages_of_staff(workers).items()}
        given = balance(waiting, loads, roles, spoken)
        counts = dict.fromkeys(workers, 0)
        with undoable("assign", list(still.values()), by=by):
            for worker in workers:
                own = [still[case_id] for case_id, whose in given.items() if whose == worker]
                counts[worker] = len(own)
                if own:
                    give(own, worker, by=by)
        opening.wrote()
    return counts


def _waiting(cases: Sequence[Case], *, by: Viewer, purpose: str) -> list[Waiting]:
    """These cases with the language of each: what was said with it, else what is known of the resident."""
    said = {case.id: case.answers.get("language", "") for case in cases}
    asked = [case.resident_id for case in cases if case.resident_id and not said[case.id]]
    known = list_directions(asked, viewer=by, purpose=purpose) if asked else {}
    return [
        Waiting(case.id, case.team, tongue(said[case.id] or known.get(case.resident_id, Direction()).language))
        for case in cases
    ]


def hand_over(*, by: Viewer, purpose: str, to: str, note: str) -> int:
    """Give all my open cases to a colleague, by user id, with a note on each. Returns how many."""
    with transaction.atomic():
        open_door(viewer=by, purpose=purpose, verb="cases.hand_over")
        own = worked_by(by, purpose).filter(assigned_to=by.id, closed_at=None).values_list("id", flat=True)
        cases = lock_cases(list(own), by=by, purpose=purpose, verb="cases.hand_over")
        roles = {role for one in kinds_of(by, purpose) for role in one.roles}
        if roles_of_staff([to]).get(to) not in roles or to == by.id or not note.strip():
            raise Problem(_("Choose a colleague who works on these cases, and write what they need to know."))
        if not cases:
            raise WrongState(_("You have no open cases."), _("There is nothing to hand over."))
        with undoable("assign", cases, by=by):
            text, now = _("Handed over: %(note)s") % {"note": note.strip()}, clock.now()
            CaseNote.objects.bulk_create(CaseNote(case=case, at=now, by=by.name, text=text) for case in cases)
            give(cases, to, by=by)
    return len(cases)


@dataclass(frozen=True)
class ViewLine:
    """A saved view. `own`: the viewer made it, and may take it away."""

    id: int
    name: str
    query: dict[str, str]
    own: bool


def save_view(*, by: Viewer, purpose: str, name: str, query: Mapping[str, str], shared: bool = False) -> int:
    """Keep a filter of the queue under a name, for oneself or for all of one's role. Returns its id."""
    open_door(viewer=by, purpose=purpose, verb="cases.save_view")
    check_some(kinds_of(by, purpose))
    if not name.strip() or len(name.strip()) > 60:
        raise Problem(_("Give the view a name of up to 60 characters."))
    team = next(iter(sorted(by.roles)), "") if shared else ""
    kept = {key: query[key] for key in KEPT if query.get(key)}
    try:
        with transaction.atomic():
            view = SavedView.objects.create(owner_id=by.id, team=team, name=name.strip(), query=kept, at=clock.now())
    except IntegrityError as error:
        raise Problem(_("You have a view of this name already."), _("Choose another name.")) from error
    return view.pk


def list_views(*, viewer: Viewer, purpose: str) -> list[ViewLine]:
    """The saved views of this viewer and those shared with their role, by name."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.list_views")
    check_some(kinds_of(viewer, purpose))
    rows = SavedView.objects.filter(Q(owner_id=viewer.id) | Q(team__in=list(viewer.roles))).order_by("name", "id")
    return [ViewLine(row.pk, row.name, row.query, row.owner_id == viewer.id) for row in rows]


def delete_view(*, by: Viewer, purpose: str, view_id: int) -> None:
    """Take one of one's own views away."""
    open_door(viewer=by, purpose=purpose, verb="cases.delete_view")
    check_some(kinds_of(by, purpose))
    if not SavedView.objects.filter(pk=view_id, owner_id=by.id).delete()[0]:
        raise NotFound(_("There is no such view of yours."))
