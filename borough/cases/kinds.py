"""What a council service declares: a folder in `borough/council_services` fills in this and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from borough.accounts.policies import STAFF_ROLES
from borough.cases.talks.conversation import Topic
from borough.common.errors import NotFound
from borough.common.working_days import add_working_days
from borough.messaging.wording import Wording, read_wording

URGENCIES = {"urgent": _("Urgent"), "soon": _("Soon"), "routine": _("Routine")}

# Words that every service needs and few write anew, such as the receipt for a referral.
HOUSE_WORDINGS = Path(__file__).parent / "wordings"

# What triage may look at: need, text (what they said) and the answers to the service's own questions.
Facts = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question of the ask form, beside the need and how to reach the person. `need`: asked for that need alone."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    kind: Literal["text", "textarea", "choice"] = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    need: str = ""


@dataclass(frozen=True)
class Route:
    """Cases of these needs, of people in these postcode districts, go to this role first. Empty means any."""

    role: str
    needs: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CaseKind:
    """One council service.

    `needs` maps a need's code to its label, `skills` a need to the skill that a volunteer brings for it,
    `checked_needs` are those for which the volunteer has a DBS check in date. `triage` says how urgent from the
    facts, `recognise_need` which need a text speaks of. `target_days` maps each urgency to days from the ask, which are
    working days for those urgencies that `in_working_days` names. `routes` say who gets which case first.
    `cohort_rule` is the rule that insight offers first for whom to reach, `indicators` the ones that tell whether
    it worked. Wordings are files in `folder`/templates: `check_in.sms.txt`, and `check_in.email.txt` whose first
    line is the subject; `check_in.sms.pl.txt` is the same in Polish. Those that a folder lacks are the house's own.

    For referrals: `search_words` are what the directory is searched with for a need, its code where nothing is said;
    a service has `answer_days` working days to answer; `self_referral` lets residents refer themselves; about
    `silent_needs` nothing is written to the person, whose post and phone somebody else may read.

    For feedback: who has not answered within `chase_days` working days is asked once more; `wellbeing` is the
    instrument (wellbeing.py) that is asked with it, before help and after. `guidance` is what whoever helps must know
    of a need, in sentences.

    `conversation` are the topics that a worker goes through with the person (`talks.conversation.read_conversation`).
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
    in_working_days: frozenset[str] = frozenset()
    skills: Mapping[str, str] = field(default_factory=dict)
    checked_needs: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
    routes: tuple[Route, ...] = ()
    cohort_rule: Mapping[str, Any] = field(default_factory=dict)
    indicators: tuple[str, ...] = ()
    search_words: Mapping[str, str] = field(default_factory=dict)
    answer_days: int = 10
    self_referral: bool = False
    silent_needs: frozenset[str] = frozenset()
    chase_days: int = 3
    wellbeing: Literal["ons4", "swemwbs"] | None = None
    guidance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conversation: tuple[Topic, ...] = ()

    def __post_init__(self) -> None:
        problems = []
        if not self.needs:
            problems.append("needs is empty")
        if set(self.target_days) != set(URGENCIES):
            problems.append(f"target_days must name {', '.join(URGENCIES)}")
        if unknown := {route.role for route in self.routes} - set(self.roles):
            problems.append(f"routes go to a role that does not work these cases: {', '.join(sorted(unknown))}")
        if unknown := {need for route in self.routes for need in route.needs} - set(self.needs):
            problems.append(f"routes name no need: {', '.join(sorted(unknown))}")
        if unknown := set(self.in_working_days) - set(URGENCIES):
            problems.append(f"in_working_days names no urgency: {', '.join(sorted(unknown))}")
        if unknown := set(self.roles) - set(STAFF_ROLES):
            problems.append(f"no such role: {', '.join(sorted(unknown))}")
        if unknown := (set(self.skills) | self.checked_needs) - set(self.needs):
            problems.append(f"skills or checked_needs name no need: {', '.join(sorted(unknown))}")
        if unknown := (set(self.search_words) | self.silent_needs) - set(self.needs):
            problems.append(f"search_words or silent_needs name no need: {', '.join(sorted(unknown))}")
        if unknown := (set(self.guidance) | {one.need for one in self.questions} - {""}) - set(self.needs):
            problems.append(f"guidance or questions name no need: {', '.join(sorted(unknown))}")
        if unknown := {topic.need for topic in self.conversation} - set(self.needs):
            problems.append(f"the conversation names no need: {', '.join(sorted(unknown))}")
        if self.answer_days < 1 or self.chase_days < 1:
            problems.append("answer_days and chase_days must be 1 or more")
        if self.fulfilled_by == "volunteer" and set(self.skills) != set(self.needs):
            problems.append("volunteers fulfil it, so each need must name a skill")
        if problems:
            raise ValueError(f"{self.folder / 'service.py'}: {'; '.join(problems)}")

    def team_for(self, need: str, district: str = "") -> str:
        """The role that the first route which fits sends such a case to; empty where none does."""
        for route in self.routes:
            if (not route.needs or need in route.needs) and (not route.districts or district in route.districts):
                return route.role
        return ""

    def routes_by_district(self, need: str) -> bool:
        """Whether it matters to a route where the person who needs this lives."""
        return any(route.districts and (not route.needs or need in route.needs) for route in self.routes)

    def due_on(self, urgency: str, asked_on: date) -> date:
        """The day by which help should be there."""
        days = self.target_days[urgency]
        return add_working_days(asked_on, days) if urgency in self.in_working_days else asked_on + timedelta(days=days)

    def wording(self, name: str) -> Wording:
        """The wording of this name; messaging fills its `((placeholders))`.

        Raises FileNotFoundError that names the files it needs.
        """
        for folder in (self.folder / "templates", HOUSE_WORDINGS):
            found = read_wording(folder, name)
            if found is not None:
                return found
        folder = self.folder / "templates"
        raise FileNotFoundError(f"{self.code} needs {folder / name}.sms.txt and {folder / name}.email.txt")

    def words_of(self, name: str, answer: str) -> str:
        """An answer to a question as a person reads it: of a choice its words, not its code."""
        choices = next((question.choices for question in self.questions if question.name == name), {})
        return gettext(choices[answer]) if answer in choices else answer

    def words_for(self, need: str) -> str:
        """What to search the directory with for this need."""
        return self.search_words.get(need, need.replace("_", " "))


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


def self_referral_kind() -> CaseKind | None:
    """The service by which residents refer themselves to others; None where this authority has not switched one on."""
    return next((one for one in all_kinds() if one.self_referral), None)


def all_kinds() -> list[CaseKind]:
    """The services that are switched on, by title."""
    return sorted(_kinds.values(), key=lambda one: one.title)
