"""Opening emergency access, ending it, and reviewing what was done with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, STAFF_ROLES, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.events import announce
from borough.governance.door import log_write, open_door
from borough.governance.glass.events import GlassBroken
from borough.governance.glass.live import live_break
from borough.governance.glass.models import GlassBreak
from borough.governance.glass.rules import BREAK_STATES, EMERGENCY, LASTS, review_by
from borough.governance.models import LedgerEntry


@dataclass(frozen=True)
class BreakView:
    """Emergency access, for who reviews it. The second half only where one is read."""

    reference: str
    who: str
    opened_at: datetime
    ends_at: datetime
    state: str
    state_label: str
    review_by: datetime
    overdue: bool
    is_own: bool
    resident_id: str = ""
    reason: str = ""
    review: str = ""
    reviewed_by: str = ""
    looks: int = 0
    people: int = 0
    earlier: int = 0


def break_glass(*, by: Viewer, reason: str, resident_id: str = "") -> str:
    """Open emergency access for an hour, at once: to one resident, or to search. Returns its reference.

    The information governance team is alerted by the reference alone, and reviews it.
    """
    check_may_work_as(by, *STAFF_ROLES)
    if not reason.strip():
        raise Problem(_("Emergency access needs a reason."), _("Say in a few words what has happened."))
    now = clock.now()
    with transaction.atomic():
        # One at a time, so that what was looked at belongs to one reason.
        GlassBreak.objects.filter(viewer_id=by.id, ends_at__gt=now).update(ends_at=now)
        row = GlassBreak.objects.create(
            viewer_id=by.id,
            viewer_name=by.name,
            resident_id=resident_id,
            reason=reason.strip()[:2000],
            opened_at=now,
            ends_at=now + LASTS,
        )
        log_write(by=by, purpose=EMERGENCY, verb="governance.break_glass", residents=filter(None, [resident_id]))
        announce(GlassBroken(row.reference))
    return row.reference


def end_emergency(*, by: Viewer) -> None:
    """The emergency is over: their access ends now."""
    check_may_work_as(by, *STAFF_ROLES)
    live = live_break(by)
    if live is not None:
        GlassBreak.objects.filter(pk=live.pk).update(ends_at=clock.now())


def review_break(*, by: Viewer, purpose: str, reference: str, justified: bool, review: str) -> None:
    """Say whether it was justified, and why. Never by whoever used it."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.review_break")
    if not review.strip():
        raise Problem(_("A review needs words."), _("Say what you found."))
    with transaction.atomic():
        row = GlassBreak.objects.filter(pk=reference).select_for_update().first()
        if row is None:
            raise _none_such()
        log_write(by=by, purpose=purpose, verb="governance.review_break", residents=filter(None, [row.resident_id]))
        if row.viewer_id == by.id:
            raise NotAllowed(_("You used this access yourself."), _("Somebody else in the team must review it."))
        state = "justified" if justified else "not_justified"
        BREAK_STATES.check_change(row.state, state)
        row.state, row.review, row.reviewed_at = state, review.strip()[:2000], clock.now()
        row.reviewed_by, row.reviewed_by_name = by.id, by.name
        # A review ends what still runs.
        row.ends_at = min(row.ends_at, clock.now())
        row.save()


def list_breaks(*, viewer: Viewer, all_of_them: bool = False) -> list[BreakView]:
    """Those to review, the oldest first; or all, the newest first. Nobody whom they were for is in them."""
    check_may_work_as(viewer, IG_OFFICER)
    rows = GlassBreak.objects.order_by("-opened_at" if all_of_them else "opened_at")
    if not all_of_them:
        rows = rows.filter(reviewed_at__isnull=True)
    return [_view(row, viewer) for row in rows[:200]]


def read_break(reference: str, *, viewer: Viewer, purpose: str) -> BreakView:
    """One, with its reason and how much was looked at, for whoever reviews it."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.read_break")
    row = GlassBreak.objects.filter(pk=reference).first()
    if row is None:
        raise _none_such()
    opening.saw([])
    return _view(row, viewer, full=True)


def _view(row: GlassBreak, viewer: Viewer, *, full: bool = False) -> BreakView:
    due = review_by(row.opened_at)
    looks = LedgerEntry.objects.filter(
        viewer_id=row.viewer_id, purpose=EMERGENCY, kind="read", at__gte=row.opened_at, at__lte=row.ends_at
    )
    seen = list(looks.values_list("people", flat=True)) if full else []
    return BreakView(
        reference=row.reference,
        who=row.viewer_name,
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        state=row.state,
        state_label=_(BREAK_STATES.labels[row.state]),
        review_by=due,
        overdue=row.state == "to_review" and clock.now() > due,
        is_own=row.viewer_id == viewer.id,
        resident_id=row.resident_id if full else "",
        reason=row.reason if full else "",
        review=row.review if full else "",
        reviewed_by=row.reviewed_by_name if full else "",
        looks=len(seen),
        people=sum(seen),
        earlier=GlassBreak.objects.filter(viewer_id=row.viewer_id, opened_at__lt=row.opened_at).count() if full else 0,
    )


def _none_such() -> NotFound:
    return NotFound(_("There is no such emergency access."), _("Open it from the list."))
