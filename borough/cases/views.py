"""Pages for those who work cases: each parses, calls a verb, renders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.forms import AnswerForm, AssessmentForm, NoteForm, ReasonForm, WellbeingForm
from borough.cases.kinds import URGENCIES, kind
from borough.cases.minding_views import version_of, words_of_others
from borough.cases.models import (
    ANSWERS,
    CASE_STATES,
    CLOSED,
    CONSENT_COVERS,
    CONSENT_HOW,
    OWNER_KINDS,
    REFERRAL_LIVE,
    REFERRAL_STATES,
    TASK_ENDED,
    TASK_STATES,
)
from borough.cases.policies import NEEDS_REASON, buttons_of
from borough.cases.queries import CaseView
from borough.cases.queue_views import STATE_COLOURS, URGENCY_COLOURS
from borough.cases.stale import shows_both_versions
from borough.common.errors import NotFound
from borough.governance.queries import purpose_of
from borough.messaging.queries import duty_contacts
from borough.residents.queries import find_by_contact, list_contacts
from borough.residents.shapes import Contact

TASK_COLOURS = {
    "requested": "blue",
    "accepted": "turquoise",
    "rejected": "orange",
    "in_progress": "purple",
    "completed": "green",
    "failed": "orange",
    "cancelled": "grey",
}


@staff_page
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    return _case_page(request, case_id, NoteForm())


@staff_page
@require_POST
@shows_both_versions
def take(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.take_case(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, version=version_of(request))
    messages.success(request, _("The case is yours."))
    return redirect("cases:case", case_id)


@staff_page
@require_POST
def note(request: HttpRequest, case_id: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case_id, form)
    actions.add_note(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, **form.cleaned_data)
    messages.success(request, _("The note is saved."))
    return redirect("cases:case", case_id)


@staff_page
@shows_both_versions
def change(request: HttpRequest, case_id: str, to: str) -> HttpResponse:
    """Set a state by hand; where it needs a reason, a page of its own asks for it."""
    if to not in CASE_STATES.labels:
        raise NotFound(_("There is no such state."))
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ReasonForm(request.POST if request.method == "POST" else None) if to in NEEDS_REASON else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        actions.change_state(
            by=viewer, purpose=purpose, case_id=case_id, to=to, reason=reason, version=version_of(request)
        )
        label = gettext(CASE_STATES.labels[to])
        messages.success(request, _("The case is now: %(state)s.") % {"state": label.lower()})
        return redirect("cases:case", case_id)
    if form is None:
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    label = gettext(CASE_STATES.labels[to])
    return render(request, "cases/reason.html", {"form": form, "case": found, "label": label})


@staff_page
@shows_both_versions
def assess(request: HttpRequest, case_id: str) -> HttpResponse:
    """Write down an assessment, which may find further needs."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    form = AssessmentForm(request.POST if request.method == "POST" else None, service=kind(found.service))
    if request.method == "POST" and form.is_valid():
        actions.record_assessment(
            by=viewer, purpose=purpose, case_id=case_id, version=version_of(request), **form.cleaned_data
        )
        messages.success(request, _("The assessment is saved."))
        return redirect("cases:case", case_id)
    context = {
        "form": form,
        "case": found,
        "title": _("What else does this person need?"),
        "text": _("Each need becomes a task of its own. The case is finished when all of them are."),
        "button": _("Save the assessment"),
    }
    return render(request, "cases/form.html", context)


@staff_page
def need_met(request: HttpRequest, case_id: str) -> HttpResponse:
    """Staff write down what the person said, for example on the phone."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, instrument=queries.asked_by_link(found.service)
    )
    if request.method == "POST" and form.is_valid():
        actions.record_need_met(by=viewer, purpose=purpose, case_id=case_id, **form.said)
        messages.success(request, _("The answer is saved."))
        return redirect("cases:case", case_id)
    return render(request, "cases/need_met.html", {"form": form, "case": found})


@staff_page
@require_POST
def note_asked(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.note_asked(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id)
    messages.success(request, _("Noted that you asked. Write down the answer when it comes."))
    return redirect("cases:case", case_id)


@staff_page
def wellbeing(request: HttpRequest, case_id: str) -> HttpResponse:
    """A worker asks how the person is, before the help and after it."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    instrument = queries.instrument_of(found.service)
    if instrument is None:
        raise NotFound(_("This service does not ask about wellbeing."), _("Go back to the case."))
    form = WellbeingForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if request.method == "POST" and form.is_valid():
        actions.record_wellbeing(by=viewer, purpose=purpose, case_id=case_id, answers=form.wellbeing)
        messages.success(request, _("The answers are saved."))
        return redirect("cases:case", case_id)
    words = {"title": gettext(instrument.title), "source": gettext(instrument.source)}
    return render(request, "cases/wellbeing.html", {"form": form, "case": found, **words})


@staff_page
@require_POST
@shows_both_versions
def identify(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.identify_resident(
        by=viewer_of(request),
        purpose=purpose_of(request),
        case_id=case_id,
        resident_id=request.POST.get("resident_id", ""),
        version=version_of(request),
    )
    messages.success(request, _("The case now belongs to this resident. You can undo this on the case."))
    return redirect("cases:case", case_id)


@staff_page
@require_POST
def settle_concern(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.settle_concern(
        by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, text=request.POST.get("text", "")
    )
    messages.success(request, _("The worry is settled, and what you did is on the case."))
    return redirect("cases:case", case_id)


def _case_page(request: HttpRequest, case_id: str, form: NoteForm) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    others = actions.look_in(by=viewer, purpose=purpose, case_id=case_id)
    context = {
        "case": found,
        "duty_contacts": duty_contacts(),
        "others": words_of_others(others),
        "form": form,
        "contact": _contact(request, found),
        "candidates": _candidates(request, found),
        "labels": {question.name: gettext(question.label) for question in kind(found.service).questions},
        "words_of": kind(found.service).words_of,
        "state": gettext(CASE_STATES.labels[found.state]),
        "state_colour": STATE_COLOURS[found.state],
        "urgency": gettext(URGENCIES[found.urgency]),
        "urgency_colour": URGENCY_COLOURS[found.urgency],
        "states": {code: gettext(label) for code, label in CASE_STATES.labels.items()},
        "buttons": [(to, gettext(words)) for to, words in buttons_of(found.state, kind(found.service), viewer)],
        "has_conversation": bool(kind(found.service).conversation),
        "may_assess": found.state not in (*CLOSED, "delivered"),
        "may_refer": any(task.waiting for task in found.task_lines),
        "may_offer": any(task.waiting or task.one_missing for task in found.task_lines)
        and kind(found.service).fulfilled_by == "volunteer",
        "task_states": {code: (gettext(label), TASK_COLOURS[code]) for code, label in TASK_STATES.labels.items()},
        "task_ends": [(to, gettext(TASK_STATES.labels[to])) for to in TASK_ENDED],
        "task_over": TASK_ENDED,
        "owner_kinds": {code: gettext(label) for code, label in OWNER_KINDS.items()},
        "referral_states": {code: gettext(label) for code, label in REFERRAL_STATES.labels.items()},
        "referral_live": REFERRAL_LIVE,
        "consent_how": {code: gettext(label) for code, label in CONSENT_HOW.items()},
        "consent_covers": {code: gettext(label) for code, label in CONSENT_COVERS.items()},
        "answer": gettext(ANSWERS[found.need_met]) if found.need_met else "",
    }
    return render(request, "cases/case.html", context)


def _contact(request: HttpRequest, found: CaseView) -> Contact | None:
    if not found.resident_id:
        return None
    contacts = list_contacts([found.resident_id], viewer=viewer_of(request), purpose=purpose_of(request))
    return contacts.get(found.resident_id)


def _candidates(request: HttpRequest, found: CaseView) -> list[Contact]:
    """Residents with the phone number or e-mail address that the asker gave, for a person to say whether it is they."""
    if found.resident_id:
        return []
    viewer, purpose = viewer_of(request), purpose_of(request)
    ids: list[str] = []
    for channel, value in (("sms", found.asker_phone), ("email", found.asker_email)):
        if value:
            ids += find_by_contact(channel=channel, value=value, viewer=viewer, purpose=purpose)
    return list(list_contacts(dict.fromkeys(ids), viewer=viewer, purpose=purpose).values()) if ids else []
