"""Becoming a volunteer: the public's pages, and the coordinators' list of who wants to."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.public_forms import count_sending
from borough.common.tables import Column, Table, respond_with_table
from borough.volunteers import actions, queries
from borough.volunteers.forms import DeclineForm, JoinForm
from borough.volunteers.models import APPLICATION_STATES, TRAVEL

# Within an hour: as many as may ask for help from one browser, and for the same reason.
MOST_JOINS = 5
PER_PAGE = 25


def join(request: HttpRequest) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count_sending(
            request,
            "joins",
            most=MOST_JOINS,
            problem=_("You have sent this form several times in the last hour."),
            remedy=_("Call us, and we will help you."),
        )
        given = {name: value for name, value in form.cleaned_data.items() if name not in ("website", "consent")}
        # A robot filled what no person sees. It is told nothing.
        if not form.cleaned_data["website"]:
            actions.apply_to_volunteer(**given)
        request.session["joined"] = "applied"
        return redirect("volunteers:joined")
    return render(request, "volunteers/join.html", {"form": form})


def joined(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/joined.html", {"what": request.session.get("joined", "applied")})


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, for mail scanners open every link: the button confirms."""
    if request.method == "POST":
        actions.confirm_application(token=token)
        request.session["joined"] = "confirmed"
        return redirect("volunteers:joined")
    forename = queries.application_behind(token).name.split(" ")[0]
    return render(request, "volunteers/confirm.html", {"forename": forename})


@staff_page(purpose=False)
def applications(request: HttpRequest) -> HttpResponse:
    """Who waits for a decision, and what became of the others."""
    undecided, others = queries.list_applications(viewer=viewer_of(request))
    page = Paginator(undecided, PER_PAGE).get_page(request.GET.get("page"))
    skills = dict(queries.skills_wanted())
    table = Table(
        caption=_("Others of the last 90 days"),
        columns=[
            Column("name", _("Name"), sort=True),
            Column("applied", _("Applied"), sort=True),
            Column("state", _("State"), sort=True),
            Column("by", _("Decided by"), sort=True),
            Column("reason", _("Why")),
        ],
        rows=[
            {
                "name": one.name,
                "applied": one.applied_at,
                "state": gettext(APPLICATION_STATES.labels[one.state]),
                "by": one.decided_by,
                "reason": one.reason,
            }
            for one in others
        ],
        request=request,
    )
    waiting = [
        (one, ", ".join(skills.get(code, code) for code in one.skills), gettext(TRAVEL[one.travel])) for one in page
    ]
    return respond_with_table(request, "volunteers/applications.html", table, {"page": page, "waiting": waiting})


@staff_page(purpose=False)
@require_POST
def approve(request: HttpRequest, application_id: str) -> HttpResponse:
    if actions.approve_application(by=viewer_of(request), application_id=application_id):
        messages.success(request, _("They are a volunteer now, and are told so. They have no DBS check yet."))
    else:
        messages.info(
            request, _("They are a volunteer now, but their postcode is not in the gazetteer: no task will be near.")
        )
    return redirect("volunteers:applications")


@staff_page(purpose=False)
def decline(request: HttpRequest, application_id: str) -> HttpResponse:
    application = queries.read_application(application_id, viewer=viewer_of(request))
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.decline_application(by=viewer_of(request), application_id=application_id, **form.cleaned_data)
        messages.success(request, _("The application is declined, and they are told why."))
        return redirect("volunteers:applications")
    return render(request, "volunteers/decline.html", {"form": form, "application": application})
