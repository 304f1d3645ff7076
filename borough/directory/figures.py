"""How referrals to services went: written by the room that makes them, shown protected, and felt in the ranking."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.disclosure import HIDDEN_UP_TO, percentage, protect
from borough.directory.models import Service, ServiceFigures


@dataclass(frozen=True)
class Figures:
    """Of one service: how many were referred to it and accepted, medians in days, how many were asked whether their
    need was met and said yes. Exact counts."""

    service_id: str
    referred: int = 0
    accepted: int = 0
    answer_days: float | None = None
    waiting_days: float | None = None
    asked: int = 0
    met: int = 0


@dataclass(frozen=True)
class FiguresShown:
    """What everybody may read: percentages of protected counts, and days; None where too few people stand behind."""

    accepted_percent: float | None
    answer_days: float | None
    waiting_days: float | None
    met_percent: float | None


def set_service_figures(figures: Iterable[Figures], *, by: Viewer) -> int:
    """Put these in the place of all figures there were, in one transaction of the caller's. Of a service that is not
    in the directory nothing is kept. Returns how many were."""
    check_may_work_as(by, SYSTEM)
    known = set(Service.objects.values_list("pk", flat=True))
    now = clock.now()
    rows = [ServiceFigures(**asdict(one), as_at=now) for one in figures if one.service_id in known]
    ServiceFigures.objects.exclude(pk__in=[row.pk for row in rows]).delete()
    ServiceFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["referred", "accepted", "answer_days", "waiting_days", "asked", "met", "as_at"],
        batch_size=500,
    )
    return len(rows)


def shown(row: ServiceFigures) -> FiguresShown:
    enough = row.referred > HIDDEN_UP_TO
    return FiguresShown(
        accepted_percent=percentage(protect(row.accepted), protect(row.referred)),
        answer_days=row.answer_days if enough else None,
        waiting_days=row.waiting_days if enough else None,
        met_percent=percentage(protect(row.met), protect(row.asked)),
    )
