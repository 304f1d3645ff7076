"""Pages for residents: ask a service for help, and take one's consent back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from borough.cases import actions, queries
from borough.cases.kinds import self_referral_kind
from borough.cases.public_views import count_ask
from borough.cases.referrals.forms import OwnReferralForm, SelfReferralForm
from borough.common.errors import NotFound
from borough.directory.queries import read_service
from borough.governance.rights.pages import viewer_here

GIVEN = ("need", "text", "name", "phone", "email", "postcode", "form_key", "language", "age", "covers")


@never_cache
def ask_service(request: HttpRequest, service_id: str) -> HttpResponse:
    declared, service = self_referral_kind(), read_service(service_id)
    if declared is None or not service.active:
        raise NotFound(_("You cannot ask this service here."), _("Call it, or ask us for help."))
    resident = None if request.GET.get("as") == "other" else viewer_here(request)
    form = (OwnReferralForm if resident else SelfReferralForm)(
        request.POST if request.method == "POST" else None, service=declared
    )
    if request.method == "POST" and form.is_valid():
        count_ask(request)
        if form.cleaned_data["website"]:
            # A robot filled what no person sees. It is told nothing.
            request.session["asked_service"] = {}
            return redirect("referrals:asked")
        given = {name: form.cleaned_data[name] for name in GIVEN if name in form.cleaned_data}
        given |= {"service_id": service_id, "kind_code": declared.code}
        reference = actions.refer_own_self(by=resident, **given) if resident else actions.refer_oneself(**given)
        request.session["asked_service"] = {"reference": reference, "service": service.name}
        return redirect("referrals:asked")
    return render(request, "referrals/ask.html", {"form": form, "service": service, "known": resident is not None})


def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/asked.html", {"asked": request.session.get("asked_service", {})})


@never_cache
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a receipt. It names no service: somebody else may look at the phone."""
    reference = queries.consent_behind(token)
    if request.method == "POST":
        actions.take_consent_back(token)
        return redirect("referrals:taken_back")
    return render(request, "referrals/consent.html", {"reference": reference})


def taken_back(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/taken_back.html")
