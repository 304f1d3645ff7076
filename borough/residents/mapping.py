"""The mapping file of a source: which column holds which field, and how it is written there.

Read from TOML with `read_mapping`, from the database with `mapping_from`. A mapping that exists is valid: every error
is found here, and names the file, the key and what to do.
"""

import codecs
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from borough.common.errors import Problem
from borough.residents.mapping_checks import Checker

TEXT_FIELDS = ("title", "forename", "middle_names", "surname", "previous_surname", "sex", "language", "address")
CHECKED_FIELDS = ("nino", "nhs_number", "phone", "email", "postcode", "uprn")
DATE_FIELDS = ("dob", "started_on", "ended_on", "deceased_on")
FIELDS = (*TEXT_FIELDS, *CHECKED_FIELDS, *DATE_FIELDS, "name")
NAME_ORDERS = ("surname, forename", "forename surname", "title forename surname", "surname forename")
FACT_TYPES = ("money", "number", "date", "text", "flag")

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TOP_LEVEL = (
    "source", "title", "owner", "refresh", "extract", "encoding", "delimiter", "key", "children", "fields", "facts"
)  # fmt: skip


@dataclass(frozen=True)
class FieldRule:
    """How one standard field is read. `columns` has several only for an address, which joins them."""

    columns: tuple[str, ...]
    format: str = ""
    unknown: tuple[str, ...] = ()
    order: str = ""
    # What an impossible date such as 31/02/1980 does: "reject" the row, or leave the field "empty" with a warning.
    impossible: str = "reject"


@dataclass(frozen=True)
class FactRule:
    """How one fact is read from its column. `special`: it tells of health or the like (UK GDPR Article 9)."""

    column: str
    type: str
    format: str = ""
    yes: tuple[str, ...] = ()
    special: bool = False


@dataclass(frozen=True)
class Mapping:
    """A source's declaration. `extract`: "full" means that a record missing from the newest file has left.

    `children`: it is kept about children.
    """

    source: str
    title: str
    owner: str
    refresh: str
    key: tuple[str, ...]
    fields: Dict[str, FieldRule]
    facts: Dict[str, FactRule] = field(default_factory=dict)
    extract: str = "full"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    children: bool = False

    @property
    def columns(self) -> list[str]:
        """Every column that is read, each once."""
        used = [*self.key]
        used += [column for rule in self.fields.values() for column in rule.columns]
        used += [rule.column for rule in self.facts.values()]
        return list(dict.fromkeys(used))

    @property
    def version(self) -> str:
        """First 16 hex digits of the hash of all that decides how a row is read."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def as_dict(self) -> dict[str, Any]:
        """As the mapping file has it, without what was left to its default. For JSON and TOML."""
        declared: dict[str, Any] = {
            "source": self.source,
            "title": self.title,
            "owner": self.owner,
            "refresh": self.refresh,
            "extract": self.extract,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "key": list(self.key),
            "fields": {name: _field_as_dict(rule) for name, rule in self.fields.items()},
            "facts": {name: _fact_as_dict(rule) for name, rule in self.facts.items()},
        }
        if self.children:
            declared["children"] = True
        return declared


def read_mapping(path: Path) -> Mapping:
    """The mapping in this TOML file. Raises Problem that names the file, the key and the remedy."""
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise Problem(
            f"There is no mapping file {path}.", "Make a first one with: borough guess FILE -o it.toml"
        ) from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not UTF-8 text.", "Save the mapping file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise Problem(
            f"{path} is not valid TOML: {error}.", "Mend that line; see docs/reference/mapping.md."
        ) from error
    return mapping_from(declared, where=path.name)


def mapping_from(declared: Dict[str, Any], *, where: str) -> Mapping:
    """The mapping declared in this dictionary. `where` names it in errors."""
    check = Checker(where)
    check.known(declared, _TOP_LEVEL, "")
    source = check.text(declared, "source")
    if not _CODE.fullmatch(source):
        check.fail("source", f"{source!r} is not a code", "use small letters, digits and _, such as council_tax")
    key = check.texts(declared.get("key"), "key")
    if not key:
        check.fail("key", "is missing", "name the columns that together identify a row")
    extract = check.one_of(declared.get("extract", "full"), ("full", "changes"), "extract")
    encoding = check.text(declared, "encoding", default="utf-8-sig")
    try:
        codecs.lookup(encoding)
    except LookupError:
        check.fail("encoding", f"{encoding!r} is not known", "use utf-8, cp1252 or utf-16")
    delimiter = check.text(declared, "delimiter", default=",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        check.fail("delimiter", f"{delimiter!r} is not one character", 'use "," or ";" or "\\t" or "|"')
    return Mapping(
        source=source,
        title=check.text(declared, "title"),
        owner=check.text(declared, "owner"),
        refresh=check.text(declared, "refresh"),
        key=key,
        extract=extract,
        encoding=encoding,
        delimiter=delimiter,
        children=check.yes_or_no(declared, "children", "children"),
        fields=_fields_from(declared.get("fields"), check),
        facts=_facts_from(declared.get("facts", {}), check),
    )


def _fields_from(declared: object, check: Checker) -> dict[str, FieldRule]:
    if not declared:
        check.fail("fields", "is missing", "say at least where the name is: [fields] surname = { column = … }")
    rules: dict[str, FieldRule] = {}
    for name, declared_rule in check.table(declared, "fields").items():
        key = f"fields.{name}"
        if name not in FIELDS:
            check.fail(key, "is not a standard field", f"use one of {', '.join(FIELDS)}, or move it to [facts]")
        spec = check.table(declared_rule, key)
        allowed = {"column"}
        if name in DATE_FIELDS:
            allowed |= {"format", "unknown", "impossible"}
        elif name == "name":
            allowed |= {"order"}
        elif name == "address":
            allowed |= {"columns"}
        check.known(spec, allowed, key)
        columns = check.texts(spec.get("columns", spec.get("column")), f"{key}.column")
        if not columns or (len(columns) > 1 and name != "address"):
            check.fail(f"{key}.column", "must name one column", 'use column = "…", or columns = […] for an address')
        order = ""
        if name == "name":
            order = check.one_of(spec.get("order", "forename surname"), NAME_ORDERS, f"{key}.order")
        rules[name] = FieldRule(
            columns=columns,
            format=check.date_format(spec, key) if name in DATE_FIELDS else "",
            unknown=check.texts(spec.get("unknown", []), f"{key}.unknown"),
            order=order,
            impossible=check.one_of(spec.get("impossible", "reject"), ("reject", "empty"), f"{key}.impossible"),
        )
    if "name" in rules and not {"forename", "surname"}.isdisjoint(rules):
        check.fail("fields.name", "stands beside forename or surname", "keep the whole name or its parts, not both")
    return rules


def _facts_from(declared: object, check: Checker) -> dict[str, FactRule]:
    rules: dict[str, FactRule] = {}
    for name, declared_rule in check.table(declared, "facts").items():
        key = f"facts.{name}"
        if not _CODE.fullmatch(name):
            check.fail(key, "is not a name for a fact", "use small letters, digits and _")
        spec = check.table(declared_rule, key)
        check.known(spec, {"column", "type", "format", "yes", "special"}, key)
        kind = check.one_of(spec.get("type", "text"), FACT_TYPES, f"{key}.type")
        yes = check.texts(spec.get("yes", []), f"{key}.yes")
        if (kind == "flag") != bool(yes):
            check.fail(f"{key}.yes", 'goes with type = "flag"', 'list what means yes: yes = ["Y"]')
        rules[name] = FactRule(
            column=check.text(spec, "column", where=key),
            type=kind,
            format=check.date_format(spec, key) if kind == "date" else "",
            yes=yes,
            special=check.yes_or_no(spec, "special", f"{key}.special"),
        )
    return rules


def _field_as_dict(rule: FieldRule) -> dict[str, Any]:
    spec: dict[str, Any] = {"columns": list(rule.columns)} if len(rule.columns) > 1 else {"column": rule.columns[0]}
    if rule.format:
        spec["format"] = rule.format
    if rule.unknown:
        spec["unknown"] = list(rule.unknown)
    if rule.order:
        spec["order"] = rule.order
    if rule.impossible != "reject":
        spec["impossible"] = rule.impossible
    return spec


def _fact_as_dict(rule: FactRule) -> dict[str, Any]:
    spec: dict[str, Any] = {"column": rule.column, "type": rule.type}
    if rule.format:
        spec["format"] = rule.format
    if rule.yes:
        spec["yes"] = list(rule.yes)
    if rule.special:
        spec["special"] = True
    return spec
