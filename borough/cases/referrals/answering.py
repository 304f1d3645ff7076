"""What a service says of what was referred to it: by itself, or on the phone to a member of staff."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import REFERRAL_STATES, Case, Referral
from borough.cases.moving import lock_case, move_tasks
from borough.cases.referrals.changing import change_referral, enqueue, give_back, lock_own, lock_referral
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.door import without_the_door

# What somebody of the service, or a member of staff for it, may say.
BY_SERVICE = ("accepted", "declined", "done", "could_not")
NEEDS_WORDS = ("declined", "could_not")


def accept_referral(*, by: Viewer, referral_id: int, starts_on: date | None = None) -> None:
    """The service takes it on. The person is told. Saying it again is the same as once."""
    with transaction.atomic():
        case, referral = lock_own(referral_id, by=by, verb="cases.accept_referral")
        if referral.state != "accepted":
            _answer(case, referral, "accepted", by=by)
        if starts_on is not None:
            _start(case, referral, starts_on, by=by)


def decline_referral(*, by: Viewer, referral_id: int, reason: str) -> None:
    """The service cannot take it on. It goes on to the next best, or back to the worker."""
    with transaction.atomic():
        case, referral = lock_own(referral_id, by=by, verb="cases.decline_referral")
        _answer(case, referral, "declined", by=by, words=reason)


def start_referral(*, by: Viewer, referral_id: int, starts_on: date) -> None:
    """The service says when it starts."""
    with transaction.atomic():
        case, referral = lock_own(referral_id, by=by, verb="cases.start_referral")
        _start(case, referral, starts_on, by=by)


def finish_referral(*, by: Viewer, referral_id: int, done: bool, words: str = "") -> None:
    """Help was given, or could not be. `words`: what came of it. The person is asked whether it met their need; where
    help could not be given it goes on to the next best, or back to the worker, who is told."""
    with transaction.atomic():
        case, referral = lock_own(referral_id, by=by, verb="cases.finish_referral")
        _answer(case, referral, "done" if done else "could_not", by=by, words=words)


def answer_referral(*, by: Viewer, purpose: str, referral_id: int, to: str, words: str = "") -> None:
    """A member of staff writes down what the service said: accepted, declined, done or could_not."""
    with without_the_door():
        case_id = Referral.objects.filter(pk=referral_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is no such referral."))
    with transaction.atomic():
        lock_case(case_id, by=by, purpose=purpose, verb="cases.answer_referral")
        if to not in BY_SERVICE:
            raise WrongState(_("A service cannot answer so."), _("Choose one of the buttons."))
        case, referral = lock_referral(referral_id)
        _answer(case, referral, to, by=by, words=words)


def _answer(case: Case, referral: Referral, to: str, *, by: Viewer, words: str = "") -> None:
    REFERRAL_STATES.check_change(referral.state, to)
    if to in NEEDS_WORDS and not words.strip():
        raise Problem(_("Say why."), _("One sentence is enough."))
    change_referral(referral, to, by=by, words=words)
    task = referral.task
    if to == "accepted" and task is not None:
        move_tasks([case], [task], "accepted", by=by)
        enqueue("receipt", referral.pk, "receipt_accepted")
    elif to == "done" and task is not None:
        move_tasks([case], [task], "completed", by=by)
    elif to in NEEDS_WORDS:
        # Why stands on the referral, which forgets it in time.
        give_back(case, task, by=by, reason=_("The service could not take it."), goes_on=True)
        enqueue("pass_on", referral.pk)


def _start(case: Case, referral: Referral, starts_on: date, *, by: Viewer) -> None:
    if referral.state != "accepted":
        raise WrongState(_("Accept the referral first."), _("Then say when you start."))
    if starts_on < clock.today() and starts_on < referral.asked_at.date():
        raise Problem(_("That day is before you were asked."), _("Check the date."))
    referral.starts_on = starts_on
    referral.save(update_fields=["starts_on"])
    if referral.task is not None and referral.task.state == "accepted":
        move_tasks([case], [referral.task], "in_progress", by=by)
