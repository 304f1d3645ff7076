"""Pages on which a backlog is uploaded, looked over, opened and stopped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.backlogs.forms import BacklogForm, ColumnsForm
from borough.cases.backlogs.importing import COLUMNS
from borough.cases.backlogs.models import BACKLOG_STATES
from borough.cases.backlogs.opening import MOST_BYTES
from borough.cases.kinds import URGENCIES
from borough.cases.scope import kinds_of
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.tables import Column, Table, respond_with_table
from borough.governance.queries import purpose_of

COLOURS = {"columns": "yellow", "read": "yellow", "opening": "blue", "stopped": "orange", "done": "green"}


@staff_page
def backlogs(request: HttpRequest) -> HttpResponse:
    """Upload a file of cases. It is read at once; nothing is opened before its own page is confirmed."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    sent, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BacklogForm(sent, files, kinds=kinds_of(viewer, purpose))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte more than is taken, so that what is larger is known to be.
            content, service = file.read(MOST_BYTES + 1), form.cleaned_data["service"]
            taken = actions.take_backlog(by=viewer, purpose=purpose, service=service, name=file.name, content=content)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("file", f"{problem.message} {problem.remedy}")
        else:
            # Which goes on to its columns, where somebody has to say what they are.
            return redirect("cases:backlog", taken)
    lines = queries.list_backlogs(viewer=viewer, purpose=purpose)
    states = {code: (gettext(label), COLOURS[code]) for code, label in BACKLOG_STATES.labels.items()}
    context = {"form": form, "lines": lines, "states": states, "columns": ", ".join(COLUMNS)}
    return render(request, "backlogs/backlogs.html", context)


@staff_page
def backlog(request: HttpRequest, backlog_id: int) -> HttpResponse:
    """What was read of a file, and how far its cases are opened."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        if request.POST.get("what") == "stop":
            actions.stop_backlog(by=viewer, purpose=purpose, backlog_id=backlog_id)
            messages.success(request, _("No more cases are opened. Those that are open stay."))
        else:
            actions.open_backlog(by=viewer, purpose=purpose, backlog_id=backlog_id)
            messages.success(request, _("The cases are being opened."))
        return redirect("cases:backlog", backlog_id)
    found = queries.read_backlog(backlog_id, viewer=viewer, purpose=purpose)
    if found.state == "columns":
        return redirect("cases:backlog_columns", backlog_id)
    rejects = Table(
        caption=_("Lines to correct"),
        columns=[
            Column("file", _("File")),
            Column("line", _("Line"), sort=True, numeric=True),
            Column("column", _("Column"), sort=True),
            Column("reason", _("What is wrong")),
            Column("remedy", _("What to do")),
        ],
        rows=[{"file": found.file_name, **vars(one)} for one in found.rejects],
        request=request,
    )
    urgencies = {code: gettext(words) for code, words in URGENCIES.items()}
    sample = Table(
        caption=_("The next lines"),
        columns=[
            Column("key", _("Key")),
            Column("need_label", _("Need")),
            Column("urgency", _("Urgency")),
            Column("opened_on", _("Opened")),
            Column("due_on", _("Due")),
        ],
        rows=[{**vars(one), "urgency": urgencies[one.urgency]} for one in found.sample],
        request=request,
        download=False,
    )
    context = {
        "backlog": found,
        "sample": sample,
        "state": gettext(BACKLOG_STATES.labels[found.state]),
        "colour": COLOURS[found.state],
    }
    return respond_with_table(request, "backlogs/backlog.html", rejects, context)


@staff_page
def columns(request: HttpRequest, backlog_id: int) -> HttpResponse:
    """Say which column of a file is which of ours, before anything of it is opened."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_backlog(backlog_id, viewer=viewer, purpose=purpose)
    if not found.headings:
        return redirect("cases:backlog", backlog_id)
    sent = request.POST if request.method == "POST" else None
    form = ColumnsForm(sent, headings=found.headings, needs=found.needs, initial=found.columns)
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data
        try:
            actions.name_backlog_columns(by=viewer, purpose=purpose, backlog_id=backlog_id, columns=named)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error(None, f"{problem.message} {problem.remedy}")
        else:
            return redirect("cases:backlog", backlog_id)
    return render(request, "backlogs/columns.html", {"form": form, "backlog": found})
