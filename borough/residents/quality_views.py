"""The quality page, in parts: each one question about the index, with a chart and the table under it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.errors import NotFound
from borough.common.tables import Table, respond_with_table
from borough.residents import queries
from borough.residents.charts import draw_bars
from borough.residents.quality_pages import PARTS


@require_safe
@staff_page(purpose=False)
def quality(request: HttpRequest, part: str = "sources") -> HttpResponse:
    """Counts of the whole index; no row is of one person."""
    view = queries.read_quality(viewer=viewer_of(request))
    if part not in PARTS:
        raise NotFound("The quality page has no such part.", "Choose one of its parts.")
    if view is None:
        return render(request, "residents/quality.html", {"parts": PARTS, "code": part})
    page = PARTS[part][1](view)
    table = Table(caption=page.title, columns=page.columns, rows=page.rows, request=request)
    # Drawn by charts.py, which escapes every text.
    chart = mark_safe(draw_bars(page.bars, title=page.bars_title)) if page.bars else ""  # noqa: S308
    context = {"parts": PARTS, "code": part, "quality": view, "page": page, "chart": chart}
    return respond_with_table(request, "residents/quality.html", table, context)
