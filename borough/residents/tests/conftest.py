"""A small extract of a made-up housing system, its mapping, and residents to look at."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.places.actions import load_addresses, load_areas
from borough.residents.actions import LoadReport, add_source, link_records, load_extract
from borough.residents.mapping import Mapping, mapping_from, read_mapping
from borough.residents.models import Household, Load, Membership, Record, Resident, Source
from borough.residents.search import refresh_search
from borough.synthetic.rehearsal import write_rehearsal
from tests.kept import begin_with

DECLARED: dict[str, Any] = {
    "source": "housing_rents",
    "title": "Housing rents",
    "owner": "Housing management",
    "refresh": "weekly",
    "extract": "full",
    "key": ["Ref"],
    "fields": {
        "forename": {"column": "First"},
        "surname": {"column": "Last"},
        "dob": {"column": "DOB", "format": "%d/%m/%Y", "unknown": ["01/01/1900"]},
        "nino": {"column": "NI"},
        "phone": {"column": "Phone"},
        "address": {"columns": ["Flat", "No", "Street"]},
        "postcode": {"column": "PC"},
        "uprn": {"column": "UPRN"},
    },
    "facts": {"rent_balance": {"column": "Balance", "type": "money"}},
}
HEADER = ["Ref", "First", "Last", "DOB", "NI", "Phone", "Flat", "No", "Street", "PC", "UPRN", "Balance"]


def row(ref: str, **cells: str) -> list[str]:
    """A good row; name the cells that differ."""
    good = {
        "Ref": ref,
        "First": "ANN",
        "Last": "O'BRIEN-SMITH",
        "DOB": "31/12/1980",
        "NI": "AB123456C",
        "Phone": "07700 900123",
        "Flat": "Flat 2",
        "No": "14",
        "Street": "High Street",
        "PC": "nw12db",
        "UPRN": "100023336956",
        "Balance": "£312.50",
    }
    return [{**good, **cells}[column] for column in HEADER]


def changed(**changes: Any) -> Mapping:
    """The mapping of the made-up source with some keys different."""
    return mapping_from({**DECLARED, **changes}, where="test.toml")


def write_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture
def mapping() -> Mapping:
    return changed()


Take = Callable[..., LoadReport]


@pytest.fixture
def take(system: Any, mapping: Mapping, tmp_path: Path) -> Take:
    """Load these rows, or this file, as the newest extract of housing_rents."""
    add_source(by=system, mapping=mapping)

    def load(rows: Sequence[Sequence[str]] | Path, **options: Any) -> LoadReport:
        path = rows if isinstance(rows, Path) else write_csv(tmp_path / "rents.csv", rows)
        return load_extract(by=system, purpose="residents-index", source="housing_rents", path=path, **options)

    return load


class Town:
    """Makes residents with one record each, as linking would."""

    def __init__(self) -> None:
        self.made = 0

    def source(self, code: str) -> Source:
        return Source.objects.get_or_create(
            code=code,
            defaults={
                "title": code.replace("_", " ").capitalize(),
                "owner": "o",
                "refresh": "daily",
                "mapping": changed().as_dict(),
                "mapping_version": "1",
                "confirmed_by": "Test",
                "confirmed_at": clock.now(),
            },
        )[0]

    def load(self, code: str) -> Load:
        return Load.objects.create(
            source=self.source(code),
            mapping_version="1",
            file_name="x.csv",
            sha256=str(self.made),
            size_bytes=1,
            started_at=clock.now(),
            by="Test",
            state="failed",
        )

    def resident(self, forename: str, surname: str, code: str = "council_tax", **fields: Any) -> Resident:
        record_fields = {name: fields.pop(name) for name in ("nino", "nhs_number", "facts") if name in fields}
        fields.setdefault("dob", date(1952, 3, 14))
        made = Resident.objects.create(forename=forename, surname=surname, minted_at=clock.now(), **fields)
        self.record(made, code, **record_fields)
        refresh_search([made.id])
        return made

    def record(self, resident: Resident, code: str, **fields: Any) -> Record:
        self.made += 1
        load = self.load(code)
        values = {name: getattr(resident, name) for name in ("forename", "surname", "dob", "phone", "email")}
        made = Record.objects.create(
            source_id=code,
            key=f"K{self.made}",
            row_hash="0",
            first_load=load,
            last_load=load,
            pending=False,
            **{**values, "address": resident.address, "postcode": resident.postcode, **fields},
        )
        Membership.objects.create(record=made, resident=resident, began_at=clock.now())
        return made

    def household(self, *residents: Resident, uprn: str = "1", shared: bool = False) -> Household:
        home = Household.objects.create(id=f"H{uprn}", uprn=uprn, size=len(residents), shared=shared)
        Resident.objects.filter(id__in=[resident.id for resident in residents]).update(household=home, uprn=uprn)
        return home


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a made-up borough of 1,200 people."""
    folder = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=1_200, seed=5)
    return folder


def _load(folder: Path, by: Viewer) -> None:
    load_areas(folder / "areas.geojson", by=by)
    load_addresses(folder / "addresses.csv", by=by)
    for path in sorted((folder / "mappings").glob("*.toml")):
        mapping = read_mapping(path)
        add_source(by=by, mapping=mapping)
        extract = folder / "extracts" / f"{mapping.source}.csv"
        load_extract(by=by, purpose="residents-index", source=mapping.source, path=extract)


def _load_and_link(folder: Path, by: Viewer) -> None:
    _load(folder, by)
    link_records(by=by, purpose="residents-index")


@pytest.fixture
def loaded(rehearsal: Path, system: Viewer) -> Viewer:
    """Its extracts, taken in; the viewer who did that."""
    begin_with(f"{rehearsal} loaded", lambda: _load(rehearsal, system))
    return system


@pytest.fixture
def linked(rehearsal: Path, system: Viewer) -> Viewer:
    """Its records, linked; the viewer who did that."""
    begin_with(f"{rehearsal} linked", lambda: _load_and_link(rehearsal, system))
    return system
