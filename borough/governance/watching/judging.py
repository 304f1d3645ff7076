"""What officers see and say of flags; what staff say of where they live; who is protected."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, STAFF_ROLES, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.door import log_write, open_door
from borough.governance.watching.models import OddLook, ProtectedPerson, StaffHome
from borough.governance.watching.rules import FLAG_STATES, FLAGS


@dataclass(frozen=True)
class FlagView:
    """A flag as its judge sees it."""

    id: int
    flag_label: str
    who: str
    looks: int
    peers: float | None
    first_at: datetime
    last_at: datetime
    state: str
    state_label: str
    resident_id: str = ""
    finding: str = ""
    judged_by: str = ""


def list_odd_looks(*, viewer: Viewer, all_of_them: bool = False) -> list[FlagView]:
    """The flags to judge, or all; nobody sees one of themselves. Whom the looks were at is not in them."""
    check_may_work_as(viewer, IG_OFFICER)
    rows = OddLook.objects.exclude(viewer_id=viewer.id)
    if not all_of_them:
        rows = rows.exclude(state="explained")
    return [_view(row) for row in rows.order_by("-raised_at", "-id")[:500]]


def read_odd_look(flag_id: int, *, viewer: Viewer, purpose: str) -> FlagView:
    """One flag, with whom it is about."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.read_odd_look")
    row = _fetch(flag_id, viewer)
    opening.saw([row.resident_id] if row.resident_id else [])
    return _view(row, full=True)


def judge_odd_look(*, by: Viewer, purpose: str, flag_id: int, state: str, finding: str) -> None:
    """Say whether it is explained, or is to be investigated, and why. Never of oneself."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.judge_odd_look")
    if not finding.strip():
        raise Problem(_("A judgement needs words."), _("Say what you found, or what is to be found out."))
    with transaction.atomic():
        row = _fetch(flag_id, by, lock=True)
        log_write(by=by, purpose=purpose, verb="governance.judge_odd_look", residents=filter(None, [row.resident_id]))
        FLAG_STATES.check_change(row.state, state)
        row.state, row.finding, row.judged_at = state, finding.strip()[:2000], clock.now()
        row.judged_by, row.judged_by_name = by.id, by.name
        row.save()


def tell_own_home(*, by: Viewer, surname: str, postcode: str) -> None:
    """A member of staff says where they live, so that a look at their own home is told from others."""
    check_may_work_as(by, *STAFF_ROLES)
    StaffHome.objects.update_or_create(
        user_id=by.id,
        defaults={"surname": surname.strip(), "postcode": postcode.strip(), "told_at": clock.now()},
    )


def own_home(*, viewer: Viewer) -> tuple[str, str]:
    """(surname, postcode) that they told us; empty where they did not."""
    row = StaffHome.objects.filter(user_id=viewer.id).first()
    return (row.surname, row.postcode) if row else ("", "")


def protect_person(*, by: Viewer, purpose: str, resident_id: str, why: str) -> None:
    """From now on each look at this resident is judged."""
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.protect_person", residents=[resident_id])
        ProtectedPerson.objects.update_or_create(
            resident_id=resident_id, defaults={"why": why.strip()[:200], "added_at": clock.now(), "added_by": by.name}
        )


def unprotect_person(*, by: Viewer, purpose: str, resident_id: str) -> None:
    """Looks at them are as at anybody else."""
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.unprotect_person", residents=[resident_id])
        ProtectedPerson.objects.filter(pk=resident_id).delete()


def list_protected(*, viewer: Viewer, purpose: str) -> list[tuple[str, str, datetime]]:
    """(resident id, why, since) of each protected person."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.list_protected")
    rows = list(ProtectedPerson.objects.order_by("-added_at").values_list("resident_id", "why", "added_at"))
    opening.saw([resident_id for resident_id, _why, _since in rows])
    return rows


def _fetch(flag_id: int, viewer: Viewer, *, lock: bool = False) -> OddLook:
    rows = OddLook.objects.select_for_update() if lock else OddLook.objects.all()
    row = rows.filter(pk=flag_id).exclude(viewer_id=viewer.id).first()
    if row is None:
        raise NotFound(_("There is no such flag."), _("Open it from the list."))
    return row


def _view(row: OddLook, *, full: bool = False) -> FlagView:
    return FlagView(
        id=row.pk,
        flag_label=str(FLAGS[row.flag]),
        who=row.viewer_name,
        looks=row.looks,
        peers=row.peers,
        first_at=row.first_at,
        last_at=row.last_at,
        state=row.state,
        state_label=_(FLAG_STATES.labels[row.state]),
        resident_id=row.resident_id if full else "",
        finding=row.finding if full else "",
        judged_by=row.judged_by_name if full else "",
    )
