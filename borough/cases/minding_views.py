"""Pages beside a case: flags, tries to reach the person, the clock, files, and who else is here."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.attachments import MOST_BYTES
from borough.cases.forms import ContactForm, FileForm, FlagsForm, WaitForm
from borough.cases.queries import CaseView
from borough.cases.stale import shows_both_versions
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.queries import purpose_of


def version_of(request: HttpRequest) -> int | None:
    """The version of the case that a form was drawn from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


@staff_page
@shows_both_versions
def flags(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = _case(request, case_id)
    form = FlagsForm(request.POST if request.method == "POST" else None, initial={"flags": list(found.flags)})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["flags"]
        actions.set_flags(by=viewer, purpose=purpose, case_id=case_id, flags=chosen, version=version_of(request))
        messages.success(request, _("The flags are saved. They show to whoever helps."))
        return redirect("cases:case", case_id)
    text = _("They show on this case and on this person's other open cases, and to whoever goes there.")
    return form_page(request, found, form, _("What to mind"), _("Save the flags"), text)


@staff_page
def contact(request: HttpRequest, case_id: str) -> HttpResponse:
    """Write down a try to reach the person."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.record_contact(by=viewer, purpose=purpose, case_id=case_id, **form.cleaned_data)
        messages.success(request, _("The try is written down."))
        return redirect("cases:case", case_id)
    return form_page(request, _case(request, case_id), form, _("You tried to reach the person"), _("Save"))


@staff_page
@shows_both_versions
def wait(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = WaitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.wait_for_person(by=viewer, purpose=purpose, case_id=case_id, reason=reason, version=version_of(request))
        messages.success(request, _("The clock stands until the person answers."))
        return redirect("cases:case", case_id)
    text = _("The days until they answer, or you reach them, do not count.")
    return form_page(request, _case(request, case_id), form, _("Wait for the person"), _("Stop the clock"), text)


@staff_page
@require_POST
@shows_both_versions
def go_on(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.stop_waiting(
        by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, version=version_of(request)
    )
    messages.success(request, _("The clock goes on. You can undo this for half an hour."))
    return redirect("cases:case", case_id)


@staff_page
def here(request: HttpRequest, case_id: str) -> HttpResponse:
    """Who else has this case open, for the page that asks every half minute."""
    others = actions.look_in(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id)
    return JsonResponse({"words": words_of_others(others)})


def words_of_others(names: list[str]) -> str:
    return _("Also on this case now: %(names)s") % {"names": "; ".join(names)} if names else ""


@staff_page
def attach(request: HttpRequest, case_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte more than is taken, so that what is larger is known to be.
            content = file.read(MOST_BYTES + 1)
            actions.attach_file(by=viewer, purpose=purpose, case_id=case_id, name=file.name, content=content)
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("file", f"{problem.message} {problem.remedy}")
        else:
            messages.success(request, _("The file is on the case."))
            return redirect("cases:case", case_id)
    return form_page(request, _case(request, case_id), form, _("Add a file"), _("Add the file"))


@staff_page
def file(request: HttpRequest, case_id: str, file_id: int) -> HttpResponse:
    """The file as a download, whatever it holds: no browser shows or runs it as a page of ours."""
    found = queries.read_file(file_id, viewer=viewer_of(request), purpose=purpose_of(request))
    return HttpResponse(
        found.content,
        content_type=found.content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@staff_page
def remove(request: HttpRequest, case_id: str, file_id: int) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.remove_file(by=viewer, purpose=purpose, case_id=case_id, file_id=file_id)
        messages.success(request, _("The file is gone."))
        return redirect("cases:case", case_id)
    found = _case(request, case_id)
    name = next((each.name for each in found.files if each.id == file_id), None)
    if name is None:
        raise NotFound(_("There is no such file."))
    return form_page(request, found, Form(), _("Remove a file"), _("Remove the file for good"), name)


def _case(request: HttpRequest, case_id: str) -> CaseView:
    return queries.read_case(case_id, viewer=viewer_of(request), purpose=purpose_of(request))


def form_page(
    request: HttpRequest, case: CaseView, form: Form, title: str, button: str, text: str = ""
) -> HttpResponse:
    context = {"case": case, "form": form, "title": title, "button": button, "text": text}
    return render(request, "cases/form.html", context)
