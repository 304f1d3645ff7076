"""Published writes of the directory."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import ANALYST, COORDINATOR, LINK_WORKER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import Problem
from borough.directory.models import (
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceReject,
    TaxonomyTerm,
)
from borough.directory.reading import BadEntry, Entry, read_entry

LARGEST_FILE = 200 * 1024 * 1024


@dataclass(frozen=True)
class ImportReport:
    """`rejects` are (position in the file, reason); the entries themselves are kept."""

    services: int
    organizations: int
    locations: int
    rejected: int
    rejects: list[tuple[int, str]]


def import_services(path: Path, *, by: Viewer) -> ImportReport:
    """Take in a file of services in the JSON of Open Referral UK: a list of services, or a page with `contents`.

    Taken in again it changes nothing; a service that is there already is brought up to date. A bad entry is kept as
    a reject and the others go in. Raises Problem for a file that cannot be read as a whole.
    """
    check_may_work_as(by, SYSTEM, ANALYST, COORDINATOR, LINK_WORKER)
    content = _read(path)
    entries: dict[str, Entry] = {}
    rejected: list[tuple[int, str, Any]] = []
    for position, raw in enumerate(_services_of(content, path), start=1):
        try:
            entry = read_entry(raw)
            if entry.id in entries:
                raise BadEntry(f"id {entry.id} is in the file twice; the first is kept")
            entries[entry.id] = entry
        except BadEntry as error:
            rejected.append((position, str(error), raw))
    with transaction.atomic():
        _store(list(entries.values()))
        _keep_rejects(path.name, hashlib.sha256(content).hexdigest(), rejected)
    return ImportReport(
        services=len(entries),
        organizations=len({entry.organization_id for entry in entries.values()}),
        locations=len({place.id for entry in entries.values() for place in entry.places}),
        rejected=len(rejected),
        rejects=[(position, reason) for position, reason, _raw in rejected],
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Problem(_("%s is larger than 200 MB.") % path.name, _("Split it into several files."))
        return path.read_bytes()
    except OSError as error:
        raise Problem(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}, _("Check the path.")
        ) from error


def _services_of(content: bytes, path: Path) -> Iterator[Any]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Problem(_("%s is not in UTF-8.") % path.name, _("Save it as UTF-8 and try again.")) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Problem(
            _("%(file)s is not JSON: %(why)s.") % {"file": path.name, "why": error},
            _("Ask its publisher for a whole file."),
        ) from error
    if isinstance(data, dict):
        data = data.get("contents", data.get("services"))
    if not isinstance(data, list):
        raise Problem(_("%s holds no list of services.") % path.name, _("It needs a list, or a page with contents."))
    return iter(data)


def _store(entries: list[Entry]) -> None:
    now = clock.now()
    organizations = {e.organization_id: Organization(id=e.organization_id, **e.organization) for e in entries}
    Organization.objects.bulk_create(
        organizations.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "description", "url", "email"],
        batch_size=500,
    )
    places = {place.id: place for entry in entries for place in entry.places}
    Location.objects.bulk_create(
        [
            Location(id=p.id, name=p.name, address=p.address, postcode=p.postcode, lat=p.lat, lon=p.lon)
            for p in places.values()
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "address", "postcode", "lat", "lon"],
        batch_size=500,
    )
    terms = {one.id: TaxonomyTerm(id=one.id, name=one.name, taxonomy=one.taxonomy) for e in entries for one in e.terms}
    TaxonomyTerm.objects.bulk_create(
        terms.values(), update_conflicts=True, unique_fields=["id"], update_fields=["name", "taxonomy"], batch_size=500
    )
    copied = ["name", "description", "eligibility", "fees", "hours", "url", "email", "phone", "active"]
    copied += ["last_modified", "found_by", "organization_id"]
    Service.objects.bulk_create(
        [Service(id=e.id, imported_at=now, **{field: getattr(e, field) for field in copied}) for e in entries],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[field.removesuffix("_id") for field in copied] + ["imported_at"],
        batch_size=500,
    )
    _link(entries)


def _link(entries: list[Entry]) -> None:
    """Which services are where and for what, as this file says, in place of what an older one said."""
    ids = [entry.id for entry in entries]
    through = Service.terms.through
    for start in range(0, len(ids), 500):
        ServiceAtLocation.objects.filter(service_id__in=ids[start : start + 500]).delete()
        through.objects.filter(service_id__in=ids[start : start + 500]).delete()
    ServiceAtLocation.objects.bulk_create(
        [
            ServiceAtLocation(service_id=entry.id, location_id=place_id)
            for entry in entries
            for place_id in dict.fromkeys(place.id for place in entry.places)
        ],
        batch_size=1000,
    )
    through.objects.bulk_create(
        [
            through(service_id=entry.id, taxonomyterm_id=term_id)
            for entry in entries
            for term_id in dict.fromkeys(term.id for term in entry.terms)
        ],
        batch_size=1000,
    )


def _keep_rejects(file_name: str, sha256: str, rejected: list[tuple[int, str, Any]]) -> None:
    now = clock.now()
    ServiceReject.objects.bulk_create(
        [
            ServiceReject(
                file_name=file_name[:200],
                sha256=sha256,
                position=position,
                reason=reason[:300],
                entry=json.dumps(raw)[:20_000],
                at=now,
            )
            for position, reason, raw in rejected
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
