"""Finds services for a wish: what fits the need first, the nearer first among equals."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from borough.common import clock
from borough.common.clock import LONDON
from borough.directory.figures import shown
from borough.directory.models import Facet, Opening, Service, ServiceAtLocation, ServiceFigures, ServiceWord
from borough.directory.policies import (
    DISTRICTS,
    LONDON_BOROUGHS,
    MEANS,
    SMALL_AREAS,
    WARDS,
    is_elsewhere,
    nearer_by_km,
    nearest_word,
    plain_area,
    search_words,
    stem,
)
from borough.directory.schedules import is_open
from borough.places.queries import Point, area_at, area_names, distance_km

# Of what has no place, or none that is known.
FAR_KM = 1e6


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; what is left out narrows nothing.

    `days` are weekdays from 0, Monday; `hours` the part of the day, of which a service need be open for some of. `age`
    is the person's; the two ages after it are a listing's own, as Open Referral UK's filters have them, and so are
    `opens_from` and `closes_by`. `language` and `access` are names of facets.
    """

    need: str = ""
    near: Point | None = None
    within_km: float | None = None
    days: frozenset[int] = frozenset()
    hours: tuple[time, time] | None = None
    open_at: datetime | None = None
    age: float | None = None
    free: bool = False
    remote: bool = False
    step_free: bool = False
    language: str = ""
    access: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    opens_from: time | None = None
    closes_by: time | None = None
    term_id: str = ""
    taxonomy_id: str = ""


@dataclass(frozen=True)
class Ranked:
    """Ids of services, the best first; how far each is, where that is known; and how misspelt words were read."""

    ids: list[str]
    km: dict[str, float] = field(default_factory=dict)
    read_as: dict[str, str] = field(default_factory=dict)


def rank(wish: Wish) -> Ranked:
    fits, read_as = _fits(wish.need)
    names = {pk: name for pk, name in narrow(wish).values_list("id", "name") if fits is None or pk in fits}
    km = _distances(wish.near, names) if wish.near else {}
    if wish.within_km is not None and wish.near:
        names = {pk: name for pk, name in names.items() if km.get(pk, FAR_KM) <= wish.within_km}
    better = {row.pk: _nearer_by(row) for row in ServiceFigures.objects.all() if row.pk in names}
    order = sorted(
        names, key=lambda pk: (-(fits or {}).get(pk, 0), km.get(pk, FAR_KM) - better.get(pk, 0), names[pk], pk)
    )
    return Ranked(order, km, read_as)


def narrow(wish: Wish) -> QuerySet[Service]:
    """The services that a wish leaves, without its words and how near they are; none that serves other areas only."""
    rows = Service.objects.filter(active=True)
    if wish.near:
        rows = _serving(rows, wish.near)
    if wish.age is not None:
        rows = rows.filter(Q(minimum_age=None) | Q(minimum_age__lte=wish.age))
        rows = rows.filter(Q(maximum_age=None) | Q(maximum_age__gte=wish.age))
    if wish.minimum_age is not None:
        rows = rows.filter(minimum_age__gte=wish.minimum_age)
    if wish.maximum_age is not None:
        rows = rows.filter(maximum_age__lte=wish.maximum_age)
    for name in ("free", "remote", "step_free"):
        if getattr(wish, name):
            rows = rows.filter(**{name: True})
    for kind in ("language", "access"):
        if name := getattr(wish, kind):
            rows = rows.filter(Exists(Facet.objects.filter(service=OuterRef("pk"), kind=kind, name=name)))
    through = Service.terms.through
    for column in ("term_id", "taxonomy_id"):
        if identifier := getattr(wish, column):
            path = "taxonomyterm_id" if column == "term_id" else "taxonomyterm__within_id"
            held = through.objects.filter(service_id=OuterRef("pk"), **{path: identifier})
            rows = rows.filter(Exists(held))
    if wish.days or wish.hours or wish.opens_from or wish.closes_by:
        rows = rows.filter(Exists(_openings(wish)))
    if wish.open_at:
        rows = rows.filter(pk__in=_open_at(wish.open_at))
    return rows


def own_borough() -> set[str]:
    """The keys of the borough as an area that is served: its code and its names, in short and in full."""
    own = plain_area(settings.AUTHORITY.name)
    return {settings.AUTHORITY.gss_code, own, *(name for name in LONDON_BOROUGHS if name.startswith(f"{own} "))}


def _serving(rows: QuerySet[Service], near: Point) -> QuerySet[Service]:
    """Without those that serve other areas only."""
    named = set(Facet.objects.filter(kind="area", service__active=True).values_list("name", flat=True).distinct())
    if not named:
        return rows
    here, known = own_borough(), {*DISTRICTS, *LONDON_BOROUGHS}
    if ward := area_at(near, "ward"):
        names = area_names("ward")
        here |= {ward, plain_area(names[ward])}
        known |= {*WARDS, *map(plain_area, names.values())}
    if any(area.startswith(SMALL_AREAS) for area in named) and (small := area_at(near, "small_area")):
        here.add(small)
        known |= {*SMALL_AREAS}
    serve = [area for area in named if not is_elsewhere(area, here=here, known=known)]
    areas = Facet.objects.filter(service=OuterRef("pk"), kind="area")
    return rows.filter(~Exists(areas) | Exists(areas.filter(name__in=serve)))


def _openings(wish: Wish) -> QuerySet[Opening]:
    held = Opening.objects.filter(Q(until=None) | Q(until__gte=clock.today()), service=OuterRef("pk"))
    if wish.days:
        held = held.filter(weekday__in=wish.days)
    if wish.hours:
        held = held.filter(opens_at__lt=wish.hours[1], closes_at__gt=wish.hours[0])
    if wish.opens_from:
        held = held.filter(opens_at__gte=wish.opens_from)
    if wish.closes_by:
        held = held.filter(closes_at__lte=wish.closes_by)
    return held


def _open_at(moment: datetime) -> set[str]:
    """Services open at this moment: by weekday and hour in the database, then by their recurrences."""
    here = moment.astimezone(LONDON)
    now, today = here.time(), here.date()
    before = (today.weekday() - 1) % 7
    by_day = Q(weekday=today.weekday(), opens_at__lte=now, closes_at__gt=now, opens_at__lt=F("closes_at"))
    late = Q(weekday=today.weekday(), opens_at__lte=now, closes_at__lte=F("opens_at"))
    early = Q(weekday=before, closes_at__gt=now, closes_at__lte=F("opens_at"))
    rows = Opening.objects.filter(by_day | late | early).values_list("service_id", "rule", "opens_at", "closes_at")
    return {pk for pk, rule, opens, closes in rows if opens and closes and is_open(rule, opens, closes, moment)}


def _fits(need: str) -> tuple[dict[str, int] | None, dict[str, str]]:
    """How well each service answers the words, None without words; and what unknown words were read as."""
    groups = search_words(need)
    if not groups:
        return None, {}
    wanted = set().union(*groups)
    rows = list(ServiceWord.objects.filter(word__in=wanted).values_list("word", "service_id", "weight"))
    known = {word for word, _pk, _weight in rows}
    missing = [group for group in groups if not group & known]
    read_as = _nearest(missing)
    if read_as:
        for group in missing:
            for near in [read_as[word] for word in group if word in read_as]:
                group |= {near, *map(stem, MEANS.get(near, ()))}
        rows += ServiceWord.objects.filter(word__in=set().union(*missing) - known).values_list(
            "word", "service_id", "weight"
        )
    fits: dict[str, int] = {}
    for group in groups:
        best: dict[str, int] = {}
        for word, pk, weight in rows:
            if word in group:
                best[pk] = max(weight, best.get(pk, 0))
        for pk, weight in best.items():
            fits[pk] = fits.get(pk, 0) + weight
    return fits, read_as


def _nearest(groups: list[set[str]]) -> dict[str, str]:
    """For words that no listing has, nor one that means the same: those they begin, or are most likely a slip of."""
    if not groups:
        return {}
    known = {*MEANS, *ServiceWord.objects.values_list("word", flat=True).distinct()}
    found = {}
    for word in set().union(*groups):
        longer = min((one for one in known if len(word) >= 4 and one.startswith(word)), key=len, default="")
        if near := longer or nearest_word(word, known):
            found[word] = near
    return found


def _nearer_by(row: ServiceFigures) -> float:
    figures = shown(row)
    return nearer_by_km(
        accepted_percent=figures.accepted_percent,
        met_percent=figures.met_percent,
        waiting_days=figures.waiting_days,
    )


def _distances(near: Point, ids: Collection[str]) -> dict[str, float]:
    km: dict[str, float] = {}
    places = ServiceAtLocation.objects.exclude(location__lat=None)
    for pk, lat, lon in places.values_list("service_id", "location__lat", "location__lon"):
        if pk in ids and lat is not None and lon is not None:
            km[pk] = min(distance_km(near, Point(lat, lon)), km.get(pk, FAR_KM))
    return km
