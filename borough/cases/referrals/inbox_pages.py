"""A partner's inbox: what was referred to their organisation, and a form to refer somebody to the council."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import partner_page
from borough.cases import actions, queries
from borough.cases.kinds import all_kinds, kind
from borough.cases.models import REFERRAL_STATES
from borough.cases.referrals.desk import STATE_COLOURS, Desk, say, show_referral
from borough.cases.referrals.forms import PartnerReferralForm
from borough.common.errors import NotFound
from borough.common.tables import Column, Table, respond_with_table

SHOWS = {
    "waiting": gettext_noop("Waiting for your answer"),
    "accepted": gettext_noop("You are helping"),
    "over": gettext_noop("Over"),
}


@partner_page
def inbox(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    show = request.GET.get("show", "waiting") if request.GET.get("show") in SHOWS else "waiting"
    rows = [
        {
            "reference": line.reference,
            "reference_href": reverse("referrals:referral", args=[line.id]),
            "need": line.need_label,
            "service": line.service,
            "area": line.area,
            "age": line.age_band,
            "state": gettext(REFERRAL_STATES.labels[line.state]),
            "state_colour": STATE_COLOURS[line.state],
            "answer_by": line.answer_by,
            "late": _("Late") if line.overdue else "",
            "late_colour": "red" if line.overdue else "",
        }
        for line in queries.list_referrals(viewer=viewer, show=show)
    ]
    table = Table(
        caption=gettext(SHOWS[show]),
        columns=[
            Column("reference", _("Reference"), sort=True),
            Column("need", _("Need"), sort=True),
            Column("service", _("Service"), sort=True),
            Column("area", _("Area"), sort=True),
            Column("age", _("Age"), sort=True),
            Column("state", _("State"), sort=True),
            Column("answer_by", _("Answer by"), sort=True),
            Column("late", _("Late"), sort=True),
        ],
        rows=rows,
        request=request,
    )
    counts = queries.count_referrals(viewer=viewer)
    shows = [(code, gettext(label), counts[code]) for code, label in SHOWS.items()]
    return respond_with_table(
        request, "referrals/inbox.html", table, {"shows": shows, "show": show, "late": counts["late"]}
    )


@partner_page
def referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    return show_referral(request, _desk(request, referral_id))


@partner_page
def answer(request: HttpRequest, referral_id: int, what: str) -> HttpResponse:
    return say(request, _desk(request, referral_id), what)


@partner_page
def choose_kind(request: HttpRequest) -> HttpResponse:
    """For which council service somebody is referred; straight on where there is one."""
    kinds = [one for one in all_kinds() if one.fulfilled_by == "service"]
    if len(kinds) == 1:
        return redirect("referrals:refer_somebody", kinds[0].code)
    return render(request, "referrals/choose_kind.html", {"kinds": kinds})


@partner_page
def refer_somebody(request: HttpRequest, code: str) -> HttpResponse:
    service = kind(code)
    if service.fulfilled_by != "service":
        raise NotFound(_("This service is not offered here."), _("Choose another one."))
    form = PartnerReferralForm(request.POST if request.method == "POST" else None, service=service)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in GIVEN}
        reference = actions.refer_somebody(by=viewer_of(request), kind_code=code, **given)
        request.session["referred"] = reference
        return redirect("referrals:referred")
    return render(request, "referrals/refer_somebody.html", {"form": form, "service": service})


GIVEN = ("need", "text", "name", "phone", "email", "postcode", "form_key", "consent", "consent_how")


@partner_page
def referred(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/referred.html", {"reference": request.session.get("referred", "")})


def _desk(request: HttpRequest, referral_id: int) -> Desk:
    def address(what: str) -> str:
        name, more = ("referrals:answer", [what]) if what else ("referrals:referral", [])
        return reverse(name, args=[referral_id, *more])

    return Desk(viewer_of(request), referral_id, address, reverse("referrals:thanks"))
