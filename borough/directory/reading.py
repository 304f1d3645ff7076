"""Reads the entries of an Open Referral UK file. Pure: text in, plain values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from borough.common.identifiers import clean_postcode


class BadEntry(ValueError):
    """An entry that cannot be taken in; the text says why and names the field."""


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    address: str
    postcode: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Term:
    id: str
    name: str
    taxonomy: str


@dataclass(frozen=True)
class Entry:
    """A service with what belongs to it."""

    id: str
    name: str
    description: str
    eligibility: str
    fees: str
    hours: str
    url: str
    email: str
    phone: str
    active: bool
    last_modified: datetime | None
    organization_id: str
    organization: Mapping[str, str]
    places: tuple[Place, ...]
    terms: tuple[Term, ...]

    @property
    def found_by(self) -> str:
        words = [self.name, self.description, *(term.name for term in self.terms)]
        return " ".join(words).lower()


def read_entry(raw: Any) -> Entry:
    """One service of the file. Raises BadEntry."""
    if not isinstance(raw, dict):
        raise BadEntry("the entry is not an object")
    organization = raw.get("organization")
    if not isinstance(organization, dict):
        raise BadEntry("organization is missing")
    # Both spellings of 3.x files: under service_at_locations, or under locations.
    located = [one.get("location") for one in _objects(raw, "service_at_locations")] + _objects(raw, "locations")
    terms = [one.get("taxonomy_term") for one in _objects(raw, "attributes")]
    eligibility = _text(raw, "eligibility_description") or _ages(raw)
    return Entry(
        id=_identifier(raw, "id"),
        name=_text(raw, "name", 200, required=True),
        description=_text(raw, "description"),
        eligibility=eligibility,
        fees=_text(raw, "fees") or _text(raw, "fees_description"),
        hours="; ".join(filter(None, (_text(one, "description") for one in _objects(raw, "schedules")))),
        url=_web_address(raw, "url"),
        email=_text(raw, "email", 254),
        phone=_phone(raw),
        active=_text(raw, "status") in ("", "active"),
        last_modified=_moment(raw, "last_modified"),
        organization_id=_identifier(organization, "id", "organization."),
        organization={
            "name": _text(organization, "name", 200, required=True, where="organization."),
            "description": _text(organization, "description"),
            "url": _web_address(organization, "url") or _web_address(organization, "website"),
            "email": _text(organization, "email", 254),
        },
        places=tuple(_place(one) for one in located if isinstance(one, dict)),
        terms=tuple(
            Term(_identifier(one, "id", "taxonomy_term."), _text(one, "name", 120), _taxonomy(one))
            for one in terms
            if isinstance(one, dict)
        ),
    )


def _place(raw: Mapping[str, Any]) -> Place:
    lat, lon = (_degrees(raw, field, most) for field, most in (("latitude", 90.0), ("longitude", 180.0)))
    if (lat is None) != (lon is None):
        raise BadEntry("location has one of latitude and longitude, and needs both or none")
    address = next(iter(_objects(raw, "addresses")), {})
    parts = (_text(address, part) for part in ("address_1", "address_2", "city"))
    postcode = clean_postcode(_text(address, "postal_code")) or ""
    return Place(
        id=_identifier(raw, "id", "location."),
        name=_text(raw, "name", 200),
        address=", ".join(filter(None, parts))[:300],
        postcode=postcode,
        lat=lat,
        lon=lon,
    )


def _text(raw: Mapping[str, Any], field: str, most: int = 10_000, *, required: bool = False, where: str = "") -> str:
    value = raw.get(field)
    if value is None or value == "":
        if required:
            raise BadEntry(f"{where}{field} is empty")
        return ""
    if isinstance(value, dict | list):
        raise BadEntry(f"{where}{field} is not text")
    text = str(value).replace("\x00", "").strip()
    if len(text) > most:
        raise BadEntry(f"{where}{field} is longer than {most} characters")
    if required and not text:
        raise BadEntry(f"{where}{field} is empty")
    return text


def _identifier(raw: Mapping[str, Any], field: str, where: str = "") -> str:
    return _text(raw, field, 60, required=True, where=where)


def _objects(raw: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    value = raw.get(field) or []
    if not isinstance(value, list):
        raise BadEntry(f"{field} is not a list")
    return [one for one in value if isinstance(one, dict)]


def _degrees(raw: Mapping[str, Any], field: str, most: float) -> float | None:
    value = raw.get(field)
    if value is None or value == "":
        return None
    try:
        degrees = float(value)
    except (TypeError, ValueError) as error:
        raise BadEntry(f"location.{field} is not a number") from error
    if not -most <= degrees <= most:
        raise BadEntry(f"location.{field} is not between -{most:.0f} and {most:.0f}")
    return degrees


def _web_address(raw: Mapping[str, Any], field: str) -> str:
    """Only http and https: a listing's link is put on a page, and "javascript:" would run there."""
    text = _text(raw, field, 400)
    if text and not re.match(r"https?://", text, re.IGNORECASE):
        raise BadEntry(f"{field} is not an http or https address")
    return text


def _moment(raw: Mapping[str, Any], field: str) -> datetime | None:
    text = _text(raw, field)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadEntry(f"{field} is not a date and time such as 2026-11-01T09:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _phone(raw: Mapping[str, Any]) -> str:
    numbers = [_text(one, "number", 40) for one in _objects(raw, "phones")]
    for contact in _objects(raw, "contacts"):
        numbers += [_text(one, "number", 40) for one in _objects(contact, "phones")]
    return next(filter(None, numbers), "")


def _ages(raw: Mapping[str, Any]) -> str:
    youngest, oldest = _text(raw, "minimum_age"), _text(raw, "maximum_age")
    if youngest and oldest:
        return f"Ages {youngest} to {oldest}"
    return f"Age {youngest} and over" if youngest else f"Up to age {oldest}" if oldest else ""


def _taxonomy(raw: Mapping[str, Any]) -> str:
    detail = raw.get("taxonomy_detail")
    return _text(detail, "name", 120) if isinstance(detail, dict) else _text(raw, "taxonomy", 120)
