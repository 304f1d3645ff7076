"""Pages on which people decide who is who: the queue, two records side by side, merge, split, move, undo."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import safe_next, staff_page
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.queries import purpose_of, purposes_open_to
from borough.residents import actions, queries
from borough.residents.actions import Act
from borough.residents.models import Pair
from borough.residents.policies import REVIEW, SECOND_READER
from borough.residents.review_forms import DecideForm, MergeForm, MoveForm, SplitForm
from borough.residents.review_words import act_rows, refused_words, waterfall_of

View = Callable[..., HttpResponse]
_DONE = "residents_decided"
_SAID = {
    "same": gettext_lazy("You decided: same person."),
    "different": gettext_lazy("You decided: different people."),
    "unsure": gettext_lazy("You are not sure: somebody else may look at it."),
    "merge": gettext_lazy("You merged two residents."),
    "split": gettext_lazy("You split the resident."),
    "move": gettext_lazy("You moved the record."),
}


def review_page(view: View) -> View:
    """Ask for the purpose of reviewing where another is chosen."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if purpose_of(request) == REVIEW:
            return view(request, *args, **kwargs)
        opened = [purpose for purpose in purposes_open_to(viewer_of(request)) if purpose.code == REVIEW]
        if not opened:
            raise NotAllowed(
                _("Reviewing who is who is not open to your role."), _("Ask the information governance team.")
            )
        context = {"for_purpose": opened[0], "next": request.path if request.method == "GET" else ""}
        return render(request, "residents/review_purpose.html", context)

    return staff_page(guarded)


@require_safe
@review_page
def review(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 1
    found = queries.list_to_review(viewer=viewer, purpose=REVIEW, page=max(1, page))
    context = {
        "queue": found,
        "refused": {code: refused_words(code) for code, _label in Pair.REFUSED},
        "agreement": queries.measure_agreement(viewer=viewer),
        "done": _take_done(request),
    }
    return render(request, "residents/review.html", context)


@require_safe
@review_page
def review_next(request: HttpRequest) -> HttpResponse:
    """Lead on to the first pair in the queue, or to the first behind ?after=low-high."""
    low, _dash, high = request.GET.get("after", "").partition("-")
    after = (int(low), int(high)) if low.isdigit() and high.isdigit() else None
    return _on(request, after)


@require_http_methods(["GET", "HEAD", "POST"])
@review_page
def review_pair(request: HttpRequest, low: int, high: int) -> HttpResponse:
    viewer = viewer_of(request)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        says = request.POST.get("says", "")
        try:
            act = actions.decide_pair(by=viewer, purpose=REVIEW, low=low, high=high, says=says, why=_why(form))
        except (NotAllowed, NotFound):
            raise
        except Problem as problem:
            form.add_error("why", str(problem))
        else:
            _keep_done(request, act, says, reverse("residents:review_pair", args=[low, high]))
            return _on(request, (low, high))
    view = queries.read_pair(low, high, viewer=viewer, purpose=REVIEW)
    context = {
        "pair": view,
        "form": form,
        "refused": refused_words(view.refused),
        "second_reader": SECOND_READER[view.second_reader],
        "chart": waterfall_of(view),
        "done": _take_done(request) if request.method != "POST" else None,
    }
    return render(request, "residents/review_pair.html", context)


@require_POST
@review_page
def review_undo(request: HttpRequest, act: str) -> HttpResponse:
    actions.undo_act(by=viewer_of(request), purpose=REVIEW, act=act, why=request.POST.get("why", ""))
    request.session[_DONE] = {"act": "", "words": _("Taken back. What stood before stands again."), "next": ""}
    return redirect(safe_next(request, "residents:review"))


@require_http_methods(["GET", "HEAD", "POST"])
@review_page
def review_merge(request: HttpRequest, resident_id: str) -> HttpResponse:
    form = MergeForm(request.POST if request.method == "POST" else None)

    def merge() -> Act:
        return actions.merge_residents(
            by=viewer_of(request), purpose=REVIEW, resident_id=resident_id, **form.cleaned_data
        )

    words = (_("Merge with another resident"), _("Their records become one person's. The index keeps both ids."))
    return _act_on(request, resident_id, "merge", form, merge, words)


@require_http_methods(["GET", "HEAD", "POST"])
@review_page
def review_split(request: HttpRequest, resident_id: str) -> HttpResponse:
    view = queries.read_resident(resident_id, viewer=viewer_of(request), purpose=REVIEW)
    records = [
        (record.record_id, f"{record.source_title}, {record.key}", ", ".join(value for _label, value in record.values))
        for record in view.records
    ]
    form = SplitForm(records, request.POST if request.method == "POST" else None)

    def split() -> Act:
        return actions.split_resident(
            by=viewer_of(request), purpose=REVIEW, resident_id=resident_id, groups=form.groups(), why=_why(form)
        )

    words = (_("Split into several people"), _("Say for each record whose it is. The index keeps them apart."))
    return _act_on(request, resident_id, "split", form, split, words)


@require_http_methods(["GET", "HEAD", "POST"])
@review_page
def review_move(request: HttpRequest, resident_id: str, record_id: int) -> HttpResponse:
    view = queries.read_resident(resident_id, viewer=viewer_of(request), purpose=REVIEW)
    record = next((record for record in view.records if record.record_id == record_id), None)
    if record is None:
        raise NotFound(_("The resident has no such record."), _("Look at the resident's page again."))
    form = MoveForm(request.POST if request.method == "POST" else None)

    def move() -> Act:
        return actions.move_record(by=viewer_of(request), purpose=REVIEW, record_id=record_id, **form.cleaned_data)

    words = (_("Move this record"), _("%(source)s, %(key)s") % {"source": record.source_title, "key": record.key})
    return _act_on(request, resident_id, "move", form, move, words)


def decisions_for(request: HttpRequest, resident_id: str) -> dict[str, Any]:
    """What the resident's page shows to those who may review: the history of decisions, and what they just did."""
    found = queries.list_decisions(resident_id, viewer=viewer_of(request), purpose=REVIEW)
    return {"may_review": True, "decisions": act_rows(found), "done": _take_done(request)}


def _act_on(
    request: HttpRequest,
    resident_id: str,
    kind: str,
    form: Any,
    act: Callable[[], Act],
    words: tuple[str, str],
) -> HttpResponse:
    """A form about a resident, or what came of it."""
    here = reverse("residents:resident", args=[resident_id])
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except (NotAllowed, NotFound) as problem:
            if isinstance(problem, NotAllowed) or kind == "split":
                raise
            # An id that was typed: it is theirs to put right.
            form.add_error("other_id" if kind == "merge" else "to", str(problem))
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            _keep_done(request, done, kind, here)
            return redirect(here)
    context = {"form": form, "resident_id": resident_id, "title": words[0], "hint": words[1], "here": here}
    return render(request, "residents/review_act.html", context)


def _on(request: HttpRequest, after: tuple[int, int] | None) -> HttpResponse:
    found = queries.find_next_to_review(viewer=viewer_of(request), purpose=REVIEW, after=after)
    return redirect("residents:review_pair", *found) if found else redirect("residents:review")


def _keep_done(request: HttpRequest, act: Act, said: str, back: str) -> None:
    words = str(_SAID[said])
    if act.waits_because:
        because = SECOND_READER[act.waits_because]
        words += " " + _("It waits for another reader, because %(why)s.") % {"why": because}
    request.session[_DONE] = {"act": act.act, "words": words, "next": back}


def _take_done(request: HttpRequest) -> dict[str, str] | None:
    """What was decided on the page before, to be said and taken back once."""
    done: dict[str, str] | None = request.session.pop(_DONE, None)
    return done


def _why(form: Any) -> str:
    return str(form.cleaned_data["why"])
