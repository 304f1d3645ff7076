"""Pages for several cases at once: the queue, what is done to many, two that are one, one that is two, a step back."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.policies import COORDINATOR
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.forms import CloseForm, DueForm, GiveForm, SplitForm
from borough.cases.kinds import URGENCIES
from borough.cases.minding_views import form_page, version_of
from borough.cases.models import CASE_STATES
from borough.cases.sharing_views import view_links
from borough.cases.stale import shows_both_versions
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.tables import Column, Table, respond_with_table
from borough.common.words import counted_words
from borough.governance.queries import purpose_of
from borough.messaging.queries import duty_contacts

STATE_COLOURS = {
    "new": "blue",
    "in_hand": "turquoise",
    "offered": "yellow",
    "matched": "purple",
    "referred": "purple",
    "delivered": "green",
    "met": "green",
    "unanswered": "grey",
    "reopened": "orange",
    "could_not_help": "grey",
    "cancelled": "grey",
}
URGENCY_COLOURS = {"urgent": "red", "soon": "yellow", "routine": "grey"}
SHOWS = {
    "all": gettext_noop("All open"),
    "mine": gettext_noop("Mine"),
    "team": gettext_noop("My role's"),
    "unassigned": gettext_noop("Nobody's"),
    "overdue": gettext_noop("Overdue"),
    "concern": gettext_noop("Worried about"),
    "to_ask": gettext_noop("Ask whether it helped"),
}
TITLES = {
    "assign": gettext_noop("Give the cases to somebody"),
    "due": gettext_noop("Change the day they are due"),
    "close": gettext_noop("Close the cases"),
}


@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    show = request.GET.get("show", "all") if request.GET.get("show") in SHOWS else "all"
    need, state = request.GET.get("need", ""), request.GET.get("state", "")
    if state not in CASE_STATES.labels:
        state = ""
    page = max(int(request.GET["page"]), 1) if request.GET.get("page", "").isdecimal() else 1
    in_a_file = request.GET.get("format") == "csv"
    # One more than is shown, so that it is known whether another page follows.
    limit = queries.MOST_IN_A_FILE if in_a_file else queries.PAGE + 1
    offset = 0 if in_a_file else (page - 1) * queries.PAGE
    lines = queries.list_queue(
        viewer=viewer, purpose=purpose, show=show, need=need, state=state, limit=limit, offset=offset
    )
    follows = not in_a_file and len(lines) > queries.PAGE
    lines = lines if in_a_file else lines[: queries.PAGE]
    rows = [
        {
            "choose": line.reference,
            "choose_pick": line.id,
            "reference": line.reference,
            "reference_href": reverse("cases:case", args=[line.id]),
            "need": line.need_label,
            "urgency": gettext(URGENCIES[line.urgency]),
            "urgency_colour": URGENCY_COLOURS[line.urgency],
            "state": gettext(CASE_STATES.labels[line.state]),
            "state_colour": STATE_COLOURS[line.state],
            "due": line.due_on,
            "flags": ", ".join(line.flag_words),
            "flags_colour": "red" if line.flags else "",
            "done": _("%(done)s of %(all)s") % {"done": line.done, "all": line.tasks} if line.tasks > 1 else "",
            "late": _("Overdue") if line.overdue else "",
            "late_colour": "red" if line.overdue else "",
            "worker": line.assigned_name,
            "opened": line.opened_at.date(),
        }
        for line in lines
    ]
    table = Table(
        caption=gettext("Cases: %(show)s") % {"show": gettext(SHOWS[show]).lower()},
        columns=[
            Column("choose", _("Choose"), on_page=True),
            Column("reference", _("Reference"), sort=True),
            Column("need", _("Need"), sort=True),
            Column("urgency", _("Urgency"), sort=True),
            Column("state", _("State"), sort=True),
            Column("flags", _("Mind"), sort=True),
            Column("done", _("Done"), sort=True),
            Column("due", _("Due"), sort=True),
            Column("late", _("Late"), sort=True),
            Column("worker", _("Worker"), sort=True),
            Column("opened", _("Opened"), sort=True),
        ],
        rows=rows,
        request=request,
    )
    counts = queries.count_queue(viewer=viewer, purpose=purpose)
    context = {
        "shows": [
            (code, gettext(label), counted_words(counts[code], most=queries.MOST_COUNTED))
            for code, label in SHOWS.items()
        ],
        "show": show,
        "nobody_on_duty": viewer.has_role(COORDINATOR) and not duty_contacts(),
        "need": need,
        "needs": queries.needs_in_queue(viewer=viewer, purpose=purpose),
        "views": view_links(request),
        "address": request.GET.urlencode(),
        "before": _address(request, page - 1) if page > 1 else "",
        "after": _address(request, page + 1) if follows else "",
    }
    return respond_with_table(request, "cases/queue.html", table, context)


@staff_page
def find(request: HttpRequest) -> HttpResponse:
    found = queries.find_case(request.GET.get("reference", ""), viewer=viewer_of(request), purpose=purpose_of(request))
    if found is None:
        raise NotFound(_("There is no such case."), _("Check the reference, for example CA-7K2M-9QXT."))
    return redirect("cases:case", found)


@staff_page
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Cases that were ticked in the queue: asks once what to do with them, then does it."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    picked, what = request.POST.getlist("pick"), request.POST.get("what", "")
    if what not in TITLES:
        raise NotFound(_("There is no such step."))
    references = queries.read_references(picked, viewer=viewer, purpose=purpose)
    if not references:
        raise Problem(_("No case is ticked."), _("Go back to the queue, tick some, and choose what to do."))
    sent = request.POST if request.POST.get("sure") else None
    form: Form
    if what == "assign":
        form = GiveForm(sent, workers=queries.list_workers(viewer=viewer, purpose=purpose))
    else:
        form = DueForm(sent) if what == "due" else CloseForm(sent)
    if sent is not None and form.is_valid():
        done = _do(request, what, list(references), form.cleaned_data)
        messages.success(
            request, ngettext("%(num)d case is changed.", "%(num)d cases are changed.", done) % {"num": done}
        )
        return redirect("cases:queue")
    context = {"form": form, "what": what, "title": gettext(TITLES[what]), "picked": list(references)}
    return render(request, "cases/many.html", {**context, "references": list(references.values())})


def _do(request: HttpRequest, what: str, case_ids: list[str], said: dict[str, Any]) -> int:
    common: dict[str, Any] = {"by": viewer_of(request), "purpose": purpose_of(request), "case_ids": case_ids}
    if what == "assign":
        return actions.assign_cases(**common, to=said["to"])
    if what == "due":
        return actions.change_due(**common, due_on=said["due"], reason=said["reason"])
    return actions.close_cases(**common, to=said["to"], reason=said["reason"])


@staff_page
@require_POST
@shows_both_versions
def end_task(request: HttpRequest, case_id: str, task_id: str) -> HttpResponse:
    """One task of several is done, could not be, or is not needed: the case goes on with the others."""
    actions.end_task(
        by=viewer_of(request),
        purpose=purpose_of(request),
        task_id=task_id,
        to=request.POST.get("to", ""),
        version=version_of(request),
    )
    messages.success(request, _("The task is marked. You can undo this for half an hour."))
    return redirect("cases:case", case_id)


@staff_page
@require_POST
@shows_both_versions
def merge(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.merge_cases(
        by=viewer_of(request),
        purpose=purpose_of(request),
        case_id=case_id,
        duplicate_id=request.POST.get("duplicate_id", ""),
        version=version_of(request),
    )
    messages.success(request, _("The two cases are one now. You can undo this on the case."))
    return redirect("cases:case", case_id)


@staff_page
@shows_both_versions
def split(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    waiting = [(task.id, task.need_label) for task in found.task_lines if task.waiting]
    form = SplitForm(request.POST if request.method == "POST" else None, tasks=waiting)
    if request.method == "POST" and form.is_valid():
        chosen, version = form.cleaned_data["tasks"], version_of(request)
        new = actions.split_case(by=viewer, purpose=purpose, case_id=case_id, task_ids=chosen, version=version)
        messages.success(request, _("This is the new case. You can undo the split here."))
        return redirect("cases:case", new)
    text = _("The notes and files stay with this case.")
    return form_page(request, found, form, _("Split into two cases"), _("Split"), text)


@staff_page
def undo(request: HttpRequest, case_id: str) -> HttpResponse:
    """Asks before the last step is undone, and says what else goes with it."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.undo_last_step(by=viewer, purpose=purpose, case_id=case_id, version=version_of(request))
        messages.success(request, _("The step is undone. It stays in the history."))
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    step = found.last_step
    if step is None:
        raise WrongState(
            _("There is no step that you can undo."), _("Somebody worked on it since, or half an hour is over.")
        )
    text = _("%(what)s is undone on: %(references)s.") % {
        "what": step.what,
        "references": ", ".join(step.references),
    }
    if step.told:
        text += " " + _(
            "The person was asked already whether the help met their need. Tell them that it was a mistake."
        )
    return form_page(request, found, Form(), _("Undo the last step"), _("Undo"), text)


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
