"""Pages of decisions: the queue of those who review, the register of rules, and a person's own decision by link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.policies import IG_OFFICER, check_may_work_as, may_work_as
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.decisions import deciding, reading
from borough.governance.decisions.forms import AnswerForm, ReviewForm, SwitchForm
from borough.governance.decisions.models import DECISION_STATES, RULE_STATES
from borough.governance.decisions.policies import what_bars
from borough.governance.queries import purpose_of
from borough.governance.register import grounds

RULE_COLOURS = {"off": "grey", "on": "green", "replaced": "grey"}
COLOURS = {"proposed": "blue", "contested": "red", "stands": "yellow"}


@require_safe
@staff_page
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits for a person, challenges first."""
    rows = [
        {
            "rule": line.rule,
            "rule_href": f"{line.id}/",
            "proposed": line.proposed,
            "taken": line.taken_at,
            "state": _("Tell by post") if line.post else _(DECISION_STATES.labels[line.state]),
            "state_colour": COLOURS[line.state],
        }
        for line in reading.list_decisions(viewer=viewer_of(request), purpose=purpose_of(request))
    ]
    columns = [
        Column("rule", _("Decision"), sort=True),
        Column("proposed", _("What the rule proposes, or what holds"), sort=True),
        Column("taken", _("Since"), sort=True),
        Column("state", _("State"), sort=True),
    ]
    table = Table(caption=_("Decisions that wait"), columns=columns, rows=rows, request=request, download=False)
    return respond_with_table(request, "governance/decisions.html", table)


@require_http_methods(["GET", "POST"])
@staff_page
def decision(request: HttpRequest, decision_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    one = reading.read_decision(decision_id, viewer=viewer, purpose=purpose)
    form = ReviewForm(request.POST or None, decision=one)
    if request.method == "POST" and form.is_valid():
        deciding.review_decision(by=viewer, purpose=purpose, decision_id=decision_id, **form.cleaned_data)
        messages.success(request, _("It is decided. The person is told, with your reason, and how to challenge it."))
        return redirect("governance:decisions")
    context = {
        "one": one,
        "form": form,
        "state": _(DECISION_STATES.labels[one.state]),
        "state_colour": COLOURS[one.state],
    }
    return render(request, "governance/decision.html", context)


@require_POST
@staff_page
def posted(request: HttpRequest, decision_id: str) -> HttpResponse:
    deciding.note_posted(by=viewer_of(request), purpose=purpose_of(request), decision_id=decision_id)
    messages.success(request, _("It is noted that a letter went to them."))
    return redirect("governance:decisions")


@require_safe
@staff_page(purpose=False)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule that decides or helps to decide about people, and how it is used."""
    rows = [
        {
            "title": _(rule.title),
            "title_href": f"{rule.code}/",
            "state": _(RULE_STATES.labels[rule.state]),
            "state_colour": RULE_COLOURS[rule.state],
            "alone": rule.solely_automated,
            "significant": rule.significant,
            "special": rule.special,
            "taken": rule.taken,
            "overturned": rule.overturned,
        }
        for rule in reading.list_rules()
    ]
    columns = [
        Column("title", _("Rule"), sort=True),
        Column("state", _("State"), sort=True),
        Column("alone", _("Decides alone?")),
        Column("significant", _("Significant?")),
        Column("special", _("Special-category data?")),
        Column("taken", _("Decisions kept"), sort=True, numeric=True),
        Column("overturned", _("Overturned"), sort=True, numeric=True),
    ]
    table = Table(caption=_("Decision rules"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "governance/rules.html", table)


@require_safe
@staff_page(purpose=False)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    one = reading.read_rule(code)
    condition = [grounds.cited(grounds.ARTICLE_9, one.article_9), grounds.cited(grounds.SCHEDULE_1, one.schedule_1)]
    context = {
        "rule": one,
        "says": one.says,
        "state": _(RULE_STATES.labels[one.state]),
        "state_colour": RULE_COLOURS[one.state],
        "law": grounds.cited(grounds.ARTICLE_6, one.lawful_basis),
        "condition": "; ".join(part for part in condition if part),
        "may_switch": may_work_as(viewer_of(request), IG_OFFICER),
    }
    return render(request, "governance/rule.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=False)
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a rule on or off, with a reason, and with the condition in law where it needs one."""
    viewer = viewer_of(request)
    check_may_work_as(viewer, IG_OFFICER)
    one = reading.read_rule(code)
    turning_on = one.state != "on"
    form = SwitchForm(request.POST or None, special=one.special and turning_on)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        barred = what_bars(
            special=one.special,
            significant=one.significant,
            solely_automated=one.solely_automated,
            lawful_basis=one.lawful_basis,
            article_9=said.get("article_9", ""),
            schedule_1=said.get("schedule_1", ""),
        )
        if turning_on and barred:
            for words in barred:
                form.add_error("article_9" if "article_9" in form.fields else None, words)
        else:
            verb = deciding.switch_rule_on if turning_on else deciding.switch_rule_off
            verb(by=viewer, code=code, **said)
            messages.success(request, _("The rule is on.") if turning_on else _("The rule is off. It decides nothing."))
            return redirect("governance:rule", code)
    return render(request, "governance/switch.html", {"form": form, "rule": one, "turning_on": turning_on})


@require_safe
@staff_page(purpose=False)
def reviewers(request: HttpRequest) -> HttpResponse:
    """Who really reviews, and who only nods."""
    rows = [
        {
            "name": one.name,
            "reviews": one.reviews,
            "overturned": one.overturned,
            "minutes": one.minutes,
            "nods": _("Never disagrees, spends no time") if one.only_nods else "",
            "nods_colour": "red" if one.only_nods else "",
        }
        for one in reading.list_reviewers(viewer=viewer_of(request))
    ]
    columns = [
        Column("name", _("Reviewer"), sort=True),
        Column("reviews", _("Reviews"), sort=True, numeric=True),
        Column("overturned", _("Overturned"), sort=True, numeric=True),
        Column("minutes", _("Minutes, median"), sort=True, numeric=True),
        Column("nods", _("Look into")),
    ]
    table = Table(caption=_("Reviewers"), columns=columns, rows=rows, request=request)
    return respond_with_table(request, "governance/reviewers.html", table)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_decision(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own decision, by the link that was sent to them: what, why, and their answer."""
    one = reading.decision_behind(token)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        deciding.contest_decision(token=token, **form.cleaned_data)
        return redirect(reverse("governance:answered_decision"))
    return render(request, "governance/own_decision.html", {"one": one, "form": form})


@require_safe
def answered_decision(request: HttpRequest) -> HttpResponse:
    return render(request, "governance/answered_decision.html")
