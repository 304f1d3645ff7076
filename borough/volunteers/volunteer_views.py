"""Pages for a volunteer behind a signed link, on a phone. Nobody signs in; the link is the key, once proved."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from borough.common.errors import NotFound, Problem
from borough.volunteers import actions, queries
from borough.volunteers.forms import CouldNotForm, FinishForm, ProofForm, WorryForm
from borough.volunteers.queries import OfferView

PROOFS = "volunteer_proofs"


@never_cache
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The task: what and roughly where; once accepted and proved, whom."""
    view = _read(request, token)
    form = ProofForm(request.POST if request.method == "POST" else None, asks_digits=view.asks_digits)
    if request.method == "POST" and form.is_valid():
        try:
            proof = actions.prove_holder(token=token, answer=form.cleaned_data["answer"])
        except NotFound:
            raise
        except Problem as problem:
            form.add_error("answer", f"{problem.message} {problem.remedy}")
        else:
            request.session[PROOFS] = {**request.session.get(PROOFS, {}), view.id: proof}
            return redirect("volunteers:offer", token)
    return _show(request, token, view, form=form)


@never_cache
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    actions.answer_offer(token=token, accept=accept)
    if accept:
        ready = queries.read_offer(token).ready
        messages.success(request, _("Thank you. The task is yours.") if ready else _("Thank you for your yes."))
        return redirect("volunteers:offer", token)
    request.session["volunteer_thanks"] = "declined"
    return redirect("volunteers:thanks")


@never_cache
@require_POST
def finish(request: HttpRequest, token: str) -> HttpResponse:
    form = FinishForm(request.POST)
    if not form.is_valid():
        return _show(request, token, _read(request, token), finish_form=form)
    actions.finish_offer(token=token, done=True, minutes=form.cleaned_data["minutes"])
    request.session["volunteer_thanks"] = "done"
    return redirect("volunteers:thanks")


@never_cache
@require_POST
def on_my_way(request: HttpRequest, token: str) -> HttpResponse:
    actions.say_on_my_way(token=token)
    messages.success(request, _("Thank you. If we can write to them, they are told now."))
    return redirect("volunteers:offer", token)


@never_cache
def could_not(request: HttpRequest, token: str) -> HttpResponse:
    view = _accepted(request, token)
    form = CouldNotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.finish_offer(token=token, done=False, text=form.cleaned_data["text"])
        request.session["volunteer_thanks"] = "could_not"
        return redirect("volunteers:thanks")
    context = {"offer": view, "token": token, "form": form, "title": _("I could not do it"), "button": _("Tell us")}
    return render(request, "volunteers/tell.html", context)


@never_cache
def worry(request: HttpRequest, token: str) -> HttpResponse:
    view = _accepted(request, token)
    form = WorryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.raise_concern(token=token, text=form.cleaned_data["text"])
        messages.success(request, _("Thank you. We have it, and somebody will look into it."))
        return redirect("volunteers:offer", token)
    context = {"offer": view, "token": token, "form": form, "title": _("I am worried about this person")}
    return render(request, "volunteers/tell.html", {**context, "button": _("Tell us")})


def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/thanks.html", {"what": request.session.get("volunteer_thanks", "")})


def _show(
    request: HttpRequest,
    token: str,
    view: OfferView,
    *,
    form: ProofForm | None = None,
    finish_form: FinishForm | None = None,
) -> HttpResponse:
    # A postcode and no more leaves for the map, and only when the volunteer follows the link.
    postcode = view.contact.postcode if view.contact else view.task.asker_postcode if view.task else ""
    context = {
        "offer": view,
        "token": token,
        # The form that was sent is the one whose errors the title and the summary tell of.
        "form": form or (finish_form if view.task else None) or ProofForm(asks_digits=view.asks_digits),
        "finish_form": finish_form or FinishForm(),
        "map_query": quote(postcode),
    }
    return render(request, "volunteers/offer.html", context)


def _read(request: HttpRequest, token: str) -> OfferView:
    # Which of the proofs on this phone is this link's is for the verb to say: it checks the signature and the offer.
    return queries.read_offer(token, proofs=request.session.get(PROOFS, {}).values())


def _accepted(request: HttpRequest, token: str) -> OfferView:
    view = queries.read_offer(token)
    if view.state != "accepted":
        raise NotFound(_("This task is not yours yet."), _("Open the link in our message and accept it first."))
    return view
