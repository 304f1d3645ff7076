"""A copy of all that we hold (UK GDPR Article 15): asked for, put together by a job, looked through, taken once."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import announce
from borough.governance.door import log_write, open_door
from borough.governance.rights.asking import receive_request
from borough.governance.rights.copy_files import build_zip
from borough.governance.rights.events import RequestAnswered, RequestReceived
from borough.governance.rights.holdings import all_holdings, collect
from borough.governance.rights.links import PURPOSE
from borough.governance.rights.models import COPY_STATES, REQUEST_STATES, SubjectCopy
from borough.governance.rights.ports import people

DOWNLOAD_WITHIN = timedelta(days=7)
GATHERER = "copies of data"


@dataclass(frozen=True)
class CopyView:
    """How far a copy is. `parts` only for the officer who looks it through."""

    reference: str
    state: str
    state_label: str
    done: int
    total: int
    made_at: datetime | None
    ends_at: datetime | None
    left_out: int
    why_left_out: str
    parts: list[dict[str, Any]]


def ask_for_copy(*, by: Viewer) -> str:
    """A resident asks for a copy of all that we hold of them. Returns the reference; a job puts it together."""
    check_may_work_as(by, RESIDENT)
    with transaction.atomic():
        log_write(by=by, purpose=PURPOSE, verb="governance.make_request", residents=[by.id])
        reference = _start(by.id)
        announce(RequestReceived(reference))
    return reference


def start_copy(*, by: Viewer, purpose: str, resident_id: str) -> str:
    """As `ask_for_copy`, for a resident who asked by letter or at the desk, and proved who they are."""
    check_may_work_as(by, IG_OFFICER)
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.start_copy", residents=[resident_id])
        return _start(resident_id)


def gather_copy(reference: str) -> None:
    """Put the copy together: the job's work. Safe to do again until it is released."""
    copy = SubjectCopy.objects.select_related("request").get(pk=reference)
    if copy.state != "gathering":
        return
    resident_id = copy.request.resident_id
    opening = open_door(viewer=system_viewer(GATHERER), purpose=PURPOSE, verb="governance.gather_copy")
    ids = people().ids_of(resident_id)
    opening.saw([resident_id])
    holdings = all_holdings()
    parts = []
    for number, holding in enumerate(holdings, 1):
        parts.append(asdict(collect(holding, ids)))
        # What a waiting page shows; one small row.
        SubjectCopy.objects.filter(pk=reference).update(done=number, total=len(holdings))
    SubjectCopy.objects.filter(pk=reference, state="gathering").update(
        state="to_review", parts=parts, made_at=clock.now()
    )


def read_copy(reference: str, *, viewer: Viewer, purpose: str) -> CopyView:
    """The copy with all that is in it, for the officer who looks it through."""
    check_may_work_as(viewer, IG_OFFICER)
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.read_copy")
    copy = _fetch(reference)
    opening.saw([copy.request.resident_id])
    return _view(copy, full=True)


def read_own_copy(reference: str, *, viewer: Viewer) -> CopyView | None:
    """How far their own copy is; None where this request is for none."""
    check_may_work_as(viewer, RESIDENT)
    copy = SubjectCopy.objects.filter(pk=reference, request__resident_id__in=people().ids_of(viewer.id)).first()
    return _view(copy) if copy else None


def release_copy(*, by: Viewer, purpose: str, reference: str, leave_out: Collection[str], why: str) -> None:
    """Let the resident have it for 7 days, without the rows in `leave_out` ("holding:number"), of which `why` tells."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.release_copy")
    if leave_out and not why.strip():
        raise Problem(_("Something is left out without a reason."), _("Say which provision lets us leave it out."))
    now = clock.now()
    with transaction.atomic():
        copy = _fetch(reference, lock=True)
        log_write(by=by, purpose=purpose, verb="governance.release_copy", residents=[copy.request.resident_id])
        COPY_STATES.check_change(copy.state, "released")
        for part in copy.parts:
            kept = [row for number, row in enumerate(part["rows"]) if f"{part['code']}:{number}" not in leave_out]
            copy.left_out += len(part["rows"]) - len(kept)
            part["rows"] = kept
        copy.state, copy.why_left_out = "released", why.strip()[:2000]
        copy.released_at, copy.released_by, copy.ends_at = now, by.name, now + DOWNLOAD_WITHIN
        copy.save()
        request = copy.request
        REQUEST_STATES.check_change(request.state, "answered")
        request.state, request.answered_at, request.answered_by = "answered", now, by.name
        request.answer = _("Your copy is ready. You can download it once, within 7 days.")
        if copy.left_out:
            request.answer += " " + _("%(count)s entries are left out: %(why)s") % {
                "count": copy.left_out,
                "why": copy.why_left_out,
            }
        request.save()
        announce(RequestAnswered(request.reference))


def download_copy(reference: str, *, by: Viewer) -> bytes:
    """The zip, once: afterwards nothing of it is kept here."""
    check_may_work_as(by, RESIDENT)
    now = clock.now()
    with transaction.atomic():
        copy = _fetch(reference, lock=True)
        if copy.request.resident_id not in people().ids_of(by.id):
            raise _none_such()
        if copy.state != "released" or copy.ends_at is None or now >= copy.ends_at or copy.made_at is None:
            raise NotFound(_("This copy was downloaded, or is too old."), _("Ask for another one. It is free."))
        log_write(by=by, purpose=PURPOSE, verb="governance.download_copy", residents=[by.id])
        file = build_zip(copy.parts, reference=reference, made_at=copy.made_at, council=settings.AUTHORITY.name)
        copy.state, copy.parts, copy.downloaded_at = "over", [], now
        copy.save(update_fields=["state", "parts", "downloaded_at"])
    return file


def forget_copies() -> int:
    """Empty the copies that nobody took in time. Returns how many."""
    return SubjectCopy.objects.filter(state="released", ends_at__lte=clock.now()).update(state="over", parts=[])


def _start(resident_id: str) -> str:
    request = receive_request(kind="access", words="", resident_id=resident_id)
    SubjectCopy.objects.create(request=request)
    # Jobs stand above verbs and import them, so a verb names its job instead of importing it.
    import_string("borough.governance.tasks.gather").enqueue(request.reference)
    return request.reference


def _view(copy: SubjectCopy, *, full: bool = False) -> CopyView:
    return CopyView(
        reference=copy.pk,
        state=copy.state,
        state_label=_(COPY_STATES.labels[copy.state]),
        done=copy.done,
        total=copy.total,
        made_at=copy.made_at,
        ends_at=copy.ends_at,
        left_out=copy.left_out,
        why_left_out=copy.why_left_out,
        parts=copy.parts if full else [],
    )


def _fetch(reference: str, *, lock: bool = False) -> SubjectCopy:
    rows = SubjectCopy.objects.select_related("request")
    copy = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=reference).first()
    if copy is None:
        raise _none_such()
    return copy


def _none_such() -> NotFound:
    return NotFound(_("There is no such copy."), _("Open it from the request."))
