"""What the map of help shows: the picture, its legend, the table beneath it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common.disclosure import count_words
from borough.common.tables import Column
from borough.common.words import number_words
from borough.insight.heat import MEASURES, HeatFilter, heat_by_area, heat_by_hexagon, total_shown
from borough.places.counts_map import draw_counts, hexagon_rows, hexagon_shapes, legend_of
from borough.places.drawing import Shape
from borough.places.queries import AreaView, list_areas


@dataclass(frozen=True)
class HeatPage:
    """`svg` and the swatches of `legend` are safe markup: drawing.py escapes."""

    title: str
    svg: str
    legend: list[tuple[str, str]]
    columns: list[Column]
    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    notes: list[str]


def heat_page(wanted: HeatFilter, *, by: str, viewer: Viewer) -> HeatPage:
    """`by` is "hexagon" or "area"."""
    make = _areas if by == "area" else _hexagons
    return make(wanted, viewer)


def _hexagons(wanted: HeatFilter, viewer: Viewer) -> HeatPage:
    heat = heat_by_hexagon(wanted, viewer=viewer)
    wards = list_areas("ward")
    rows = [row | {"capacity": heat.capacity.get(row["place"])} for row in hexagon_rows(heat.hexagons, wards)]
    shapes = hexagon_shapes(heat.hexagons, rows)
    columns = [Column("near", _("Nearest ward"), sort=True), Column("place", _("Hexagon"), sort=True)]
    notes = [_("Where 7 or fewer were counted, hexagons are joined to a larger one, or left blank.")]
    if heat.nowhere:
        left_out = _("%(count)s are on no map: their address is not in the borough's list of addresses.")
        notes.append(left_out % {"count": number_words(heat.nowhere)})
    return _page(wanted, shapes, wards, columns, rows, total_shown(heat.hexagons), notes)


def _areas(wanted: HeatFilter, viewer: Viewer) -> HeatPage:
    counts = heat_by_area(wanted, viewer=viewer)
    small = bool(counts) and counts[0].kind == "small_area"
    kind = "small_area" if small else "ward"
    outlines = {area.code: area.outline for area in list_areas(kind)}
    rows = [
        {
            "place": each.name,
            "near": each.ward,
            "count": count_words(each.count),
            "capacity": each.extra,
        }
        for each in counts
    ]
    shapes = [Shape(outlines[each.code], each.count, f"{each.name}: {count_words(each.count)}") for each in counts]
    columns = [Column("place", _("Small area") if small else _("Ward"), sort=True)]
    columns += [Column("near", _("Ward"), sort=True)] if small else []
    notes = [] if small else [_("Too few were counted in most small areas, so they are shown by ward.")]
    return _page(wanted, shapes, [], columns, rows, total_shown(counts), notes)


def _page(
    wanted: HeatFilter,
    shapes: list[Shape],
    wards: list[AreaView],
    columns: list[Column],
    rows: list[dict[str, Any]],
    total: int,
    notes: list[str],
) -> HeatPage:
    title = _(MEASURES[wanted.measure])
    volunteers = wanted.measure == "volunteers"
    more = [Column("capacity", _("Tasks they take at a time"), sort=True, numeric=True)] if volunteers else []
    return HeatPage(
        title=title,
        svg=draw_counts(shapes, wards, title=title),
        legend=legend_of([shape.value for shape in shapes], counting=True),
        columns=[*columns, Column("count", title, sort=True, numeric=True), *more],
        rows=rows,
        totals={columns[0].name: _("All together"), "count": total} if rows else {},
        notes=[
            *notes,
            _("Numbers are rounded to 5, and 7 or fewer are not shown, so that no number tells of a person."),
            _("Totals add up the rounded numbers."),
        ],
    )
