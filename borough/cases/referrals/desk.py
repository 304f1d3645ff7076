"""The pages on which a service answers, the same behind its link and in its inbox."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases import actions, queries
from borough.cases.models import REFERRAL_STATES
from borough.cases.referrals.forms import AcceptForm, DeclineForm, OutcomeForm, StartForm
from borough.common.errors import NotFound

STATE_COLOURS = {
    "requested": "blue",
    "accepted": "turquoise",
    "declined": "grey",
    "no_answer": "grey",
    "withdrawn": "grey",
    "done": "green",
    "could_not": "orange",
}
FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "start": StartForm,
    "finish": OutcomeForm,
}
# In which state each may be said.
WHEN = {"accept": "requested", "decline": "requested", "start": "accepted", "finish": "accepted"}


@dataclass(frozen=True)
class Desk:
    """Who answers what. `address` gives the address of the referral ("") or of saying something about it; `after` is
    where to go when it is over."""

    by: Viewer
    referral_id: int
    address: Callable[[str], str]
    after: str


def show_referral(request: HttpRequest, desk: Desk, form: forms.Form | None = None) -> HttpResponse:
    found = queries.read_referral(desk.referral_id, viewer=desk.by)
    context = {
        "referral": found,
        "form": form or AcceptForm(),
        "address": desk.address,
        "state": gettext(REFERRAL_STATES.labels[found.state]),
        "state_colour": STATE_COLOURS[found.state],
        "signed_in": desk.by.kind == "partner" and not desk.by.id.startswith("link "),
    }
    return render(request, "referrals/referral.html", context)


def say(request: HttpRequest, desk: Desk, what: str) -> HttpResponse:
    """accept, decline, start or finish: a page of its own with its form, but for accepting, whose form is above."""
    if what not in FORMS:
        raise NotFound(_("There is no such page."), _("Open the referral again."))
    form = FORMS[what](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _do(desk, what, form)
        if what in ("decline", "finish"):
            request.session["referral_thanks"] = what if what == "decline" else form.cleaned_data["outcome"]
            return redirect(desk.after)
        said = _("Thank you. The person is told that you will help.") if what == "accept" else _("Your date is saved.")
        messages.success(request, said)
        return redirect(desk.address(""))
    if what == "accept":
        return show_referral(request, desk, form) if request.method == "POST" else redirect(desk.address(""))
    found = queries.read_referral(desk.referral_id, viewer=desk.by)
    if found.state != WHEN[what]:
        return redirect(desk.address(""))
    return render(
        request, "referrals/say.html", {"referral": found, "form": form, "what": what, "address": desk.address}
    )


def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "referrals/thanks.html", {"what": request.session.get("referral_thanks", "")})


def _do(desk: Desk, what: str, form: forms.Form) -> None:
    given, by, referral_id = form.cleaned_data, desk.by, desk.referral_id
    if what == "accept":
        actions.accept_referral(by=by, referral_id=referral_id, starts_on=given["starts_on"])
    elif what == "decline":
        actions.decline_referral(by=by, referral_id=referral_id, reason=given["reason"])
    elif what == "start":
        actions.start_referral(by=by, referral_id=referral_id, starts_on=given["starts_on"])
    else:
        actions.finish_referral(by=by, referral_id=referral_id, done=given["outcome"] == "done", words=given["words"])
