"""What help came to: needs met, days until it was there, wellbeing before and after. Protected; docs/decisions/0023."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import Any, Literal

from django.db.models import Sum
from django.utils.translation import gettext as _

from borough.accounts.policies import STAFF_ROLES, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.cases.wellbeing import MEASURES
from borough.common.disclosure import percentage, protect
from borough.insight.help_figures import COUNTS, SUMS, TEAM, VOLUNTEERS
from borough.insight.models import HelpFigure, WellbeingFigure
from borough.places.queries import area_names, area_parents

Group = Literal["service", "need", "organisation", "ward"]
# A mean of fewer than this many people's answers tells of them, and of nothing else.
FEWEST_PEOPLE = 10


@dataclass(frozen=True)
class Outcome:
    """One row of figures as they may be shown; None where hidden. Shares in percent, `days` on average and whole."""

    label: str
    requests: int | None
    helped: int | None
    answered: int | None
    met: int | None
    not_answered: int | None
    met_share: float | None
    in_time_share: float | None
    days: int | None


@dataclass(frozen=True)
class Change:
    """How a measure of wellbeing changed, on average, with the interval that holds the truth 19 times of 20."""

    label: str
    measure: str
    people: int
    before: float
    after: float
    change: float
    low: float
    high: float


def measured_outcomes(group: Group, *, viewer: Viewer, service: str = "", quarter: date | None = None) -> list[Outcome]:
    """By service, need, the organisation that helped, or the ward where the person lives. One statement counts. What
    two organisations helped with counts for each of them.
    """
    check_may_work_as(viewer, *STAFF_ROLES)
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for label, row in _rows(HelpFigure, COUNTS, group, service, quarter):
        for name in COUNTS:
            totals[label][name] += row[name]
    return [_outcome(label, totals[label]) for label in sorted(totals)]


def wellbeing_changes(group: Group, *, viewer: Viewer, service: str = "", quarter: date | None = None) -> list[Change]:
    """The changes that enough people's answers stand behind, grouped as `measured_outcomes`."""
    check_may_work_as(viewer, *STAFF_ROLES)
    totals: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for label, row in _rows(WellbeingFigure, SUMS, group, service, quarter, "measure"):
        for name in SUMS:
            totals[label, row["measure"]][name] += row[name]
    found = (_change(label, measure, totals[label, measure]) for label, measure in sorted(totals))
    return [each for each in found if each]


def _rows(
    model: Any, sums: tuple[str, ...], group: Group, service: str, quarter: date | None, *more: str
) -> list[tuple[str, dict[str, Any]]]:
    """(label of the group, sums), several of them for one label."""
    chosen: dict[str, Any] = {name: value for name, value in (("service", service), ("quarter", quarter)) if value}
    if group != "organisation":
        chosen["also"] = False
    keys, label_of = _labels(group)
    rows = model.objects.filter(**chosen).values(*keys, *more).annotate(**{f"{name}_": Sum(name) for name in sums})
    named = ({name.removesuffix("_"): value for name, value in row.items()} for row in rows.order_by())
    return [(label, row) for row in named if (label := label_of(row))]


def _labels(group: Group) -> tuple[tuple[str, ...], Callable[[Mapping[str, Any]], str]]:
    """The columns that say which group a row is of, and what the group is called; empty leaves it out."""
    if group == "service":
        services = {kind.code: _(kind.title) for kind in all_kinds()}
        return ("service",), lambda row: services.get(row["service"], "")
    if group == "need":
        titles = {
            (kind.code, code): f"{_(kind.title)}: {_(words)}"
            for kind in all_kinds()
            for code, words in kind.needs.items()
        }
        return ("service", "need"), lambda row: titles.get((row["service"], row["need"]), "")
    if group == "organisation":
        own = {TEAM: _("The council's own team"), VOLUNTEERS: _("Volunteers without an organisation")}
        return ("organisation",), lambda row: own.get(row["organisation"], row["organisation"])
    wards, ward_of = area_names("ward"), area_parents()
    return ("small_area",), lambda row: wards.get(ward_of.get(row["small_area"]) or "", "")


def _outcome(label: str, exact: Mapping[str, int]) -> Outcome:
    shown = {name: protect(exact[name]) for name in COUNTS}
    return Outcome(
        label=label,
        requests=shown["requests"],
        helped=shown["helped"],
        answered=shown["answered"],
        met=shown["met"],
        not_answered=shown["unanswered"],
        met_share=percentage(shown["met"], shown["answered"]),
        in_time_share=percentage(shown["in_time"], shown["helped"]),
        days=None if shown["helped"] is None else round(exact["days"] / exact["helped"]),
    )


def _change(label: str, measure: str, sums: Mapping[str, float]) -> Change | None:
    people = int(sums["people"])
    shown = protect(people)
    if people < FEWEST_PEOPLE or shown is None:
        return None
    before, change = sums["before"] / people, sums["change"] / people
    spread = sqrt(max(sums["squares"] - people * change * change, 0) / (people - 1))
    reach = student_t(people - 1) * spread / sqrt(people)
    return Change(
        label=label,
        measure=_(MEASURES[measure]),
        people=shown,
        before=round(before, 1),
        after=round(before + change, 1),
        change=round(change, 1),
        low=round(change - reach, 1),
        high=round(change + reach, 1),
    )


def student_t(freedom: int) -> float:
    """The value that Student's t keeps within 19 times of 20, for 9 degrees of freedom and more to three places.

    Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z = NormalDist().inv_cdf(0.975)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))
