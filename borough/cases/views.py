"""Pages for those who work cases: each parses, calls a verb, renders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.forms import AnswerForm, NoteForm, ReasonForm, ReferForm
from borough.cases.kinds import URGENCIES, kind
from borough.cases.models import ANSWERS, CASE_STATES, REFERRAL_STATES, WAITING
from borough.cases.policies import NEEDS_REASON, buttons_of, may_refer
from borough.cases.queries import CaseView
from borough.common.errors import NotFound
from borough.common.tables import Column, Table, respond_with_table
from borough.directory.queries import read_service, search_services
from borough.governance.queries import purpose_of
from borough.places.queries import locate_postcode
from borough.residents.queries import find_by_contact, list_contacts
from borough.residents.shapes import Contact

STATE_COLOURS = {
    "new": "blue",
    "in_hand": "turquoise",
    "offered": "yellow",
    "matched": "purple",
    "referred": "purple",
    "delivered": "green",
    "met": "green",
    "reopened": "orange",
    "could_not_help": "grey",
    "cancelled": "grey",
}
URGENCY_COLOURS = {"urgent": "red", "soon": "yellow", "routine": "grey"}
SHOWS = {
    "all": gettext_noop("All open"),
    "mine": gettext_noop("Mine"),
    "unassigned": gettext_noop("Nobody's"),
    "overdue": gettext_noop("Overdue"),
    "concern": gettext_noop("Worried about"),
}


@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    show = request.GET.get("show", "all") if request.GET.get("show") in SHOWS else "all"
    need, state = request.GET.get("need", ""), request.GET.get("state", "")
    if state not in CASE_STATES.labels:
        state = ""
    lines = queries.list_queue(viewer=viewer, purpose=purpose, show=show, need=need, state=state)
    rows = [
        {
            "reference": line.reference,
            "reference_href": reverse("cases:case", args=[line.id]),
            "need": line.need_label,
            "urgency": gettext(URGENCIES[line.urgency]),
            "urgency_colour": URGENCY_COLOURS[line.urgency],
            "state": gettext(CASE_STATES.labels[line.state]),
            "state_colour": STATE_COLOURS[line.state],
            "due": line.due_on,
            "late": _("Overdue") if line.overdue else "",
            "late_colour": "red",
            "worker": line.assigned_name,
            "opened": line.opened_at.date(),
        }
        for line in lines
    ]
    table = Table(
        caption=gettext("Cases: %(show)s") % {"show": gettext(SHOWS[show]).lower()},
        columns=[
            Column("reference", _("Reference"), sort=True),
            Column("need", _("Need"), sort=True),
            Column("urgency", _("Urgency"), sort=True),
            Column("state", _("State"), sort=True),
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
        "counts": counts,
        "shows": [(code, gettext(label), counts[code]) for code, label in SHOWS.items()],
        "show": show,
        "need": need,
        "needs": queries.needs_in_queue(viewer=viewer, purpose=purpose),
        "full": len(lines) == queries.QUEUE_LIMIT,
    }
    return respond_with_table(request, "cases/queue.html", table, context)


@staff_page
def find(request: HttpRequest) -> HttpResponse:
    found = queries.find_case(request.GET.get("reference", ""), viewer=viewer_of(request), purpose=purpose_of(request))
    if found is None:
        raise NotFound(_("There is no such case."), _("Check the reference, for example CA-7K2M-9QXT."))
    return redirect("cases:case", found)


@staff_page
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    return _case_page(request, case_id, NoteForm())


@staff_page
@require_POST
def take(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.take_case(by=viewer_of(request), purpose=purpose_of(request), case_id=case_id, version=_version(request))
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
def change(request: HttpRequest, case_id: str, to: str) -> HttpResponse:
    """Set a state by hand; where it needs a reason, a page of its own asks for it."""
    if to not in CASE_STATES.labels:
        raise NotFound(_("There is no such state."))
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ReasonForm(request.POST if request.method == "POST" else None) if to in NEEDS_REASON else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        actions.change_state(
            by=viewer, purpose=purpose, case_id=case_id, to=to, reason=reason, version=_version(request)
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
def need_met(request: HttpRequest, case_id: str) -> HttpResponse:
    """Staff write down what the person said, for example on the phone."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.record_need_met(by=viewer, purpose=purpose, case_id=case_id, **form.cleaned_data)
        messages.success(request, _("The answer is saved."))
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    return render(request, "cases/need_met.html", {"form": form, "case": found})


@staff_page
@require_POST
def identify(request: HttpRequest, case_id: str) -> HttpResponse:
    actions.identify_resident(
        by=viewer_of(request),
        purpose=purpose_of(request),
        case_id=case_id,
        resident_id=request.POST.get("resident_id", ""),
        version=_version(request),
    )
    messages.success(request, _("The case now belongs to this resident."))
    return redirect("cases:case", case_id)


@staff_page
def choose_service(request: HttpRequest, case_id: str) -> HttpResponse:
    """Services for the need, the nearest first, to hand the case to."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    contact = _contact(request, found)
    words = request.GET.get("need", "") or found.need.replace("_", " ")
    near = locate_postcode(contact.postcode if contact else found.asker_postcode)
    services = search_services(words, near=near)
    return render(request, "cases/choose_service.html", {"case": found, "services": services, "words": words})


@staff_page
def refer(request: HttpRequest, case_id: str, service_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ReferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.refer_to_service(
            by=viewer,
            purpose=purpose,
            case_id=case_id,
            service_id=service_id,
            consent=form.cleaned_data["consent"],
            version=_version(request),
        )
        messages.success(request, _("The case is with the service. Write down here what they answer."))
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    return render(request, "cases/refer.html", {"form": form, "case": found, "service": read_service(service_id)})


@staff_page
@require_POST
def answer_referral(request: HttpRequest, case_id: str, referral_id: int) -> HttpResponse:
    actions.answer_referral(
        by=viewer_of(request),
        purpose=purpose_of(request),
        referral_id=referral_id,
        to=request.POST.get("to", ""),
    )
    messages.success(request, _("The service's answer is saved."))
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
    context = {
        "case": found,
        "form": form,
        "contact": _contact(request, found),
        "candidates": _candidates(request, found),
        "labels": {question.name: gettext(question.label) for question in kind(found.service).questions},
        "state": gettext(CASE_STATES.labels[found.state]),
        "state_colour": STATE_COLOURS[found.state],
        "urgency": gettext(URGENCIES[found.urgency]),
        "urgency_colour": URGENCY_COLOURS[found.urgency],
        "states": {code: gettext(label) for code, label in CASE_STATES.labels.items()},
        "buttons": [(to, gettext(words)) for to, words in buttons_of(found.state, kind(found.service), viewer)],
        "may_refer": may_refer(found.state),
        "may_offer": found.state in WAITING and kind(found.service).fulfilled_by == "volunteer",
        "referral_states": {code: gettext(label) for code, label in REFERRAL_STATES.labels.items()},
        "referral_next": {code: sorted(targets) for code, targets in REFERRAL_STATES.allowed.items()},
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


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None
