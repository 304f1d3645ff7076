"""Pages for staff who look after volunteers: each parses, calls a verb, renders."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.policies import may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases.kinds import kind
from borough.cases.queries import list_waiting_of, read_case
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.queries import purpose_of
from borough.volunteers import actions, queries
from borough.volunteers.models import LIVE, OFFER_STATES
from borough.volunteers.policies import DECIDES, LIVE_MINUTES, MATCHERS

# What a coordinator reads where nobody is to go alone, by how many are looked for and whether one is there.
TOGETHER = {
    (2, False): gettext_noop("Do not visit alone: two volunteers go together. Ask two."),
    (1, True): gettext_noop("Do not visit alone: one volunteer is asked, or said yes. Ask one more to go with them."),
}
STATE_COLOURS = {
    "offered": "yellow",
    "accepted": "purple",
    "declined": "grey",
    "expired": "grey",
    "withdrawn": "grey",
    "done": "green",
    "could_not": "orange",
}


@staff_page(purpose=False, partners=True)
def volunteers(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    lines = queries.list_volunteers(viewer=viewer)
    rows = [
        {
            "name": line.name,
            "name_href": reverse("volunteers:volunteer", args=[line.id]),
            "postcode": line.postcode,
            "skills": ", ".join(skill.replace("_", " ") for skill in line.skills),
            "languages": ", ".join(line.languages),
            "radius": line.radius_km,
            "held": line.held,
            "capacity": line.capacity,
            "done": line.done,
            "duty": _("On duty") if line.on_duty else _("Off duty"),
            "level": gettext(line.dbs_level) if line.dbs_level else "",
            "check": line.dbs_expires_on if line.checked else _("None in date"),
            "ends": line.ends_soon,
        }
        for line in lines
    ]
    table = Table(
        caption=_("Volunteers"),
        columns=[
            Column("name", _("Name"), sort=True),
            Column("ends", _("A check ends soon"), sort=True),
            Column("postcode", _("Postcode"), sort=True),
            Column("skills", _("Skills"), sort=True),
            Column("languages", _("Languages"), sort=True),
            Column("radius", _("Goes up to, km"), sort=True, numeric=True),
            Column("held", _("Tasks now"), sort=True, numeric=True),
            Column("capacity", _("Tasks a week at most"), sort=True, numeric=True),
            Column("done", _("Done"), sort=True, numeric=True),
            Column("duty", _("Duty"), sort=True),
            Column("level", _("DBS level"), sort=True),
            Column("check", _("DBS check until")),
        ],
        rows=rows,
        request=request,
    )
    context: dict[str, Any] = {"count": len(lines), "may_match": may_work_as(viewer, *MATCHERS)}
    if may_work_as(viewer, *DECIDES):
        context["applications"] = queries.count_applications(viewer=viewer)
    return respond_with_table(request, "volunteers/list.html", table, context)


@staff_page(purpose=False, partners=True)
def volunteer(request: HttpRequest, volunteer_id: str) -> HttpResponse:
    """One volunteer, for whoever looks after them."""
    line = queries.read_volunteer(volunteer_id, viewer=viewer_of(request))
    return render(request, "volunteers/volunteer.html", {"line": line, "level": gettext(line.dbs_level)})


@staff_page(purpose=False, partners=True)
@require_POST
def change_duty(request: HttpRequest, volunteer_id: str) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    actions.change_duty(by=viewer_of(request), volunteer_id=volunteer_id, on=on)
    messages.success(
        request, _("The volunteer is on duty.") if on else _("The volunteer is off duty, and asked nothing.")
    )
    return redirect("volunteers:volunteer", volunteer_id)


@staff_page
def case_offers(request: HttpRequest, case_id: str) -> HttpResponse:
    """The offers made for a case, and who else could take it, with reasons."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    offers = queries.list_offers(case_id, viewer=viewer)
    context = {
        "case": read_case(case_id, viewer=viewer, purpose=purpose),
        "offers": [(one, gettext(OFFER_STATES.labels[one.state]), STATE_COLOURS[one.state]) for one in offers],
        "live": LIVE,
        "live_minutes": LIVE_MINUTES,
        "waiting": [
            (
                task.id,
                gettext(kind(task.service).needs[task.need]),
                gettext(together) if (together := TOGETHER.get((task.people, task.one_missing))) else "",
                queries.suggest_volunteers(task.id, viewer=viewer, purpose=purpose),
            )
            for task in list_waiting_of(case_id, viewer=viewer, purpose=purpose)
        ],
    }
    return render(request, "volunteers/case_offers.html", context)


@staff_page
@require_POST
def make_offer(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.make_offer(
        by=viewer_of(request),
        purpose=purpose_of(request),
        task_id=request.POST.get("task_id", ""),
        volunteer_id=request.POST.get("volunteer_id", ""),
    )
    messages.success(request, _("The volunteer gets a message with a link to answer."))
    return redirect("volunteers:case_offers", case_id)


@staff_page
@require_POST
def ask_live(request: HttpRequest, case_id: str) -> HttpResponse:
    """The best volunteer now, with minutes to answer; then the next."""
    actions.make_offer(
        by=viewer_of(request),
        purpose=purpose_of(request),
        task_id=request.POST.get("task_id", ""),
        answer_minutes=LIVE_MINUTES,
    )
    messages.success(
        request,
        _("The best volunteer is asked. Who does not say yes in %(minutes)d minutes is followed by the next.")
        % {"minutes": LIVE_MINUTES},
    )
    return redirect("volunteers:case_offers", case_id)


@staff_page
@require_POST
def keep_apart(request: HttpRequest, case_id: str, offer_id: str) -> HttpResponse:
    actions.keep_apart(by=viewer_of(request), purpose=purpose_of(request), offer_id=offer_id)
    messages.success(request, _("These two are not matched again."))
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
