"""Searches that found nothing, for whoever commissions services: a list, by small area, or a map by hexagon."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from borough.accounts.policies import Viewer
from borough.accounts.queries import viewer_of
from borough.common.disclosure import count_words, total_of
from borough.common.tables import Column, Table, respond_with_table
from borough.common.words import number_words
from borough.directory import queries
from borough.places.counts_map import draw_counts, hexagon_rows, hexagon_shapes, legend_of
from borough.places.queries import area_names, attribution, list_areas


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    by, viewer = request.GET.get("by", ""), viewer_of(request)
    if by == "hexagon":
        return _map(request, viewer)
    by_area = by == "area"
    found = queries.list_gaps(viewer=viewer, by_area=by_area)
    names = area_names("small_area") if by_area else {}
    columns = [Column("word", _("Searched for"), sort=True), Column("times", _("Times"), numeric=True)]
    if by_area:
        columns.insert(1, Column("area", _("Small area"), sort=True))
    rows = [
        {
            "word": one.word,
            "area": names.get(one.small_area, one.small_area) or _("No postcode of the borough"),
            "times": count_words(one.times),
        }
        for one in found
    ]
    table = Table(
        caption=_("Searches that found nothing in the last year"), columns=columns, rows=rows, request=request
    )
    return respond_with_table(request, "directory/gaps.html", table, {"by": by if by_area else ""})


def _map(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    word = request.GET.get("word", "")
    found = queries.gaps_by_hexagon(viewer=viewer, word=word)
    wards = list_areas("ward")
    rows = hexagon_rows(found.hexagons, wards)
    shapes = hexagon_shapes(found.hexagons, rows)
    title = _("Searches that found nothing in the last year")
    columns = [
        Column("near", _("Nearest ward"), sort=True),
        Column("place", _("Hexagon"), sort=True),
        Column("count", _("Times"), sort=True, numeric=True),
    ]
    totals = {"near": _("All together"), "count": total_of(each.count for each in found.hexagons)} if rows else {}
    table = Table(caption=title, columns=columns, rows=rows, request=request, totals=totals)
    context: dict[str, Any] = {
        "by": "hexagon",
        "word": word,
        "words": sorted({one.word for one in queries.list_gaps(viewer=viewer)}),
        # Drawn by drawing.py, which escapes every text.
        "svg": mark_safe(draw_counts(shapes, wards, title=title)) if rows else "",  # noqa: S308
        "legend": [
            (mark_safe(swatch), words)  # noqa: S308
            for swatch, words in legend_of([shape.value for shape in shapes], counting=True)
        ],
        "attribution": attribution(),
        "nowhere": "" if found.nowhere is None else number_words(found.nowhere),
    }
    return respond_with_table(request, "directory/gaps.html", table, context)
