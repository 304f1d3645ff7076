from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from borough.accounts.policies import ANALYST, IG_OFFICER, check_may_work_as, may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases.kinds import all_kinds, kind
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.queries import purpose_of
from borough.insight import actions, queries
from borough.insight.forms import CampaignForm, HeatForm, OutcomeForm, RuleForm, TitleForm, form_data_of
from borough.insight.heat_page import heat_page
from borough.insight.map_page import map_page
from borough.insight.outcome_page import outcome_page
from borough.insight.outcomes import cohort_funnels, service_funnels
from borough.places.queries import area_names, attribution


@require_safe
@staff_page
def cohorts(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    rows = [
        {
            "title": cohort.title,
            "title_href": reverse("insight:cohort", args=[cohort.id]),
            "size": cohort.size_words,
            "state": cohort.state_label,
            "made_by": cohort.made_by,
            "made_at": cohort.made_at,
        }
        for cohort in queries.list_cohorts(viewer=viewer)
    ]
    table = Table(
        caption=_("Cohorts"),
        columns=[
            Column("title", _("Cohort"), sort=True),
            Column("size", _("Residents"), sort=True, numeric=True),
            Column("state", _("State"), sort=True),
            Column("made_by", _("Made by"), sort=True),
            Column("made_at", _("Made"), sort=True),
        ],
        rows=rows,
        request=request,
    )
    run = queries.latest_run()
    skipped = [_(queries.INDICATORS[code].title) for code in run.skipped if code in queries.INDICATORS] if run else []
    context = {"run": run, "skipped": ", ".join(skipped), "may_make": may_work_as(viewer, ANALYST)}
    return respond_with_table(request, "insight/cohorts.html", table, context)


@staff_page
def cohort_new(request: HttpRequest) -> HttpResponse:
    """A GET with `count` shows how many a rule chooses; a POST keeps it under a title."""
    viewer = viewer_of(request)
    check_may_work_as(viewer, ANALYST)
    wards = list(area_names("ward").items())
    sent = request.POST if request.method == "POST" else request.GET
    asked = request.method == "POST" or "count" in sent
    form = RuleForm(sent, areas=wards) if asked else RuleForm(initial=_start(request), areas=wards)
    title_form = TitleForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "title_form": title_form, "asked": asked, "run": queries.latest_run()}
    if asked and form.is_valid():
        rule = form.rule()
        if request.method == "POST" and title_form.is_valid():
            cohort_id = actions.define_cohort(
                by=viewer, purpose=purpose_of(request), title=title_form.cleaned_data["title"], rule=rule
            )
            messages.success(request, _("The cohort is kept as a draft. Nobody in it is listed yet."))
            return redirect("insight:cohort", cohort_id)
        context["size"] = queries.size_cohort(rule, viewer=viewer)
        context["wards"] = _ward_table(request, context["size"])
    return render(request, "insight/cohort_new.html", context)


def _start(request: HttpRequest) -> dict[str, Any]:
    """The rule to begin with: of a cohort (`from`), of a council service (`service`), or none."""
    if cohort_id := request.GET.get("from"):
        return form_data_of(queries.read_cohort(cohort_id, viewer=viewer_of(request)).rule)
    if service := request.GET.get("service"):
        return form_data_of(kind(service).cohort_rule)
    return {}


def _ward_table(request: HttpRequest, size: queries.CohortSize) -> Table:
    return Table(
        caption=_("By ward, rounded to 5"),
        columns=[Column("ward", _("Ward")), Column("count", _("Residents"), numeric=True)],
        rows=[{"ward": name, "count": _("7 or fewer") if count is None else count} for name, count in size.wards],
        request=request,
        download=False,
    )


@require_safe
@staff_page
def cohort(request: HttpRequest, cohort_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    shown = queries.read_cohort(cohort_id, viewer=viewer)
    context: dict[str, Any] = {"cohort": shown, "may_act": may_work_as(viewer, ANALYST)}
    if shown.state == "draft":
        if may_work_as(viewer, ANALYST):
            context["size"] = queries.size_cohort(shown.rule, viewer=viewer)
            context["wards"] = _ward_table(request, context["size"])
        return render(request, "insight/cohort.html", context)
    page = queries.list_members(cohort_id, viewer=viewer, purpose=purpose, page=_page_number(request))
    context["members"] = page
    context["table"] = Table(
        caption=_("Residents in this cohort"),
        columns=[
            Column("name", _("Name")),
            Column("address", _("Address")),
            Column("reach", _("Phone or email")),
            Column("reasons", _("Why they are listed")),
        ],
        rows=[
            {
                "name": member.name or _("Not shown"),
                "name_href": reverse("residents:resident", args=[member.resident_id]),
                "address": member.address,
                "reach": member.phone or member.email or _("None known"),
                "reasons": "; ".join(member.reasons),
            }
            for member in page.object_list
        ],
        request=request,
        # A file of names would leave the house without a trace of who reads it.
        download=False,
    )
    return render(request, "insight/cohort.html", context)


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 1


@require_POST
@staff_page
def freeze(request: HttpRequest, cohort_id: str) -> HttpResponse:
    actions.freeze_cohort(by=viewer_of(request), purpose=purpose_of(request), cohort_id=cohort_id)
    messages.success(request, _("The cohort is frozen. Each look at its residents is logged."))
    return redirect("insight:cohort", cohort_id)


@staff_page
def campaign(request: HttpRequest, cohort_id: str) -> HttpResponse:
    """Prepare messages: choose the service, see its words, draft the campaign."""
    viewer = viewer_of(request)
    shown = queries.read_cohort(cohort_id, viewer=viewer)
    kinds = all_kinds()
    services = [(one.code, _(one.title)) for one in kinds]
    start = {"title": shown.title, "service": services[0][0] if len(services) == 1 else ""}
    form = CampaignForm(request.POST if request.method == "POST" else None, services=services, initial=start)
    if request.method == "POST" and form.is_valid():
        service = kind(form.cleaned_data["service"])
        campaign_id = actions.start_cohort_campaign(
            by=viewer,
            # Writing to people is for the service's purpose, whatever the analyst was looking for.
            purpose=service.purpose,
            cohort_id=cohort_id,
            service=service.code,
            title=form.cleaned_data["title"],
            wording=service.wording("check_in"),
        )
        messages.success(request, _("The messages are drafted. Check the words before you start to send."))
        return redirect("messaging:campaign", campaign_id)
    wordings = [(_(one.title), one.wording("check_in")) for one in kinds]
    return render(request, "insight/campaign.html", {"cohort": shown, "form": form, "wordings": wordings})


@require_safe
@staff_page
def area_map(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    check_may_work_as(viewer, ANALYST, IG_OFFICER)
    page = map_page(request.GET.get("indicator") or queries.EVERYBODY)
    table = Table(caption=page.title, columns=page.columns, rows=page.rows, request=request, totals=page.totals)
    context = {
        "page": page,
        # Drawn by svg.py, which escapes every text.
        "svg": mark_safe(page.svg),  # noqa: S308
        "legend": [(mark_safe(swatch), words) for swatch, words in page.legend],  # noqa: S308
        "attribution": attribution(),
        "run": queries.latest_run(),
    }
    return respond_with_table(request, "insight/map.html", table, context)


HEAT_EXPLAINED = {
    "requests": gettext_noop("Cases that were opened, by where the person lives."),
    "unmet": gettext_noop(
        "Cases where no help was found, where the help was not what the person needed, or that are overdue."
    ),
    "volunteers": gettext_noop("Active volunteers with the skill that the need takes, by where they set out from."),
}


@require_safe
@staff_page
def heat(request: HttpRequest) -> HttpResponse:
    """Where help is asked for, where it is missing, and where those are who would help."""
    viewer = viewer_of(request)
    form = HeatForm(request.GET, quarters=queries.quarters_counted(viewer=viewer))
    wanted = form.wanted()
    page = heat_page(wanted, by=request.GET.get("by", ""), viewer=viewer)
    table = Table(caption=page.title, columns=page.columns, rows=page.rows, request=request, totals=page.totals)
    context = {
        "page": page,
        "form": form,
        "explanation": _(HEAT_EXPLAINED[wanted.measure]),
        # Drawn by drawing.py, which escapes every text.
        "svg": mark_safe(page.svg),  # noqa: S308
        "legend": [(mark_safe(swatch), words) for swatch, words in page.legend],  # noqa: S308
        "attribution": attribution(),
        "at": queries.counted_at(),
    }
    return respond_with_table(request, "insight/heat.html", table, context)


@require_safe
@staff_page
def outcomes(request: HttpRequest) -> HttpResponse:
    """Needs met, days until help was there, wellbeing before and after: protected, for managers."""
    viewer = viewer_of(request)
    form = OutcomeForm(request.GET, quarters=queries.quarters_counted(viewer=viewer))
    by, service, quarter = form.wanted()
    page = outcome_page(by, viewer=viewer, service=service, quarter=quarter)
    table = Table(caption=_("Needs met"), columns=page.columns, rows=page.rows, request=request, totals=page.totals)
    changes = Table(
        caption=_("Wellbeing before and after"),
        columns=page.change_columns,
        rows=page.changes,
        request=request,
        # The address holds one file, that of the first table.
        download=False,
    )
    context = {
        "page": page,
        "by": by,
        "form": form,
        "changes": changes,
        # Drawn by bars.py, which escapes every text.
        "svg": mark_safe(page.svg),  # noqa: S308
        "at": queries.counted_at(),
    }
    return respond_with_table(request, "insight/outcomes.html", table, context)


@require_safe
@staff_page
def figures(request: HttpRequest) -> HttpResponse:
    """Did it work: counts for managers, no people."""
    viewer = viewer_of(request)
    rows = [
        {
            "title": cohort.title,
            "title_href": reverse("insight:cohort", args=[cohort.id]),
            "chosen": funnel.chosen,
            "contacted": funnel.contacted,
            "replied": funnel.replied,
            "asked": funnel.asked,
        }
        for cohort, funnel in cohort_funnels(viewer=viewer)
    ]
    table = Table(
        caption=_("Cohorts that were written to"),
        columns=[
            Column("title", _("Cohort"), sort=True),
            Column("chosen", _("Chosen"), sort=True, numeric=True),
            Column("contacted", _("Messages sent"), sort=True, numeric=True),
            Column("replied", _("Replied"), sort=True, numeric=True),
            Column("asked", _("Asked for help"), sort=True, numeric=True),
        ],
        rows=rows,
        request=request,
    )
    services = [(_(title), funnel) for title, funnel in service_funnels(viewer=viewer)]
    return respond_with_table(request, "insight/figures.html", table, {"services": services})
