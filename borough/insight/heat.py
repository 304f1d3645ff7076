"""Where people ask for help, where they go without, and where those live who would help. Protected counts only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Max, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from borough.accounts.policies import STAFF_ROLES, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.common.disclosure import protect, total_of
from borough.insight.models import HelpFigure, VolunteerFigure
from borough.places.hexagons import Hexagon, join_small
from borough.places.queries import area_names, area_parents

MEASURES = {"requests": _("Requests for help"), "unmet": _("Unmet need"), "volunteers": _("Volunteers")}
Measure = Literal["requests", "unmet", "volunteers"]


@dataclass(frozen=True)
class HeatFilter:
    """`service` and `need` empty mean all, `quarter` None any time. Volunteers have no service and no time."""

    measure: Measure = "requests"
    service: str = ""
    need: str = ""
    quarter: date | None = None


@dataclass(frozen=True)
class AreaCount:
    """An area's count as it may be published. `extra`: the capacity of volunteers, where the count is shown."""

    code: str
    name: str
    kind: str
    ward: str
    count: int | None
    extra: int | None = None


@dataclass(frozen=True)
class Heat:
    """`nowhere`: how many have no address in the borough's gazetteer; None where that is few."""

    hexagons: list[Hexagon]
    capacity: Mapping[str, int]
    nowhere: int | None
    counted: bool


def heat_by_hexagon(wanted: HeatFilter, *, viewer: Viewer) -> Heat:
    """The hexagons that may be shown; where volunteers are counted, with the capacity of each."""
    check_may_work_as(viewer, *STAFF_ROLES)
    counts, capacity = _sums(wanted, "cell")
    nowhere = counts.pop("", 0)
    hexagons = join_small(counts)
    return Heat(hexagons, _capacity_within(hexagons, capacity), protect(nowhere), bool(counts or nowhere))


def heat_by_area(wanted: HeatFilter, *, viewer: Viewer) -> list[AreaCount]:
    """By small area; where most of those would be hidden by ward. Never both, as for `area_figures`."""
    check_may_work_as(viewer, *STAFF_ROLES)
    counts, capacity = _sums(wanted, "small_area")
    wards, ward_of = area_names("ward"), area_parents()
    areas = [
        _area(code, name, "small_area", wards.get(ward_of.get(code) or "", ""), counts, capacity)
        for code, name in area_names("small_area").items()
    ]
    if not wards or sum(each.count is None for each in areas) <= len(areas) / 2:
        return areas
    by_ward, capacity_by_ward = Counter[str](), Counter[str]()
    for area, count in counts.items():
        by_ward[ward_of.get(area) or ""] += count
        capacity_by_ward[ward_of.get(area) or ""] += capacity.get(area, 0)
    return [_area(code, name, "ward", "", by_ward, capacity_by_ward) for code, name in wards.items()]


def total_shown(counts: list[AreaCount] | list[Hexagon]) -> int:
    return total_of(each.count for each in counts)


def counted_at() -> datetime | None:
    """When the figures of help were last made; None before the first."""
    at: datetime | None = HelpFigure.objects.aggregate(at=Max("as_of"))["at"]
    return at


def quarters_counted(*, viewer: Viewer) -> list[date]:
    """The quarters that have cases, newest first, each by its first day."""
    check_may_work_as(viewer, *STAFF_ROLES)
    return list(HelpFigure.objects.order_by("-quarter").values_list("quarter", flat=True).distinct())


def quarter_words(quarter: date) -> str:
    """Such as "July to September 2026"."""
    months = {1: _("January to March"), 4: _("April to June"), 7: _("July to September"), 10: _("October to December")}
    return f"{gettext(months[quarter.month])} {quarter.year}"


def _capacity_within(hexagons: list[Hexagon], capacity: Mapping[str, int]) -> dict[str, int]:
    """The capacity of each hexagon that is shown, rounded like a count."""
    sums = {each.cell: sum(capacity.get(cell, 0) for cell in each.cells) for each in hexagons} if capacity else {}
    return {cell: rounded for cell, total in sums.items() if (rounded := protect(total)) is not None}


def _sums(wanted: HeatFilter, place: str) -> tuple[dict[str, int], dict[str, int]]:
    """(count, capacity) by place, exact: two statements at most, whatever the number of cases."""
    if wanted.measure == "volunteers":
        skill = kind(wanted.service).skills.get(wanted.need, "") if wanted.service and wanted.need else ""
        rows = VolunteerFigure.objects.filter(skill=skill).values_list(place)
        found = list(rows.annotate(Sum("volunteers"), Sum("capacity")).order_by())
        return {at: count for at, count, _ in found}, {at: capacity for at, _, capacity in found}
    chosen: dict[str, Any] = {"service": wanted.service, "need": wanted.need, "quarter": wanted.quarter}
    figures = HelpFigure.objects.filter(also=False, **{name: value for name, value in chosen.items() if value})
    return dict(figures.values_list(place).annotate(Sum(wanted.measure)).order_by()), {}


def _area(
    code: str, name: str, kind: str, ward: str, counts: Mapping[str, int], capacity: Mapping[str, int]
) -> AreaCount:
    count = protect(counts.get(code, 0))
    return AreaCount(code, name, kind, ward, count, None if count is None else protect(capacity.get(code, 0)))
