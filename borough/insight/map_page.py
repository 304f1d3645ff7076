"""What the map page shows: the picture, its legend, the table beneath it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from borough.common.disclosure import count_words, total_of
from borough.common.tables import Column
from borough.common.words import number_words
from borough.insight.indicators import INDICATORS
from borough.insight.queries import (
    EVERYBODY,
    AreaFigureView,
    CensusComparison,
    area_figures,
    compare_with_census,
)
from borough.places.counts_map import legend_of
from borough.places.drawing import Line, Shape, draw_map
from borough.places.queries import list_areas


@dataclass(frozen=True)
class MapPage:
    """`svg` and the swatches of `legend` are safe markup: svg.py escapes. `choices` are (code, title)."""

    chosen: str
    title: str
    explanation: str
    special: bool
    svg: str
    legend: list[tuple[str, str]]
    choices: list[tuple[str, str]]
    columns: list[Column]
    rows: list[dict[str, Any]]
    totals: Mapping[str, Any]
    census: CensusComparison | None
    notes: list[str] = field(default_factory=list)


def map_page(indicator: str) -> MapPage:
    """The page for an indicator, or for the head count. Raises NotFound for one that is not declared."""
    figures = area_figures(indicator)
    kind_shown = figures[0].kind if figures else "small_area"
    outlines = {area.code: area.outline for area in list_areas(kind_shown)}
    lines = [Line(area.outline, area.kind) for kind in ("river", "high_street") for area in list_areas(kind)]
    census = compare_with_census() if indicator == EVERYBODY else None
    declared = INDICATORS.get(indicator)
    title = _(declared.title) if declared else _("Residents by small area")
    counting = declared is None
    values = {each.code: _value(each, counting=counting) for each in figures}
    shapes = [Shape(outlines[each.code], values[each.code], _pointer_words(each)) for each in figures]
    svg = draw_map(shapes, lines, title=title, description=_description(figures, counting=counting))
    rows, columns = _head_count(figures, census) if counting else _share_table(figures)
    return MapPage(
        chosen=indicator,
        title=title,
        explanation=_(declared.explanation) if declared else _("How many residents we know of in each small area."),
        special=bool(declared and declared.special),
        svg=svg,
        legend=legend_of(list(values.values()), counting=counting),
        choices=[(EVERYBODY, _("Residents"))] + [(code, _(each.title)) for code, each in INDICATORS.items()],
        columns=columns,
        rows=rows,
        totals=_totals(figures, census, counting=counting),
        census=census,
        notes=_notes(figures, census, counting=counting),
    )


def _value(figure: AreaFigureView, *, counting: bool) -> float | None:
    return figure.counted if counting else figure.share


def _pointer_words(figure: AreaFigureView) -> str:
    counted = count_words(figure.counted)
    words = f"{figure.name}: {number_words(counted) if isinstance(counted, int) else counted}"
    return words if figure.share is None else f"{words} ({figure.share:.1f}%)"


def _description(figures: list[AreaFigureView], *, counting: bool) -> str:
    known = [each for each in figures if _value(each, counting=counting) is not None]
    if not known:
        return _("No area has a number large enough to show.")
    known.sort(key=lambda each: _value(each, counting=counting) or 0)
    return _(
        "A map of %(areas)s areas, darker where the number is higher. Lowest: %(low)s. Highest: %(high)s. "
        "The table below holds every number."
    ) % {"areas": len(figures), "low": _pointer_words(known[0]), "high": _pointer_words(known[-1])}


def _head_count(
    figures: list[AreaFigureView], census: CensusComparison | None
) -> tuple[list[dict[str, Any]], list[Column]]:
    columns = [
        Column("name", _("Small area"), sort=True),
        Column("code", _("Code"), sort=True),
        Column("ward", _("Ward"), sort=True),
        Column("counted", _("Residents"), sort=True, numeric=True),
    ]
    rows: list[dict[str, Any]] = [
        {"name": each.name, "code": each.code, "ward": each.ward, "counted": count_words(each.counted)}
        for each in figures
    ]
    if census:
        columns += [
            Column("census", _("Census"), sort=True, numeric=True),
            Column("difference", _("Difference (%)"), sort=True, numeric=True),
        ]
        for row, each in zip(rows, figures, strict=True):
            row["census"] = census.counts.get(each.code)
            if each.counted is not None and each.code in census.differences:
                row["difference"] = round(census.differences[each.code], 1)
    return rows, columns


def _share_table(figures: list[AreaFigureView]) -> tuple[list[dict[str, Any]], list[Column]]:
    small = bool(figures) and figures[0].kind == "small_area"
    columns = [
        Column("name", _("Small area") if small else _("Ward"), sort=True),
        Column("code", _("Code"), sort=True),
        *([Column("ward", _("Ward"), sort=True)] if small else []),
        Column("counted", _("Residents who show it"), sort=True, numeric=True),
        Column("residents", _("Residents"), sort=True, numeric=True),
        Column("share", _("Share (%)"), sort=True, numeric=True),
    ]
    rows = [
        {
            "name": each.name,
            "code": each.code,
            "ward": each.ward,
            "counted": count_words(each.counted),
            "residents": count_words(each.residents),
            "share": None if each.share is None else round(each.share, 1),
        }
        for each in figures
    ]
    return rows, columns


def _totals(figures: list[AreaFigureView], census: CensusComparison | None, *, counting: bool) -> dict[str, Any]:
    total = {"name": _("All together"), "counted": total_of(each.counted for each in figures)}
    if not counting:
        return total | {"residents": total_of(each.residents for each in figures)}
    return total | ({"census": census.census, "difference": round(census.total_difference, 1)} if census else {})


def _notes(figures: list[AreaFigureView], census: CensusComparison | None, *, counting: bool) -> list[str]:
    if not counting:
        by_ward = [_("Too few residents show it for most small areas, so it is shown by ward.")]
        return [
            *(by_ward if figures and figures[0].kind == "ward" else []),
            _("Numbers are rounded to 5, and 7 or fewer are not shown, so that no number tells of a person."),
            _("Totals add up the rounded numbers."),
        ]
    if census is None:
        return [_("These areas come without Census counts, so there is nothing to compare with.")]
    if census.scale == 1.0:
        words = _(
            "No small area differs from the Census count that came with the map by more than %(most).1f%%. "
            "All together: %(total).1f%%."
        )
        return [words % {"most": census.largest, "total": census.total_difference}]
    return [
        _(
            "This borough holds %(here)s of the %(there)s residents that the Census counts. So each small area is "
            "compared by its share of the borough: no share differs by more than %(most).1f%%."
        )
        % {"here": number_words(census.residents), "there": number_words(census.census), "most": census.largest}
    ]
