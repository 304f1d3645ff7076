"""Pages on which cases are shared out and handed over, views of the queue kept, and standing requests made."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.forms import WEEKDAYS, HandOverForm, ShareForm, StandingForm, ViewForm
from borough.cases.minding_views import form_page
from borough.cases.sharing import SLACK
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.queries import purpose_of


@staff_page
def share(request: HttpRequest) -> HttpResponse:
    """Give the cases that are nobody's to those on duty."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    workers = queries.list_workers(viewer=viewer, purpose=purpose)
    form = ShareForm(request.POST if request.method == "POST" else None, workers=workers)
    if request.method == "POST" and form.is_valid():
        counts = actions.share_out(by=viewer, purpose=purpose, **form.cleaned_data)
        names = dict(workers)
        shared = ", ".join(f"{names[worker]} {count}" for worker, count in counts.items())
        messages.success(request, _("Shared out: %(shared)s.") % {"shared": shared})
        return redirect("cases:queue")
    text = _(
        "The most pressing cases that are nobody's go first, each to whoever has the fewest. A case goes to somebody "
        "who speaks the person's language, if they have at most %(slack)d cases more than whoever has the fewest."
    ) % {"slack": SLACK}
    link = (_("Say which languages you speak"), f"{reverse('accounts:languages')}?next={reverse('cases:share')}")
    return _page(request, form, _("Share out cases"), _("Share out"), text, link)


@staff_page
def hand_over(request: HttpRequest) -> HttpResponse:
    """Give my caseload to a colleague, with a note."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    workers = [one for one in queries.list_workers(viewer=viewer, purpose=purpose) if one[0] != viewer.id]
    form = HandOverForm(request.POST if request.method == "POST" else None, workers=workers)
    if request.method == "POST" and form.is_valid():
        done = actions.hand_over(by=viewer, purpose=purpose, **form.cleaned_data)
        words = ngettext("%(num)d case is handed over.", "%(num)d cases are handed over.", done)
        messages.success(request, words % {"num": done})
        return redirect("cases:queue")
    text = _("All your open cases go to a colleague.")
    return _page(request, form, _("Hand over my cases"), _("Hand over"), text)


@staff_page
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep what the queue shows now under a name. The filter comes in the address."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_view(by=viewer, purpose=purpose, query=request.GET.dict(), **form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("name", f"{problem.message} {problem.remedy}")
        else:
            messages.success(request, _("The view is saved. It stands above the queue."))
            return redirect(f"{reverse('cases:queue')}?{request.GET.urlencode()}")
    text = _("The filter and the order of the queue are kept, not the cases that it shows now.")
    return _page(request, form, _("Save this view"), _("Save"), text)


@staff_page
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Asks before a view is taken away."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.delete_view(by=viewer, purpose=purpose, view_id=view_id)
        messages.success(request, _("The view is gone. The cases stay."))
        return redirect("cases:queue")
    names = {view.id: view.name for view in queries.list_views(viewer=viewer, purpose=purpose) if view.own}
    if view_id not in names:
        raise NotFound(_("There is no such view of yours."))
    text = _("%(name)s will be gone, also for those who see it with you. The cases stay.") % {"name": names[view_id]}
    return _page(request, Form(), _("Take away a view"), _("Take it away"), text)


@staff_page
def standing(request: HttpRequest) -> HttpResponse:
    """The standing requests that go on."""
    lines = queries.list_standing(viewer=viewer_of(request), purpose=purpose_of(request))
    days = [label for _code, label in WEEKDAYS]
    shown = [(line, ", ".join(str(days[day]) for day in line.weekdays)) for line in lines]
    return render(request, "cases/standing.html", {"lines": shown})


@staff_page
def make_standing(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = StandingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_standing(by=viewer, purpose=purpose, case_id=case_id, **form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error(None, f"{problem.message} {problem.remedy}")
        else:
            messages.success(request, _("A case opens five days before each of these days."))
            return redirect("cases:standing")
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    text = _("The same help comes again on these days. Each gets a case of its own.")
    return form_page(request, found, form, _("Ask for this again and again"), _("Save"), text)


@staff_page
def end_standing(request: HttpRequest, standing_id: str) -> HttpResponse:
    """Asks before a standing request ends."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.end_standing(by=viewer, purpose=purpose, standing_id=standing_id)
        messages.success(request, _("No further cases are opened. Those that are open stay."))
        return redirect("cases:standing")
    line = next((one for one in queries.list_standing(viewer=viewer, purpose=purpose) if one.id == standing_id), None)
    if line is None:
        raise NotFound(_("There is no such standing request."), _("It may have ended. Go back to the list."))
    text = _("%(need)s, last for %(reference)s: no further cases are opened. Those that are open stay.") % {
        "need": line.need_label,
        "reference": line.reference,
    }
    return _page(request, Form(), _("End a standing request"), _("End it"), text)


def view_links(request: HttpRequest) -> list[tuple[int, str, str, bool]]:
    """(id, name, address, own) of the views that stand above the queue."""
    views = queries.list_views(viewer=viewer_of(request), purpose=purpose_of(request))
    links = []
    for view in views:
        query = QueryDict(mutable=True)
        query.update(view.query)
        links.append((view.id, view.name, f"?{query.urlencode()}", view.own))
    return links


def _page(
    request: HttpRequest, form: Form, title: str, button: str, text: str, link: tuple[str, str] = ("", "")
) -> HttpResponse:
    """`link`: words and address of what belongs to the form."""
    context = {"form": form, "title": title, "button": button, "text": text, "link": link}
    return render(request, "cases/queue_form.html", context)
