"""The volunteers who may be asked now, with what they hold and did lately: what a matching knows of them."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from borough.common import clock
from borough.common.clock import LONDON
from borough.volunteers.availability import Days, Span, monday_of
from borough.volunteers.matching_costs import IDLE_WEEKS, RADIUS_KM, yes_share
from borough.volunteers.matching_shapes import Helper
from borough.volunteers.models import LIVE, Away, Offer, Volunteer
from borough.volunteers.policies import is_checked, rests_until


class _Lately:
    """What eight weeks of offers say of a volunteer."""

    def __init__(self) -> None:
        self.loads: Counter[date] = Counter()
        self.busy: list[Span] = []
        self.done: list[tuple[date, int | None]] = []
        self.asked = self.accepted = 0
        self.last_asked: datetime | None = None

    def add(self, offer: Offer) -> None:
        day = offer.day or offer.offered_at.astimezone(LONDON).date()
        if offer.state in (*LIVE, "done"):
            self.loads[monday_of(day)] += 1
        if offer.state in LIVE and offer.starts_at and offer.ends_at:
            self.busy.append((offer.starts_at, offer.ends_at))
        if offer.state == "done" and offer.finished_at:
            self.done.append((offer.finished_at.astimezone(LONDON).date(), offer.minutes))
        # An offer that still waits says nothing yet, and one that staff took back never will.
        answered = offer.state in ("accepted", "done", "could_not", "declined", "expired")
        self.asked += answered
        self.accepted += answered and offer.state not in ("declined", "expired")
        self.last_asked = max(self.last_asked or offer.offered_at, offer.offered_at)


class Room:
    """What these volunteers still have room for. Their rows stay locked until the transaction ends, so that two
    matchings at once neither overfill a volunteer nor send one to two places."""

    def __init__(self, volunteer_ids: set[str]) -> None:
        volunteers = Volunteer.objects.select_for_update().filter(pk__in=volunteer_ids, active=True, on_duty=True)
        self.capacity = dict(volunteers.order_by("id").values_list("id", "capacity"))
        self.lately: dict[str, _Lately] = defaultdict(_Lately)
        for offer in _recent(clock.now()).filter(volunteer_id__in=self.capacity):
            self.lately[offer.volunteer_id].add(offer)

    def take(self, volunteer_id: str, day: date, starts_at: datetime | None, ends_at: datetime | None) -> bool:
        """Is there room for this task? Then it is taken."""
        known, week = self.lately[volunteer_id], monday_of(day)
        if known.loads[week] >= self.capacity.get(volunteer_id, 0):
            return False
        if starts_at and ends_at:
            if any(starts_at < until and since < ends_at for since, until in known.busy):
                return False
            known.busy.append((starts_at, ends_at))
        known.loads[week] += 1
        return True


def free_helpers() -> list[Helper]:
    """The volunteers who are active, on duty and whose place is known. Two queries and one for who is away."""
    now, today = clock.now(), clock.today()
    lately: dict[str, _Lately] = defaultdict(_Lately)
    for offer in _recent(now):
        lately[offer.volunteer_id].add(offer)
    away: dict[str, list[Days]] = defaultdict(list)
    for volunteer_id, first, last in Away.objects.filter(last__gte=today).values_list("volunteer_id", "first", "last"):
        away[volunteer_id].append((first, last))
    helpers = []
    for row in Volunteer.objects.filter(active=True, on_duty=True, lat__isnull=False, lon__isnull=False):
        known = lately[row.id]
        rest = rests_until(known.done, today)
        helpers.append(_helper(row, known, [*away[row.id], *([(today, rest)] if rest else [])], now))
    return helpers


def _recent(now: datetime) -> QuerySet[Offer]:
    lately = Q(offered_at__gt=now - timedelta(weeks=IDLE_WEEKS)) | Q(state__in=LIVE)
    told = ("volunteer_id", "state", "day", "starts_at", "ends_at", "offered_at", "finished_at", "minutes")
    return Offer.objects.filter(lately).only(*told)


def _helper(row: Volunteer, known: _Lately, away: list[Days], now: datetime) -> Helper:
    # Without licence and insurance in date a driver goes on foot.
    on_foot = row.travel == "car" and not is_checked(row.drives_expires_on, now.astimezone(LONDON).date())
    idle = (now - known.last_asked).days // 7 if known.last_asked else IDLE_WEEKS
    return Helper(
        id=row.id,
        lat=row.lat or 0.0,
        lon=row.lon or 0.0,
        skills=frozenset(row.skills),
        radius_km=min(row.radius_km, RADIUS_KM["walk"]) if on_foot else row.radius_km,
        capacity=row.capacity,
        loads=known.loads,
        checked_until=row.dbs_expires_on,
        drives_until=row.drives_expires_on,
        languages=frozenset(row.languages),
        travel="walk" if on_foot else row.travel,
        hours=frozenset(row.hours),
        away=tuple(away),
        busy=tuple(known.busy),
        idle_weeks=min(idle, IDLE_WEEKS),
        rather_not=frozenset(row.rather_not),
        says_yes=yes_share(known.accepted, known.asked),
    )
