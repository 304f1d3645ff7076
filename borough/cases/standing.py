"""Help that is wanted again and again: a case is opened for each of its days, a few days before."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.models import Case, Standing
from borough.cases.moving import lock_case
from borough.cases.opening import open_case
from borough.cases.scope import worked_by
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import Problem
from borough.governance.door import open_door, without_the_door

# How long before its day a case is opened, so that a volunteer can be found.
AHEAD = timedelta(days=5)
# Between these no clock is ever put forward or back, so that a time of day is one moment.
EARLIEST, LATEST = time(6), time(22)


def days_of(
    weekdays: Collection[int], every_weeks: int, starts_on: date, until: date | None, *, after: date, to: date
) -> Iterator[date]:
    """The days of a standing request that lie after `after`, up to `to` and with it.

    The week of `starts_on` is the first; of the others, those count that are a multiple of `every_weeks` later.
    """
    first_monday = starts_on - timedelta(days=starts_on.weekday())
    day = max(starts_on, after + timedelta(days=1))
    last = min(until, to) if until else to
    while day <= last:
        if day.weekday() in weekdays and ((day - first_monday).days // 7) % every_weeks == 0:
            yield day
        day += timedelta(days=1)


def window_on(day: date, from_time: time | None, to_time: time | None) -> tuple[datetime | None, datetime | None]:
    """When help is wanted on this day, by the clock on London's walls."""
    if from_time is None or to_time is None:
        return None, None
    return datetime.combine(day, from_time, LONDON), datetime.combine(day, to_time, LONDON)


def make_standing(
    *,
    by: Viewer,
    purpose: str,
    case_id: str,
    weekdays: Collection[int],
    starts_on: date,
    every_weeks: int = 1,
    until: date | None = None,
    from_time: time | None = None,
    to_time: time | None = None,
) -> str:
    """Have what this case asks for come again, on these weekdays (0 is Monday). Returns the standing request's id."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.make_standing")
        if not set(weekdays) or set(weekdays) - set(range(7)) or every_weeks < 1:
            raise Problem(_("Choose at least one day of the week."))
        if until and until < starts_on:
            raise Problem(_("The last day is before the first."), _("Choose a later day, or leave it open."))
        if (from_time is None) != (to_time is None):
            raise Problem(_("Give both times, or none."))
        if from_time and to_time and not EARLIEST <= from_time < to_time <= LATEST:
            raise Problem(_("Help comes between 6am and 10pm, and ends after it starts."), _("Choose other times."))
        standing = Standing.objects.create(
            case=case,
            weekdays=sorted(set(weekdays)),
            every_weeks=every_weeks,
            starts_on=starts_on,
            until=until,
            from_time=from_time,
            to_time=to_time,
            made_at=clock.now(),
            by=by.name,
        )
    return standing.id


def end_standing(*, by: Viewer, purpose: str, standing_id: str) -> None:
    """No further cases are opened; those that are open stay. Twice is as once."""
    with transaction.atomic():
        with without_the_door():
            case_id = Standing.objects.filter(pk=standing_id).values_list("case_id", flat=True).first()
        lock_case(case_id or "", by=by, purpose=purpose, verb="cases.end_standing")
        Standing.objects.filter(pk=standing_id, ended_at=None).update(ended_at=clock.now())


def open_standing(*, by: Viewer) -> int:
    """Open the cases of the days that have come near. Returns how many; however often it runs, one for each day."""
    check_may_work_as(by, SYSTEM)
    today, opened = clock.today(), 0
    live = Standing.objects.filter(ended_at=None).exclude(opened_until__gte=today + AHEAD).exclude(until__lt=today)
    with without_the_door():
        services = set(live.values_list("case__service", flat=True))
    for standing in _of_services(live, services, by=by):
        case = standing.case
        # Days that went by while nothing ran are over.
        after = max(standing.opened_until or date.min, today - timedelta(days=1))
        span = {"after": after, "to": today + AHEAD}
        for day in days_of(standing.weekdays, standing.every_weeks, standing.starts_on, standing.until, **span):
            starts_at, ends_at = window_on(day, standing.from_time, standing.to_time)
            case_id = open_case(
                by=by,
                purpose=kind(case.service).purpose,
                service=case.service,
                need=case.need,
                channel="standing",
                source_key=f"standing:{standing.id}:{day}",
                resident_id=case.resident_id,
                text=case.text,
                answers=case.answers,
                name=case.asker_name,
                phone=case.asker_phone,
                email=case.asker_email,
                postcode=case.asker_postcode,
                due_on=day,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            # The newest case carries it, so that it outlives what is deleted of the old ones.
            Standing.objects.filter(pk=standing.pk).update(case=case_id, opened_until=day)
            opened += 1
        # Not looked at again today: the next round opens no door for it.
        Standing.objects.filter(pk=standing.pk).update(opened_until=today + AHEAD)
    return opened


def _of_services(live: QuerySet[Standing], services: Collection[str], *, by: Viewer) -> Iterator[Standing]:
    """The standing requests of these services, each behind the door of its service's purpose."""
    for service in sorted(services):
        open_door(viewer=by, purpose=kind(service).purpose, verb="cases.open_standing")
        yield from live.filter(case__service=service).select_related("case").order_by("id")


@dataclass(frozen=True)
class StandingLine:
    """`weekdays`: 0 is Monday. `case_id`, `reference`: the newest case of it."""

    id: str
    case_id: str
    reference: str
    need_label: str
    weekdays: list[int]
    every_weeks: int
    starts_on: date
    until: date | None
    from_time: time | None
    to_time: time | None


def list_standing(*, viewer: Viewer, purpose: str, case_id: str = "") -> list[StandingLine]:
    """The standing requests that go on; of one case where `case_id` is given."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_standing")
    rows = Standing.objects.filter(ended_at=None, case__in=worked_by(viewer, purpose)).select_related("case")
    if case_id:
        rows = rows.filter(case=case_id)
    found = list(rows.order_by("starts_on", "id"))
    opening.saw({row.case.resident_id for row in found if row.case.resident_id})
    return [
        StandingLine(
            id=row.id,
            case_id=row.case_id,
            reference=row.case.reference,
            need_label=_need_label(row.case),
            weekdays=row.weekdays,
            every_weeks=row.every_weeks,
            starts_on=row.starts_on,
            until=row.until,
            from_time=row.from_time,
            to_time=row.to_time,
        )
        for row in found
    ]


def _need_label(case: Case) -> str:
    return gettext(kind(case.service).needs.get(case.need, case.need))
