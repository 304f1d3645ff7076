"""Pages for workers: hand a case to a service, write down what it said on the phone, take consent back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.cases import actions, queries
from borough.cases.forms import ReasonForm
from borough.cases.kinds import kind
from borough.cases.minding_views import version_of
from borough.cases.models import REFERRAL_STATES
from borough.cases.referrals.answering import BY_SERVICE, NEEDS_WORDS
from borough.cases.referrals.forms import ReferForm
from borough.cases.stale import shows_both_versions
from borough.common.errors import NotFound
from borough.directory.queries import read_service, search_services
from borough.governance.queries import purpose_of
from borough.places.queries import locate_postcode
from borough.residents.queries import list_contacts


@staff_page
def choose_service(request: HttpRequest, case_id: str) -> HttpResponse:
    """Services for the need, the nearest first, to hand the case to."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    postcode = found.asker_postcode
    if found.resident_id:
        contact = list_contacts([found.resident_id], viewer=viewer, purpose=purpose).get(found.resident_id)
        postcode = contact.postcode if contact else ""
    declared, task = kind(found.service), request.GET.get("task", "")
    need = next((one.need for one in found.task_lines if one.id == task), found.need)
    words = request.GET.get("need", "") or declared.words_for(need)
    services = search_services(words, near=locate_postcode(postcode))
    context = {"case": found, "services": services, "words": words, "task": task}
    return render(request, "cases/choose_service.html", context)


@staff_page
@shows_both_versions
def refer(request: HttpRequest, case_id: str, service_id: str) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ReferForm(request.POST if request.method == "POST" else None)
    service = read_service(service_id)
    if request.method == "POST" and form.is_valid():
        actions.refer_to_service(
            by=viewer,
            purpose=purpose,
            case_id=case_id,
            service_id=service_id,
            task_id=request.GET.get("task", ""),
            version=version_of(request),
            **form.cleaned_data,
        )
        said = _("The service is asked by email.") if service.email else _("Telephone the service: it has no email.")
        messages.success(request, said)
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    return render(request, "cases/refer.html", {"form": form, "case": found, "service": service})


@staff_page
def answer_referral(request: HttpRequest, case_id: str, referral_id: int, to: str) -> HttpResponse:
    """What a service said on the phone. A no has a page of its own that asks why."""
    if to not in BY_SERVICE:
        raise NotFound(_("There is no such state."))
    viewer, purpose = viewer_of(request), purpose_of(request)
    form = ReasonForm(request.POST if request.method == "POST" else None) if to in NEEDS_WORDS else None
    if request.method == "POST" and (form is None or form.is_valid()):
        words = form.cleaned_data["reason"] if form else ""
        actions.answer_referral(by=viewer, purpose=purpose, referral_id=referral_id, to=to, words=words)
        messages.success(request, _("The service's answer is saved."))
        return redirect("cases:case", case_id)
    if form is None:
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    label = gettext(REFERRAL_STATES.labels[to])
    return render(request, "cases/reason.html", {"form": form, "case": found, "label": label})


@staff_page
def withdraw_consent(request: HttpRequest, case_id: str, referral_id: int) -> HttpResponse:
    """Ask once more, then take it back."""
    viewer, purpose = viewer_of(request), purpose_of(request)
    if request.method == "POST":
        actions.withdraw_consent(by=viewer, purpose=purpose, referral_id=referral_id)
        messages.success(request, _("The consent is taken back. The service is told, and not why."))
        return redirect("cases:case", case_id)
    found = queries.read_case(case_id, viewer=viewer, purpose=purpose)
    return render(request, "cases/withdraw_consent.html", {"case": found})
