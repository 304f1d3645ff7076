"""Verbs on impact assessments: screen, start with what the register knows, edit a step, sign off, revise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.decisions.reading import RuleView, list_rules
from borough.governance.declared import all_sources
from borough.governance.dpia.models import DPIA_STATES, Dpia
from borough.governance.dpia.screening import Declared, Screening, screen
from borough.governance.models import Agreement, Purpose
from borough.governance.register.completeness import special_reasons
from borough.governance.register.words import condition_words, law_words, party_words, said, source_words
from borough.governance.words import field_words, role_words

# Steps 1 to 4, each with its texts; 5 and 6 are the risks, 7 the sign-off.
TEXTS: dict[str, tuple[str, ...]] = {
    "need": ("need",),
    "processing": ("nature", "scope", "context", "purposes"),
    "consultation": ("consultation",),
    "necessity": ("necessity",),
}
STEPS = (*TEXTS, "risks", "sign-off")
A_YEAR = timedelta(days=365)
IN_TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True)
class Screened:
    """A purpose, whether it needs an assessment, and the newest one."""

    purpose: Purpose
    screening: Screening
    newest: Dpia | None


def screen_purposes() -> list[Screened]:
    """Every purpose with what it trips. From declarations alone: it reads no people."""
    agreements: dict[str, list[Agreement]] = {}
    for one in Agreement.objects.exclude(state="revoked").prefetch_related("parties"):
        agreements.setdefault(one.purpose_id, []).append(one)
    rules: dict[str, list[RuleView]] = {}
    for rule in list_rules():
        rules.setdefault(rule.purpose, []).append(rule)
    newest = {one.purpose_id: one for one in Dpia.objects.order_by("version")}
    return [
        Screened(
            purpose,
            screen(_declared(agreements.get(purpose.code, []), rules.get(purpose.code, []))),
            newest.get(purpose.code),
        )
        for purpose in Purpose.objects.order_by("name")
    ]


def screen_purpose(code: str) -> Screened:
    """One purpose. Raises NotFound."""
    for one in screen_purposes():
        if one.purpose.code == code:
            return one
    raise NotFound(_("There is no such purpose."), _("Open it from the list."))


def read_dpia(dpia_id: int) -> Dpia:
    """One version. Raises NotFound."""
    found = Dpia.objects.select_related("purpose").filter(pk=dpia_id).first()
    if found is None:
        raise NotFound(_("There is no such impact assessment."), _("Open it from the list."))
    return found


def start_dpia(*, by: Viewer, purpose: str, due_on: date | None = None) -> int:
    """Begin an assessment, or a new version of the one that was signed. What the register knows is filled in."""
    check_may_work_as(by, IG_OFFICER)
    screened = screen_purpose(purpose)
    before = screened.newest
    if before is not None and before.state == "draft":
        return before.pk
    says, risks = _prefilled(screened), _usual_risks(screened)
    if before is not None:
        # What people wrote is kept; what the register knows is written anew.
        says |= {name: before.says[name] for name in ("consultation",) if before.says.get(name)}
        risks = before.risks
    version = Dpia.objects.filter(purpose=purpose).aggregate(newest=Max("version"))["newest"] or 0
    row = Dpia.objects.create(
        purpose=screened.purpose,
        version=version + 1,
        due_on=due_on or clock.today() + IN_TWO_WEEKS,
        says=says,
        risks=risks,
        written_by=by.name,
        changed_at=clock.now(),
    )
    return row.pk


def edit_dpia(*, by: Viewer, dpia_id: int, **changes: Any) -> None:
    """Change a draft. `changes` are texts of steps 1 to 4, `risks`, or fields of the sign-off."""
    check_may_work_as(by, IG_OFFICER)
    texts = {name for names in TEXTS.values() for name in names}
    with transaction.atomic():
        row = _draft(dpia_id)
        for name, value in changes.items():
            if name in texts:
                row.says[name] = value
            else:
                setattr(row, name, value)
        row.changed_at, row.written_by = clock.now(), by.name
        row.save()


def sign_dpia(*, by: Viewer, dpia_id: int) -> None:
    """Sign the assessment off; the version before it is replaced. Raises Problem that says what is missing."""
    check_may_work_as(by, IG_OFFICER)
    with transaction.atomic():
        row = _draft(dpia_id)
        missing = what_is_missing(row)
        if missing:
            raise Problem(_("This assessment cannot be signed off yet."), " ".join(words for _step, words in missing))
        DPIA_STATES.check_change(row.state, "signed")
        Dpia.objects.filter(purpose=row.purpose, state="signed").update(state="replaced")
        row.state, row.signed_by, row.signed_at = "signed", by.name, clock.now()
        row.review_on = row.review_on or clock.today() + A_YEAR
        row.save()


def what_is_missing(row: Dpia) -> list[tuple[str, str]]:
    """(step, what to write) in the order of the steps."""
    missing = []
    titles = text_titles()
    for step, names in TEXTS.items():
        for name in names:
            if not str(row.says.get(name, "")).strip():
                missing += [(step, _("Write: %(what)s.") % {"what": titles[name]})]
    if not row.risks:
        missing.append(("risks", _("Name at least one risk.")))
    for risk in row.risks:
        if not (risk.get("measure") and risk.get("residual")):
            missing.append(("risks", _("Each risk needs a measure, and what risk remains.")))
            break
    if any(risk.get("residual") == "high" for risk in row.risks) and not row.ico_consulted.strip():
        words = _("A high risk remains: consult the ICO before you begin (UK GDPR Article 36), and write what it said.")
        missing.append(("sign-off", words))
    if not row.measures_approved_by:
        missing.append(("sign-off", _("Name who approved the measures.")))
    if not row.residual_approved_by:
        missing.append(("sign-off", _("Name who approved the risk that remains.")))
    if not row.dpo_advice.strip():
        missing.append(("sign-off", _("Write what the data protection officer advised.")))
    if row.advice_accepted is None:
        missing.append(("sign-off", _("Say whether the advice was followed.")))
    if row.advice_accepted is False and not row.overruled_because.strip():
        missing.append(("sign-off", _("Say why the advice was not followed.")))
    return missing


def text_titles() -> dict[str, str]:
    return {
        "need": _("Why an assessment is needed"),
        "nature": _("How data is collected, used, kept and deleted"),
        "scope": _("Which data, how much, how long"),
        "context": _("Who the people are, and what they expect"),
        "purposes": _("What it is to achieve"),
        "consultation": _("Who was asked, and what they said"),
        "necessity": _("Lawful basis, necessity and proportion"),
    }


def _draft(dpia_id: int) -> Dpia:
    row = Dpia.objects.select_for_update(of=("self",)).select_related("purpose").filter(pk=dpia_id).first()
    if row is None:
        raise NotFound(_("There is no such impact assessment."), _("Open it from the list."))
    if row.state != "draft":
        raise WrongState(_("This version is signed off, so it cannot change."), _("Make a new version."))
    return row


def _declared(agreements: Sequence[Agreement], rules: Sequence[RuleView]) -> Declared:
    known = all_sources()
    fields = {field for one in agreements for field in one.fields}
    named = {code for one in agreements for code in one.sources}
    sources = set(known) if "*" in named else named
    return Declared(
        fields=fields,
        sources=sources,
        special=any(special_reasons(one.fields, one.sources, known) for one in agreements)
        or any(rule.special for rule in rules),
        criminal=any(one.article_10 not in ("", "none") for one in agreements),
        records=sum(known[code].records for code in sources if code in known),
        children=any(known[code].children for code in sources if code in known),
        profiling="indicators" in fields or any(rule.says.get("profiling") for rule in rules),
        decides_alone=any(rule.solely_automated for rule in rules),
        significant=any(rule.significant for rule in rules),
    )


def _prefilled(screened: Screened) -> dict[str, str]:
    """What the register knows, as the officer would write it."""
    known = all_sources()
    agreements = list(
        Agreement.objects.filter(purpose=screened.purpose).exclude(state="revoked").prefetch_related("parties")
    )

    def each(words: Any) -> str:
        lines = dict.fromkeys(f"{_(one.title)}: {words(one)}" for one in agreements if words(one))
        return "\n".join(lines)

    return {
        "need": "\n".join(screened.screening.reasons)
        or _("No criterion is met; the council assesses it all the same."),
        "nature": each(
            lambda one: f"{source_words(one.sources, known)} → {role_words(one.roles)}. {said(one.frequency)}."
        ),
        "scope": each(lambda one: f"{field_words(one.fields)}. {said(one.retention)}"),
        "context": each(lambda one: f"{party_words(one)}. {said(one.rights)}"),
        "purposes": f"{_(screened.purpose.name)}. {_(screened.purpose.explanation)}",
        "consultation": "",
        "necessity": each(
            lambda one: "; ".join(filter(None, [law_words(one), condition_words(one), said(one.necessity)]))
        ),
    }


def _usual_risks(screened: Screened) -> list[dict[str, str]]:
    """Risks that follow from what is declared, for the officer to weigh. Nothing is weighed for them."""
    met = {one.source for one in screened.screening.wp248 if one.met}
    risks = [
        (_("Somebody looks without need."), _("Only fields named in an agreement open; every look is in the ledger."))
    ]
    if "WP248 6" in met:
        words = _("Two people are taken for one, or one for two, and act on the wrong record.")
        risks.append((words, _("Doubtful links go to a person; every link can be undone.")))
    if "WP248 1" in met:
        words = _("Somebody is judged by a score, or feels watched.")
        risks.append((words, _("A score only offers help; its reasons are shown; people can object.")))
    if "WP248 9" in met:
        words = _("A wrong decision costs somebody money or a service.")
        risks.append((words, _("A person decides; whoever it is about is told and can challenge it.")))
    blank = {"likelihood": "", "severity": "", "effect": "", "residual": ""}
    return [{"risk": risk, "measure": measure, **blank} for risk, measure in risks]
