"""The record of processing activities (UK GDPR Article 30(1)), a row for each agreement in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from borough.governance.declared import SourceFacts, all_sources
from borough.governance.models import Agreement, Organisation
from borough.governance.queries import list_agreements, list_organisations
from borough.governance.register.words import condition_words, criminal_words, law_words, said, source_words
from borough.governance.words import field_words, role_words


@dataclass(frozen=True)
class Activity:
    """One row, in words. The points of Article 30(1) are (a) to (g)."""

    reference: str
    purpose_code: str
    controller: str
    contact: str
    others: str
    purpose: str
    title: str
    people: str
    data: str
    sources: str
    recipients: str
    transfers: str
    kept: str
    security: str
    law: str
    conditions: str
    review: date


def list_activities() -> list[Activity]:
    """What the council does with personal data now, by purpose."""
    known = all_sources()
    ours = next((one for one in list_organisations() if one.ours), None)
    live = [one for one in list_agreements() if one.state == "live"]
    return [_activity(one, ours, known) for one in sorted(live, key=lambda one: (one.purpose.name, one.reference))]


def _activity(one: Agreement, ours: Organisation | None, known: Mapping[str, SourceFacts]) -> Activity:
    others = [_(party.name) for party in one.parties.all() if not party.ours]
    children = any(known[code].children for code in known if code in one.sources or "*" in one.sources)
    return Activity(
        reference=one.reference,
        purpose_code=one.purpose_id,
        controller=_(ours.name) if ours else "",
        contact=ours.contact if ours else "",
        others=", ".join(others) or _("None"),
        purpose=_(one.purpose.name),
        title=_(one.title),
        people=_("Residents, children among them") if children else _("Residents"),
        data=field_words(one.fields),
        sources=source_words(one.sources, known),
        recipients=", ".join([role_words(one.roles), *others]),
        transfers=_("None: no agreement allows one"),
        kept=said(one.retention),
        security=said(one.security),
        law=law_words(one),
        conditions="; ".join(part for part in (condition_words(one), criminal_words(one)) if part),
        review=one.review_on,
    )
