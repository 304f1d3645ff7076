"""Writes entries to the tables, many at a time; what is there and the same is left alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from borough.common import clock
from borough.directory.models import (
    Facet,
    Location,
    Opening,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceWord,
    Taxonomy,
    TaxonomyTerm,
)
from borough.directory.reading import (
    Entry,
    Json,
    Term,
    id_of,
    location_columns,
    organization_columns,
)

AT_A_TIME = 500


@dataclass
class Batch:
    """What a package holds, read: shared things by id, later ones adding to what earlier ones say."""

    entries: list[Entry] = field(default_factory=list)
    organizations: dict[str, Json] = field(default_factory=dict)
    locations: dict[str, Json] = field(default_factory=dict)
    taxonomies: dict[str, Json] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.add_organization(entry.organization)
        for place in entry.locations:
            _merge(self.locations, place)
        for term in entry.terms:
            self.add_term(term)

    def add_organization(self, document: Json) -> None:
        _merge(self.organizations, document)

    def add_term(self, term: Term) -> None:
        known = self.terms.get(term.id)
        document = {**known.document, **term.document} if known else term.document
        taxonomy_id = term.taxonomy_id or (known.taxonomy_id if known else "")
        self.terms[term.id] = Term(term.id, document, taxonomy_id)


@dataclass(frozen=True)
class Stored:
    new: int = 0
    changed: int = 0
    same: int = 0


def store(batch: Batch, *, feed: str = "", is_edit: bool = False) -> Stored:
    """Bring the tables up to date with a batch, in the caller's transaction. `is_edit`: by hand, not from its feed."""
    _store_shared(Organization, batch.organizations, organization_columns)
    _store_shared(Location, batch.locations, location_columns)
    _store_taxonomies(batch)
    known = {
        row["id"]: row
        for ids in _chunks([entry.id for entry in batch.entries])
        for row in Service.objects.filter(pk__in=ids).values("id", "source_sha", "feed", "left_at", "confirmed_at")
    }
    changed = [entry for entry in batch.entries if is_edit or not _is_same(known.get(entry.id), entry, feed)]
    now = clock.now()
    for some in _chunks(changed):
        confirmed = {one: row["confirmed_at"] for one, row in known.items()}
        _store_services(some, feed=feed, now=now, is_edit=is_edit, confirmed=confirmed)
    new = sum(entry.id not in known for entry in changed)
    return Stored(new=new, changed=len(changed) - new, same=len(batch.entries) - len(changed))


def mark_left(feed: str, listed: Iterable[str]) -> int:
    """Services of a feed that its newest file has no more stop being shown. Returns how many. None is deleted."""
    gone = set(Service.objects.filter(feed=feed, left_at=None).values_list("id", flat=True)) - set(listed)
    for ids in _chunks(sorted(gone)):
        Service.objects.filter(pk__in=ids).update(left_at=clock.now(), active=False)
    return len(gone)


def _is_same(known: Mapping[str, Any] | None, entry: Entry, feed: str) -> bool:
    return (
        known is not None
        and known["source_sha"] == entry.sha
        and known["left_at"] is None
        and (not feed or known["feed"] == feed)
    )


def _store_services(
    entries: Sequence[Entry], *, feed: str, now: datetime, is_edit: bool, confirmed: Mapping[str, datetime | None]
) -> None:
    rows = [
        Service(id=e.id, imported_at=now, document=e.document, source_sha=e.sha, feed=feed, **e.columns)
        for e in entries
    ]
    for row in rows:
        # Whoever changed the listing last said that it is right.
        told = min(row.last_modified or now, now)
        row.confirmed_at = max(confirmed.get(row.id) or told, told)
    fields = [name.removesuffix("_id") for name in entries[0].columns] + ["document", "confirmed_at"]
    # An edit is not what its publisher sent: the feed's next change is to be seen as one.
    fields += [] if is_edit else ["imported_at", "source_sha", "left_at"] + (["feed"] if feed else [])
    Service.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=AT_A_TIME
    )
    ids = [entry.id for entry in entries]
    through = Service.terms.through
    for table in (ServiceAtLocation, through, Opening, Facet, ServiceWord):
        table._default_manager.filter(service_id__in=ids).delete()
    _fill(
        ServiceAtLocation,
        (
            ServiceAtLocation(service_id=e.id, location_id=at.location_id, reference=at.reference)
            for e in entries
            for at in {one.reference: one for one in reversed(e.at)}.values()
        ),
    )
    _fill(
        through,
        (
            through(service_id=e.id, taxonomyterm_id=term_id)
            for e in entries
            for term_id in dict.fromkeys(term.id for term in e.terms)
        ),
    )
    _fill(
        Opening,
        (Opening(service_id=e.id, **opening) for e in entries for opening in e.openings),
    )
    _fill(Facet, (Facet(service_id=e.id, kind=kind, name=name) for e in entries for kind, name in sorted(e.facets)))
    _fill(
        ServiceWord,
        (ServiceWord(service_id=e.id, word=word, weight=weight) for e in entries for word, weight in e.words.items()),
    )


def _store_shared(table: type[Any], documents: dict[str, Json], columns_of: Any) -> None:
    """A field that the newest file does not name stays as an older one told it: listings give less than full pages."""
    for ids in _chunks(sorted(documents)):
        known = dict(table.objects.filter(pk__in=ids).values_list("id", "document"))
        merged = {one: {**known.get(one, {}), **documents[one]} for one in ids}
        rows = [
            table(id=one, document=document, **columns_of(document))
            for one, document in merged.items()
            if one not in known or document != known[one]
        ]
        if rows:
            table.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[*columns_of(rows[0].document), "document"],
            )


def _store_taxonomies(batch: Batch) -> None:
    """A term that only names its taxonomy is put into the one of that name, or into a new one."""
    _store_shared(Taxonomy, batch.taxonomies, lambda document: {"name": document["name"]})
    ids = list(batch.terms)
    known: dict[str, dict[str, Any]] = {
        row["id"]: dict(row)
        for some in _chunks(ids)
        for row in TaxonomyTerm.objects.filter(pk__in=some).values("id", "document", "within_id")
    }
    named = {term.columns["taxonomy"] for term in batch.terms.values() if not term.taxonomy_id} - {""}
    by_name = {
        name: one
        for some in _chunks(sorted(named))
        for one, name in Taxonomy.objects.filter(name__in=some).order_by("-id").values_list("id", "name")
    }
    wanted = {term.taxonomy_id for term in batch.terms.values()} - {""}
    present = {
        one
        for some in _chunks(sorted(wanted))
        for one in Taxonomy.objects.filter(pk__in=some).values_list("id", flat=True)
    }
    made: dict[str, Json] = {one: {"id": one, "name": "", "description": ""} for one in wanted - present}
    rows = []
    for term in batch.terms.values():
        row = known.get(term.id, {"document": {}, "within_id": None})
        name = term.columns["taxonomy"]
        within = term.taxonomy_id or row["within_id"]
        if within is None and name:
            within = by_name.setdefault(name, id_of("taxonomy", name))
            if name not in made and within == id_of("taxonomy", name):
                made[within] = {"id": within, "name": name, "description": ""}
        if within in made and not made[within]["name"]:
            made[within]["name"] = name or within
        document = {**row["document"], **term.document}
        if term.id not in known or document != row["document"] or within != row["within_id"]:
            rows.append(
                TaxonomyTerm(id=term.id, document=document, within_id=within, **Term(term.id, document).columns)
            )
    _store_shared(Taxonomy, made, lambda document: {"name": document["name"][:120]})
    TaxonomyTerm.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "taxonomy", "within", "document"],
        batch_size=AT_A_TIME,
    )


def _merge(held: dict[str, Json], document: Json) -> None:
    identifier = str(document["id"])
    held[identifier] = {**held.get(identifier, {}), **document}


def _fill(table: type[models.Model], rows: Iterable[Any]) -> None:
    table._default_manager.bulk_create(rows, batch_size=2000)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), AT_A_TIME):
        yield values[start : start + AT_A_TIME]
