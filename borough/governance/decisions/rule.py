"""What a decision rule declares of itself, and the rules that the house has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from borough.common.errors import NotFound

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one case. `because` is for the person it is about: short, plain sentences."""

    outcome: str
    because: str


@dataclass(frozen=True)
class About:
    """What the public may read of a rule (Algorithmic Transparency Recording Standard 3.0, tier 2), in plain words."""

    why: str
    before: str
    instead: str
    scale: str
    made_of: str
    training: str
    upkeep: str
    performance: str
    risks: Sequence[tuple[str, str]]
    phase: str = "Beta"


@dataclass(frozen=True)
class Rule:
    """A rule that decides or helps to decide about people. A change of what it says needs a new `version`.

    `inputs` and `outcomes` map codes to words; of the outcomes the first is the one that changes nothing for the
    person. `decide` is missing where each decision is not kept one by one, and `not_kept` says why. `special`: it uses
    special-category data (UK GDPR Article 9). `profiling`: it evaluates people (Article 4(4)). `owner` is a post.
    """

    code: str
    version: str
    title: str
    question: str
    logic: Sequence[str]
    cites: str
    purpose: str
    owner: str
    inputs: Mapping[str, str]
    outcomes: Mapping[str, str]
    human_review: str
    about: About
    solely_automated: bool = False
    significant: bool = False
    special: bool = False
    profiling: bool = False
    lawful_basis: str = "6-1-e"
    decide: Callable[[Inputs], Verdict] | None = None
    not_kept: str = ""
    sources: Sequence[str] = field(default_factory=tuple)


_declared: dict[str, Rule] = {}


def declare_rule(rule: Rule) -> None:
    """A room declares its rule once, when Django is ready."""
    if rule.decide is None and not rule.not_kept:
        raise ValueError(f"{rule.code}: say why its decisions are not kept one by one")
    _declared[rule.code] = rule


def declared_rules() -> list[Rule]:
    return [_declared[code] for code in sorted(_declared)]


def declared_rule(code: str) -> Rule:
    """The rule of this code. Raises NotFound."""
    if code not in _declared:
        raise NotFound("There is no such rule.", "Open it from the list of decision rules.")
    return _declared[code]
