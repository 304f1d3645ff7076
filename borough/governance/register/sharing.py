"""“May we share?”: questions and outcomes, both from the rows of the register.

The answers so far lead to the next question, or to an outcome: covered by an agreement that is live, no need for names,
not allowed, or a draft that starts with what was answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from borough.common import clock
from borough.governance.declared import all_sources
from borough.governance.models import Agreement, Organisation, Purpose
from borough.governance.policies import FIELDS
from borough.governance.register import grounds
from borough.governance.register.completeness import special_reasons
from borough.governance.register.drafting import Terms
from borough.governance.words import role_words

Answers = Mapping[str, Sequence[str]]
OTHER = "other"
NAMES = ("purpose", "names", "who", "roles", "fields", "sources", "law", "condition")


@dataclass(frozen=True)
class Question:
    """One page. `choices` are (code, words, hint); `many` takes several."""

    name: str
    title: str
    hint: str
    choices: Sequence[tuple[str, str | Promise, str | Promise]]
    many: bool = False


@dataclass(frozen=True)
class Outcome:
    """Where the answers lead. `agreement` is the one that covers it already."""

    kind: Literal["covered", "draft", "no"]
    title: str
    text: str
    agreement: str = ""


def next_step(answers: Answers) -> Question | Outcome:
    """The first question without an answer that can be used, or the outcome."""
    purpose = Purpose.objects.filter(code__in=answers.get("purpose", ())[:1]).first()
    if purpose is None:
        return _ask_purpose() if not _said(answers, "purpose", OTHER) else _new_purpose()
    if not answers.get("names"):
        return _ask_names()
    if _said(answers, "names", "no"):
        return Outcome(
            "no",
            _("You do not need people's records"),
            _("Use counts: the figures and the map show them, with small numbers protected. No agreement is needed."),
        )
    organisation = Organisation.objects.filter(code__in=answers.get("who", ())[:1]).first()
    if organisation is None:
        return _ask_who() if not _said(answers, "who", OTHER) else _new_organisation()
    if len(organisation.roles) > 1 and not _roles(answers, organisation):
        return _ask_roles(organisation)
    fields = [field for field in answers.get("fields", ()) if field in FIELDS]
    if not fields:
        return _ask_fields()
    sources = [code for code in answers.get("sources", ()) if code in all_sources()]
    if "records" in fields and not sources:
        return _ask_sources()
    covering = _covering(purpose, organisation, _roles(answers, organisation), fields, sources)
    return _covered(covering) if covering else _by_law(answers, purpose, organisation, fields, sources)


def draft_from(answers: Answers) -> tuple[str, str, str, Terms]:
    """(reference, purpose, title, terms) of a draft that starts with these answers, which lead to one."""
    purpose = Purpose.objects.get(code=answers["purpose"][0])
    organisation = Organisation.objects.get(code=answers["who"][0])
    ours = Organisation.objects.filter(ours=True).first()
    terms: Terms = {
        "roles": _roles(answers, organisation),
        "fields": answers["fields"],
        "sources": answers.get("sources", []),
        "parties": list({one.code for one in (ours, organisation) if one}),
        "controllers": "sole" if organisation.ours else "separate",
        "lawful_basis": answers["law"][0],
        "article_9": next(iter(answers.get("condition", [])), ""),
    }
    # What the council already relies on for this purpose is the likeliest power for this too; a person decides.
    like = Agreement.objects.filter(purpose=purpose, state="live", lawful_basis=answers["law"][0]).first()
    if like:
        terms["legal_power"] = like.legal_power
    title = f"{purpose.name}: {organisation.name}"
    return _reference(purpose, organisation), purpose.code, title[:200], terms


def _by_law(
    answers: Answers, purpose: Purpose, organisation: Organisation, fields: Sequence[str], sources: Sequence[str]
) -> Question | Outcome:
    bases = _bases_for(organisation)
    if _said(answers, "law", OTHER):
        return _no_ground()
    if next(iter(answers.get("law", ())), "") not in bases:
        return _ask_law(bases, purpose)
    reasons = special_reasons(fields, sources, all_sources())
    if reasons:
        if _said(answers, "condition", OTHER):
            return _no_ground()
        if next(iter(answers.get("condition", ())), "") not in grounds.ARTICLE_9:
            return _ask_condition(reasons)
    return Outcome(
        "draft",
        _("Not yet: it needs an agreement"),
        _("Start a draft with what you answered. It opens nothing until it is complete and somebody approves it."),
    )


def _roles(answers: Answers, organisation: Organisation) -> list[str]:
    """The roles that were chosen; where it has no choice, all that its people hold."""
    if len(organisation.roles) < 2:
        return list(organisation.roles)
    return [role for role in organisation.roles if role in answers.get("roles", ())]


def _covering(
    purpose: Purpose,
    organisation: Organisation,
    roles: Sequence[str],
    fields: Sequence[str],
    sources: Sequence[str],
) -> Agreement | None:
    today = clock.today()
    live = Agreement.objects.filter(
        purpose=purpose, state="live", starts_on__lte=today, review_on__gt=today, parties=organisation
    )
    for one in live.order_by("reference"):
        opens_fields = "*" in one.fields or set(fields) <= set(one.fields)
        opens_sources = "*" in one.sources or set(sources) <= set(one.sources)
        if opens_fields and opens_sources and set(roles) <= set(one.roles):
            return one
    return None


def _bases_for(organisation: Organisation) -> dict[str, grounds.Ground]:
    """A public authority cannot rely on legitimate interests for its tasks (Article 6(1), closing words)."""
    barred = {grounds.RECOGNISED, grounds.INTERESTS} if organisation.is_public else set()
    return {code: ground for code, ground in grounds.ARTICLE_6.items() if code not in barred}


def _said(answers: Answers, name: str, what: str) -> bool:
    return what in answers.get(name, ())


def _reference(purpose: Purpose, organisation: Organisation) -> str:
    base = slugify(f"{purpose.code}-{organisation.code}")[:50]
    taken = set(Agreement.objects.filter(reference__startswith=base).values_list("reference", flat=True))
    return next(wish for wish in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if wish not in taken)


def _ask_purpose() -> Question:
    choices = [(one.code, _(one.name), _(one.explanation)) for one in Purpose.objects.order_by("name")]
    return Question(
        "purpose",
        _("What is the data for?"),
        _("Data is used for the purpose it was collected for, or for one that goes with it."),
        [*choices, (OTHER, _("Something else"), "")],
    )


def _ask_names() -> Question:
    return Question(
        "names",
        _("Do they need to know who each person is?"),
        _("Counts and maps often do."),
        [("yes", _("Yes, they act for or with each person"), ""), ("no", _("No, figures are enough"), "")],
    )


def _ask_who() -> Question:
    choices = [(one.code, _(one.name), str(one.get_kind_display())) for one in Organisation.objects.order_by("name")]
    return Question("who", _("Who would look at it?"), "", [*choices, (OTHER, _("Another organisation"), "")])


def _ask_roles(organisation: Organisation) -> Question:
    choices = [(role, role_words([role]), "") for role in organisation.roles]
    return Question("roles", _("Which of its people?"), _("Only those who cannot work without it."), choices, many=True)


def _ask_fields() -> Question:
    return Question(
        "fields",
        _("What do they need to see?"),
        _("Only what they cannot do without."),
        [(code, _(name), "") for code, name in FIELDS.items()],
        many=True,
    )


def _ask_sources() -> Question:
    choices = [(one.code, _(one.title), _(one.owner)) for one in all_sources().values()]
    return Question("sources", _("Whose records do they need to see?"), "", choices, many=True)


def _ask_law(bases: Mapping[str, grounds.Ground], purpose: Purpose) -> Question:
    used = Agreement.objects.filter(purpose=purpose, state="live").values_list("lawful_basis", flat=True)
    named = {code: _("Used for this purpose today. ") for code in used}
    choices = [(code, ground.words, f"{named.get(code, '')}{ground.hint}") for code, ground in bases.items()]
    return Question(
        "law",
        _("Which lawful basis allows it?"),
        _("UK GDPR Article 6. Ask the data protection officer when in doubt."),
        [*choices, (OTHER, _("None of these"), "")],
    )


def _ask_condition(reasons: Sequence[str]) -> Question:
    choices = [(code, ground.words, _(ground.cites)) for code, ground in grounds.ARTICLE_9.items()]
    return Question(
        "condition",
        _("Which condition allows special-category data?"),
        " ".join(reasons),
        [*choices, (OTHER, _("None of these"), "")],
    )


def _covered(agreement: Agreement) -> Outcome:
    return Outcome(
        "covered",
        _("Yes: an agreement covers it"),
        _("Use the data for this purpose alone, and only as this agreement says."),
        agreement.reference,
    )


def _new_purpose() -> Outcome:
    return Outcome(
        "no",
        _("Not for a purpose that is not in the register"),
        _("Ask the information governance team whether it goes with what the data was collected for."),
    )


def _new_organisation() -> Outcome:
    return Outcome(
        "no",
        _("Not before the organisation is in the register"),
        _("Ask the information governance team to add it: its name, its ICO registration and whom to contact."),
    )


def _no_ground() -> Outcome:
    return Outcome(
        "no",
        _("No: the law does not allow it"),
        _("Without a lawful basis or a condition it must not be shared. Ask for less, or ask for figures."),
    )
