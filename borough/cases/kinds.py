"""What a council service declares: a folder in `borough/council_services` fills in this and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext_noop as _

from borough.accounts.policies import STAFF_ROLES
from borough.common.errors import NotFound
from borough.messaging.wording import Wording

URGENCIES = {"urgent": _("Urgent"), "soon": _("Soon"), "routine": _("Routine")}

# What triage may look at: need, text (what they said) and the answers to the service's own questions.
Facts = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question of the ask form, beside the need and how to reach the person."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    kind: Literal["text", "textarea", "choice"] = "text"
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseKind:
    """One council service.

    `needs` maps a need's code to its label, `skills` a need to the skill that a volunteer brings for it,
    `checked_needs` are those for which the volunteer has a DBS check in date. `triage` says how urgent from the
    facts, `recognise_need` which need a text speaks of. `target_days` maps each urgency to days from the ask.
    `cohort_rule` is the rule that insight offers first for whom to reach, `indicators` the ones that tell whether
    it worked. Wordings are files in `folder`/templates: `check_in.sms.txt`, and `check_in.email.txt` whose first
    line is the subject.
    """

    code: str
    reference_prefix: str
    title: str
    summary: str
    purpose: str
    roles: frozenset[str]
    needs: Mapping[str, str]
    target_days: Mapping[str, int]
    triage: Callable[[Facts], str]
    recognise_need: Callable[[str], str]
    fulfilled_by: Literal["volunteer", "service", "team"]
    folder: Path
    skills: Mapping[str, str] = field(default_factory=dict)
    checked_needs: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
    cohort_rule: Mapping[str, Any] = field(default_factory=dict)
    indicators: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = []
        if not self.needs:
            problems.append("needs is empty")
        if set(self.target_days) != set(URGENCIES):
            problems.append(f"target_days must name {', '.join(URGENCIES)}")
        if unknown := set(self.roles) - set(STAFF_ROLES):
            problems.append(f"no such role: {', '.join(sorted(unknown))}")
        if unknown := (set(self.skills) | self.checked_needs) - set(self.needs):
            problems.append(f"skills or checked_needs name no need: {', '.join(sorted(unknown))}")
        if self.fulfilled_by == "volunteer" and set(self.skills) != set(self.needs):
            problems.append("volunteers fulfil it, so each need must name a skill")
        if problems:
            raise ValueError(f"{self.folder / 'service.py'}: {'; '.join(problems)}")

    def wording(self, name: str) -> Wording:
        """The wording of this name; messaging fills its `((placeholders))`.

        Raises FileNotFoundError that names the files it needs.
        """
        folder = self.folder / "templates"
        sms, email = folder / f"{name}.sms.txt", folder / f"{name}.email.txt"
        if not sms.exists() or not email.exists():
            raise FileNotFoundError(f"{self.code} needs {sms} and {email}")
        subject, _newline, body = email.read_text(encoding="utf-8").partition("\n")
        return Wording(sms=sms.read_text("utf-8").strip(), email_subject=subject.strip(), email_body=body.strip())


_kinds: dict[str, CaseKind] = {}


def register_kind(kind: CaseKind) -> None:
    """Switch a service on. The same declaration twice is once; two services with one code are refused."""
    known = _kinds.get(kind.code)
    if known is not None and known.folder != kind.folder:
        raise ValueError(f"{known.folder} and {kind.folder} both declare the code {kind.code!r}: change one")
    _kinds[kind.code] = kind


def kind(code: str) -> CaseKind:
    """The service of this code. Raises NotFound where this authority has not switched it on."""
    try:
        return _kinds[code]
    except KeyError as error:
        raise NotFound("This service is not offered here.", "Go back and choose another service.") from error


def all_kinds() -> list[CaseKind]:
    """The services that are switched on, by title."""
    return sorted(_kinds.values(), key=lambda one: one.title)
