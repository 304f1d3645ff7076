"""Services as whole documents, each with what belongs to it, for a standard to publish. Open to everybody."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from borough.common.errors import NotFound
from borough.directory.finding import Wish, narrow, rank
from borough.directory.models import Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from borough.directory.reading import Json
from borough.places.queries import Point, distance_km


@dataclass(frozen=True)
class Documents:
    """One page of them, and how many there are in all."""

    total: int
    contents: list[Json]


def list_service_documents(wish: Wish, *, start: int, size: int) -> Documents:
    """Services that run, each with its organization: by id or, where the wish has words or a place, the best first."""
    if wish.need or wish.near:
        ids = rank(wish).ids
        return Documents(len(ids), _nested(ids[start : start + size], in_full=False))
    rows = narrow(wish).order_by("pk")
    return Documents(
        rows.count(), _nested(list(rows.values_list("pk", flat=True)[start : start + size]), in_full=False)
    )


def read_service_document(service_id: str) -> Json:
    """One service with all that belongs to it, listed or not any more."""
    return _only(_nested([service_id], in_full=True))


def list_pair_documents(wish: Wish, *, start: int, size: int) -> Documents:
    """Services at locations, each with its service and location: by id or, with a place, the nearest first."""
    rows = ServiceAtLocation.objects.order_by("reference", "pk")
    if wish.need:
        # The place is for the pairs below: one service may be near at one location and far at another.
        ids = set(rank(Wish(**{**wish.__dict__, "near": None, "within_km": None})).ids)
        rows = rows.filter(service__in=narrow(wish))
        held = [pk for pk, service_id in rows.values_list("pk", "service_id") if service_id in ids]
    elif wish.near:
        held = list(rows.filter(service__in=narrow(wish)).values_list("pk", flat=True))
    else:
        rows = rows.filter(service__in=narrow(wish))
        return Documents(
            rows.count(), _pairs(list(rows.values_list("pk", flat=True)[start : start + size]), in_full=False)
        )
    if wish.near:
        held = _by_distance(held, wish.near, wish.within_km)
    return Documents(len(held), _pairs(held[start : start + size], in_full=False))


def read_pair_document(reference: str) -> Json:
    """One service at one location, with all that belongs to both."""
    found = ServiceAtLocation.objects.filter(reference=_plain(reference)).order_by("pk").values_list("pk", flat=True)
    return _only(_pairs(list(found[:1]), in_full=True))


def list_taxonomy_documents(*, start: int, size: int) -> Documents:
    rows = Taxonomy.objects.order_by("pk")
    return Documents(rows.count(), [row.document for row in rows[start : start + size]])


def read_taxonomy_document(taxonomy_id: str) -> Json:
    """One taxonomy with its terms."""
    row = Taxonomy.objects.filter(pk=_plain(taxonomy_id)).first()
    if row is None:
        raise _unknown()
    terms = TaxonomyTerm.objects.filter(within=row).order_by("name", "pk")
    return {**row.document, "taxonomy_terms": [term.document for term in terms]}


def list_term_documents(*, start: int, size: int) -> Documents:
    rows = TaxonomyTerm.objects.order_by("pk")
    return Documents(rows.count(), [row.document for row in rows[start : start + size]])


def read_term_document(term_id: str) -> Json:
    return _only([row.document for row in TaxonomyTerm.objects.filter(pk=_plain(term_id))])


def _nested(ids: Collection[str], *, in_full: bool) -> list[Json]:
    """Services in this order, what they name put inside them: a fixed number of queries however many they are."""
    rows = {row.pk: row for row in Service.objects.filter(pk__in=[_plain(one) for one in ids])}
    documents = [_with_state(rows[one]) for one in ids if one in rows]
    organizations = _documents_of(Organization.objects, {one["organization"]["id"] for one in documents})
    for document in documents:
        document["organization"] = organizations[document["organization"]["id"]]
    if in_full:
        _fill(documents, "service_at_locations", "location", Location.objects)
        _fill(documents, "attributes", "taxonomy_term", TaxonomyTerm.objects)
    return documents


def _pairs(pks: Collection[int], *, in_full: bool) -> list[Json]:
    rows = {row.pk: row for row in ServiceAtLocation.objects.filter(pk__in=pks).select_related("location")}
    ids = list(dict.fromkeys(rows[pk].service_id for pk in pks))
    services = {one["id"]: one for one in _nested(ids, in_full=in_full)}
    pairs = []
    for pk in pks:
        row = rows[pk]
        service = dict(services[row.service_id])
        held = service.pop("service_at_locations", [])
        own: Json = next((one for one in held if one.get("id") == row.reference), {})
        pairs.append({**own, "id": row.reference, "location": row.location.document, "service": service})
    return pairs


def _with_state(row: Service) -> Json:
    """The document; a service that left its list is no longer active, whatever its publisher last said."""
    document = {"status": "active", **row.document, "id": row.pk, "organization": {"id": row.organization_id}}
    return {**document, "status": "inactive"} if row.left_at and document["status"] == "active" else document


def _fill(documents: list[Json], field: str, name: str, table: Any) -> None:
    """Put in the place of each id under `field` the document that it is of."""
    wanted = {one[name]["id"] for document in documents for one in document.get(field, []) if name in one}
    found = _documents_of(table, wanted)
    for document in documents:
        if field in document:
            document[field] = [{**one, name: found[one[name]["id"]]} if name in one else one for one in document[field]]


def _documents_of(table: Any, ids: Collection[str]) -> dict[str, Json]:
    return dict(table.filter(pk__in=ids).values_list("pk", "document"))


def _by_distance(pks: Collection[int], near: Point, within_km: float | None) -> list[int]:
    wanted = set(pks)
    rows = ServiceAtLocation.objects.exclude(location__lat=None).values_list("pk", "location__lat", "location__lon")
    km = {
        pk: distance_km(near, Point(lat, lon))
        for pk, lat, lon in rows
        if pk in wanted and lat is not None and lon is not None
    }
    return sorted((pk for pk in km if within_km is None or km[pk] <= within_km), key=lambda pk: (km[pk], pk))


def _plain(identifier: str) -> str:
    # PostgreSQL takes no NUL; no id has one.
    return identifier.replace("\x00", "")


def _only(found: list[Json]) -> Json:
    if not found:
        raise _unknown()
    return found[0]


def _unknown() -> NotFound:
    return NotFound(_("There is nothing with this id."), _("Read the list for the ids that there are."))
