"""The night's look at the looks: a few set-based queries over the ledger, whatever the size of the borough."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.accounts.queries import roles_of_staff
from borough.common import clock
from borough.governance.door import open_door
from borough.governance.models import LedgerSubject
from borough.governance.rights.exempting import all_hidden
from borough.governance.rights.ports import people
from borough.governance.watching.models import OddLook, ProtectedPerson, StaffHome
from borough.governance.watching.rules import MANY_OVER, MOST_ON_A_SCREEN, Home, is_many, tie

PURPOSE = "watch-looks"
# To judge a look is to read whom it was at.
JUDGING = ("governance.read_odd_look", "governance.list_protected")


def watch_looks(*, by: Viewer) -> int:
    """Flag the odd looks of the last two days, and who saw very many people in the last 30. Returns how many are new.

    Two days, so that a night that was missed is caught up; what was flagged before is not flagged again.
    """
    check_may_work_as(by, SYSTEM)
    opening = open_door(viewer=by, purpose=PURPOSE, verb="governance.watch_looks")
    now = clock.now()
    found = [*_many(now), *_at_home(now), *_protected(now)]
    before = OddLook.objects.count()
    with transaction.atomic():
        opening.wrote(everyone=True)
        OddLook.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)
    return OddLook.objects.count() - before


def _looks(since: datetime) -> QuerySet[LedgerSubject]:
    """What staff saw on their screens since then: each resident of each look."""
    looks = LedgerSubject.objects.filter(
        entry__at__gte=since, entry__viewer_kind="staff", entry__kind="read", entry__people__lte=MOST_ON_A_SCREEN
    )
    return looks.exclude(entry__verb__in=JUDGING)


def _many(now: datetime) -> Iterator[OddLook]:
    rows = (
        _looks(now - MANY_OVER)
        .values("entry__viewer_id")
        .annotate(
            seen=Count("resident_id", distinct=True),
            name=Max("entry__viewer_name"),
            first=Min("entry__at"),
            last=Max("entry__at"),
        )
        .order_by("entry__viewer_id")
    )
    seen = {row["entry__viewer_id"]: row for row in rows}
    roles = roles_of_staff(list(seen))
    by_role: dict[str, list[str]] = defaultdict(list)
    for viewer_id in seen:
        by_role[roles.get(viewer_id, "")].append(viewer_id)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    for viewer_id, row in seen.items():
        peers = [seen[other]["seen"] for other in by_role[roles.get(viewer_id, "")] if other != viewer_id]
        if is_many(row["seen"], peers):
            yield _flag("many", viewer_id, row["name"], "", monday, row["seen"], row["first"], row["last"], peers=peers)


def _at_home(now: datetime) -> Iterator[OddLook]:
    homes = {row.user_id: Home(row.surname, row.postcode) for row in StaffHome.objects.all()}
    pairs = [row for row in _pairs(now) if row["entry__viewer_id"] in homes]
    where = people().homes_of({row["resident_id"] for row in pairs})
    for row in pairs:
        viewer_id, resident_id = row["entry__viewer_id"], row["resident_id"]
        if (other := where.get(resident_id)) and (found := tie(homes[viewer_id], other)):
            yield _flag_pair(found, row)


def _protected(now: datetime) -> Iterator[OddLook]:
    listed = [*ProtectedPerson.objects.values_list("resident_id", flat=True), *all_hidden()]
    ids = people().ids_of_all(listed) if listed else []
    for row in _pairs(now, Q(resident_id__in=ids)) if ids else ():
        yield _flag_pair("protected", row)


def _pairs(now: datetime, only: Q | None = None) -> list[dict[str, Any]]:
    """Who saw whom in the last two days, how often, from when to when."""
    looks = _looks(now - timedelta(days=2))
    rows = (
        (looks.filter(only) if only is not None else looks)
        .values("entry__viewer_id", "resident_id")
        .annotate(
            looks=Count("entry_id", distinct=True),
            name=Max("entry__viewer_name"),
            first=Min("entry__at"),
            last=Max("entry__at"),
        )
        .order_by("entry__viewer_id", "resident_id")
    )
    return [dict(row) for row in rows]


def _flag_pair(flag: str, row: Mapping[str, Any]) -> OddLook:
    day = row["last"].astimezone(clock.LONDON).date()
    return _flag(
        flag, row["entry__viewer_id"], row["name"], row["resident_id"], day, row["looks"], row["first"], row["last"]
    )


def _flag(
    flag: str,
    viewer_id: str,
    name: str,
    resident_id: str,
    window: date,
    looks: int,
    first: datetime,
    last: datetime,
    *,
    peers: list[int] | None = None,
) -> OddLook:
    return OddLook(
        flag=flag,
        viewer_id=viewer_id,
        viewer_name=name,
        resident_id=resident_id,
        window=window,
        looks=looks,
        peers=median(peers) if peers else None,
        first_at=first,
        last_at=last,
        raised_at=clock.now(),
    )
