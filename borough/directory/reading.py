"""Reads one service of a file in Open Referral UK, with all that belongs to it. Pure: JSON in, plain values out."""

import hashlib
import json
import math
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from borough.common.identifiers import clean_postcode
from borough.directory.policies import area_key, is_step_free, is_told_as_remote, words_of
from borough.directory.schedules import hours_of, last_day_of, rule_of, weekdays_of

Json = dict[str, Any]
# For things that a publisher gave no id: the same words, the same id.
_IDS = uuid.UUID("0f7f4d52-6b0c-5d58-9c0e-1f0f7a3c9b11")


class BadEntry(ValueError):
    """An entry that cannot be taken in: the field, what is wrong with it, and what its publisher can do."""

    def __init__(self, field: str, reason: str, remedy: str = "") -> None:
        self.field = field
        self.reason = f"{field} {reason}".strip()
        self.remedy = remedy or "Correct it where the file comes from, and take the file in again."
        super().__init__(self.reason)


@dataclass(frozen=True)
class Term:
    """`taxonomy_id` is "" where the term only names its taxonomy, or does not say."""

    id: str
    document: Json
    taxonomy_id: str = ""

    @property
    def columns(self) -> Json:
        return {"name": _text(self.document, "name", 120), "taxonomy": taxonomy_name(self.document)}


@dataclass(frozen=True)
class At:
    """A service at a location; `reference` is the id of the pair."""

    reference: str
    location_id: str


@dataclass
class Entry:
    """A service: its document, with ids for what has a row of its own; those rows; and what search needs of it."""

    id: str
    sha: str
    document: Json
    organization: Json
    locations: list[Json] = field(default_factory=list)
    at: list[At] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    columns: Json = field(default_factory=dict)
    openings: list[Json] = field(default_factory=list)
    facets: set[tuple[str, str]] = field(default_factory=set)
    words: dict[str, int] = field(default_factory=dict)
    notes: list[BadEntry] = field(default_factory=list)


def read_entry(raw: Any) -> Entry:
    """One service with everything nested in it. Raises BadEntry."""
    if not isinstance(raw, dict):
        raise BadEntry("", "the entry is not an object")
    organization = raw.get("organization")
    if not isinstance(organization, dict):
        raise BadEntry("organization", "is missing", "Give each service its organization, or its organization_id.")
    organization = {key: value for key, value in organization.items() if key != "services"}
    # Read for its checks; what it says is read again where it is stored.
    organization_columns(organization)
    identifier = _identifier(raw, "id")
    sha = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    document = {key: value for key, value in raw.items() if key not in ("organization", "service_at_locations")}
    entry = Entry(identifier, sha, document, organization)
    document["organization"] = {"id": organization["id"]}
    _read_places(raw, entry)
    _read_terms(raw, entry)
    entry.columns = _columns(raw, entry)
    _read_openings(raw, entry)
    _read_facets(raw, entry)
    entry.columns |= {
        "remote": is_told_as_remote(
            kinds={str(one.get("location_type", "")) for one in entry.locations},
            attending=" ".join(_text(one, "attending_type") for one in _objects(raw, "schedules")),
        ),
        "step_free": is_step_free(name for kind, name in entry.facets if kind == "access"),
    }
    entry.words = words_of(
        name=entry.columns["name"],
        terms=" ".join(_text(one.document, "name", 120) for one in entry.terms),
        text=entry.columns["description"],
    )
    return entry


def organization_columns(document: Json) -> Json:
    _identifier(document, "id", "organization.")
    return {
        "name": _text(document, "name", 200, required=True, where="organization."),
        "description": _text(document, "description"),
        "url": _web_address(document, "url") or _web_address(document, "website"),
        "email": _text(document, "email", 254),
    }


def location_columns(document: Json) -> Json:
    """A latitude or longitude that is nowhere on the globe stays in the document, and puts nothing on a map."""
    address = next(iter(_objects(document, "addresses")), {})
    parts = (_text(address, part) for part in ("address_1", "address_2", "city"))
    lat, lon = _point(document)
    return {
        "name": _text(document, "name", 200),
        "address": ", ".join(filter(None, parts))[:300],
        "postcode": clean_postcode(_text(address, "postal_code")) or "",
        "lat": lat,
        "lon": lon,
    }


def taxonomy_name(document: Mapping[str, Any]) -> str:
    detail = document.get("taxonomy_detail")
    return _text(detail, "name", 120) if isinstance(detail, dict) else _text(document, "taxonomy", 120)


def id_of(*parts: str) -> str:
    """An id for what has none of its own."""
    return str(uuid.uuid5(_IDS, "\n".join(parts)))


def _columns(raw: Json, entry: Entry) -> Json:
    youngest, oldest = _age(raw, "minimum_age"), _age(raw, "maximum_age")
    return {
        "name": _text(raw, "name", 200, required=True),
        "description": _text(raw, "description"),
        "eligibility": _text(raw, "eligibility_description") or _ages(youngest, oldest),
        "fees": _text(raw, "fees") or _text(raw, "fees_description"),
        "hours": "; ".join(filter(None, (_text(one, "description") for one in _objects(raw, "schedules")))),
        "url": _web_address(raw, "url"),
        "email": _text(raw, "email", 254),
        "phone": _phone(raw),
        "active": _text(raw, "status") in ("", "active"),
        "last_modified": _moment(raw, "last_modified"),
        "organization_id": entry.organization["id"],
        "minimum_age": youngest,
        "maximum_age": oldest,
        "free": _is_free(raw),
    }


def _read_places(raw: Json, entry: Entry) -> None:
    """Both spellings of 3.x files: under service_at_locations, or under locations."""
    located = [(one, one.get("location")) for one in _objects(raw, "service_at_locations")]
    located += [({}, one) for one in _objects(raw, "locations")]
    kept = []
    for pair, place in located:
        own = {key: value for key, value in pair.items() if key not in ("location", "service")}
        if isinstance(place, dict):
            place_id = _identifier(place, "id", "location.")
            own.setdefault("id", id_of(entry.id, place_id))
            location_columns(place)
            entry.notes += _off_the_globe(place)
            entry.locations.append(place)
            entry.at.append(At(_identifier(own, "id", "service_at_location."), place_id))
            own["location"] = {"id": place_id}
        kept.append(own)
    if kept:
        entry.document["service_at_locations"] = kept
        entry.document.pop("locations", None)


def _read_terms(raw: Json, entry: Entry) -> None:
    kept = []
    for attribute in _objects(raw, "attributes"):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict):
            read = read_term(term)
            entry.terms.append(read)
            attribute = {**attribute, "taxonomy_term": {"id": read.id}}
        kept.append(attribute)
    if kept:
        entry.document["attributes"] = kept


def read_term(document: Json, taxonomy_id: str = "") -> Term:
    term = Term(_identifier(document, "id", "taxonomy_term."), document, taxonomy_id or _text(document, "taxonomy_id"))
    _text(document, "name", 120, required=True, where="taxonomy_term.")
    taxonomy_name(document)
    return term


def _read_openings(raw: Json, entry: Entry) -> None:
    schedules = [*_objects(raw, "schedules")]
    for pair in _objects(raw, "service_at_locations"):
        schedules += _objects(pair, "schedules")
    for schedule in schedules:
        opens, closes = hours_of(schedule)
        when = {"opens_at": opens, "closes_at": closes, "until": last_day_of(schedule), "rule": rule_of(schedule)}
        entry.openings += [{"weekday": day, **when} for day in sorted(weekdays_of(schedule))]


def _read_facets(raw: Json, entry: Entry) -> None:
    spoken = (_text(one, "name", 120) for one in _objects(raw, "languages"))
    access = (_text(one, "description")[:120] for place in entry.locations for one in _objects(place, "accessibility"))
    entry.facets = {("language", name) for name in spoken if name} | {("access", name) for name in access if name}
    entry.facets |= {("area", key) for key in areas_of(raw.get("service_areas"))}


def areas_of(told: Any) -> dict[str, str]:
    """The areas that a service serves, key → name, of its service_areas; none where nothing can be read."""
    found = {}
    for area in told if isinstance(told, list) else []:
        if isinstance(area, dict):
            uri, name, older, extent, kind = (
                str(area.get(field) or "")[:500] for field in ("uri", "name", "service_area", "extent", "extent_type")
            )
            words = extent if kind in ("", "text") else ""
            name = name or older or words
            found[area_key(name, uri, words)] = name[:120]
    return found


def _is_free(raw: Json) -> bool | None:
    costs = [_number(one, "amount", "cost_options.") for one in _objects(raw, "cost_options")]
    known = [cost for cost in costs if cost is not None]
    if known:
        return not any(known)
    return True if _text(raw, "fees").lower() in ("free", "none", "no charge") else None


def _point(place: Json) -> tuple[float | None, float | None]:
    lat, lon = (_number(place, name, "location.") for name in ("latitude", "longitude"))
    if (lat is None) != (lon is None):
        raise BadEntry("location", "has one of latitude and longitude, and needs both or none")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None, None
    return lat, lon


def _off_the_globe(place: Json) -> Iterator[BadEntry]:
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = _number(place, name, "location.")
        if value is not None and abs(value) > most:
            yield BadEntry(
                f"location.{name}",
                f"is not between -{most} and {most}",
                "Correct it where the file comes from; until then the place is not on the map.",
            )


def _text(raw: Mapping[str, Any], name: str, most: int = 10_000, *, required: bool = False, where: str = "") -> str:
    value = raw.get(name)
    if value is None or value == "":
        if required:
            raise BadEntry(f"{where}{name}", "is empty")
        return ""
    if isinstance(value, dict | list):
        raise BadEntry(f"{where}{name}", "is not text")
    text = str(value).replace("\x00", "").strip()
    if len(text) > most:
        raise BadEntry(f"{where}{name}", f"is longer than {most} characters")
    if required and not text:
        raise BadEntry(f"{where}{name}", "is empty")
    return text


def _identifier(raw: Mapping[str, Any], name: str, where: str = "") -> str:
    return _text(raw, name, 60, required=True, where=where)


def _objects(raw: Mapping[str, Any], name: str) -> list[Json]:
    value = raw.get(name) or []
    if not isinstance(value, list):
        raise BadEntry(name, "is not a list")
    return [one for one in value if isinstance(one, dict)]


def _number(raw: Mapping[str, Any], name: str, where: str = "") -> float | None:
    value = raw.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadEntry(f"{where}{name}", "is not a number") from error
    if not math.isfinite(number):
        raise BadEntry(f"{where}{name}", "is not a number")
    return number


def _age(raw: Json, name: str) -> float | None:
    age = _number(raw, name)
    if age is not None and not 0 <= age <= 150:
        raise BadEntry(name, "is not an age in years between 0 and 150")
    return age


def _web_address(raw: Mapping[str, Any], name: str) -> str:
    """Only http and https: a listing's link is put on a page, and "javascript:" would run there."""
    text = _text(raw, name, 400)
    if text and not re.match(r"https?://", text, re.IGNORECASE):
        raise BadEntry(name, "is not an http or https address")
    return text


def _moment(raw: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(raw, name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadEntry(name, "is not a date and time such as 2026-11-01T09:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _phone(raw: Mapping[str, Any]) -> str:
    numbers = [_text(one, "number", 40) for one in _objects(raw, "phones")]
    for contact in _objects(raw, "contacts"):
        numbers += [_text(one, "number", 40) for one in _objects(contact, "phones")]
    return next(filter(None, numbers), "")


def _ages(youngest: float | None, oldest: float | None) -> str:
    if youngest is not None and oldest is not None:
        return f"Ages {youngest:g} to {oldest:g}"
    if youngest is not None:
        return f"Age {youngest:g} and over"
    return f"Up to age {oldest:g}" if oldest is not None else ""
