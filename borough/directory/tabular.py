"""Puts the tables of a package in CSV together to the objects that they would be in JSON. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from borough.directory.reading import Json
from borough.directory.shapes import cleaned

# Table → where its rows go: (column that names the owner, table of the owner, field there), the first
# that names a row there is. As in the data package of HSDS 3.0, of which Open Referral UK is a profile.
SERVICES, ORGANIZATIONS, LOCATIONS, PAIRS = "services", "organizations", "locations", "service_at_location"
OWNERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "addresses": (("location_id", LOCATIONS, "addresses"),),
    "accessibility": (("location_id", LOCATIONS, "accessibility"),),
    "contacts": (
        ("service_id", SERVICES, "contacts"),
        ("service_at_location_id", PAIRS, "contacts"),
        ("location_id", LOCATIONS, "contacts"),
        ("organization_id", ORGANIZATIONS, "contacts"),
    ),
    "phones": (
        ("service_id", SERVICES, "phones"),
        ("service_at_location_id", PAIRS, "phones"),
        ("contact_id", "contacts", "phones"),
        ("location_id", LOCATIONS, "phones"),
        ("organization_id", ORGANIZATIONS, "phones"),
    ),
    "schedules": (
        ("service_id", SERVICES, "schedules"),
        ("service_at_location_id", PAIRS, "schedules"),
        ("location_id", LOCATIONS, "schedules"),
    ),
    "languages": (
        ("service_id", SERVICES, "languages"),
        ("location_id", LOCATIONS, "languages"),
        ("phone_id", "phones", "languages"),
    ),
    "funding": (("service_id", SERVICES, "funding"), ("organization_id", ORGANIZATIONS, "funding")),
    "cost_options": (("service_id", SERVICES, "cost_options"),),
    "service_areas": (("service_id", SERVICES, "service_areas"),),
    "required_documents": (("service_id", SERVICES, "required_documents"),),
    "organization_identifiers": (("organization_id", ORGANIZATIONS, "organization_identifiers"),),
    "programs": (("organization_id", ORGANIZATIONS, "programs"),),
    "service_at_location": (("service_id", SERVICES, "service_at_locations"),),
    "attributes": tuple(("link_id", table, "attributes") for table in (SERVICES, LOCATIONS, ORGANIZATIONS, PAIRS)),
    "metadata": tuple(("resource_id", table, "metadata") for table in (SERVICES, LOCATIONS, ORGANIZATIONS, PAIRS)),
    "taxonomy_terms": (),
    "taxonomies": (),
    "organizations": (),
    "locations": (),
    "services": (),
}
# Files of a package that hold no rows about services.
SKIPPED = frozenset({"datapackage.json", "meta_table_descriptions.csv"})
NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "interval", "count", "timezone"}
LOST = "Add the row that it names to the package, or take this one out."


@dataclass(frozen=True)
class BadRow:
    """A row that could not be placed; `line` counts the heading as 1."""

    table: str
    line: int
    field: str
    reason: str
    remedy: str
    row: Json


@dataclass
class Tables:
    """Rows by table and id, each with its line."""

    rows: dict[str, dict[str, tuple[int, Json]]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)

    def get(self, table: str, identifier: Any) -> Json | None:
        held = self.rows.get(table, {}).get(str(identifier))
        return held[1] if held else None


def join(tables: Mapping[str, Sequence[tuple[int, Mapping[str, str]]]]) -> Tables:
    """The rows put into their owners, in place: `rows["services"]` are then services in full."""
    joined = Tables()
    for table, rows in tables.items():
        joined.rows[table] = {}
        for line, row in rows:
            plain = cleaned({name: _value(name, cell) for name, cell in row.items()})
            identifier = str(plain.get("id", ""))
            if not identifier or identifier in joined.rows[table]:
                reason = f"id {identifier} is in the table twice" if identifier else "id is empty"
                remedy = "Give each row an id of its own; the first was kept."
                joined.bad.append(BadRow(table, line, "id", reason, remedy, plain))
            else:
                joined.rows[table][identifier] = (line, plain)
    for table, owners in OWNERS.items():
        for line, row in joined.rows.get(table, {}).values():
            _place(joined, table, line, row, owners)
    return joined


def _place(joined: Tables, table: str, line: int, row: Json, owners: tuple[tuple[str, str, str], ...]) -> None:
    if table == "services":
        _give(joined, table, line, row, "organization_id", ORGANIZATIONS, "organization")
    if table == "service_at_location":
        _give(joined, table, line, row, "location_id", LOCATIONS, "location")
    if table == "attributes":
        _give(joined, table, line, row, "taxonomy_term_id", "taxonomy_terms", "taxonomy_term")
    if not owners:
        return
    for column, owner_table, name in owners:
        owner = joined.get(owner_table, row.get(column))
        if owner is not None:
            owner.setdefault(name, []).append(row)
            return
    column = next((column for column, *_rest in owners if row.get(column)), owners[0][0])
    reason = f"{column} {row.get(column)} is in no table" if row.get(column) else f"{column} is empty"
    joined.bad.append(BadRow(table, line, column, reason, LOST, row))


def _give(joined: Tables, table: str, line: int, row: Json, column: str, other: str, name: str) -> None:
    """Put what a row names inside it."""
    held = joined.get(other, row.get(column))
    if held is not None:
        row[name] = held
    elif row.get(column):
        joined.bad.append(BadRow(table, line, column, f"{column} {row[column]} is in no table", LOST, {**row}))


def _value(name: str, cell: str) -> Any:
    if name not in NUMBERS:
        return cell
    try:
        number = float(cell)
    except ValueError:
        # Whoever reads the service tells what is wrong with it.
        return cell
    return int(number) if number.is_integer() else number


def services_of(joined: Tables) -> Iterator[tuple[int, Json]]:
    return ((line, row) for line, row in joined.rows.get(SERVICES, {}).values())
