"""The provisions that allow a use of personal data, as codes.

UK GDPR Articles 6, 9 and 10 and Annex 1 as amended by the Data (Use and Access) Act 2025, sections 70 and 80 and
Schedule 4; Data Protection Act 2018 Schedule 1. Read on 22 November 2026.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Ground:
    """One provision. `dpv` is its term in the W3C Data Privacy Vocabulary, empty where it has none."""

    words: str | Promise
    cites: str
    hint: str | Promise = ""
    dpv: str = ""


PUBLIC_TASK, LEGAL_OBLIGATION, RECOGNISED, INTERESTS = "6-1-e", "6-1-c", "6-1-ea", "6-1-f"

ARTICLE_6: dict[str, Ground] = {
    PUBLIC_TASK: Ground(
        _("Public task"),
        "UK GDPR Article 6(1)(e)",
        _("A task that the law gives to the council, in the public interest"),
        "eu-gdpr:A6-1-e",
    ),
    LEGAL_OBLIGATION: Ground(
        _("Legal obligation"), "UK GDPR Article 6(1)(c)", _("The law says that it must be done"), "eu-gdpr:A6-1-c"
    ),
    "6-1-d": Ground(_("Vital interests"), "UK GDPR Article 6(1)(d)", _("To protect somebody's life"), "eu-gdpr:A6-1-d"),
    "6-1-a": Ground(
        _("Consent"), "UK GDPR Article 6(1)(a)", _("The person agreed, and can say no at any time"), "eu-gdpr:A6-1-a"
    ),
    "6-1-b": Ground(_("Contract"), "UK GDPR Article 6(1)(b)", _("A contract with the person"), "eu-gdpr:A6-1-b"),
    RECOGNISED: Ground(
        _("Recognised legitimate interest"),
        "UK GDPR Article 6(1)(ea)",
        _("For organisations that are not public authorities at their tasks, such as a charity that safeguards"),
        "dpv:LegitimateInterest",
    ),
    INTERESTS: Ground(
        _("Legitimate interests"),
        "UK GDPR Article 6(1)(f)",
        _("For organisations that are not public authorities at their tasks, after weighing both sides"),
        "eu-gdpr:A6-1-f",
    ),
}

ANNEX_1: dict[str, Ground] = {
    "1": Ground(_("Disclosure that somebody asked for their public task"), "UK GDPR Annex 1 paragraph 1"),
    "2": Ground(_("National security, public security and defence"), "UK GDPR Annex 1 paragraph 2"),
    "3": Ground(_("Emergencies"), "UK GDPR Annex 1 paragraph 3"),
    "5": Ground(_("Crime"), "UK GDPR Annex 1 paragraph 5"),
    "6": Ground(_("Safeguarding vulnerable individuals"), "UK GDPR Annex 1 paragraph 6"),
}

NONE = "none"
EXPLICIT_CONSENT, SUBSTANTIAL_PUBLIC_INTEREST = "9-2-a", "9-2-g"

ARTICLE_9: dict[str, Ground] = {
    "9-2-h": Ground(_("Health or social care"), "UK GDPR Article 9(2)(h)", dpv="eu-gdpr:A9-2-h"),
    SUBSTANTIAL_PUBLIC_INTEREST: Ground(
        _("Substantial public interest"), "UK GDPR Article 9(2)(g)", dpv="eu-gdpr:A9-2-g"
    ),
    "9-2-c": Ground(_("Vital interests"), "UK GDPR Article 9(2)(c)", dpv="eu-gdpr:A9-2-c"),
    EXPLICIT_CONSENT: Ground(_("Explicit consent"), "UK GDPR Article 9(2)(a)", dpv="eu-gdpr:A9-2-a"),
    "9-2-b": Ground(
        _("Employment, social security and social protection"), "UK GDPR Article 9(2)(b)", dpv="eu-gdpr:A9-2-b"
    ),
    "9-2-d": Ground(_("Not-for-profit bodies, of their members"), "UK GDPR Article 9(2)(d)", dpv="eu-gdpr:A9-2-d"),
    "9-2-e": Ground(_("Made public by the person"), "UK GDPR Article 9(2)(e)", dpv="eu-gdpr:A9-2-e"),
    "9-2-f": Ground(_("Legal claims and courts"), "UK GDPR Article 9(2)(f)", dpv="eu-gdpr:A9-2-f"),
    "9-2-i": Ground(_("Public health"), "UK GDPR Article 9(2)(i)", dpv="eu-gdpr:A9-2-i"),
    "9-2-j": Ground(_("Archiving, research and statistics"), "UK GDPR Article 9(2)(j)", dpv="eu-gdpr:A9-2-j"),
}


def _paragraph(number: str, words: str | Promise) -> Ground:
    return Ground(words, f"Data Protection Act 2018 Schedule 1 paragraph {number}")


# Those that councils use; a condition of Article 9(2) that needs one of them names which.
SCHEDULE_1: dict[str, Ground] = {
    number: _paragraph(number, words)
    for number, words in (
        ("1", _("Employment, social security and social protection")),
        ("2", _("Health or social care purposes")),
        ("3", _("Public health")),
        ("4", _("Research")),
        ("6", _("Statutory and government purposes")),
        ("7", _("Administration of justice")),
        ("8", _("Equality of opportunity or treatment")),
        ("10", _("Preventing or detecting unlawful acts")),
        ("11", _("Protecting the public against dishonesty")),
        ("14", _("Preventing fraud")),
        ("16", _("Support for people with a disability or medical condition")),
        ("17", _("Counselling")),
        ("18", _("Safeguarding of children and of individuals at risk")),
        ("19", _("Safeguarding of economic well-being of certain individuals")),
        ("23", _("Elected representatives responding to requests")),
        ("24", _("Disclosure to elected representatives")),
    )
}
# Part 3: conditions for criminal-offence data alone.
CRIMINAL_ONLY: dict[str, Ground] = {
    number: _paragraph(number, words)
    for number, words in (
        ("29", _("Consent")),
        ("30", _("Vital interests")),
        ("32", _("Made public by the person")),
        ("33", _("Legal claims")),
        ("34", _("Judicial acts")),
    )
}
ARTICLE_10: dict[str, Ground] = {**SCHEDULE_1, **CRIMINAL_ONLY}

# Data Protection Act 2018 section 10: these points of Article 9(2) hold only with a paragraph of Schedule 1, and which.
PARTS_FOR: dict[str, frozenset[str]] = {
    "9-2-b": frozenset({"1"}),
    "9-2-h": frozenset({"2"}),
    "9-2-i": frozenset({"3"}),
    "9-2-j": frozenset({"4"}),
    SUBSTANTIAL_PUBLIC_INTEREST: frozenset(SCHEDULE_1) - {"1", "2", "3", "4"},
}
# Paragraphs 1(1)(b) and 5: these hold only with an appropriate policy document (Part 4).
NEED_POLICY = frozenset(SCHEDULE_1) - {"2", "3", "4"}


def cited(grounds: dict[str, Ground], code: str) -> str:
    """Public task (UK GDPR Article 6(1)(e)); what is no code stands as it was written."""
    ground = grounds.get(code)
    return f"{ground.words} ({ground.cites})" if ground else code


def choices(grounds: dict[str, Ground]) -> list[tuple[str, str]]:
    return [(code, f"{ground.words}, {ground.cites}") for code, ground in grounds.items()]
