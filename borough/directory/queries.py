"""Published reads of the directory. It holds no residents, and is open to everybody."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from borough.common.errors import NotFound
from borough.directory.models import Service
from borough.directory.policies import score, search_words
from borough.places.queries import Point, distance_km


@dataclass(frozen=True)
class LocationView:
    name: str
    address: str
    postcode: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class ServiceView:
    """A service as its reader sees it. `distance_km` is to its nearest location, None where no place was asked."""

    id: str
    name: str
    organization: str
    description: str
    eligibility: str
    fees: str
    hours: str
    url: str
    email: str
    phone: str
    terms: list[str]
    locations: list[LocationView]
    active: bool
    distance_km: float | None = None


def search_services(need: str, *, near: Point | None = None, limit: int = 20) -> list[ServiceView]:
    """Services for a need in plain words, the best first; with `near`, nearer ones first among equals.

    Without words: all of them, by distance or by name.
    """
    words = search_words(need)
    wanted = Q()
    for group in words:
        for same in group:
            wanted |= Q(found_by__contains=same)
    rows = Service.objects.filter(wanted, active=True).select_related("organization")
    found = []
    for row in rows.prefetch_related("terms", "locations"):
        view = _view(row, near)
        points = score(words, name=view.name, terms=" ".join(view.terms), text=view.description)
        found.append((-points, view.distance_km if view.distance_km is not None else 1e9, view.name, view))
    return [view for *_order, view in sorted(found, key=lambda one: one[:3])[:limit]]


def read_service(service_id: str) -> ServiceView:
    """One service, listed or not any more."""
    row = Service.objects.select_related("organization").filter(pk=service_id).first()
    if row is None:
        raise NotFound(_("There is no such service."), _("Search the directory again."))
    return _view(row, None)


def read_services(ids: Collection[str]) -> dict[str, ServiceView]:
    """Several services by id."""
    if not ids:
        return {}
    rows = Service.objects.select_related("organization").prefetch_related("terms", "locations")
    return {row.id: _view(row, None) for row in rows.filter(pk__in=list(ids))}


def count_services() -> int:
    return Service.objects.filter(active=True).count()


def _view(row: Service, near: Point | None) -> ServiceView:
    places = [LocationView(one.name, one.address, one.postcode, one.lat, one.lon) for one in row.locations.all()]
    points = [Point(one.lat, one.lon) for one in places if one.lat is not None and one.lon is not None]
    distance = min((distance_km(near, point) for point in points), default=None) if near is not None else None
    return ServiceView(
        id=row.id,
        name=row.name,
        organization=row.organization.name,
        description=row.description,
        eligibility=row.eligibility,
        fees=row.fees,
        hours=row.hours,
        url=row.url,
        email=row.email,
        phone=row.phone,
        terms=[term.name for term in row.terms.all()],
        locations=places,
        active=row.active,
        distance_km=distance,
    )
