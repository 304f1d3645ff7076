"""Published reads of the directory. It holds no residents, and is open to everybody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.fields.json import KT, KeyTransform
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, may_work_as
from borough.common import clock
from borough.common.errors import NotFound
from borough.directory.answering import (
    Asked,
    Letter,
    ListingLink,
    confirmation_behind,
    confirmation_letter,
    listing_code,
    read_listing_link,
)
from borough.directory.confirming import Unconfirmed, list_unconfirmed
from borough.directory.documents import (
    Documents,
    list_pair_documents,
    list_service_documents,
    list_taxonomy_documents,
    list_term_documents,
    read_pair_document,
    read_service_document,
    read_taxonomy_document,
    read_term_document,
)
from borough.directory.figures import FiguresShown, shown
from borough.directory.finding import Ranked, Wish, own_borough, rank
from borough.directory.gaps import GapMap, GapView, gaps_by_hexagon, list_gaps
from borough.directory.importing import MAINTAINERS, Reject, list_rejects
from borough.directory.models import Facet, Service
from borough.directory.organizations import (
    name_of_organization,
    names_as_listed,
    organizations_of,
    read_organization,
)
from borough.directory.policies import is_stale
from borough.directory.reading import areas_of
from borough.directory.suggesting import SuggestionView, list_suggestions, listing_fields, other_times, read_suggestion
from borough.places.queries import Point

__all__ = [
    "Asked",
    "Documents",
    "FiguresShown",
    "GapMap",
    "GapView",
    "Letter",
    "ListingLink",
    "Reject",
    "SuggestionView",
    "Unconfirmed",
    "Wish",
    "confirmation_behind",
    "confirmation_letter",
    "gaps_by_hexagon",
    "list_gaps",
    "list_pair_documents",
    "list_rejects",
    "list_service_documents",
    "list_suggestions",
    "list_taxonomy_documents",
    "list_term_documents",
    "list_unconfirmed",
    "listing_code",
    "listing_fields",
    "name_of_organization",
    "names_as_listed",
    "organizations_of",
    "other_times",
    "read_listing_link",
    "read_organization",
    "read_pair_document",
    "read_service_document",
    "read_suggestion",
    "read_taxonomy_document",
    "read_term_document",
]


@dataclass(frozen=True)
class LocationView:
    name: str
    address: str
    postcode: str
    lat: float | None
    lon: float | None

    @property
    def words(self) -> str:
        name = "" if self.address.startswith(self.name) else self.name
        return ", ".join(filter(None, (name, self.address, self.postcode)))

    @property
    def map_href(self) -> str:
        """A map of the place; nobody is told of it until the reader follows it."""
        where = f"{self.lat:.5f}/{self.lon:.5f}" if self.lat is not None and self.lon is not None else ""
        point = where.replace("/", "&mlon=")
        return f"https://www.openstreetmap.org/?mlat={point}#map=17/{where}" if where else ""


@dataclass(frozen=True)
class ServiceView:
    """A service as its reader sees it. `distance_km` is to its nearest location, None where no place was asked.
    `left` when it is no longer in the list that it came from; `areas` that it serves, none where it serves all."""

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
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    free: bool | None = None
    remote: bool = False
    left: bool = False
    figures: FiguresShown | None = None
    alert: str = ""
    confirmed_at: datetime | None = None
    stale: bool = False
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServicesFound:
    """The services of one page of results and how many there are; `read_as`: how misspelt words were read."""

    total: int
    services: list[ServiceView]
    read_as: dict[str, str]


def search_services(need: str, *, near: Point | None = None, limit: int = 20) -> list[ServiceView]:
    """Services for a need in plain words, the best first; with `near`, nearer ones first among equals.

    Without words: all of them, by distance or by name.
    """
    return find_services(Wish(need=need, near=near), size=limit).services


def find_services(wish: Wish, *, start: int = 0, size: int = 20) -> ServicesFound:
    """Services that a wish leaves, the best first, from place `start` on."""
    ranked = rank(wish)
    return ServicesFound(len(ranked.ids), _views(ranked.ids[start : start + size], ranked), ranked.read_as)


def read_service(service_id: str) -> ServiceView:
    """One service, listed or not any more."""
    found = _views([service_id])
    if not found:
        raise NotFound(_("There is no such service."), _("Search the directory again."))
    return found[0]


def read_services(ids: Collection[str]) -> dict[str, ServiceView]:
    """Several services by id."""
    return {view.id: view for view in _views(ids)} if ids else {}


def may_maintain(viewer: Viewer) -> bool:
    """Whether the pages that keep the directory are offered to this viewer."""
    return may_work_as(viewer, *MAINTAINERS)


def count_services() -> int:
    return Service.objects.filter(active=True).count()


def facet_names(kind: str) -> list[str]:
    """What one can ask for: each "language" that a service that runs speaks, or "access" that its place has."""
    held = Facet.objects.filter(kind=kind, service__active=True)
    return list(held.order_by("name").values_list("name", flat=True).distinct())


def _views(ids: Collection[str], ranked: Ranked | None = None) -> list[ServiceView]:
    rows = Service.objects.select_related("organization", "figures").prefetch_related("terms", "locations", "facets")
    rows = rows.annotate(alert=KT("document__alert"), areas=KeyTransform("service_areas", "document"))
    found = {row.pk: row for row in rows.defer("document").filter(pk__in=list(ids))}
    km = ranked.km if ranked else {}
    return [_view(found[one], km.get(one)) for one in ids if one in found]


def _view(row: Any, distance: float | None) -> ServiceView:
    places = {
        one.pk: LocationView(one.name, one.address, one.postcode, one.lat, one.lon) for one in row.locations.all()
    }
    facets = [(one.kind, one.name) for one in row.facets.all()]
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
        locations=list(places.values()),
        active=row.active,
        distance_km=distance,
        languages=tuple(sorted(name for kind, name in facets if kind == "language")),
        access=tuple(sorted(name for kind, name in facets if kind == "access")),
        free=row.free,
        remote=row.remote,
        left=row.left_at is not None,
        alert=str(row.alert or ""),
        areas=_areas(row.areas),
        confirmed_at=row.confirmed_at,
        stale=is_stale(row.confirmed_at, clock.now()),
        figures=shown(row.figures) if hasattr(row, "figures") else None,
    )


def _areas(told: Any) -> tuple[str, ...]:
    """The names of the areas that a service serves, none where it serves the borough."""
    areas = areas_of(told)
    return () if own_borough() & areas.keys() else tuple(filter(None, areas.values()))
