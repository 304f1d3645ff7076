"""Background jobs of referrals. Each is safe to run twice."""

import logging

from django_tasks import task

from borough.accounts.policies import system_viewer
from borough.cases.referrals.deadlines import chase_referrals
from borough.cases.referrals.referring import pass_on_referral, send_referral
from borough.cases.referrals.telling import send_receipt, tell_withdrawn
from borough.common.errors import NotAllowed

log = logging.getLogger("borough.referrals")
SENDER = "referrals"


@task()
def send(referral_id: int) -> None:
    send_referral(by=system_viewer(SENDER), referral_id=referral_id)


@task()
def receipt(referral_id: int, wording: str) -> None:
    send_receipt(by=system_viewer(SENDER), referral_id=referral_id, wording=wording)


@task()
def pass_on(referral_id: int) -> None:
    pass_on_referral(by=system_viewer(SENDER), referral_id=referral_id)


@task()
def withdrawn(referral_id: int) -> None:
    tell_withdrawn(by=system_viewer(SENDER), referral_id=referral_id)


def chase() -> None:
    """Regular work: one round of reminders. Where no agreement lets the house work, the next round tries again."""
    try:
        chase_referrals(by=system_viewer(SENDER))
    except NotAllowed:
        log.warning("referrals were not chased: no agreement lets the house do it")
