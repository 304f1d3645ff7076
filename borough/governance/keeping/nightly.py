"""The night's deleting, what it would delete, and legal holds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.door import log_write, open_door
from borough.governance.keeping.ending import all_over, delete
from borough.governance.keeping.models import DeletionRun, LegalHold
from borough.governance.models import Agreement
from borough.governance.rights.ports import people

PURPOSE = "keep-no-longer"
VERB = "governance.delete_what_is_over"


@dataclass(frozen=True)
class Plan:
    """What the next night deletes of one table: rows that are over and go, and rows that a legal hold keeps.

    `last`: how many went on the last night that some went."""

    table: str
    keep: str
    before: date
    going: int
    held: int
    last: int


def delete_what_is_over(*, by: Viewer, dry_run: bool = False) -> dict[str, tuple[int, int]]:
    """Delete every row whose time is over and that no legal hold keeps. Returns table → (deleted, held), where any.

    Each table is a transaction of its own: what is done stays done. Doing it again the same day finds nothing more.
    `dry_run` only counts.
    """
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=PURPOSE, verb=VERB)
    counts: dict[str, tuple[int, int]] = {}
    for over in all_over():
        with transaction.atomic():
            held = over.held.count()
            gone = over.going.count()
            if gone and not dry_run:
                # What others lean on stays for now, and is not counted.
                gone = delete(over)
                log_write(by=by, purpose=PURPOSE, verb=VERB, everyone=True, people=gone)
        if gone or held:
            counts[over.label] = (gone, held)
    return counts


def delete_nightly() -> None:
    """Once a day, by whichever worker comes first after midnight; where no agreement covers it, nothing goes."""
    today = clock.today()
    covered = Agreement.objects.filter(purpose=PURPOSE, state="live", starts_on__lte=today, review_on__gt=today)
    if DeletionRun.objects.filter(day=today).exists() or not covered.exists():
        return
    try:
        with transaction.atomic():
            run = DeletionRun.objects.create(day=today, at=clock.now())
    except IntegrityError:
        # Another worker came first.
        return
    run.counts = delete_what_is_over(by=system_viewer("deletion"))
    run.save(update_fields=["counts"])


def plan_deletion(*, viewer: Viewer, purpose: str) -> list[Plan]:
    """What would go tonight, by table, all that say how long they are kept. Counts alone."""
    check_may_work_as(viewer, IG_OFFICER)
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.plan_deletion")
    last: dict[str, int] = {}
    for counts in DeletionRun.objects.order_by("day").values_list("counts", flat=True)[:400]:
        last |= {label: gone for label, (gone, _held) in counts.items() if gone}
    plans = [
        Plan(over.label, over.keep, over.before, over.going.count(), over.held.count(), last.get(over.label, 0))
        for over in all_over()
    ]
    opening.saw(())
    return sorted(plans, key=lambda plan: plan.table)


def last_deletion(*, viewer: Viewer) -> datetime | None:
    """When the last night's deleting was; None where there was none yet."""
    check_may_work_as(viewer, IG_OFFICER)
    return DeletionRun.objects.order_by("-day").values_list("at", flat=True).first()


def list_legal_holds(*, viewer: Viewer, purpose: str) -> list[LegalHold]:
    """Those in force, newest first."""
    check_may_work_as(viewer, IG_OFFICER)
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.list_legal_holds")
    holds = list(LegalHold.objects.filter(ended_at=None).order_by("-set_at"))
    opening.saw(hold.resident_id for hold in holds if hold.resident_id)
    return holds


def set_legal_hold(*, by: Viewer, purpose: str, why: str, resident_id: str = "", room: str = "") -> int:
    """From now on nothing of this resident, of this room, or of both or neither, is deleted. Returns its number."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.set_legal_hold")
    if not why.strip():
        raise Problem(_("A legal hold needs a reason."), _("Say which claim or inquiry needs it."))
    ids = sorted(people().ids_of(resident_id)) if resident_id else [""]
    with transaction.atomic():
        log_write(
            by=by, purpose=purpose, verb="governance.set_legal_hold", residents=[resident_id] if resident_id else []
        )
        # Each id that stands for them today: what is of an older one is held too.
        made = [
            LegalHold(resident_id=each, room=room, why=why.strip()[:500], set_at=clock.now(), set_by=by.name)
            for each in ids
        ]
        return LegalHold.objects.bulk_create(made)[0].pk


def end_legal_hold(*, by: Viewer, purpose: str, hold_id: int) -> None:
    """The next night deletes what was kept by it alone."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.end_legal_hold")
    with transaction.atomic():
        hold = LegalHold.objects.filter(pk=hold_id, ended_at=None).select_for_update().first()
        if hold is None:
            raise NotFound(_("There is no such legal hold."), _("Choose one from the list."))
        log_write(by=by, purpose=purpose, verb="governance.end_legal_hold", residents=filter(None, [hold.resident_id]))
        hold.ended_at, hold.ended_by = clock.now(), by.name
        hold.save(update_fields=["ended_at", "ended_by"])
