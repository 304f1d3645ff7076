"""Pages for workers: start a case, go through the conversation, see what each need leads to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.kinds import CaseKind, kind
from borough.cases.minding_views import version_of
from borough.cases.scope import kinds_of
from borough.cases.stale import shows_both_versions
from borough.cases.talks.conversation import in_words, needs_found
from borough.cases.talks.forms import PERSON, StartForm, TalkForm
from borough.common.errors import NotAllowed, NotFound
from borough.directory.queries import ServiceView, search_services
from borough.governance.queries import purpose_of
from borough.places.queries import locate_postcode
from borough.residents.queries import list_contacts

FOR_EACH_NEED = 3
SEARCHED = 60


@staff_page
def start(request: HttpRequest) -> HttpResponse:
    """Start a case for the resident of `?resident=`, or for somebody who is not known yet."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    kinds = kinds_of(viewer, purpose)
    if not kinds:
        raise NotAllowed(_("You cannot start a case."), _("Choose another purpose, or ask your administrator."))
    resident_id = request.GET.get("resident", "")
    contact = None
    if resident_id:
        contact = list_contacts([resident_id], viewer=viewer, purpose=purpose).get(resident_id)
        if contact is None:
            raise NotFound(_("There is no such resident."), _("Find them again."))
    form = StartForm(request.POST if request.method == "POST" else None, kinds=kinds, known=contact is not None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code, _colon, need = data["need"].partition(":")
        case_id = actions.open_case(
            by=viewer,
            purpose=purpose,
            service=code,
            need=need,
            channel="staff",
            source_key=f"staff:{data['form_key']}",
            resident_id=contact.resident_id if contact else "",
            text=data["text"].strip(),
            **{name: data.get(name, "") for name in PERSON},
        )
        actions.take_case(by=viewer, purpose=purpose, case_id=case_id)
        return redirect("cases:talk" if kind(code).conversation else "cases:case", case_id)
    return render(request, "talks/start.html", {"form": form, "contact": contact})


@staff_page
@shows_both_versions
def talk(request: HttpRequest, case_id: str) -> HttpResponse:
    """The conversation by topic. What is ticked becomes an assessment, with a task for each need."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    service = kind(found.service)
    if not service.conversation:
        raise NotFound(_("This service has no guided conversation."), _("Write down an assessment instead."))
    form = TalkForm(request.POST if request.method == "POST" else None, service=service)
    if request.method == "POST" and form.is_valid():
        ticked = {topic.need: form.cleaned_data[topic.need] for topic in service.conversation}
        actions.record_assessment(
            by=viewer,
            purpose=purpose,
            case_id=case_id,
            needs=needs_found(service.conversation, ticked),
            text=in_words(service.conversation, ticked, form.cleaned_data["text"]),
            version=version_of(request),
        )
        messages.success(request, _("The conversation is saved, with a task for each need."))
        return redirect("cases:what_next", case_id)
    return render(request, "talks/talk.html", {"case": found, "form": form, "topics": service.conversation})


@staff_page
def what_next(request: HttpRequest, case_id: str) -> HttpResponse:
    """For each need that waits: what to do first, and services near the person that can help."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    service, postcode = kind(found.service), found.asker_postcode
    if found.resident_id:
        contact = list_contacts([found.resident_id], viewer=viewer, purpose=purpose).get(found.resident_id)
        postcode = contact.postcode if contact else ""
    waiting = {task.need: task.id for task in found.task_lines if task.waiting}
    first = {topic.need: topic.first for topic in service.conversation}
    suggested = _suggest(service, list(waiting), postcode)
    needs = [
        (gettext(service.needs[need]), gettext(first.get(need) or "") if first.get(need) else "", task, suggested[need])
        for need, task in waiting.items()
    ]
    return render(request, "talks/what_next.html", {"case": found, "needs": needs})


def _suggest(service: CaseKind, needs: list[str], postcode: str) -> dict[str, list[ServiceView]]:
    """The best and nearest services of each need, from one search for all."""
    words = {need: service.words_for(need) for need in needs}
    if not needs:
        return {}
    found = search_services(" ".join(words.values()), near=locate_postcode(postcode), limit=SEARCHED)
    return {need: [one for one in found if _names(one, said)][:FOR_EACH_NEED] for need, said in words.items()}


def _names(service: ServiceView, words: str) -> bool:
    """Whether a listing says what it is for in one of these words."""
    listed = " ".join([service.name, *service.terms]).lower()
    return any(word.lower().rstrip("s") in listed for word in words.split())
