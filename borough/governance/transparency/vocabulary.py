"""The register in the W3C's Data Privacy Vocabulary and ODRL, as JSON-LD, for whoever compares councils.

Of agreements only those in force; what each permits is an ODRL permission with its duties of purpose and date.
"""

from collections.abc import Sequence
from typing import Any

from borough.governance.models import Agreement, Organisation, Purpose
from borough.governance.queries import list_agreements, list_organisations, list_purposes
from borough.governance.register import grounds

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FIELD_TERMS = {
    "name": "pd:Name",
    "date_of_birth": "pd:BirthDate",
    "address": "pd:PhysicalAddress",
    "contact": "pd:Contact",
    "identifiers": "pd:OfficialID",
    "records": "dpv:CollectedPersonalData",
    "indicators": "dpv:InferredPersonalData",
    "*": "dpv:PersonalData",
}
CONTROLLERS = {"joint": "dpv:JointDataControllers", "processor": "dpv:DataProcessor"}


def as_json_ld(base: str) -> dict[str, Any]:
    """The register. `base` is the address under which its things are named."""
    live = [one for one in list_agreements() if one.state == "live"]
    return {
        "@context": CONTEXT,
        "@graph": [
            *(_organisation(one, base) for one in list_organisations()),
            *(_purpose(one, base) for one in list_purposes()),
            *(_agreement(one, base) for one in live),
        ],
    }


def _organisation(one: Organisation, base: str) -> dict[str, Any]:
    kind = "dpv:DataController" if one.ours else "dpv:PublicAuthority" if one.is_public else "dpv:Organisation"
    return {"@id": f"{base}organisation/{one.code}", "@type": [kind, "odrl:Party"], "dct:title": one.name}


def _purpose(one: Purpose, base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}purpose/{one.code}",
        "@type": [one.dpv],
        "dct:title": one.name,
        "dct:description": one.explanation,
    }


def _agreement(one: Agreement, base: str) -> dict[str, Any]:
    parties = [{"@id": f"{base}organisation/{party.code}"} for party in one.parties.all()]
    law = [grounds.ARTICLE_6[one.lawful_basis].dpv] if one.lawful_basis in grounds.ARTICLE_6 else []
    law += [grounds.ARTICLE_9[one.article_9].dpv] if one.article_9 in grounds.ARTICLE_9 else []
    purpose = {"@id": f"{base}purpose/{one.purpose_id}"}
    return {
        "@id": f"{base}agreement/{one.reference}",
        "@type": ["dpv:Process", "odrl:Agreement", *_kind(one)],
        "dct:title": one.title,
        "dct:valid": {"@value": one.review_on.isoformat(), "@type": "xsd:date"},
        "dpv:hasPurpose": purpose,
        "dpv:hasLegalBasis": [{"@id": term} for term in law],
        "dpv:hasApplicableLaw": one.legal_power,
        "dpv:hasPersonalData": _data(one.fields),
        "dpv:hasRecipient": parties,
        "dpv:hasStorageCondition": one.retention,
        "dpv:hasTechnicalOrganisationalMeasure": one.security,
        "odrl:permission": [
            {
                "odrl:assignee": {"@type": "odrl:PartyCollection", "dct:title": role},
                "odrl:action": {"@id": "odrl:read"},
                "odrl:target": _data(one.fields),
                "odrl:constraint": [
                    _constraint("odrl:purpose", "odrl:eq", purpose),
                    _constraint("odrl:dateTime", "odrl:gteq", _day(one.starts_on.isoformat())),
                    _constraint("odrl:dateTime", "odrl:lt", _day(one.review_on.isoformat())),
                ],
            }
            for role in one.roles
        ],
    }


def _kind(one: Agreement) -> list[str]:
    return [CONTROLLERS[one.controllers]] if one.controllers in CONTROLLERS else []


def _data(fields: Sequence[str]) -> list[dict[str, str]]:
    return [{"@id": FIELD_TERMS[field]} for field in fields]


def _constraint(left: str, operator: str, right: object) -> dict[str, Any]:
    return {"odrl:leftOperand": {"@id": left}, "odrl:operator": {"@id": operator}, "odrl:rightOperand": right}


def _day(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}
