"""Objects as Open Referral UK 3.0 has them on the wire. Pure: documents of the directory in, JSON out.

What the standard requires and a publisher left out is filled in, empty where there is no better word; what is empty
and not required is left out. Nothing else of a document is changed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.encoding import iri_to_uri

from borough.directory.queries import Documents

Json = dict[str, Any]
ADDRESS = {
    "address_1": "",
    "city": "",
    "state_province": "",
    "postal_code": "",
    "country": "GB",
    "address_type": "physical",
}
# Required fields of each object, by the field of its owner that holds it (schema/*.json of the standard).
REQUIRED: dict[str, Json] = {
    "service": {"status": "active"},
    "organization": {"description": ""},
    "location": {"location_type": "physical"},
    "addresses": ADDRESS,
    "taxonomy_term": {"description": ""},
    "taxonomy_terms": {"description": ""},
    "organization_identifiers": {"identifier_type": "", "identifier": ""},
    "phones": {"number": ""},
}
# The directory keeps what the standard ranges over; what an old publisher calls otherwise would not be understood.
STATES = ("active", "inactive", "defunct", "temporarily closed")
# Fields whose text is to be a URI: letters beyond ASCII are escaped.
ADDRESSES_OF_PAGES = frozenset({"url", "website", "uri", "schedule_link", "term_uri"})


def full_service(document: Json) -> Json:
    filled: Json = _filled("service", document)
    return filled


def listed_service(document: Json) -> Json:
    """One-to-one fields alone, those of its organization too."""
    return {**_flat(full_service(document)), "organization": _flat(_filled("organization", document["organization"]))}


def full_pair(document: Json) -> Json:
    """The standard describes the answer for one pair as a service: so it has a service's name and status as well."""
    service = _filled("service", document["service"])
    return {"name": service["name"], "status": service["status"], **_filled("pair", document), "service": service}


def listed_pair(document: Json) -> Json:
    return {
        **_flat(_filled("pair", document)),
        "location": _flat(_filled("location", document["location"])),
        "service": listed_service(document["service"]),
    }


def taxonomy(document: Json) -> Json:
    filled: Json = _filled("taxonomy_term", document)
    return filled


def page_of(found: Documents, contents: list[Json], *, page: int, per_page: int) -> Json:
    pages = -(-found.total // per_page)
    return {
        "total_items": found.total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _filled(kind: str, value: Any) -> Any:
    if isinstance(value, str) and kind in ADDRESSES_OF_PAGES:
        return iri_to_uri(value)
    if isinstance(value, list):
        return [_filled(kind, one) for one in value if one is not None]
    if not isinstance(value, dict):
        return value
    required = REQUIRED.get(kind, {})
    told = {name: _filled(name, one) for name, one in value.items() if one is not None and one != ""}
    if kind == "service" and told.get("status") not in STATES:
        told["status"] = "inactive" if told.get("status") else "active"
    return {**required, **told}


def _flat(document: Mapping[str, Any]) -> Json:
    return {name: one for name, one in document.items() if not isinstance(one, dict | list) and one not in (None, "")}
