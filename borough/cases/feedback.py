"""Who has not answered is asked once more, by another channel; who stays silent closes their case by rule."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases import queries
from borough.cases.answering import first_key, send_case_message, way_by_hand
from borough.cases.kinds import all_kinds, kind
from borough.cases.models import Case, Feedback
from borough.cases.moving import lock_case, settle
from borough.cases.scope import waiting_feedback
from borough.common import clock
from borough.common.errors import WrongState
from borough.common.working_days import add_working_days
from borough.governance.door import log_write, open_door, without_the_door

# After this long without an answer a case is closed as "help given, not answered".
SILENT_FOR = timedelta(days=28)
AT_A_TIME = 500


def chase_unanswered(*, by: Viewer) -> int:
    """Ask those once more who have not answered in the working days that their service gives. Returns how many.

    Each once, however often and by however many it is called: they are marked in the transaction that stores the job.
    """
    check_may_work_as(by, SYSTEM)
    chased = 0
    for declared in all_kinds():
        asked_by = _day_before(declared.chase_days, clock.today())
        due = waiting_feedback().filter(
            case__service=declared.code, chased_at=None, asked_at__lt=_midnight_after(asked_by)
        )
        if not _any(due):
            continue
        with transaction.atomic():
            opening = open_door(viewer=by, purpose=declared.purpose, verb="cases.chase_unanswered")
            rows = list(due.select_for_update(of=("self",), skip_locked=True).select_related("case")[:AT_A_TIME])
            if not rows:
                # Another worker came first.
                continue
            Feedback.objects.filter(pk__in=[row.pk for row in rows]).update(chased_at=clock.now())
            opening.wrote({row.case.resident_id for row in rows if row.case.resident_id})
            for row in rows:
                # Jobs stand above verbs, so a verb names its job.
                import_string("borough.cases.tasks.ask_once_more").enqueue(row.pk)
            chased += len(rows)
    return chased


def chase(*, by: Viewer, feedback_id: int) -> str:
    """Ask once more by another channel than before; where there is none, staff are to call or write. Returns the way.

    Not inside a transaction: messaging logs what it reads.
    """
    check_may_work_as(by, SYSTEM)
    asked = waiting_feedback().filter(pk=feedback_id)
    with without_the_door():
        service = asked.values_list("case__service", flat=True).first()
    if service is None:
        raise WrongState(_("This was answered already. Thank you."))
    open_door(viewer=by, purpose=kind(service).purpose, verb="cases.chase")
    row = asked.select_related("case").get()
    case = row.case
    sent = send_case_message(
        by=by,
        case_id=case.id,
        wording="need_met_chase",
        key=f"{first_key(case)}:chase",
        link=queries.feedback_link(case),
        unlike=first_key(case),
    )
    way = "message" if sent else way_by_hand(case, by=by)
    with transaction.atomic():
        log_write(
            by=by,
            purpose=kind(case.service).purpose,
            verb="cases.chase",
            residents=[case.resident_id] if case.resident_id else [],
        )
        Feedback.objects.filter(pk=row.pk).update(chased_by=way)
    return way


def note_asked(*, by: Viewer, purpose: str, case_id: str) -> None:
    """Staff called or wrote, and had no answer yet: the case leaves the list of those to ask."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.note_asked")
        case.feedback.filter(delivery=case.deliveries).update(asked_by_hand_at=clock.now())


def close_unanswered(*, by: Viewer) -> int:
    """Close the cases whose person has said nothing for 28 days since they were first asked. Returns how many."""
    check_may_work_as(by, SYSTEM)
    closed = 0
    for declared in all_kinds():
        silent = waiting_feedback().filter(case__service=declared.code, asked_at__lte=clock.now() - SILENT_FOR)
        if not _any(silent):
            continue
        with transaction.atomic():
            opening = open_door(viewer=by, purpose=declared.purpose, verb="cases.close_unanswered")
            found = Case.objects.select_for_update(skip_locked=True).filter(pk__in=silent.values("case"))
            cases = list(found.order_by("id")[:AT_A_TIME])
            if not cases:
                continue
            opening.wrote({case.resident_id for case in cases if case.resident_id})
            settle(cases, by=by, closing="unanswered")
            closed += len(cases)
    return closed


def _any(rows: QuerySet[Feedback]) -> bool:
    """Whether there is anything to open the door for: a round finds nothing most of the time."""
    with without_the_door():
        return rows.exists()


def _day_before(working_days: int, today: date) -> date:
    """The last day after which so many working days are over today."""
    day = today
    while add_working_days(day, working_days) > today:
        day -= timedelta(days=1)
    return day


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.LONDON)
