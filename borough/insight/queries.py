"""Published reads of insight. Counts tell of nobody; whoever lists people gives a purpose."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from borough.accounts.policies import ANALYST, CONTACT_WORKER, COORDINATOR, IG_OFFICER, LINK_WORKER, SYSTEM, Viewer
from borough.accounts.policies import check_may_work_as as check_may_work_as
from borough.common.disclosure import percentage, protect
from borough.common.errors import NotFound, WrongState
from borough.governance.door import open_door
from borough.governance.queries import who_objects
from borough.insight.disclosure import SMALLEST_COHORT, size_words
from borough.insight.heat import counted_at, heat_by_area, heat_by_hexagon, quarters_counted
from borough.insight.indicators import INDICATORS as INDICATORS
from borough.insight.indicators import SCORE as SCORE
from borough.insight.indicators import explain
from borough.insight.models import COHORT_STATES, AreaFigure, Cohort, CohortMember, ResidentIndicator, ScoreRun
from borough.insight.need_rule import RULE
from borough.insight.outcome_figures import measured_outcomes, wellbeing_changes
from borough.insight.rules import Rule, check_rule, compile_rule, rule_words
from borough.insight.scoring import EVERYBODY as EVERYBODY
from borough.places.queries import area_names, area_parents, list_areas
from borough.residents.queries import current_id, list_contacts

# What this room publishes from its other modules, beside what stands here.
__all__ = [
    "counted_at",
    "heat_by_area",
    "heat_by_hexagon",
    "measured_outcomes",
    "quarters_counted",
    "wellbeing_changes",
]

READS_COHORTS = (ANALYST, IG_OFFICER, CONTACT_WORKER, LINK_WORKER, COORDINATOR, SYSTEM)
MEMBERS_A_PAGE = 50


@dataclass(frozen=True)
class RunView:
    finished_at: datetime
    residents: int
    values: int
    skipped: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class CohortSize:
    """`words` is what may be shown, "fewer than 10" for a small one; `wards` the same by ward, None where hidden."""

    size: int
    wards: list[tuple[str, int | None]]

    @property
    def small(self) -> bool:
        return self.size < SMALLEST_COHORT

    @property
    def words(self) -> str | int:
        return size_words(self.size)


@dataclass(frozen=True)
class CohortView:
    id: str
    title: str
    rule: dict[str, Any]
    rule_lines: list[str]
    purpose: str
    state: str
    size: int
    made_by: str
    made_at: datetime
    frozen_by: str
    frozen_at: datetime | None
    service: str
    campaign_id: str

    @property
    def state_label(self) -> str:
        return _(COHORT_STATES.labels[self.state])

    @property
    def size_words(self) -> str | int:
        """Exact once it is frozen: then its members may be listed, for its purpose."""
        return size_words(self.size) if self.state == "draft" else self.size


@dataclass(frozen=True)
class Member:
    """A resident of a frozen cohort. What the agreement does not open is empty."""

    resident_id: str
    name: str
    phone: str
    email: str
    address: str
    reasons: list[str]


@dataclass(frozen=True)
class AreaFigureView:
    """An area's figures as they may be published; None where hidden. `kind` is "small_area" or "ward", `share` in
    percent of its residents."""

    code: str
    name: str
    kind: str
    ward: str
    counted: int | None
    residents: int | None
    share: float | None


def latest_run() -> RunView | None:
    """The newest scoring; None before the first."""
    run = ScoreRun.objects.order_by("-id").first()
    return RunView(run.finished_at, run.residents, run.values, tuple(run.skipped), run.by) if run else None


def check_cohort_rule(rule: Any) -> dict[str, Any]:
    """The rule in its standard form; raises Problem saying where it is wrong."""
    return check_rule(rule, areas=[*area_names("ward"), *area_names("small_area")])


def small_areas_of(rule: Rule) -> list[str]:
    """The small areas that the rule's areas, wards among them, cover."""
    chosen = set(rule.get("areas", ()))
    return [code for code, ward in area_parents().items() if code in chosen or ward in chosen] if chosen else []


def size_cohort(rule: Any, *, viewer: Viewer) -> CohortSize:
    """How many residents the rule chooses, and where, without saying who: for finding need, whatever else the viewer
    works for."""
    check_may_work_as(viewer, ANALYST, SYSTEM)
    open_door(viewer=viewer, purpose=RULE.purpose, verb="insight.size_cohort")
    checked = check_cohort_rule(rule)
    chosen = compile_rule(checked, small_areas=small_areas_of(checked))
    by_area = dict(chosen.values_list("small_area").annotate(Count("pk")).order_by())
    return CohortSize(size=sum(by_area.values()), wards=_by_ward(by_area))


def _by_ward(by_area: Mapping[str, int]) -> list[tuple[str, int | None]]:
    names, counts = area_names("ward"), _sums(by_area, area_parents())
    rows = [(name, protect(counts[code])) for code, name in names.items()]
    return [*rows, (_("Not in a ward"), protect(counts[""]))] if counts[""] else rows


def list_cohorts(*, viewer: Viewer) -> list[CohortView]:
    """All cohorts, newest first. No people."""
    check_may_work_as(viewer, *READS_COHORTS)
    names = {**area_names("ward"), **area_names("small_area")}
    return [_cohort_view(row, names) for row in Cohort.objects.order_by("-made_at")]


def read_cohort(cohort_id: str, *, viewer: Viewer) -> CohortView:
    """One cohort. No people. Raises NotFound."""
    check_may_work_as(viewer, *READS_COHORTS)
    return _cohort_view(_fetch(cohort_id), {**area_names("ward"), **area_names("small_area")})


def member_ids(cohort_id: str, *, viewer: Viewer, purpose: str) -> list[str]:
    """The residents of a frozen cohort, as their ids were when it was frozen."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="insight.member_ids")
    ids = list(_members(_frozen(cohort_id)))
    opening.saw(ids)
    return ids


def list_members(cohort_id: str, *, viewer: Viewer, purpose: str, page: int = 1) -> "Page[Member]":
    """A page of the residents of a frozen cohort, with why they are in it. Raises WrongState while it is a draft."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="insight.list_members")
    shown = Paginator(_members(_frozen(cohort_id)), MEMBERS_A_PAGE).get_page(page)
    ids = list(shown.object_list)
    # Contacts first: they come under the id that a merged resident has now.
    contacts = list_contacts(ids, viewer=viewer, purpose=purpose)
    values = _values_of([contact.resident_id for contact in contacts.values()]) if opening.shows("indicators") else {}
    opening.saw(ids)
    members: list[Member] = []
    listed: set[str] = set()
    for resident_id in ids:
        if contact := contacts.get(resident_id):
            # Two members who proved to be one person are one line.
            if contact.resident_id in listed:
                continue
            listed.add(contact.resident_id)
            reasons = explain(values.get(contact.resident_id, {}))
            members.append(
                Member(contact.resident_id, contact.name, contact.phone, contact.email, contact.address, reasons)
            )
        else:
            members.append(Member(resident_id, "", "", "", "", []))
    return Page(members, shown.number, shown.paginator)


def read_indicators(resident_id: str, *, viewer: Viewer, purpose: str) -> dict[str, float]:
    """A resident's indicators and their values; empty where the agreement does not open them."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="insight.read_indicators")
    current = current_id(resident_id)
    values = _values_of([current]).get(current, {}) if opening.shows("indicators") else {}
    opening.saw([current])
    return values


def area_figures(indicator: str) -> list[AreaFigureView]:
    """For each area how many residents show the indicator, as it may be published.

    By small area; where most of those would be hidden, by ward instead. Never both: one taken from the other would
    tell what is hidden. The head count ("residents") is hidden when small but not rounded: it tells nothing of anybody
    but that they live there, and the Census publishes as much.
    """
    if indicator != EVERYBODY and indicator not in INDICATORS:
        raise NotFound(_("There is no such indicator."), _("Choose one from the list."))
    rows = AreaFigure.objects.filter(indicator__in={indicator, EVERYBODY}).values_list("indicator", "area", "counted")
    counted = {area: count for code, area, count in rows if code == indicator}
    people = {area: count for code, area, count in rows if code == EVERYBODY}
    wards, ward_of = area_names("ward"), area_parents()
    figures = [
        _figure(code, name, "small_area", wards.get(ward_of.get(code) or "", ""), counted, people, indicator)
        for code, name in area_names("small_area").items()
    ]
    hidden = sum(each.counted is None for each in figures)
    if indicator == EVERYBODY or not wards or hidden <= len(figures) / 2:
        return figures
    return [
        _figure(code, name, "ward", "", _sums(counted, ward_of), _sums(people, ward_of), indicator)
        for code, name in wards.items()
    ]


def _sums(counts: Mapping[str, int], ward_of: Mapping[str, str | None]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for area, count in counts.items():
        sums[ward_of.get(area) or ""] += count
    return sums


def _figure(
    code: str,
    name: str,
    kind: str,
    ward: str,
    counted: Mapping[str, int],
    people: Mapping[str, int],
    indicator: str,
) -> AreaFigureView:
    heads = people.get(code, 0)
    if indicator == EVERYBODY:
        exact = heads if protect(heads) is not None else None
        return AreaFigureView(code, name, kind, ward, exact, exact, None)
    shown, of = protect(counted.get(code, 0)), protect(heads)
    return AreaFigureView(code, name, kind, ward, shown, of, percentage(shown, of))


@dataclass(frozen=True)
class CensusComparison:
    """Residents against the Census. `scale` is 1 where they are of one size; else the Census is scaled to the
    rehearsal, and the areas are compared by their shares. `counts` is the Census by small area, `differences` in
    percent."""

    residents: int
    census: int
    scale: float
    counts: Mapping[str, int]
    differences: Mapping[str, float]

    @property
    def total_difference(self) -> float:
        return 100 * (self.residents / self.census - 1)

    @property
    def largest(self) -> float:
        return max((abs(value) for value in self.differences.values()), default=0.0)


def compare_with_census() -> CensusComparison | None:
    """How the residents by small area agree with the Census counts; None where an area has no count."""
    census = {area.code: area.residents for area in list_areas("small_area") if area.residents}
    counted = dict(AreaFigure.objects.filter(indicator=EVERYBODY).values_list("area", "counted"))
    if not census or not counted:
        return None
    here, there = sum(counted.get(code, 0) for code in census), sum(census.values())
    # A rehearsal of a tenth of the borough agrees when each area has a tenth.
    scale = 1.0 if 0.98 <= here / there <= 1.02 else here / there
    differences = {code: 100 * (counted.get(code, 0) / (count * scale) - 1) for code, count in census.items() if scale}
    return CensusComparison(residents=here, census=there, scale=scale, counts=census, differences=differences)


def _values_of(resident_ids: Collection[str]) -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    rows = ResidentIndicator.objects.filter(resident_id__in=list(resident_ids))
    for resident_id, code, value in rows.order_by("indicator").values_list("resident_id", "indicator", "value"):
        values.setdefault(resident_id, {})[code] = value
    return values


def _members(cohort: Cohort) -> Any:
    members = CohortMember.objects.filter(cohort=cohort).exclude(resident_id__in=who_objects())
    return members.order_by("resident_id").values_list("resident_id", flat=True)


def _fetch(cohort_id: str) -> Cohort:
    try:
        return Cohort.objects.get(pk=cohort_id)
    except Cohort.DoesNotExist as error:
        raise NotFound(_("There is no such cohort."), _("Go back to the list of cohorts.")) from error


def _frozen(cohort_id: str) -> Cohort:
    cohort = _fetch(cohort_id)
    if cohort.state == "draft":
        raise WrongState(_("This cohort is a draft: nobody can be listed yet."), _("Freeze it first."))
    return cohort


def _cohort_view(row: Cohort, names: Mapping[str, str]) -> CohortView:
    return CohortView(
        id=row.id,
        title=row.title,
        rule=row.rule,
        rule_lines=rule_words(row.rule, names),
        purpose=row.purpose,
        state=row.state,
        size=row.size,
        made_by=row.made_by,
        made_at=row.made_at,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        service=row.service,
        campaign_id=row.campaign_id,
    )
