"""Brings what became of referrals to the services of the directory, which show it and are ranked by it."""

from collections import defaultdict
from statistics import median

from django.db import transaction

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.cases.queries import ReferralResult, list_referral_results
from borough.directory.actions import Figures, set_service_figures


def count_services(*, by: Viewer) -> int:
    """Make the figures of all services anew, from the referrals of the last year. Returns how many services have some.

    Exact, as the directory takes them; it shows them protected.
    """
    check_may_work_as(by, SYSTEM)
    results: dict[str, list[ReferralResult]] = defaultdict(list)
    for purpose in sorted({one.purpose for one in all_kinds()}):
        for each in list_referral_results(viewer=by, purpose=purpose):
            results[each.service_id].append(each)
    with transaction.atomic():
        return set_service_figures([_figures(code, results[code]) for code in sorted(results)], by=by)


def _figures(service_id: str, referrals: list[ReferralResult]) -> Figures:
    answers = [each.answer_days for each in referrals if each.answer_days is not None]
    waits = [each.waiting_days for each in referrals if each.waiting_days is not None]
    return Figures(
        service_id=service_id,
        referred=len(referrals),
        accepted=sum(each.accepted for each in referrals),
        answer_days=float(median(answers)) if answers else None,
        waiting_days=float(median(waits)) if waits else None,
        asked=sum(each.asked for each in referrals),
        met=sum(each.met for each in referrals),
    )
