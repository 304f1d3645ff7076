"""Pages for people who ask for help and who are asked whether it came. Nobody signs in here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from borough.cases import actions, queries
from borough.cases.forms import AnswerForm, AskForm
from borough.cases.kinds import all_kinds, kind
from borough.common import clock
from borough.common.errors import Problem

# Enough for a family on one tablet, too few for a script; an hour is counted from the first.
MOST_ASKS, ASKS_WINDOW_S = 5, 3600


def ask(request: HttpRequest) -> HttpResponse:
    """Ask for help. With several services switched on, `?service=` says which; else the first page is a choice."""
    kinds = all_kinds()
    code = request.GET.get("service", "")
    if not code and len(kinds) != 1:
        return render(request, "cases/choose_kind.html", {"kinds": kinds})
    service = kind(code) if code else kinds[0]
    form = AskForm(request.POST if request.method == "POST" else None, service=service)
    if request.method == "POST" and form.is_valid():
        _count_ask(request)
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
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        actions.answer_need_met(token=token, answer=answer, text=form.cleaned_data["text"])
        request.session["answered"] = answer
        return redirect("cases:answered")
    return render(request, "cases/feedback.html", {"form": form, "case": case})


def answered(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/answered.html", {"answer": request.session.get("answered", "")})


def _count_ask(request: HttpRequest) -> None:
    now = int(clock.now().timestamp())
    recent = [at for at in request.session.get("asks", []) if at > now - ASKS_WINDOW_S]
    if len(recent) >= MOST_ASKS:
        raise Problem(_("You have asked for help several times in the last hour."), _("Call us, and we will help you."))
    request.session["asks"] = [*recent, now]
