"""Pages for staff who look after volunteers: each parses, calls a verb, renders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases.queries import read_case
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.queries import purpose_of
from borough.volunteers import actions, queries
from borough.volunteers.models import LIVE, OFFER_STATES

STATE_COLOURS = {
    "offered": "yellow",
    "accepted": "purple",
    "declined": "grey",
    "expired": "grey",
    "withdrawn": "grey",
    "done": "green",
    "could_not": "orange",
}
WHY_NOT = {
    "no_place": gettext_noop("their postcode is not in the gazetteer"),
    "no_skill": gettext_noop("no volunteer has the skill"),
    "no_check": gettext_noop("no volunteer with the skill has a DBS check in date"),
    "too_far": gettext_noop("no volunteer goes that far"),
    "all_asked": gettext_noop("all who could were asked before"),
    "no_capacity": gettext_noop("all who could are busy"),
}


@staff_page(purpose=False)
def volunteers(request: HttpRequest) -> HttpResponse:
    lines = queries.list_volunteers(viewer=viewer_of(request))
    rows = [
        {
            "name": line.name,
            "postcode": line.postcode,
            "skills": ", ".join(skill.replace("_", " ") for skill in line.skills),
            "languages": ", ".join(line.languages),
            "radius": line.radius_km,
            "held": line.held,
            "capacity": line.capacity,
            "done": line.done,
            "check": line.dbs_expires_on if line.checked else _("None in date"),
        }
        for line in lines
    ]
    table = Table(
        caption=_("Volunteers"),
        columns=[
            Column("name", _("Name"), sort=True),
            Column("postcode", _("Postcode"), sort=True),
            Column("skills", _("Skills"), sort=True),
            Column("languages", _("Languages"), sort=True),
            Column("radius", _("Goes up to, km"), sort=True, numeric=True),
            Column("held", _("Cases now"), sort=True, numeric=True),
            Column("capacity", _("Cases at most"), sort=True, numeric=True),
            Column("done", _("Done"), sort=True, numeric=True),
            Column("check", _("DBS check until")),
        ],
        rows=rows,
        request=request,
    )
    return respond_with_table(request, "volunteers/list.html", table, {"count": len(lines)})


@staff_page
@require_POST
def match(request: HttpRequest) -> HttpResponse:
    report = actions.match_open_cases(by=viewer_of(request), purpose=purpose_of(request))
    words = ngettext(
        "%(offered)d case of %(waiting)d was offered.", "%(offered)d cases of %(waiting)d were offered.", report.offered
    )
    messages.success(request, words % {"offered": report.offered, "waiting": report.waiting})
    for why, count in sorted(report.unplaced.items()):
        reason = gettext(WHY_NOT[why])
        messages.info(request, _("%(count)d not placed: %(reason)s.") % {"count": count, "reason": reason})
    return redirect("volunteers:list")


@staff_page
def case_offers(request: HttpRequest, case_id: str) -> HttpResponse:
    """The offers made for a case, and who else could take it, with reasons."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    offers = queries.list_offers(case_id, viewer=viewer)
    context = {
        "case": read_case(case_id, viewer=viewer, purpose=purpose),
        "offers": [(one, gettext(OFFER_STATES.labels[one.state]), STATE_COLOURS[one.state]) for one in offers],
        "live": LIVE,
        "suggestions": queries.suggest_volunteers(case_id, viewer=viewer, purpose=purpose),
    }
    return render(request, "volunteers/case_offers.html", context)


@staff_page
@require_POST
def make_offer(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.make_offer(
        by=viewer_of(request),
        purpose=purpose_of(request),
        case_id=case_id,
        volunteer_id=request.POST.get("volunteer_id", ""),
    )
    messages.success(request, _("The volunteer gets a message with a link to answer."))
    return redirect("volunteers:case_offers", case_id)


@staff_page
@require_POST
def withdraw(request: HttpRequest, case_id: str, offer_id: str) -> HttpResponse:
    actions.withdraw_offer(
        by=viewer_of(request), purpose=purpose_of(request), offer_id=offer_id, reason=_("The offer was taken back.")
    )
    messages.success(request, _("The offer is taken back."))
    return redirect("volunteers:case_offers", case_id)


@staff_page
@require_POST
def new_link(request: HttpRequest, case_id: str, offer_id: str) -> HttpResponse:
    actions.send_new_link(by=viewer_of(request), offer_id=offer_id)
    messages.success(request, _("The volunteer gets a new link, and the old one opens nothing."))
    return redirect("volunteers:case_offers", case_id)
