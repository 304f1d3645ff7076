"""Pages for people who ask for help and who are asked whether it came. Nobody signs in here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.cases import actions, queries
from borough.cases.forms import AnswerForm, AskForm
from borough.cases.kinds import all_kinds, kind
from borough.cases.reading_feedback import asked_by_link
from borough.common.public_forms import count_sending

# Within an hour: enough for a family on one tablet, too few for a script.
MOST_ASKS = 5


def ask(request: HttpRequest) -> HttpResponse:
    """Ask for help. With several services switched on, `?service=` says which; else the first page is a choice."""
    # What services of the directory do is asked of them, on their own page there.
    kinds = [one for one in all_kinds() if one.fulfilled_by != "service"]
    code = request.GET.get("service", "")
    if not code and len(kinds) != 1:
        return render(request, "cases/choose_kind.html", {"kinds": kinds})
    service = kind(code) if code else kinds[0]
    form = AskForm(request.POST if request.method == "POST" else None, service=service)
    if request.method == "POST" and form.is_valid():
        count_ask(request)
        data = form.cleaned_data
        if data["website"]:
            # A robot filled what no person sees. It is told nothing.
            request.session["asked"] = ""
            return redirect("cases:asked")
        reference = actions.ask_for_help(
            service=service.code,
            need=data["need"],
            text=data["text"],
            answers=form.answers,
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            postcode=data["postcode"],
            form_key=data["form_key"],
        )
        request.session["asked"] = reference
        return redirect("cases:asked")
    return render(request, "cases/ask.html", {"form": form, "service": service})


def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/asked.html", {"reference": request.session.get("asked", "")})


def feedback(request: HttpRequest, token: str) -> HttpResponse:
    case = queries.case_behind(token)
    instrument = asked_by_link(case.service)
    form = AnswerForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if request.method == "POST" and form.is_valid():
        actions.answer_need_met(token=token, **form.said)
        request.session["answered"] = form.said["answer"]
        request.session["what_else"] = bool(form.said["what_else"].strip())
        return redirect("cases:answered")
    source = gettext(instrument.source) if instrument else ""
    return render(request, "cases/feedback.html", {"form": form, "case": case, "source": source})


def answered(request: HttpRequest) -> HttpResponse:
    told = {name: request.session.get(name, "") for name in ("answered", "what_else")}
    return render(request, "cases/answered.html", {"answer": told["answered"], "what_else": told["what_else"]})


def count_ask(request: HttpRequest) -> None:
    """Raise Problem where this browser has asked for very much in the last hour."""
    count_sending(
        request,
        "asks",
        most=MOST_ASKS,
        problem=_("You have asked for help several times in the last hour."),
        remedy=_("Call us, and we will help you."),
    )
