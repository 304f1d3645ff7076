"""A form that was sent from a page that has been overtaken: both versions are shown, and nothing typed is lost."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from borough.accounts.queries import viewer_of
from borough.cases.kinds import kind
from borough.cases.models import CASE_STATES
from borough.cases.moving import StaleWrite
from borough.cases.policies import FLAGS
from borough.cases.queries import read_case
from borough.governance.queries import purpose_of

View = Callable[..., HttpResponse]

FIELDS = {
    "reason": gettext_noop("Why"),
    "text": gettext_noop("Text"),
    "needs": gettext_noop("Needs"),
    "flags": gettext_noop("Flags"),
    "consent": gettext_noop("What the person agreed to"),
    "due-day": gettext_noop("Day"),
    "due-month": gettext_noop("Month"),
    "due-year": gettext_noop("Year"),
}
CARRIED = ("csrfmiddlewaretoken", "version")


def shows_both_versions(view: View) -> View:
    """Where the case has changed since the form was drawn, show what was typed beside what is there now (409)."""

    @wraps(view)
    def shown(request: HttpRequest, case_id: str, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, case_id, *args, **kwargs)
        except StaleWrite as stale:
            case = read_case(case_id, viewer=viewer_of(request), purpose=purpose_of(request))
            words = {**kind(case.service).needs, **FLAGS}
            sent = [(name, values) for name, values in request.POST.lists() if name not in CARRIED]
            context = {
                "problem": stale,
                "case": case,
                "state": gettext(CASE_STATES.labels[case.state]),
                "states": {code: gettext(label) for code, label in CASE_STATES.labels.items()},
                "typed": [
                    (
                        gettext(FIELDS[name]),
                        ", ".join(gettext(words[each]) if each in words else each for each in values),
                    )
                    for name, values in sent
                    if name in FIELDS and any(values)
                ],
                "sent": sent,
            }
            return render(request, "cases/stale.html", context, status=409)

    return shown
