"""Services are reminded while they have time to answer; after that it goes on to the next."""

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds, kind
from borough.cases.models import Referral
from borough.cases.moving import lock_case
from borough.cases.referrals.changing import change_referral, enqueue, give_back, lock_referral
from borough.cases.referrals.proving import renew_link, send_link
from borough.cases.referrals.rules import reminders_due
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.working_days import working_days_between
from borough.governance.door import open_door, without_the_door


def chase_referrals(*, by: Viewer) -> tuple[int, int]:
    """Remind the services that owe an answer, and pass on what nobody answered in time. Run it as often as you like.

    Each reminder goes once. Returns (reminded, passed on).
    """
    check_may_work_as(by, SYSTEM)
    today = clock.today()
    offered = [one.code for one in all_kinds()]
    waiting = Referral.objects.filter(state="requested", answer_by__isnull=False, case__service__in=offered)
    brief = ("case_id", "asked_at", "answer_by", "reminders", "case__service")
    # The door opens for what is due, and not for each round.
    with without_the_door():
        waiting = waiting.select_related("case").only(*brief).order_by("pk")
        late, in_time = list(waiting.filter(answer_by__lt=today)), list(waiting.filter(answer_by__gte=today))
    for referral in late:
        _let_pass(referral, by=by)
    due = []
    for referral in in_time:
        waited = working_days_between(referral.asked_at.astimezone(LONDON).date(), today)
        if reminders_due(kind(referral.case.service).answer_days, waited) > referral.reminders:
            due.append((referral, waited))
    for referral, waited in due:
        _remind(referral, reminders_due(kind(referral.case.service).answer_days, waited), by=by)
    return len(due), len(late)


def _remind(referral: Referral, number: int, *, by: Viewer) -> None:
    open_door(viewer=by, purpose=kind(referral.case.service).purpose, verb="cases.chase_referrals")
    with transaction.atomic():
        _case, locked = lock_referral(referral.pk)
        if locked.state != "requested" or locked.reminders >= number:
            return
        locked.reminders = number
        locked.save(update_fields=["reminders"])
        # A link that was proved goes on working where it was; a new one is for whoever reads the reminder.
        link = locked.links.filter(closed_at__isnull=True).first() or renew_link(locked)
    send_link(link, by=by, wording="service_reminder", again=f":{number}")


def _let_pass(referral: Referral, *, by: Viewer) -> None:
    with transaction.atomic():
        purpose = kind(referral.case.service).purpose
        lock_case(referral.case_id, by=by, purpose=purpose, verb="cases.chase_referrals")
        case, locked = lock_referral(referral.pk)
        if locked.state != "requested":
            return
        change_referral(locked, "no_answer", by=by)
        give_back(case, locked.task, by=by, reason=_("No answer in time."))
        enqueue("pass_on", locked.pk)
