"""A decision rule as a record of the Algorithmic Transparency Recording Standard, version 3.0: tier 1 and tier 2.

Numbers and keys are the standard's as we know it: they have not been held against its template. What the register
cannot know, such as a supplier's number, is said to be none where the house itself wrote the rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from borough.common.disclosure import count_words, protect, total_of
from borough.governance.decisions.reading import RuleView
from borough.governance.declared import SourceFacts
from borough.governance.models import Agreement
from borough.governance.register.words import condition_words, law_words, source_words

VERSION = "3.0"


@dataclass(frozen=True)
class Field:
    number: str
    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Section:
    tier: int
    key: str
    title: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Publisher:
    """Who publishes, and where the record is."""

    name: str
    email: str
    url: str


def atrs_record(
    rule: RuleView,
    *,
    publisher: Publisher,
    agreements: Sequence[Agreement],
    sources: Mapping[str, SourceFacts],
    scale: str,
) -> list[Section]:
    """The record, section by section. `agreements` are those that are live for the rule's purpose; `scale` how often
    it was used, as it may be published."""
    says = rule.says
    about: dict[str, Any] = says["about"]
    risks = "; ".join(f"{_(risk)} {_(answer)}" for risk, answer in about["risks"])
    shared = ", ".join(_(one.title) for one in agreements) or _("None is live.")
    special = _("Yes. ") + "; ".join(filter(None, map(condition_words, agreements))) if rule.special else _("None")
    logic = " ".join(_(line) for line in says["logic"])
    return [
        Section(
            1,
            "overview",
            _("Overview"),
            [
                Field("1.1", "name", _("Name"), _(rule.title)),
                Field("1.2", "description", _("Description"), f"{_(says['question'])} {_(about['why'])}"),
                Field("1.3", "website_url", _("Website"), publisher.url),
                Field("1.4", "contact_email", _("Contact email"), publisher.email),
            ],
        ),
        Section(
            2,
            "owner_and_responsibility",
            _("Owner and responsibility"),
            [
                Field("2.1.1", "organisation", _("Organisation"), publisher.name),
                Field("2.1.2", "team", _("Team"), _(says["owner"])),
                Field("2.1.3", "senior_responsible_owner", _("Senior responsible owner"), _(says["owner"])),
                Field("2.1.4", "external_supplier", _("External supplier involved"), _("No. The rule is open source.")),
            ],
        ),
        Section(
            2,
            "description_and_rationale",
            _("Description and rationale"),
            [
                Field("2.2.1", "detailed_description", _("Detailed description"), logic),
                Field("2.2.2", "scope", _("Scope"), f"{_(says['question'])} {says['cites']}"),
                Field("2.2.3", "benefit", _("Benefit"), _(about["why"])),
                Field("2.2.4", "previous_process", _("Previous process"), _(about["before"])),
                Field("2.2.5", "alternatives_considered", _("Alternatives considered"), _(about["instead"])),
            ],
        ),
        Section(
            2,
            "decision_making_process",
            _("Decision-making process"),
            [
                Field("2.3.1", "process_integration", _("How it is used in a decision"), _how_it_is_used(rule)),
                Field("2.3.2", "provided_information", _("What it gives the decision-maker"), _outcomes(says)),
                Field("2.3.3", "frequency_and_scale", _("How often"), f"{_(about['scale'])} {scale}".strip()),
                Field("2.3.4", "human_decisions_and_review", _("How a person takes part"), _(says["human_review"])),
                Field("2.3.5", "required_training", _("Training"), _(about["training"])),
                Field("2.3.6", "appeals_and_review", _("How to challenge it"), _challenge(says)),
            ],
        ),
        Section(
            2,
            "tool_specification",
            _("How the tool is made"),
            [
                Field("2.4.1.1", "system_architecture", _("System architecture"), _(about["made_of"])),
                Field("2.4.1.2", "phase", _("Phase"), _phase(rule, about)),
                Field("2.4.1.3", "maintenance", _("Maintenance"), _(about["upkeep"])),
                Field("2.4.1.4", "models", _("Models"), _(about["made_of"])),
                Field("2.4.2.1", "model_name", _("Model name"), rule.code),
                Field("2.4.2.2", "model_version", _("Model version"), rule.version),
                Field("2.4.2.3", "model_task", _("Model task"), _(says["question"])),
                Field("2.4.2.4", "model_input", _("Model input"), ", ".join(_(w) for w in says["inputs"].values())),
                Field("2.4.2.5", "model_output", _("Model output"), _outcomes(says)),
                Field("2.4.2.6", "model_architecture", _("Model architecture"), logic),
                Field("2.4.2.7", "model_performance", _("Model performance"), _(about["performance"])),
                Field("2.4.2.8", "datasets", _("Datasets"), source_words(says["sources"], sources)),
                Field("2.4.2.9", "dataset_purposes", _("Dataset purposes"), _("The decision itself.")),
                Field("2.4.3.1", "source_data_name", _("Source data"), source_words(says["sources"], sources)),
                Field("2.4.3.2", "data_modality", _("Kind of data"), _("Tables")),
                Field("2.4.3.3", "data_description", _("Data description"), _data(says)),
                Field("2.4.3.4", "data_quantities", _("Data quantities"), _quantity(says, sources)),
                Field("2.4.3.5", "sensitive_attributes", _("Sensitive attributes"), special),
                Field(
                    "2.4.3.6",
                    "data_completeness_and_representativeness",
                    _("Completeness and representativeness"),
                    _("Measured with every load by source, naming tradition and age."),
                ),
                Field("2.4.3.7", "source_data_url", _("Where the source data is"), _("It is not public.")),
                Field(
                    "2.4.3.8",
                    "data_collection",
                    _("How the data was collected"),
                    _("By the council's services, for their own work."),
                ),
                Field(
                    "2.4.3.9",
                    "data_cleaning",
                    _("How the data is cleaned"),
                    _("As its mapping file says; a row that cannot be right is kept apart with the reason."),
                ),
                Field("2.4.3.10", "data_sharing_agreements", _("Data sharing agreements"), shared),
                Field(
                    "2.4.3.11",
                    "data_access_and_storage",
                    _("Who can reach the data"),
                    "; ".join(dict.fromkeys(_(one.security) for one in agreements if one.security)) or _("Nobody."),
                ),
            ],
        ),
        Section(
            2,
            "risks_mitigations_and_impact_assessments",
            _("Risks, mitigations and impact assessments"),
            [
                Field(
                    "2.5.1",
                    "impact_assessment",
                    _("Impact assessments"),
                    "; ".join(dict.fromkeys(_(one.dpia) for one in agreements if one.dpia)) or _("None is recorded."),
                ),
                Field("2.5.2", "risks_and_mitigations", _("Risks and mitigations"), risks),
                Field(
                    "law",
                    "lawful_basis",
                    _("Lawful basis (not asked by the standard)"),
                    "; ".join(dict.fromkeys(map(law_words, agreements))) or _("None is recorded."),
                ),
            ],
        ),
    ]


def as_json(record: Sequence[Section]) -> dict[str, Any]:
    """The record for machines: {"standard": …, "tier_1": {key: value}, "tier_2": {section: {key: value}}}."""
    tier_2 = {one.key: {field.key: field.value for field in one.fields} for one in record if one.tier == 2}
    tier_1 = {field.key: field.value for one in record if one.tier == 1 for field in one.fields}
    numbers = {field.key: field.number for one in record for field in one.fields}
    return {"standard": "ATRS", "standard_version": VERSION, "tier_1": tier_1, "tier_2": tier_2, "numbers": numbers}


def _how_it_is_used(rule: RuleView) -> str:
    if rule.solely_automated:
        return _("It decides alone.") + " " + _(rule.says["human_review"])
    return _("It proposes. A person decides.")


def _outcomes(says: Mapping[str, Any]) -> str:
    return "; ".join(_(words) for words in says["outcomes"].values())


def _challenge(says: Mapping[str, Any]) -> str:
    if says["not_kept"]:
        return _("Object, or ask for a person, on the page about your own record or by telephone.")
    return _("Everybody it is about gets a link: they can answer, ask for a person and challenge it. Another decides.")


def _phase(rule: RuleView, about: Mapping[str, Any]) -> str:
    return _(about["phase"]) if rule.state == "on" else _("Not in use")


def _data(says: Mapping[str, Any]) -> str:
    return ", ".join(_(words) for words in says["inputs"].values())


def _quantity(says: Mapping[str, Any], sources: Mapping[str, SourceFacts]) -> str:
    used = [facts for code, facts in sources.items() if "*" in says["sources"] or code in says["sources"]]
    # Two days' exact counts, one taken from the other, would tell that somebody was added.
    published = total_of(protect(facts.records) for facts in used)
    return _("%(number)s records") % {"number": f"{published:,}" if published else count_words(None)}
