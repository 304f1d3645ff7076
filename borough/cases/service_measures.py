"""How referrals to services of the directory went, for their figures: nothing of whom they were about."""

from dataclasses import dataclass
from datetime import timedelta

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.cases.models import Referral
from borough.common import clock
from borough.governance.door import open_door

# Older ones tell of a service as it was.
LOOK_BACK = timedelta(days=365)
TOOK_ON = ("accepted", "done", "could_not")


@dataclass(frozen=True)
class ReferralResult:
    """One referral. `answer_days` until the service said yes or no, `waiting_days` until it began or was done; `asked`:
    the person has said whether their need was met."""

    service_id: str
    accepted: bool
    answer_days: int | None
    waiting_days: int | None
    asked: bool
    met: bool


def list_referral_results(*, viewer: Viewer, purpose: str) -> list[ReferralResult]:
    """The referrals of the last year that were not taken back, for the job that makes figures. Logged as one read of
    everybody. Two statements, however many there are."""
    check_may_work_as(viewer, SYSTEM)
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_referral_results")
    services = [one.code for one in all_kinds() if one.purpose == purpose]
    rows = Referral.objects.filter(case__service__in=services, asked_at__gte=clock.now() - LOOK_BACK)
    columns = ("service_id", "state", "asked_at", "answered_at", "starts_on", "finished_at", "case__need_met")
    found = list(rows.exclude(state="withdrawn").order_by("id").values_list(*columns))
    opening.saw_everyone(len(found))
    results = []
    for service_id, state, asked_at, answered_at, starts_on, finished_at, need_met in found:
        asked_on = asked_at.astimezone(clock.LONDON).date()
        done = finished_at.astimezone(clock.LONDON).date() if finished_at and state == "done" else None
        began = starts_on or done
        results.append(
            ReferralResult(
                service_id=service_id,
                accepted=state in TOOK_ON,
                answer_days=(answered_at - asked_at).days if answered_at else None,
                waiting_days=max((began - asked_on).days, 0) if began and state in TOOK_ON else None,
                asked=state == "done" and need_met != "",
                met=state == "done" and need_met == "yes",
            )
        )
    return results
