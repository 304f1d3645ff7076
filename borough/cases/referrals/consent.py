"""Consent taken back: at once, at any time, and nobody asks why."""

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.kinds import kind
from borough.cases.models import REFERRAL_LIVE, TASK_ENDED, Case, Referral, Task
from borough.cases.moving import lock_case
from borough.cases.referrals.changing import (
    change_referral,
    enqueue,
    give_back,
    lock_referral,
    note_for_worker,
    purpose_of,
)
from borough.cases.referrals.reading import referral_behind
from borough.common.errors import NotFound, WrongState
from borough.governance.door import open_door, without_the_door


def withdraw_consent(*, by: Viewer, purpose: str, referral_id: int) -> None:
    """The person told a member of staff that they take their consent back."""
    with without_the_door():
        case_id = Referral.objects.filter(pk=referral_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is no such referral."))
    with transaction.atomic():
        lock_case(case_id, by=by, purpose=purpose, verb="cases.withdraw_consent")
        case, referral = lock_referral(referral_id)
        if referral.state not in REFERRAL_LIVE:
            raise WrongState(_("This referral is over."), _("Nobody has it now."))
        _take_back(case, referral, by=by)


def take_consent_back(token: str) -> None:
    """The person takes it back by the link in their receipt, also where it went on to another service since."""
    first = referral_behind(token)
    by = system_viewer("consent taken back by link")
    with transaction.atomic():
        case = lock_case(first.case_id, by=by, purpose=kind(first.case.service).purpose, verb="cases.withdraw_consent")
        chain = Referral.objects.select_for_update(of=("self",)).select_related("task").filter(task=first.task_id)
        for referral in chain:
            if referral.state in REFERRAL_LIVE:
                _take_back(case, referral, by=by)
        # One that waits to go on to the next service goes on no more.
        chain.filter(covers="similar").update(covers="this")


def end_referrals_of(task_id: str) -> None:
    """A task was closed by staff: a service that was helping has helped; any other is told that it is not needed.

    For the event TaskEnded; safe to repeat.
    """
    by = system_viewer("referrals")
    with without_the_door():
        task = Task.objects.filter(pk=task_id).only("id", "state").first()
        live = Referral.objects.filter(task=task_id, state__in=REFERRAL_LIVE).values_list("pk", flat=True).first()
    if task is None or live is None or task.state not in TASK_ENDED:
        return
    open_door(viewer=by, purpose=purpose_of(live), verb="cases.end_referrals_of")
    with transaction.atomic():
        _case, referral = lock_referral(live)
        if referral.state == "accepted" and task.state == "completed":
            change_referral(referral, "done", by=by)
        elif referral.state in REFERRAL_LIVE:
            change_referral(referral, "withdrawn", by=by)
            enqueue("withdrawn", referral.pk)


def _take_back(case: Case, referral: Referral, *, by: Viewer) -> None:
    change_referral(referral, "withdrawn", by=by)
    give_back(case, referral.task, by=by, reason=_("The person took their consent back."))
    note_for_worker(case, _("The person took their consent back: pass nothing on without asking them anew."), by=by)
    enqueue("withdrawn", referral.pk)
