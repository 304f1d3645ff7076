"""Decisions and their reasons in words and pictures, for the pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.common.words import time_words
from borough.residents.comparing import PairView
from borough.residents.histories import KINDS, SAYS, ActView
from borough.residents.models import Pair
from borough.residents.waterfall import Bar, chance_words, draw_waterfall

# A bar thinner than this cannot be seen, and says nothing.
LEAST_BITS = 0.05
# Where we begin, and whether it may be two people of one home: that they say nothing is news too.
ALWAYS_SHOWN = ("prior", "household")
STATES = {
    "in_force": (gettext_lazy("In force"), "green"),
    "waits": (gettext_lazy("Waits for another reader"), "yellow"),
    "overtaken": (gettext_lazy("Decided otherwise since"), "grey"),
    "taken_back": (gettext_lazy("Taken back"), "grey"),
    "looked": (gettext_lazy("Noted"), "grey"),
}
_REFUSED = {
    "nino": gettext_lazy("they, or others of their records, have different National Insurance numbers"),
    "nhs_number": gettext_lazy("they, or others of their records, have different NHS numbers"),
    "dob": gettext_lazy("they, or others of their records, have different dates of birth"),
    "forename": gettext_lazy("they, or others of their records, have different first names"),
    "decision": gettext_lazy("somebody decided that they are different people"),
}


@dataclass(frozen=True)
class Chart:
    """The waterfall as SVG, its bars for the table under it, and what they come to in words."""

    svg: str
    bars: list[Bar]
    total: Bar
    odds: str


def refused_words(code: str) -> str:
    """Why the index would not join a pair; empty where nothing forbade it."""
    return str(_REFUSED.get(code) or dict(Pair.REFUSED).get(code, "")) if code else ""


def waterfall_of(pair: PairView) -> Chart | None:
    """The reasons that weigh anything, drawn; None where nothing is known of the pair."""
    if not pair.reasons:
        return None
    bars = [
        Bar(_(reason.says), reason.bits)
        for reason in pair.reasons
        if reason.field in ALWAYS_SHOWN or abs(reason.bits) >= LEAST_BITS
    ]
    total = Bar(_("All together"), sum(reason.bits for reason in pair.reasons))
    title = _("How each reason weighs for one person or against, in bits")
    return Chart(draw_waterfall(bars, title=title, total=total.words), bars, total, chance_words(total.bits))


def act_rows(acts: list[ActView]) -> list[dict[str, Any]]:
    """Acts as the resident's page lists them."""
    rows = []
    for act in acts:
        words, colour = STATES[act.state]
        rows.append(
            {
                "act": act.act,
                "title": KINDS[act.kind],
                "says": SAYS[act.says],
                "who": _("%(name)s, %(time)s") % {"name": act.by, "time": time_words(act.at)},
                "why": act.why,
                "records": act.records,
                "state": words,
                "colour": colour,
                "undone": _("%(name)s, %(time)s") % {"name": act.undone_by, "time": time_words(act.undone_at)}
                if act.undone_at
                else "",
                "may_undo": act.may_undo,
            }
        )
    return rows
