"""A proposal of matches: look through, change, leave out, send."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.errors import NotFound
from borough.governance.queries import purpose_of
from borough.volunteers import actions, queries

PER_PAGE = 25
WHY_NOT = {
    "no_place": gettext_noop("their postcode is not in the gazetteer"),
    "no_skill": gettext_noop("no volunteer has the skill"),
    "no_check": gettext_noop("no volunteer with the skill has a DBS check in date on the day"),
    "no_drive": gettext_noop("who could go drives, and has no licence and insurance in date on the day"),
    "no_language": gettext_noop("an interpreter is needed, and no volunteer who could go speaks the language"),
    "no_time": gettext_noop("no volunteer who could go is free then"),
    "too_far": gettext_noop("no volunteer goes that far"),
    "all_asked": gettext_noop("all who could were asked before, or are not to be sent"),
    "no_second": gettext_noop("two are to go together, and only one could"),
    "no_capacity": gettext_noop("all who could are busy"),
}


@staff_page
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    proposal_id = actions.propose_matches(by=viewer_of(request), purpose=purpose_of(request))
    return redirect("volunteers:proposal", proposal_id)


@staff_page
def proposal(request: HttpRequest, proposal_id: str) -> HttpResponse:
    view = queries.read_proposal(proposal_id, viewer=viewer_of(request))
    context = {
        "proposal": view,
        "page": Paginator(view.lines, PER_PAGE).get_page(request.GET.get("page")),
        "chosen": sum(not line.left_out for line in view.lines),
        "unplaced": [(gettext(WHY_NOT[why]), count) for why, count in view.unplaced.items()],
    }
    return render(request, "volunteers/proposal.html", context)


@staff_page
@require_POST
def send(request: HttpRequest, proposal_id: str) -> HttpResponse:
    asked, missed = actions.send_proposal(by=viewer_of(request), purpose=purpose_of(request), proposal_id=proposal_id)
    words = ngettext("%(count)d volunteer task is asked.", "%(count)d volunteer tasks are asked.", asked)
    messages.success(request, words % {"count": asked})
    if missed:
        words = ngettext(
            "%(count)d task was taken meanwhile, or its volunteer has no room any more.",
            "%(count)d tasks were taken meanwhile, or their volunteers have no room any more.",
            missed,
        )
        messages.info(request, words % {"count": missed})
    return redirect("volunteers:proposal", proposal_id)


@staff_page
def change(request: HttpRequest, proposal_id: str, match_id: int) -> HttpResponse:
    """One task of the proposal: somebody else, or nobody for now."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.change_proposed(
            by=viewer,
            purpose=purpose,
            proposal_id=proposal_id,
            match_id=match_id,
            volunteer_id=request.POST.get("volunteer_id", ""),
        )
        messages.success(request, _("The proposal is changed. Nobody is asked yet."))
        return redirect("volunteers:proposal", proposal_id)
    view = queries.read_proposal(proposal_id, viewer=viewer)
    line = next((one for one in view.lines if one.id == match_id), None)
    if line is None:
        raise NotFound(_("This task is not in the proposal."), _("Go back to the proposal."))
    others = {one.volunteer_id for one in view.lines if one.task_id == line.task_id and one.id != match_id}
    found = queries.suggest_volunteers(line.task_id, viewer=viewer, purpose=purpose)
    suggestions = [one for one in found if one.volunteer.id not in others]
    context = {"proposal": view, "line": line, "suggestions": suggestions}
    return render(request, "volunteers/change_proposed.html", context)
