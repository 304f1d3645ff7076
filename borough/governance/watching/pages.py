"""Pages about odd looks: the officer judges, staff say where they live, and who is protected."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.tables import Column, Table, respond_with_table
from borough.governance import actions, queries
from borough.governance.queries import purpose_of
from borough.governance.watching.forms import HomeForm, JudgeForm, ProtectForm

COLOURS = {"new": "yellow", "explained": "green", "investigate": "red"}


@require_safe
@staff_page
def odd_looks(request: HttpRequest) -> HttpResponse:
    show_all = request.GET.get("all") == "1"
    rows = [
        {
            "flag": one.flag_label,
            "flag_href": reverse("governance:odd_look", args=[one.id]),
            "who": one.who,
            "looks": one.looks,
            "last": one.last_at,
            "state": one.state_label,
            "state_colour": COLOURS[one.state],
        }
        for one in queries.list_odd_looks(viewer=viewer_of(request), all_of_them=show_all)
    ]
    columns = [
        Column("flag", _("What"), sort=True),
        Column("who", _("Who"), sort=True),
        Column("looks", _("How many"), sort=True, numeric=True),
        Column("last", _("Last"), sort=True),
        Column("state", _("State"), sort=True),
    ]
    table = Table(caption=_("Looks to judge"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "watching/odd_looks.html", table, {"show_all": show_all})


@require_http_methods(["GET", "POST"])
@staff_page
def odd_look(request: HttpRequest, flag_id: int) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = queries.read_odd_look(flag_id, viewer=viewer, purpose=purpose)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.judge_odd_look(by=viewer, purpose=purpose, flag_id=flag_id, **form.cleaned_data)
        messages.success(request, _("Your judgement is kept."))
        return redirect("governance:odd_looks")
    return render(request, "watching/odd_look.html", {"one": one, "form": form, "colour": COLOURS[one.state]})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def my_home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    surname, postcode = queries.own_home(viewer=viewer)
    form = HomeForm(request.POST or None, initial={"surname": surname, "postcode": postcode})
    if request.method == "POST" and form.is_valid():
        actions.tell_own_home(by=viewer, **form.cleaned_data)
        messages.success(request, _("Thank you. It is kept."))
        return redirect("web:staff_home")
    return render(request, "watching/my_home.html", {"form": form})


@require_http_methods(["GET", "POST"])
@staff_page
def protected(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    listed = queries.list_protected(viewer=viewer, purpose=purpose)
    form = ProtectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.protect_person(by=viewer, purpose=purpose, **form.cleaned_data)
        return redirect("governance:protected")
    return render(request, "watching/protected.html", {"form": form, "listed": listed})


@require_POST
@staff_page
def unprotect(request: HttpRequest, resident_id: str) -> HttpResponse:
    actions.unprotect_person(by=viewer_of(request), purpose=purpose_of(request), resident_id=resident_id)
    return redirect("governance:protected")
