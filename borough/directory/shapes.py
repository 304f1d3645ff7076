"""Tells what a JSON file in Open Referral UK holds: services, alone or inside pages, organizations and locations."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from borough.directory.reading import BadEntry, Json

# A listing nests seven deep; what nests much deeper is no listing, and would exhaust whoever walks it.
DEEPEST = 50


@dataclass
class Found:
    """What a file holds. Services and organizations by their position in it, from 1, as they were written."""

    services: list[tuple[int, Any]] = field(default_factory=list)
    organizations: list[tuple[int, Json]] = field(default_factory=list)
    taxonomies: list[tuple[int, Json]] = field(default_factory=list)
    terms: list[tuple[int, Json]] = field(default_factory=list)


def list_of(data: Any) -> list[Any] | None:
    """The entries of a file: a page with contents, a list, or one object alone; None for neither."""
    if isinstance(data, dict):
        held = data.get("contents", data.get("services") if "id" not in data else None)
        if held is None and "id" in data:
            return [data]
        data = held
    return data if isinstance(data, list) else None


def sort_out(entries: list[tuple[int, Any]]) -> Found:
    """What each entry (with its position) is, by its fields. One that is nothing else is checked as a service."""
    found = Found()
    by_service: dict[str, Json] = {}
    for position, raw in entries:
        kind = _kind_of(raw)
        if kind == "service_at_location":
            service = {**raw["service"]}
            pair = {key: value for key, value in raw.items() if key != "service"}
            known = by_service.get(str(service.get("id")))
            if known is not None:
                known["service_at_locations"].append(pair)
                continue
            service["service_at_locations"] = [pair]
            by_service[str(service.get("id"))] = service
            found.services.append((position, service))
        elif kind == "organization":
            found.organizations.append((position, raw))
            held = raw.get("services") or []
            found.services += [
                (position, {**one, "organization": raw} if isinstance(one, dict) else one)
                for one in (held if isinstance(held, list) else [held])
            ]
        elif kind == "taxonomy":
            found.taxonomies.append((position, raw))
        elif kind == "taxonomy_term":
            found.terms.append((position, raw))
        else:
            found.services.append((position, raw))
    return found


def _kind_of(raw: Any) -> str:
    if not isinstance(raw, dict) or {"status", "organization", "organization_id"} & raw.keys():
        return "service"
    if isinstance(raw.get("service"), dict):
        return "service_at_location"
    if {"services", "organization_identifiers", "parent_organization_id", "website", "logo"} & raw.keys():
        return "organization"
    if {"taxonomy_terms", "version"} & raw.keys():
        return "taxonomy"
    return "taxonomy_term" if {"taxonomy", "term", "term_uri", "taxonomy_id"} & raw.keys() else "service"


def cleaned(value: Any, depth: int = 0) -> Any:
    """The same without what no database keeps: NUL, halves of characters, numbers beyond all bounds. An id is text
    without blanks around it, however a file writes it."""
    if depth > DEEPEST:
        raise BadEntry("", "the entry nests too deeply")
    if isinstance(value, dict):
        tidy = {_text(key): cleaned(one, depth + 1) for key, one in value.items()}
        return {key: str(one).strip() if _is_id(key, one) else one for key, one in tidy.items()}
    if isinstance(value, list):
        return [cleaned(one, depth + 1) for one in value]
    if isinstance(value, str):
        return _text(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _is_id(key: str, value: Any) -> bool:
    return (key == "id" or key.endswith("_id")) and isinstance(value, str | int | float)


def _text(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def nested_terms(taxonomy: Json) -> Iterator[Json]:
    held = taxonomy.get("taxonomy_terms") or []
    return (one for one in held if isinstance(one, dict)) if isinstance(held, list) else iter(())
