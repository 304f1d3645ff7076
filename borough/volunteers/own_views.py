"""A volunteer's own page on a phone that has proved whose it is."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from borough.common.errors import NotFound, Problem
from borough.volunteers import actions, queries
from borough.volunteers.forms import AwayForm, HoursForm, RatherNotForm
from borough.volunteers.volunteer_views import PROOFS


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    return _show(request)


@never_cache
@require_POST
def duty(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    actions.set_duty(proofs=_proofs(request), on=on)
    messages.success(request, _("You are on duty.") if on else _("You are off duty. We ask you nothing for now."))
    return redirect("volunteers:mine")


@never_cache
@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    form = HoursForm(request.POST)
    if form.is_valid():
        actions.choose_hours(proofs=_proofs(request), hours=form.cleaned_data["hours"])
        messages.success(request, _("We ask you at these times only."))
        return redirect("volunteers:mine")
    return _show(request, hours_form=form, form=form)


@never_cache
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            actions.add_away(proofs=_proofs(request), **form.cleaned_data)
        except NotFound:
            raise
        except Problem as problem:
            form.add_error("last", f"{problem.message} {problem.remedy}")
        else:
            messages.success(request, _("We ask you nothing on these days."))
            return redirect("volunteers:mine")
    return _show(request, away_form=form, form=form)


@never_cache
@require_POST
def not_away(request: HttpRequest, away_id: int) -> HttpResponse:
    actions.remove_away(proofs=_proofs(request), away_id=away_id)
    messages.success(request, _("These days are taken out."))
    return redirect("volunteers:mine")


@never_cache
@require_POST
def rather_not(request: HttpRequest) -> HttpResponse:
    actions.choose_rather_not(proofs=_proofs(request), skills=request.POST.getlist("rather_not"))
    messages.success(request, _("Thank you for telling us."))
    return redirect("volunteers:mine")


def _show(request: HttpRequest, **forms: Form) -> HttpResponse:
    """The page, with forms that were sent in the place of new ones."""
    page = queries.read_own(_proofs(request))
    new = {
        "hours_form": HoursForm(initial={"hours": page.hours}),
        "away_form": AwayForm(),
        "rather_not_form": RatherNotForm(skills=page.skills, initial={"rather_not": page.rather_not}),
    }
    return render(request, "volunteers/mine.html", {"page": page, **new, **forms})


def _proofs(request: HttpRequest) -> list[str]:
    return list(request.session.get(PROOFS, {}).values())
