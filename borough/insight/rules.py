"""The language of rules: which residents are in a cohort.

    {"all":   [{"indicator": "lives_alone", "at_least": 1}, {"indicator": "older_person", "at_least": 75}],
     "any":   [{"indicator": "rent_arrears_weeks", "at_least": 4}, {"indicator": "on_benefit", "at_least": 1}],
     "none":  [{"indicator": "social_care", "at_least": 1}],
     "areas": ["E01000842"]}

In the cohort is who meets each condition of `all`, at least one of `any` (where it is given), none of `none`, and
lives in one of `areas` (small areas or wards; where it is given). A condition is met by a value of `at_least` or
more, and below `below`; either may be left out, but not both. A resident without an indicator has the value 0.
"""

import math
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from borough.common.errors import Problem
from borough.governance.queries import who_objects
from borough.insight.indicators import INDICATORS
from borough.insight.models import ResidentIndicator, ScoredResident

Rule = Mapping[str, Any]
GROUPS = ("all", "any", "none")
LONGEST_GROUP = 30


def check_rule(rule: Any, *, areas: Collection[str]) -> dict[str, Any]:
    """The rule in its standard form. Raises Problem, saying where it is wrong. `areas` are the codes that exist."""
    if not isinstance(rule, Mapping):
        raise Problem("A rule is an object with all, any, none and areas.", 'Write {"all": […]}.')
    if unknown := set(rule) - {*GROUPS, "areas"}:
        raise Problem(f"The rule has an unknown part: {_listed(unknown)}.", "Use all, any, none and areas.")
    checked: dict[str, Any] = {}
    for group in GROUPS:
        if group in rule:
            if not isinstance(rule[group], list) or len(rule[group]) > LONGEST_GROUP:
                raise Problem(f"“{group}” is not a list of up to {LONGEST_GROUP} conditions.", "Put it in brackets.")
            checked[group] = [_checked(part, f"{group}, {at}") for at, part in enumerate(rule[group], start=1)]
    if "areas" in rule:
        given = rule["areas"]
        if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
            raise Problem("“areas” is not a list of codes.", 'Write "areas": ["E01000842"].')
        if unknown := set(given) - set(areas):
            raise Problem(f"There is no area {_listed(unknown)}.", "Choose small areas or wards of this borough.")
        if given:
            checked["areas"] = sorted(set(given))
    checked = {part: conditions for part, conditions in checked.items() if conditions}
    if not set(checked) & {"all", "any"}:
        raise Problem(
            "The rule chooses nobody: it needs a sign that people show.", "Add a condition to “all” or to “any”."
        )
    return checked


def _checked(condition: Any, where: str) -> dict[str, Any]:
    if not isinstance(condition, Mapping) or not set(condition) <= {"indicator", "at_least", "below"}:
        raise Problem(f"Condition {where}: it has indicator, at_least and below, and nothing else.", "Mend it.")
    code = condition.get("indicator")
    if code not in INDICATORS:
        raise Problem(f"Condition {where}: there is no indicator {code!r}.", f"Choose from {', '.join(INDICATORS)}.")
    bounds: dict[str, float] = {}
    for bound in ("at_least", "below"):
        if bound not in condition:
            continue
        value = condition[bound]
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise Problem(f"Condition {where}: {bound} {value!r} is not a number from 0.", "Give a number.")
        bounds[bound] = value
    if bounds.get("below") == 0:
        raise Problem(f"Condition {where}: nothing is below 0.", "Give a larger number, or leave below out.")
    if not bounds:
        raise Problem(f"Condition {where}: it has neither at_least nor below.", "Give at least one of them.")
    if "at_least" in bounds and "below" in bounds and bounds["at_least"] >= bounds["below"]:
        raise Problem(
            f"Condition {where}: nothing is at least {bounds['at_least']} and below {bounds['below']}.", "Mend it."
        )
    return {"indicator": code, **bounds}


def meets(values: Mapping[str, float], area: str, rule: Rule, areas: Collection[str] = ()) -> bool:
    """Whether one resident is in the cohort: what the compiled query must agree with.

    `areas` are the small areas that the rule's areas cover.
    """

    def met(condition: Mapping[str, Any]) -> bool:
        value = values.get(condition["indicator"], 0)
        return bool(condition.get("at_least", 0) <= value < condition.get("below", math.inf))

    return (
        all(met(condition) for condition in rule.get("all", ()))
        and (not rule.get("any") or any(met(condition) for condition in rule["any"]))
        and not any(met(condition) for condition in rule.get("none", ()))
        and (not rule.get("areas") or area in areas)
    )


def compile_rule(rule: Rule, *, small_areas: Collection[str]) -> QuerySet[ScoredResident]:
    """One query for the residents in the cohort. `small_areas` are those that the rule's areas cover."""
    # Who objected since the last scoring is left out at once.
    chosen = ScoredResident.objects.exclude(pk__in=who_objects())
    for condition in rule.get("all", ()):
        chosen = chosen.filter(_condition(condition))
    if rule.get("any"):
        either = Q(pk__in=[])
        for condition in rule["any"]:
            either |= _condition(condition)
        chosen = chosen.filter(either)
    for condition in rule.get("none", ()):
        chosen = chosen.exclude(_condition(condition))
    if rule.get("areas"):
        chosen = chosen.filter(small_area__in=small_areas)
    return chosen


def _condition(condition: Mapping[str, Any]) -> Q:
    at_least, below = condition.get("at_least", 0), condition.get("below")
    rows = ResidentIndicator.objects.filter(indicator=condition["indicator"])
    if at_least > 0:
        rows = rows.filter(value__gte=at_least)
        if below is not None:
            rows = rows.filter(value__lt=below)
        return Q(pk__in=rows.values("resident_id"))
    # Nought is a value too, and has no row: who is not at `below` or above.
    if below is None:
        return ~Q(pk__in=[])
    return ~Q(pk__in=rows.filter(value__gte=below).values("resident_id"))


def rule_words(rule: Rule, area_names: Mapping[str, str]) -> list[str]:
    """The rule as lines to read."""
    beginnings = {"all": _("Each of these"), "any": _("At least one of these"), "none": _("None of these")}
    lines = [
        f"{beginnings[group]}: {'; '.join(map(condition_words, rule[group]))}" for group in GROUPS if rule.get(group)
    ]
    if areas := rule.get("areas"):
        lines.append(_("Living in: %(areas)s") % {"areas": ", ".join(area_names.get(code, code) for code in areas)})
    return lines


def condition_words(condition: Mapping[str, Any]) -> str:
    indicator = INDICATORS[condition["indicator"]]
    title = _(indicator.title)
    at_least, below = condition.get("at_least", 0), condition.get("below")
    if not indicator.unit and below is None:
        return title
    if below is None:
        return _("%(sign)s, %(value)s or more") % {"sign": title, "value": indicator.value_words(at_least)}
    if not at_least:
        return _("%(sign)s, under %(value)s") % {"sign": title, "value": indicator.value_words(below)}
    return _("%(sign)s, from %(low)s to under %(high)s") % {
        "sign": title,
        "low": indicator.value_words(at_least),
        "high": indicator.value_words(below),
    }


def _listed(codes: Collection[object]) -> str:
    return ", ".join(sorted(map(str, codes)))
