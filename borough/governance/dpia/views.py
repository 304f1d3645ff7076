"""Pages of impact assessments, for information governance."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.policies import IG_OFFICER, check_may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common import clock
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.dpia import writing
from borough.governance.dpia.forms import EFFECT, LIKELY, RESIDUAL, SEVERE, STEP_FORMS, StartForm
from borough.governance.dpia.models import DPIA_STATES

COLOURS = {"draft": "yellow", "signed": "green", "replaced": "grey"}


def step_titles() -> dict[str, str]:
    return {
        "need": _("1. Why it is needed"),
        "processing": _("2. What is done with the data"),
        "consultation": _("3. Who was asked"),
        "necessity": _("4. Necessity and proportion"),
        "risks": _("5 and 6. Risks, and what is done about them"),
        "sign-off": _("7. Sign-off"),
    }


@require_safe
@staff_page(purpose=False)
def dpias(request: HttpRequest) -> HttpResponse:
    """Every purpose: whether it needs an assessment, and where the newest stands."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    rows = []
    for one in writing.screen_purposes():
        newest = one.newest
        late = newest is not None and newest.state == "draft" and newest.due_on < clock.today()
        rows.append(
            {
                "purpose": _(one.purpose.name),
                "purpose_href": reverse("governance:screening", args=[one.purpose.code]),
                "needed": _("Needed") if one.screening.needed else _("Not needed"),
                "needed_colour": "red" if one.screening.needed else "grey",
                "state": _("Late") if late else _(DPIA_STATES.labels[newest.state]) if newest else _("None yet"),
                "state_colour": "red" if late else COLOURS[newest.state] if newest else "grey",
                "version": newest.version if newest else None,
                "due": (newest.due_on if newest.state == "draft" else newest.review_on) if newest else None,
            }
        )
    columns = [
        Column("purpose", _("Purpose"), sort=True),
        Column("needed", _("By what is declared"), sort=True),
        Column("state", _("Assessment"), sort=True),
        Column("version", _("Version"), numeric=True),
        Column("due", _("Due, or review on"), sort=True),
    ]
    table = Table(caption=_("Impact assessments"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "governance/dpias.html", table)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(purpose=False)
def screening(request: HttpRequest, code: str) -> HttpResponse:
    """Which criteria the purpose meets and why; from here an assessment begins."""
    check_may_work_as(viewer_of(request), IG_OFFICER)
    one = writing.screen_purpose(code)
    initial = {"due_on": clock.today() + writing.IN_TWO_WEEKS}
    form = StartForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        dpia_id = writing.start_dpia(by=viewer_of(request), purpose=code, due_on=form.cleaned_data["due_on"])
        return redirect("governance:dpia", dpia_id)
    return render(request, "governance/screening.html", {"one": one, "form": form})


@require_safe
@staff_page(purpose=False)
def dpia(request: HttpRequest, dpia_id: int) -> HttpResponse:
    check_may_work_as(viewer_of(request), IG_OFFICER)
    one = writing.read_dpia(dpia_id)
    titles = writing.text_titles()
    context = {
        "one": one,
        "state": _(DPIA_STATES.labels[one.state]),
        "state_colour": COLOURS[one.state],
        "titles": step_titles(),
        "texts": [
            (step, [(titles[name], one.says.get(name, "")) for name in names]) for step, names in writing.TEXTS.items()
        ],
        "risks": [_risk_in_words(risk) for risk in one.risks],
        "missing": writing.what_is_missing(one) if one.state == "draft" else [],
    }
    return render(request, "governance/dpia.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(purpose=False)
def edit(request: HttpRequest, dpia_id: int, step: str) -> HttpResponse:
    check_may_work_as(viewer_of(request), IG_OFFICER)
    if step not in STEP_FORMS:
        raise Http404
    one = writing.read_dpia(dpia_id)
    form = STEP_FORMS[step](request.POST if request.method == "POST" else None, step=step, dpia=one)
    if request.method == "POST" and form.is_valid():
        writing.edit_dpia(by=viewer_of(request), dpia_id=dpia_id, **form.changes())
        return redirect("governance:dpia", dpia_id)
    return render(request, "governance/dpia_step.html", {"form": form, "one": one, "title": step_titles()[step]})


@require_POST
@staff_page(purpose=False)
def sign(request: HttpRequest, dpia_id: int) -> HttpResponse:
    writing.sign_dpia(by=viewer_of(request), dpia_id=dpia_id)
    messages.success(request, _("The assessment is signed off."))
    return redirect("governance:dpia", dpia_id)


def _risk_in_words(risk: dict[str, str]) -> list[tuple[str, str]]:
    words = {name: {code: str(said) for code, said in table} for name, table in _TABLES.items()}
    return [
        (_("Risk"), risk["risk"]),
        (_("Likelihood of harm"), words["likelihood"][risk["likelihood"]]),
        (_("Severity of harm"), words["severity"][risk["severity"]]),
        (_("What is done about it"), risk["measure"]),
        (_("What that does to the risk"), words["effect"][risk["effect"]]),
        (_("Risk that remains"), words["residual"][risk["residual"]]),
    ]


_TABLES = {"likelihood": LIKELY, "severity": SEVERE, "effect": EFFECT, "residual": RESIDUAL}
