"""Takes services in from what their publishers send."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import ANALYST, COORDINATOR, LINK_WORKER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import Problem
from borough.directory import packages
from borough.directory.models import ServiceReject
from borough.directory.reading import BadEntry, Json, organization_columns, read_entry, read_term
from borough.directory.shapes import cleaned, list_of, nested_terms, sort_out
from borough.directory.storing import Batch, Stored, mark_left, store
from borough.directory.tabular import Tables, join, services_of

# An entry of a file is kept up to here; what is longer is not a listing.
KEPT_CHARACTERS = 20_000
MAINTAINERS = (SYSTEM, ANALYST, COORDINATOR, LINK_WORKER)


@dataclass(frozen=True)
class Reject:
    """`position`: which entry of a JSON file, or which line of a table. `taken`: it went in, without this field."""

    file: str
    position: int
    field: str
    reason: str
    remedy: str
    taken: bool = False


@dataclass(frozen=True)
class ImportReport:
    """`left`: services of this feed that are no longer in it. `rejects` are kept with what the file holds there."""

    services: int
    organizations: int
    locations: int
    new: int
    changed: int
    same: int
    left: int
    rejects: list[Reject]

    @property
    def rejected(self) -> int:
        return sum(not one.taken for one in self.rejects)


@dataclass
class _Reading:
    """A package while it is read. `listed`: ids in it, of rejected entries too, whose services have not left."""

    batch: Batch = field(default_factory=Batch)
    listed: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    rejects: list[tuple[packages.File, Reject, Any]] = field(default_factory=list)

    def reject(self, file: packages.File, position: int, error: BadEntry, raw: Any, *, taken: bool = False) -> None:
        reject = Reject(file.name, position, error.field, error.reason, error.remedy, taken)
        self.rejects.append((file, reject, raw))


def import_services(path: Path, *, by: Viewer, feed: str = "") -> ImportReport:
    """Take in services in Open Referral UK: a JSON file of one, of a page or of a list; a folder or zip of such files,
    or of the standard's tables in CSV.

    Taken in again it changes nothing; a service that is there already is brought up to date. A bad entry is kept as a
    reject and the others go in. With `feed`, the name of a list that the package holds whole, services of that list
    which are no longer in it are marked and not shown. Raises Problem for a file that cannot be read as a whole.
    """
    check_may_work_as(by, *MAINTAINERS)
    reading = _Reading()
    files = packages.open_package(path)
    tables = [file for file in files if packages.is_table(file)]
    for file in files:
        if file not in tables:
            _read_json(file, reading)
    if tables:
        _read_tables(tables, reading)
    if not files:
        raise Problem(_("%s holds no JSON and no CSV file.") % path.name, _("Choose the folder or zip of a package."))
    if feed and not reading.taken:
        raise Problem(
            _("%s holds no service that could be taken in, so none was marked as gone.") % path.name,
            _("Check that it is the whole list of this feed."),
        )
    with transaction.atomic():
        stored = store(reading.batch, feed=feed)
        left = mark_left(feed, reading.listed) if feed else 0
        _keep_rejects(reading)
    return _report(reading, stored, left)


def list_rejects(*, viewer: Viewer, most: int = 200) -> list[Reject]:
    """What could not be taken in, the newest first; whole entries stay in the database for a year."""
    check_may_work_as(viewer, *MAINTAINERS)
    columns = ("file_name", "position", "field", "reason", "remedy", "taken")
    return [
        Reject(*row)
        for row in ServiceReject.objects.order_by("-at", "file_name", "position").values_list(*columns)[:most]
    ]


def _read_json(file: packages.File, reading: _Reading) -> None:
    entries = list_of(packages.json_of(file))
    if entries is None:
        raise Problem(_("%s holds no list of services.") % file.name, _("It needs a list, or a page with contents."))
    tidy: list[tuple[int, Any]] = []
    for position, raw in enumerate(entries, start=1):
        try:
            tidy.append((position, cleaned(raw)))
        except BadEntry as error:
            reading.reject(file, position, error, raw)
    found = sort_out(tidy)
    for position, raw in found.services:
        _take(file, position, raw, reading)
    for position, raw in found.organizations:
        plain = {key: value for key, value in raw.items() if key != "services"}
        try:
            organization_columns(plain)
            reading.batch.add_organization(plain)
        except BadEntry as error:
            reading.reject(file, position, error, raw)
    for position, raw in found.taxonomies:
        _take_taxonomy(file, position, raw, reading)
    for position, raw in found.terms:
        _take_term(file, position, raw, reading)


def _read_tables(tables: list[packages.File], reading: _Reading) -> None:
    files = {packages.table_name(file): file for file in tables}
    joined = join({table: packages.rows_of(file) for table, file in files.items()})
    for bad in joined.bad:
        reading.reject(files[bad.table], bad.line, BadEntry("", bad.reason, bad.remedy), bad.row)
    for line, raw in services_of(joined):
        _take(files["services"], line, raw, reading)
    _take_shared_tables(joined, files, reading)


def _take_shared_tables(joined: Tables, files: dict[str, packages.File], reading: _Reading) -> None:
    for line, raw in joined.rows.get("organizations", {}).values():
        try:
            organization_columns(raw)
            reading.batch.add_organization(raw)
        except BadEntry as error:
            reading.reject(files["organizations"], line, error, raw)
    for line, raw in joined.rows.get("taxonomies", {}).values():
        _take_taxonomy(files["taxonomies"], line, raw, reading)
    for line, raw in joined.rows.get("taxonomy_terms", {}).values():
        _take_term(files["taxonomy_terms"], line, raw, reading)


def _take(file: packages.File, position: int, raw: Any, reading: _Reading) -> None:
    if isinstance(raw, dict) and isinstance(raw.get("id"), str):
        reading.listed.add(raw["id"].strip())
    try:
        entry = read_entry(raw)
        if entry.id in reading.taken:
            raise BadEntry("id", f"{entry.id} is in the file twice; the first is kept", "Leave one of them out.")
    except BadEntry as error:
        reading.reject(file, position, error, raw)
        return
    reading.taken.add(entry.id)
    reading.batch.add(entry)
    for note in entry.notes:
        reading.reject(file, position, note, raw, taken=True)


def _take_taxonomy(file: packages.File, position: int, raw: Json, reading: _Reading) -> None:
    try:
        if not isinstance(raw.get("name"), str) or not raw["name"] or len(raw["name"]) > 120:
            raise BadEntry("name", "is empty or longer than 120 characters")
        identifier = read_term({**raw, "taxonomy": ""}).id
        for term in nested_terms(raw):
            reading.batch.add_term(read_term(term, identifier))
    except BadEntry as error:
        reading.reject(file, position, error, raw)
        return
    reading.batch.taxonomies[identifier] = {key: value for key, value in raw.items() if key != "taxonomy_terms"}


def _take_term(file: packages.File, position: int, raw: Json, reading: _Reading) -> None:
    try:
        reading.batch.add_term(read_term(raw))
    except BadEntry as error:
        reading.reject(file, position, error, raw)


def _keep_rejects(reading: _Reading) -> None:
    now = clock.now()
    ServiceReject.objects.bulk_create(
        [
            ServiceReject(
                file_name=reject.file[:200],
                sha256=file.sha256,
                position=reject.position,
                field=reject.field[:120],
                reason=reject.reason[:300],
                remedy=reject.remedy[:300],
                taken=reject.taken,
                entry=json.dumps(raw)[:KEPT_CHARACTERS],
                at=now,
            )
            for file, reject, raw in reading.rejects
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _report(reading: _Reading, stored: Stored, left: int) -> ImportReport:
    entries = reading.batch.entries
    return ImportReport(
        services=len(entries),
        organizations=len({entry.organization["id"] for entry in entries}),
        locations=len({at.location_id for entry in entries for at in entry.at}),
        new=stored.new,
        changed=stored.changed,
        same=stored.same,
        left=left,
        rejects=[reject for _file, reject, _raw in reading.rejects],
    )
