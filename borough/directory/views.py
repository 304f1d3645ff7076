"""Pages of the directory. The search and its services are open to everybody."""

import tempfile
from pathlib import Path

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from borough.accounts.queries import viewer_of
from borough.common.tables import Column, Table, respond_with_table
from borough.directory import actions, queries
from borough.directory.forms import BringInForm, NarrowForm, SearchForm
from borough.places.queries import locate_postcode

SHOWN = 20
DOWNLOADED = 5000


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find local help. The words stay in the address, so that a search can be kept or passed on."""
    asked = bool(request.GET)
    form, narrow = SearchForm(request.GET if asked else None), NarrowForm(request.GET if asked else None)
    context = {
        "form": form,
        "narrow": narrow,
        "asked": asked,
        "count": queries.count_services(),
        "may_maintain": queries.may_maintain(viewer_of(request)),
    }
    if not asked or not form.is_valid() or not narrow.is_valid():
        return render(request, "directory/search.html", context)
    need, postcode = form.cleaned_data["need"], form.cleaned_data["near"]
    near = locate_postcode(postcode) if postcode else None
    wish, wants_file = narrow.wish(need=need, near=near), request.GET.get("format") == "csv"
    number = request.GET.get("page", "1")
    start = (int(number) - 1) * SHOWN if number.isdecimal() and 0 < int(number) < DOWNLOADED else 0
    found = queries.find_services(wish, start=0 if wants_file else start, size=DOWNLOADED if wants_file else SHOWN)
    if not found.total:
        actions.note_gap(need, postcode)
    query = request.GET.copy()
    query.pop("page", None)
    context |= {
        "services": found.services,
        "total": found.total,
        "read_as": ", ".join(found.read_as.values()),
        "unknown_place": postcode if near is None else "",
        "page": Paginator(range(found.total), SHOWN).get_page(number),
        "query": query.urlencode(),
    }
    return respond_with_table(request, "directory/search.html", _table(request, found.services), context)


@require_safe
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    found = queries.read_service(service_id)
    may_maintain = queries.may_maintain(viewer_of(request))
    return render(request, "directory/service.html", {"service": found, "may_maintain": may_maintain})


def bring_in(request: HttpRequest) -> HttpResponse:
    """Take in a list of services, and see what of the newest ones could not be."""
    viewer = viewer_of(request)
    is_sent = request.method == "POST"
    form = BringInForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    report = None
    # Asked first, so that nobody sends a file in vain.
    rejects = queries.list_rejects(viewer=viewer)
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        with tempfile.TemporaryDirectory(prefix="borough-services-") as folder:
            path = Path(folder) / Path(file.name).name
            with path.open("wb") as written:
                for chunk in file.chunks():
                    written.write(chunk)
            report = actions.import_services(path, by=viewer, feed=form.cleaned_data["feed"])
        rejects = queries.list_rejects(viewer=viewer)
    table = Table(
        caption=_("Entries to correct"),
        columns=[
            Column("file", _("File"), sort=True),
            Column("position", _("Entry or line"), numeric=True),
            Column("field", _("Field"), sort=True),
            Column("reason", _("What is wrong")),
            Column("remedy", _("What to do")),
            Column("taken", _("Taken in without it")),
        ],
        rows=[vars(one) for one in rejects],
        request=request,
    )
    return respond_with_table(request, "directory/bring_in.html", table, {"form": form, "report": report})


def _table(request: HttpRequest, services: list[queries.ServiceView]) -> Table:
    return Table(
        caption=_("Services"),
        columns=[
            Column("name", _("Service")),
            Column("organization", _("Run by")),
            Column("km", _("Kilometres away"), numeric=True),
            Column("hours", _("When")),
            Column("fees", _("Cost")),
            Column("phone", _("Phone")),
            Column("email", _("Email")),
            Column("url", _("Website")),
            Column("where", _("Where")),
        ],
        rows=[
            {
                **{
                    name: getattr(one, name)
                    for name in ("name", "organization", "hours", "fees", "phone", "email", "url")
                },
                "km": None if one.distance_km is None else round(one.distance_km, 1),
                "where": "; ".join(place.words for place in one.locations),
            }
            for one in services
        ],
        request=request,
    )
