"""What an agreement still lacks. Pure: it goes by what the rows say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from borough.governance.declared import SourceFacts
from borough.governance.register import grounds

if TYPE_CHECKING:
    from borough.governance.models import Agreement, Organisation

# The pages on which an agreement is written, in their order.
STEPS = ("purpose", "parties", "data", "law", "safeguards", "dates")


@dataclass(frozen=True)
class Missing:
    """A term that is not there yet: on which page it is written, and what to write."""

    step: str
    words: str


def special_reasons(fields: Collection[str], sources: Collection[str], known: Mapping[str, SourceFacts]) -> list[str]:
    """Why what the agreement opens is special-category data (UK GDPR Article 9); empty when it is not.

    An NHS number says who has a health record; indicators of need are made from health; of records, each source
    declares what it holds.
    """
    opens = set(fields)
    if "*" in opens:
        opens = {"identifiers", "indicators", "records"}
    reasons = []
    if "identifiers" in opens:
        reasons.append(_("National Insurance and NHS numbers: an NHS number belongs to a health record."))
    if "indicators" in opens:
        reasons.append(_("Indicators of need: some are made from health and social care."))
    if "records" in opens:
        told = [known[code].title for code in sources if code in known and known[code].special]
        if told:
            reasons.append(
                _("What systems hold: %(sources)s tell of health or disability.") % {"sources": ", ".join(told)}
            )
        # What a system will hold that was never loaded cannot be known: count it in.
        elif "*" in sources or not set(sources) <= set(known):
            reasons.append(_("What systems hold: it opens systems that are not loaded yet."))
    return reasons


def what_is_missing(
    agreement: "Agreement",
    *,
    parties: Collection["Organisation"],
    holders: Mapping[str, Collection["Organisation"]],
    sources: Mapping[str, SourceFacts],
) -> list[Missing]:
    """In the order of the pages. `holders` are the organisations whose people hold a role."""
    return [
        *_purpose(agreement),
        *_parties(agreement, parties, holders),
        *_data(agreement),
        *_law(agreement, parties, sources),
        *_safeguards(agreement),
    ]


def _purpose(agreement: "Agreement") -> list[Missing]:
    if agreement.necessity.strip():
        return []
    return [Missing("purpose", _("Say why the purpose cannot be met with less data, or with none."))]


def _parties(
    agreement: "Agreement", parties: Collection["Organisation"], holders: Mapping[str, Collection["Organisation"]]
) -> list[Missing]:
    missing = []
    if not parties:
        missing.append(Missing("parties", _("Choose the organisations that agree.")))
    if not agreement.controllers:
        missing.append(Missing("parties", _("Say who decides how the data is used: one of you, or several.")))
    elif (agreement.controllers == "sole") != (len(parties) < 2) and parties:
        missing.append(
            Missing("parties", _("“The council alone” goes with one organisation, and the others with several."))
        )
    if not agreement.roles:
        missing.append(Missing("parties", _("Choose who may look.")))
    there = {party.code for party in parties}
    for role in agreement.roles:
        others = holders.get(role, ())
        if others and there.isdisjoint(one.code for one in others):
            names = ", ".join(one.name for one in others)
            missing.append(
                Missing("parties", _("A role in it belongs to %(names)s: make them a party.") % {"names": names})
            )
    return missing


def _data(agreement: "Agreement") -> list[Missing]:
    missing = [] if agreement.fields else [Missing("data", _("Choose what they see."))]
    if {"records", "*"} & set(agreement.fields) and not agreement.sources:
        missing.append(Missing("data", _("Choose the systems whose records they see.")))
    return missing


def _law(
    agreement: "Agreement", parties: Collection["Organisation"], sources: Mapping[str, SourceFacts]
) -> list[Missing]:
    missing = [*_article_6(agreement, parties)]
    if special_reasons(agreement.fields, agreement.sources, sources):
        missing += _article_9(agreement)
    if not agreement.article_10:
        missing.append(Missing("law", _("Say whether it is about criminal offences, and which condition allows that.")))
    used = {agreement.schedule_1, agreement.article_10} & grounds.NEED_POLICY
    if used and not agreement.policy_document.strip():
        missing.append(
            Missing("law", _("Name the appropriate policy document: the Schedule 1 condition holds only with one."))
        )
    return missing


def _article_6(agreement: "Agreement", parties: Collection["Organisation"]) -> list[Missing]:
    basis = agreement.lawful_basis
    if basis not in grounds.ARTICLE_6:
        return [Missing("law", _("Choose the lawful basis."))]
    missing = []
    if basis in (grounds.PUBLIC_TASK, grounds.LEGAL_OBLIGATION) and not agreement.legal_power.strip():
        missing.append(Missing("law", _("Name the Act and section that give the task or the duty.")))
    if basis == grounds.RECOGNISED and agreement.annex_1 not in grounds.ANNEX_1:
        missing.append(Missing("law", _("Choose which recognised legitimate interest it is.")))
    if basis in (grounds.RECOGNISED, grounds.INTERESTS) and all(party.is_public for party in parties):
        words = _("A public authority cannot rely on this basis for its tasks. Choose another.")
        missing.append(Missing("law", words))
    return missing


def _article_9(agreement: "Agreement") -> list[Missing]:
    if agreement.article_9 not in grounds.ARTICLE_9:
        words = _("It opens special-category data: choose the condition of Article 9 that allows it.")
        return [Missing("law", words)]
    needs = grounds.PARTS_FOR.get(agreement.article_9)
    if needs and agreement.schedule_1 not in needs:
        words = _("This condition of Article 9 needs one of these paragraphs of Schedule 1: %(numbers)s.")
        return [Missing("law", words % {"numbers": ", ".join(sorted(needs, key=int))})]
    return []


def _safeguards(agreement: "Agreement") -> list[Missing]:
    asked = {
        "dpia": _("Name the data protection impact assessment, or say why none is needed."),
        "retention": _("Say how long the data is kept, and what happens then."),
        "security": _("Say how it is kept safe."),
        "rights": _("Say how people's rights are served."),
        "frequency": _("Say how often it is used or shared."),
    }
    return [Missing("safeguards", words) for name, words in asked.items() if not getattr(agreement, name).strip()]
