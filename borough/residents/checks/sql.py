"""Pieces of SQL that checks share, for both databases. An alias `c` of a record brings `c_of`, its membership, and
`c_at`, its comparable values with the property."""

import json
from typing import Any

from django.db import connection

from borough.residents.checks.kind import Scope
from borough.residents.models import Comparable, Membership, Pair, Record, Resident

RECORD, RESIDENT, PAIR = Record._meta.db_table, Resident._meta.db_table, Pair._meta.db_table
MEMBERSHIP, COMPARABLE = Membership._meta.db_table, Comparable._meta.db_table


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def parameters(scope: Scope, **more: Any) -> dict[str, Any]:
    """The values that the pieces below refer to by name."""
    sources = {f"source_{place}": code for place, code in enumerate(scope.sources)}
    without = json.dumps(scope.without)
    return {"today": scope.today.isoformat(), "without": without, **sources, **more}


def years_before(scope: Scope, years: int) -> str:
    """The day so many years ago: who was born later is younger."""
    day = min(scope.today.day, 28) if scope.today.month == 2 else scope.today.day
    return scope.today.replace(year=scope.today.year - years, day=day).isoformat()


def records(alias: str) -> str:
    """FROM records, with who they are of and where."""
    return f"{RECORD} {alias} {whose(alias)} JOIN {COMPARABLE} {alias}_at ON {alias}_at.record_id = {alias}.id"


def whose(alias: str) -> str:
    return f"JOIN {MEMBERSHIP} {alias}_of ON {alias}_of.record_id = {alias}.id AND {alias}_of.ended_at IS NULL"


def records_of(alias: str, resident: str) -> str:
    """JOIN the records of a resident, by index."""
    return (
        f"JOIN {MEMBERSHIP} {alias}_of ON {alias}_of.resident_id = {resident} AND {alias}_of.ended_at IS NULL "
        f"JOIN {RECORD} {alias} ON {alias}.id = {alias}_of.record_id "
        f"JOIN {COMPARABLE} {alias}_at ON {alias}_at.record_id = {alias}.id"
    )


def any_records_of(alias: str, resident: str, condition: str) -> str:
    """LEFT JOIN the records of a resident that meet a condition: nulls for a resident who has none."""
    return (
        f"LEFT JOIN {MEMBERSHIP} {alias}_of ON {alias}_of.resident_id = {resident} AND {alias}_of.ended_at IS NULL "
        f"LEFT JOIN {RECORD} {alias} ON {alias}.id = {alias}_of.record_id AND {condition} "
        f"LEFT JOIN {COMPARABLE} {alias}_at ON {alias}_at.record_id = {alias}.id"
    )


def records_at(alias: str, uprn: str) -> str:
    """JOIN the records at a property, by index."""
    return (
        f"JOIN {COMPARABLE} {alias}_at ON {alias}_at.uprn = {uprn} "
        f"JOIN {RECORD} {alias} ON {alias}.id = {alias}_at.record_id {whose(alias)}"
    )


def stands(alias: str, scope: Scope) -> str:
    """The record is evidence: still held, not ended, of a source that is open, and of somebody whose data is used."""
    restricted = f" AND {alias}_of.resident_id NOT IN {listed('without')}" if scope.without else ""
    return (
        f"{alias}.gone_at IS NULL AND ({alias}.ended_on IS NULL OR {alias}.ended_on > %(today)s) "
        f"AND {is_open(alias, scope)}{restricted}"
    )


def is_open(alias: str, scope: Scope) -> str:
    names = ", ".join(f"%(source_{place})s" for place in range(len(scope.sources)))
    return f"{source_of(alias)} IN ({names or 'NULL'})"


def source_of(alias: str) -> str:
    """The source as a condition and not as a way in: by its index SQLite would read all of it for each row outside."""
    return f"{alias}.source_id || ''"


def several(expression: str) -> str:
    """Every different value of a group, with commas between them."""
    if on_postgresql():
        return f"string_agg(DISTINCT {expression}, ',')"
    return f"group_concat(DISTINCT {expression})"


def fact(alias: str, name: str) -> str:
    """A fact of a record as text; null where it has none."""
    if on_postgresql():
        return f"({alias}.facts ->> '{name}')"
    return f"json_extract({alias}.facts, '$.{name}')"


def flag(alias: str, name: str) -> str:
    """Whether a yes-or-no fact of a record is yes."""
    yes, no = ("'true'", "false") if on_postgresql() else ("1", "0")
    return f"coalesce({fact(alias, name)} = {yes}, {no})"


def listed(name: str) -> str:
    """The values of a JSON list in a parameter, as a subquery: any number of them, in one parameter."""
    if on_postgresql():
        return f"(SELECT jsonb_array_elements_text(CAST(%({name})s AS jsonb)))"
    return f"(SELECT value FROM json_each(%({name})s))"


def name_of(alias: str) -> str:
    return f"trim({alias}.forename || ' ' || {alias}.surname)"


def address_of(alias: str) -> str:
    return f"trim({alias}.address || ', ' || {alias}.postcode, ', ')"
