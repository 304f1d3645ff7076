"""The terms of an agreement as a person reads them, by page."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from borough.governance.declared import SourceFacts
from borough.governance.models import Agreement
from borough.governance.register import grounds
from borough.governance.words import field_words, role_words


def step_title(step: str) -> str:
    titles = {
        "purpose": _("What it is for"),
        "parties": _("Who takes part"),
        "data": _("Which data"),
        "law": _("Why the law allows it"),
        "safeguards": _("How people are protected"),
        "dates": _("From when to when"),
    }
    return titles[step]


def source_words(codes: Collection[str], known: Mapping[str, SourceFacts]) -> str:
    """Council tax, Libraries"""
    if "*" in codes:
        return _("All")
    return ", ".join(_(known[code].title) if code in known else code for code in codes) or _("None")


def law_words(agreement: Agreement) -> str:
    """Public task (UK GDPR Article 6(1)(e)); Care Act 2014 section 2"""
    parts = [
        grounds.cited(grounds.ARTICLE_6, agreement.lawful_basis),
        grounds.cited(grounds.ANNEX_1, agreement.annex_1),
        agreement.legal_power,
    ]
    return "; ".join(_(part) for part in parts if part)


def condition_words(agreement: Agreement) -> str:
    """The conditions for special-category data; empty where it names none."""
    parts = [
        grounds.cited(grounds.ARTICLE_9, agreement.article_9),
        grounds.cited(grounds.SCHEDULE_1, agreement.schedule_1),
    ]
    return "; ".join(part for part in parts if part)


def criminal_words(agreement: Agreement) -> str:
    if agreement.article_10 == grounds.NONE:
        return _("No criminal-offence data")
    return grounds.cited(grounds.ARTICLE_10, agreement.article_10)


def party_words(agreement: Agreement) -> str:
    return ", ".join(_(party.name) for party in agreement.parties.all())


def terms_by_step(agreement: Agreement, known: Mapping[str, SourceFacts]) -> dict[str, list[tuple[str, object]]]:
    """(label, value) for each term, under its page; a term that is not there is an empty value."""
    controllers = str(Agreement.CONTROLLERS.get(agreement.controllers, ""))
    return {
        "purpose": [
            (_("Purpose"), _(agreement.purpose.name)),
            (_("Why"), _(agreement.purpose.explanation)),
            (_("Why it is necessary"), said(agreement.necessity)),
        ],
        "parties": [
            (_("Organisations"), party_words(agreement)),
            (_("Who decides how the data is used"), controllers),
            (_("Who may look"), role_words(agreement.roles)),
        ],
        "data": [
            (_("What they see"), field_words(agreement.fields)),
            (_("From which sources"), source_words(agreement.sources, known)),
        ],
        "law": [
            (_("Lawful basis"), law_words(agreement)),
            (_("Condition for special-category data"), condition_words(agreement)),
            (_("Condition for criminal-offence data"), criminal_words(agreement)),
            (_("Appropriate policy document"), said(agreement.policy_document)),
        ],
        "safeguards": [
            (_("Impact assessment (DPIA)"), said(agreement.dpia)),
            (_("How long it is kept"), said(agreement.retention)),
            (_("How it is kept safe"), said(agreement.security)),
            (_("How people's rights are served"), said(agreement.rights)),
            (_("How often"), said(agreement.frequency)),
        ],
        "dates": [(_("Starts on"), agreement.starts_on), (_("Review on"), agreement.review_on)],
    }


def said(text: str) -> str:
    """A text that a person wrote, through gettext; nothing stays nothing."""
    # gettext of nothing is the catalogue's header.
    return _(text) if text else ""
