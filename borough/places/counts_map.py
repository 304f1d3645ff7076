"""Maps of counts that may be published, by hexagon or area: the picture, its legend, the rows beneath it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from borough.common.words import number_words
from borough.places.drawing import HIDDEN_COLOUR, Line, Shape, classes_of, draw_map, swatch
from borough.places.hexagons import Hexagon
from borough.places.policies import Point, distance_km
from borough.places.queries import AreaView, list_areas


def hexagon_rows(hexagons: Sequence[Hexagon], wards: Sequence[AreaView]) -> list[dict[str, Any]]:
    """A row for each: `place` its cell, `near` the name of the nearest ward, `count`."""
    return [{"place": each.cell, "near": _nearest(each.middle, wards), "count": each.count} for each in hexagons]


def hexagon_shapes(hexagons: Sequence[Hexagon], rows: Sequence[dict[str, Any]]) -> list[Shape]:
    return [
        Shape(each.outline, each.count, f"{row['near']}: {number_words(each.count)}".removeprefix(": "))
        for each, row in zip(hexagons, rows, strict=True)
    ]


def draw_counts(shapes: Sequence[Shape], wards: Sequence[AreaView], *, title: str) -> str:
    """The map as safe markup, with borders of these wards, rivers and high streets to find one's way by."""
    known = sorted(shape.value for shape in shapes if shape.value is not None)
    description = _("No place has a number large enough to show.")
    if known:
        description = _(
            "A map of places, darker where the number is higher, from %(low)s to %(high)s. "
            "The table below holds every number."
        ) % {"low": number_words(known[0]), "high": number_words(known[-1])}
    lines = [Line(area.outline, "ward") for area in wards]
    lines += [Line(area.outline, kind) for kind in ("river", "high_street") for area in list_areas(kind)]
    return draw_map(shapes, lines, title=title, description=description)


def legend_of(values: Sequence[float | None], *, counting: bool) -> list[tuple[str, str]]:
    rows = []
    for key in classes_of(values):
        low, high = (
            (number_words(key.low), number_words(key.high)) if counting else (f"{key.low:.1f}", f"{key.high:.1f}")
        )
        span = low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
        rows.append((swatch(key.colour), span if counting else f"{span}%"))
    if None in values:
        rows.append((swatch(HIDDEN_COLOUR), _("7 or fewer: not shown")))
    return rows


def _nearest(middle: tuple[float, float], wards: Sequence[AreaView]) -> str:
    here = Point(*middle)
    return min(wards, key=lambda ward: distance_km(here, Point(ward.lat, ward.lon))).name if wards else ""
