"""Asking why and complaining, and the information governance team's answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import announce
from borough.governance.door import log_write, open_door
from borough.governance.rights.events import RequestAnswered, RequestReceived
from borough.governance.rights.links import PURPOSE
from borough.governance.rights.looking import OwnLook, describe_looks, open_own_door, read_own_look
from borough.governance.rights.models import REQUEST_STATES, RightsRequest
from borough.governance.rights.ports import people
from borough.governance.rights.rules import acknowledge_by, one_month_after

LONGEST = 5000
ASKED_HERE = ("why", "complaint", "correct", "erase", "restrict")


@dataclass(frozen=True)
class RequestView:
    """A request as its reader sees it. `look` is what it is about, if one look is."""

    reference: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    received_at: datetime
    acknowledged_at: datetime
    acknowledge_by: date
    answer_by: date
    overdue: bool
    words: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    taken_by: str = ""
    resident_id: str = ""
    name: str = ""
    contact: str = ""
    look: OwnLook | None = None


def make_request(*, by: Viewer, kind: str, words: str = "", entry_id: int | None = None) -> str:
    """A resident asks why somebody looked ("why", of one look), complains, or asks to have their data corrected
    ("correct"), deleted ("erase") or not used for now ("restrict"). Acknowledged at once.

    Returns the reference. Raises NotFound for a look that is not theirs.
    """
    check_may_work_as(by, RESIDENT)
    words = words.strip()[:LONGEST]
    if kind not in ASKED_HERE:
        raise Problem(_("There is no such request."), _("Ask why, or complain."))
    if entry_id is not None and read_own_look(entry_id, viewer=by) is None:
        raise _no_look()
    if kind == "why" and entry_id is None:
        raise _no_look()
    with transaction.atomic():
        log_write(by=by, purpose=PURPOSE, verb="governance.make_request", residents=[by.id])
        request = receive_request(kind=kind, words=words, resident_id=by.id, entry=entry_id)
        announce(RequestReceived(request.reference))
    return request.reference


def complain(*, name: str, contact: str, words: str) -> str:
    """Somebody complains who did not come by a link. Acknowledged at once. Returns the reference."""
    return receive_request(
        kind="complaint", words=words.strip()[:LONGEST], name=name.strip(), contact=contact.strip()
    ).reference


def list_own_requests(*, viewer: Viewer) -> list[RequestView]:
    """What the resident who asks has asked so far, newest first."""
    open_own_door(viewer)
    rows = RightsRequest.objects.filter(resident_id__in=people().ids_of(viewer.id)).order_by("-received_at")
    return [_view(row, own=True) for row in rows]


def list_requests(*, viewer: Viewer, waiting: bool = True) -> list[RequestView]:
    """The requests that wait for an answer, the most urgent first, or all, the newest first. Nobody is in them."""
    check_may_work_as(viewer, IG_OFFICER)
    rows = RightsRequest.objects.all()
    open_states = Q(state__in=["received", "looking"])
    rows = rows.filter(open_states).order_by("answer_by", "received_at") if waiting else rows.order_by("-received_at")
    return [_view(row) for row in rows[:500]]


def read_request(reference: str, *, viewer: Viewer, purpose: str) -> RequestView:
    """One request, for whoever answers it."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.read_request")
    row = _fetch(reference)
    ids = [row.resident_id] if row.resident_id else []
    looks = describe_looks([row.entry], people().ids_of(row.resident_id)) if row.entry and ids else []
    opening.saw(ids)
    return _view(row, full=True, look=next(iter(looks), None))


def take_request(*, by: Viewer, purpose: str, reference: str) -> None:
    """Say that you are looking into it: the resident sees that somebody is."""
    check_may_work_as(by, IG_OFFICER)
    with transaction.atomic():
        row = _locked(reference)
        log_write(by=by, purpose=purpose, verb="governance.take_request", residents=filter(None, [row.resident_id]))
        REQUEST_STATES.check_change(row.state, "looking")
        row.state, row.taken_by, row.taken_at = "looking", by.name, clock.now()
        row.save(update_fields=["state", "taken_by", "taken_at"])


def answer_request(*, by: Viewer, purpose: str, reference: str, answer: str) -> None:
    """Answer it. The resident is told that there is an answer, and reads it on their own page."""
    check_may_work_as(by, IG_OFFICER)
    answer = answer.strip()[:LONGEST]
    if not answer:
        raise Problem(_("The answer is empty."), _("Say in plain words what you found and what happens next."))
    with transaction.atomic():
        row = _locked(reference)
        log_write(by=by, purpose=purpose, verb="governance.answer_request", residents=filter(None, [row.resident_id]))
        REQUEST_STATES.check_change(row.state, "answered")
        row.state, row.answer, row.answered_by, row.answered_at = "answered", answer, by.name, clock.now()
        row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        if row.resident_id:
            announce(RequestAnswered(row.reference))


def withdraw_request(*, by: Viewer, reference: str) -> None:
    """The resident takes back what they asked."""
    check_may_work_as(by, RESIDENT)
    with transaction.atomic():
        row = _locked(reference)
        if row.resident_id not in people().ids_of(by.id):
            raise _no_request()
        log_write(by=by, purpose=PURPOSE, verb="governance.withdraw_request", residents=[by.id])
        REQUEST_STATES.check_change(row.state, "withdrawn")
        row.state = "withdrawn"
        row.save(update_fields=["state"])


def whose_request(reference: str) -> tuple[str, str]:
    """(resident id, kind) of a request, for the message that goes to them."""
    row = _fetch(reference)
    return row.resident_id, row.kind


def receive_request(
    *, kind: str, words: str, resident_id: str = "", entry: int | None = None, name: str = "", contact: str = ""
) -> RightsRequest:
    """Keep a request, acknowledged at once, in the caller's transaction."""
    now = clock.now()
    return RightsRequest.objects.create(
        kind=kind,
        resident_id=resident_id,
        entry=entry,
        name=name[:100],
        contact=contact[:254],
        words=words,
        received_at=now,
        # The page that says so is the acknowledgement.
        acknowledged_at=now,
        answer_by=one_month_after(clock.today()),
    )


def _view(row: RightsRequest, *, own: bool = False, full: bool = False, look: OwnLook | None = None) -> RequestView:
    told = own or full
    return RequestView(
        reference=row.reference,
        kind=row.kind,
        kind_label=_(dict(RightsRequest.KINDS)[row.kind]),
        state=row.state,
        state_label=_(REQUEST_STATES.labels[row.state]),
        received_at=row.received_at,
        acknowledged_at=row.acknowledged_at,
        acknowledge_by=acknowledge_by(row.received_at.astimezone(clock.LONDON).date()),
        answer_by=row.answer_by,
        overdue=row.state not in REQUEST_STATES.final and clock.today() > row.answer_by,
        words=row.words if told else "",
        answer=row.answer if told else "",
        answered_at=row.answered_at,
        taken_by=row.taken_by,
        resident_id=row.resident_id if full else "",
        name=row.name if full else "",
        contact=row.contact if full else "",
        look=look,
    )


def _fetch(reference: str) -> RightsRequest:
    row = RightsRequest.objects.filter(pk=reference).first()
    if row is None:
        raise _no_request()
    return row


def _locked(reference: str) -> RightsRequest:
    row = RightsRequest.objects.filter(pk=reference).select_for_update().first()
    if row is None:
        raise _no_request()
    return row


def _no_request() -> NotFound:
    return NotFound(_("There is no such request."), _("Open it from the list."))


def _no_look() -> NotFound:
    return NotFound(_("There is no such look at your record."), _("Choose one from your list."))
