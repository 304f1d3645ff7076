"""Pages of checks: the list of them, and each as a table for review."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common import tables
from borough.common.errors import NotAllowed
from borough.governance.queries import purpose_of, purposes_open_to
from borough.places.drawing import Line, Shape, draw_map
from borough.places.queries import attribution, list_areas
from borough.places.shapes import outline_of
from borough.residents import actions, queries
from borough.residents.check_forms import CheckForm
from borough.residents.check_runs import ROWS_ON_A_PAGE
from borough.residents.checks.kind import CAUTION, LOOK, BadAnswer, Check, CheckPage, Column, Summary


@require_safe
@staff_page(purpose=False)
def checks(request: HttpRequest) -> HttpResponse:
    """Every check with what it asks; those that no agreement opens to the reader say so."""
    opened = {purpose.code for purpose in purposes_open_to(viewer_of(request))}
    cards = [
        {
            "title": check.title,
            "href": reverse("residents:check", args=[check.code]),
            "text": check.question,
            "tag": "" if check.purpose in opened else _("Not open to you"),
            "tag_colour": "grey",
        }
        for check in queries.list_checks()
    ]
    cards.sort(key=lambda card: str(card["title"]))
    context = {"cards": cards, "look": LOOK}
    return render(request, "residents/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def check(request: HttpRequest, code: str) -> HttpResponse:
    """One check. What it was told stays in the session: an address of a home has no place in the page's address."""
    asked = queries.read_check(code)
    context: dict[str, Any] = {"check": asked, "caution": CAUTION}
    if purpose_of(request) != asked.purpose:
        return _ask_for_purpose(request, asked, context)
    sources = [(source.code, source.title) for source in queries.list_sources()]
    kept = f"check {code}"
    if request.method == "POST":
        form = CheckForm(asked, request.POST, request.FILES, sources=sources)
        if form.is_valid():
            request.session[kept] = form.answers()
            return redirect("residents:check", code)
        return render(request, "residents/check.html", context | {"form": form, "map": _map(asked, {})})
    answers: dict[str, str] | None = request.session.get(kept)
    form = CheckForm(asked, answers, sources=sources)
    wants_file, sort = request.GET.get("format") == "csv", request.GET.get("sort", "")
    context |= {"form": form if asked.asks else None, "map": {} if wants_file else _map(asked, answers or {})}
    if answers is None and asked.must_answer:
        return render(request, "residents/check.html", context)
    page = None if wants_file or request.GET.get("page") == "all" else _number(request.GET.get("page", "1"))
    try:
        found = queries.run_check(
            code, viewer=viewer_of(request), purpose=asked.purpose, answers=answers, page=page, sort=sort
        )
    except BadAnswer as problem:
        form.add_error(problem.ask, str(problem))
        return render(request, "residents/check.html", context)
    if wants_file:
        # A stream is answered like any page, though Django gives it a class beside HttpResponse.
        return cast(HttpResponse, _file(found))
    return _page(request, found, context, whole=page is None)


@require_POST
@staff_page
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Let the rule propose what to do with each row; the proposals then wait for a person."""
    asked = queries.read_check(code)
    if purpose_of(request) != asked.purpose:
        return _ask_for_purpose(request, asked, {"check": asked})
    actions.propose_decisions(code, by=viewer_of(request), purpose=asked.purpose)
    return redirect("governance:decisions")


def _ask_for_purpose(request: HttpRequest, asked: Check, context: dict[str, Any]) -> HttpResponse:
    """A check is for its own purpose: say which, and offer to work for it now where an agreement opens it."""
    purposes = {purpose.code: purpose for purpose in purposes_open_to(viewer_of(request))}
    context["for_purpose"] = purposes.get(asked.purpose)
    return render(request, "residents/check_purpose.html", context, status=200 if context["for_purpose"] else 403)


def _map(asked: Check, answers: Mapping[str, str]) -> dict[str, Any]:
    """For a check of a piece of ground: the borough, the ground that was asked about, and its file to go on from."""
    if asked.ground is None:
        return {}
    over = None
    if answers:
        # What cannot be used is said beside the form.
        with suppress(BadAnswer):
            over = outline_of(asked.ground(answers))
    svg = draw_map(
        [Shape(area.outline, None, area.name) for area in list_areas("small_area")],
        [Line(line.outline, kind) for kind in ("river", "high_street") for line in list_areas(kind)],
        title=_("Map of the borough"),
        description=_("Small areas, rivers and high streets. The area that the list is about has a thick line."),
        over=over,
    )
    # drawing.py escapes every text.
    drawn = json.dumps(over) if over and answers.get("area") else ""
    return {"svg": mark_safe(svg), "drawn": drawn, "attribution": attribution(), "shows": over is not None}  # noqa: S308


def _page(request: HttpRequest, found: CheckPage, context: dict[str, Any], *, whole: bool) -> HttpResponse:
    links = "name" in {column.name for column in found.columns}
    rows = [
        row | ({"name_href": reverse("residents:resident", args=[row["resident_id"]])} if links else {})
        for row in found.rows
    ]
    context |= {
        "found": found,
        "table": tables.Table(
            caption=str(found.check.title), columns=_columns(found.columns), rows=rows, request=request
        ),
        "summary": found.summary,
        "areas": _areas(found.summary, request),
        "pager": None if whole else Paginator(range(found.total), ROWS_ON_A_PAGE).get_page(found.page),
        "sort": request.GET.get("sort", ""),
        "whole": whole,
    }
    return render(request, "residents/check.html", context)


def _areas(summary: Summary, request: HttpRequest) -> tables.Table | None:
    if not summary.rows:
        return None
    columns = [tables.Column(one.name, str(one.title), numeric=one.kind == "number") for one in summary.columns]
    return tables.Table(caption=_("By ward"), columns=columns, rows=summary.rows, request=request, download=False)


def _columns(columns: list[Column]) -> list[tables.Column]:
    return [tables.Column(one.name, str(one.title), sort=one.sort, numeric=one.kind == "number") for one in columns]


class _Echo:
    """A file that gives back what is written to it, for the csv module to write lines to a stream."""

    def write(self, line: str) -> str:
        return line


def _file(found: CheckPage) -> StreamingHttpResponse:
    """All rows as CSV. The caution stands in each row, so that it goes where the row goes."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo(), lineterminator="\r\n")
        titles = [tables.safe_cell(str(column.title)) for column in found.columns]
        # The byte order mark tells Excel that this is UTF-8.
        yield "\ufeff" + str(writer.writerow([*titles, _("Note")]))
        try:
            for row in found.rows_while_open():
                cells = [tables.safe_cell(row[column.name]) for column in found.columns]
                yield str(writer.writerow([*cells, str(CAUTION)]))
        except NotAllowed:
            # The answer has begun: its status can no longer say it.
            yield str(writer.writerow([_("STOPPED: the agreement that opens this list has ended. Rows are missing.")]))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.check.code}-for-review.csv"'
    return response


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
