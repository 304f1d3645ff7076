from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.tables import Column, Table, respond_with_table
from borough.common.words import date_words, number_words
from borough.governance.queries import may_offer_own_link, purpose_of
from borough.residents import queries
from borough.residents.forms import SearchForm
from borough.residents.policies import may_review
from borough.residents.review_views import decisions_for
from borough.residents.shapes import LoadView

REJECTS_SHOWN = 50
# A spreadsheet opens so many rows; a file that is rejected whole stays within it.
REJECTS_DOWNLOADED = 100_000
_ASKED = "residents_asked_for"
_STATE_COLOURS = {
    "done": "green",
    "reading": "blue",
    "merging": "blue",
    "held": "yellow",
    "failed": "red",
    "stopped": "grey",
}
_READ_AS = {
    "resident_id": gettext_lazy("a resident id"),
    "nino": gettext_lazy("a National Insurance number"),
    "nhs_number": gettext_lazy("an NHS number"),
    "phone": gettext_lazy("a phone number"),
    "email": gettext_lazy("an email address"),
    "uprn": gettext_lazy("a UPRN"),
    "postcode": gettext_lazy("a postcode"),
    "born": gettext_lazy("a date of birth"),
    "born_in": gettext_lazy("a year of birth"),
    "words": gettext_lazy("a name or an address"),
}


@staff_page
def search(request: HttpRequest) -> HttpResponse:
    """What was asked stays in the session: a name in an address would stay in logs and in the browser's history."""
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            request.session[_ASKED] = form.cleaned_data["q"]
            return redirect("residents:search")
        return render(request, "residents/search.html", {"form": form})
    asked = request.session.get(_ASKED, "")
    form = SearchForm(initial={"q": asked})
    if not asked:
        return render(request, "residents/search.html", {"form": form})
    page = _number(request.GET.get("page", "1"))
    found = queries.search_residents(asked, viewer=viewer_of(request), purpose=purpose_of(request), page=page)
    read_as = [_READ_AS[part] for part in found.read_as]
    return render(request, "residents/search.html", {"form": form, "found": found, "read_as": read_as})


@staff_page
def resident(request: HttpRequest, resident_id: str) -> HttpResponse:
    view = queries.read_resident(resident_id, viewer=viewer_of(request), purpose=purpose_of(request))
    if view.resident_id != resident_id:
        return redirect("residents:resident", view.resident_id)
    timeline = [(date_words(moment.on), moment.words) for moment in view.timeline]
    context: dict[str, Any] = {"resident": view, "timeline": timeline}
    context["may_send_link"] = may_offer_own_link(viewer_of(request), purpose_of(request))
    if may_review(viewer_of(request), purpose_of(request)):
        context |= decisions_for(request, resident_id)
    return render(request, "residents/resident.html", context)


@staff_page(purpose=False)
def sources(request: HttpRequest) -> HttpResponse:
    rows = []
    for source in queries.list_sources():
        last = source.last_load
        rows.append(
            {
                "title": source.title,
                "title_href": reverse("residents:source", args=[source.code]),
                "owner": source.owner,
                "refresh": source.refresh,
                "records": source.records,
                "loaded": last.started_at if last else None,
                "rejected": last.rejected if last else None,
                "state": last.state_words if last else _("Never loaded"),
                "state_colour": _STATE_COLOURS[last.state] if last else "grey",
            }
        )
    table = Table(
        caption=_("Sources"),
        columns=[
            Column("title", _("Source"), sort=True),
            Column("owner", _("Owner"), sort=True),
            Column("refresh", _("Expected")),
            Column("records", _("Records"), sort=True, numeric=True),
            Column("loaded", _("Newest load"), sort=True),
            Column("rejected", _("Rejected rows"), sort=True, numeric=True),
            Column("state", _("State")),
        ],
        rows=rows,
        request=request,
    )
    return respond_with_table(request, "residents/sources.html", table)


@staff_page(purpose=False)
def source(request: HttpRequest, code: str) -> HttpResponse:
    view = queries.read_source(code)
    table = Table(
        caption=_("Loads"),
        columns=[
            Column("started_at", _("Loaded"), sort=True),
            Column("file_name", _("File")),
            Column("rows", _("Rows"), numeric=True),
            Column("rejected", _("Rejected"), sort=True, numeric=True),
            Column("added", _("New"), numeric=True),
            Column("changed", _("Changed"), numeric=True),
            Column("gone", _("Gone"), numeric=True),
            Column("state", _("State")),
        ],
        rows=[_load_row(load) for load in queries.list_loads(code)],
        request=request,
    )
    fields = [(name, _column_words(rule)) for name, rule in view.mapping["fields"].items()]
    facts = [(name, _column_words(rule)) for name, rule in view.mapping["facts"].items()]
    context = {"source": view, "fields": fields, "facts": facts}
    return respond_with_table(request, "residents/source.html", table, context)


@staff_page
def load(request: HttpRequest, load_id: int) -> HttpResponse:
    view = queries.read_load(load_id)
    wants_file = request.GET.get("format") == "csv"
    pages = Paginator(range(view.rejected), REJECTS_SHOWN)
    page = pages.get_page(request.GET.get("page"))
    rejects = queries.list_rejects(
        load_id,
        viewer=viewer_of(request),
        purpose=purpose_of(request),
        page=1 if wants_file else page.number,
        size=REJECTS_DOWNLOADED if wants_file else REJECTS_SHOWN,
    )
    table = Table(
        caption=_("Rejected rows"),
        columns=[
            Column("line", _("Line"), numeric=True),
            Column("column", _("Column")),
            Column("reason", _("Reason")),
            Column("row", _("What the file holds there")),
        ],
        rows=[
            # A long row is shortened on the page; the download holds all that was kept.
            {"line": r.line, "column": r.column, "reason": r.reason, "row": r.row if wants_file else r.row[:300]}
            for r in rejects
        ],
        request=request,
    )
    warnings = [(column, number_words(count)) for column, count in view.warnings.items()]
    context = {"load": view, "page": page, "warnings": warnings, "state_colour": _STATE_COLOURS[view.state]}
    return respond_with_table(request, "residents/load.html", table, context)


def _load_row(load: LoadView) -> dict[str, object]:
    return {
        "started_at": load.started_at,
        "started_at_href": reverse("residents:load", args=[load.load_id]),
        "file_name": load.file_name,
        "rows": load.rows,
        "rejected": load.rejected,
        "added": load.added,
        "changed": load.changed,
        "gone": load.gone,
        "state": load.state_words,
        "state_colour": _STATE_COLOURS[load.state],
    }


def _column_words(rule: dict[str, object]) -> str:
    columns = rule.get("columns") or [rule["column"]]
    words = " + ".join(str(column) for column in columns)  # type: ignore[attr-defined]
    form = rule.get("format") or rule.get("order") or rule.get("type") or ""
    return f"{words} ({form})" if form else words


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
