"""What the page of outcomes shows: the bars, the table beneath them, and how wellbeing changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common.disclosure import count_words, total_of
from borough.common.tables import Column
from borough.insight.bars import draw_bars
from borough.insight.outcome_figures import Change, Group, measured_outcomes, wellbeing_changes


@dataclass(frozen=True)
class OutcomePage:
    """`svg` is safe markup: bars.py escapes."""

    svg: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    change_columns: list[Column]
    changes: list[dict[str, Any]]


def outcome_page(by: Group, *, viewer: Viewer, service: str, quarter: date | None) -> OutcomePage:
    headings = {"service": _("Service"), "need": _("Need"), "organisation": _("Organisation that helped")}
    heading = headings.get(by, _("Ward"))
    found = measured_outcomes(by, viewer=viewer, service=service, quarter=quarter)
    shares = [(each.label, each.met_share) for each in found]
    known = [share for _label, share in shares if share is not None]
    description = _("No row has numbers large enough to show.")
    if known:
        description = _(
            "Bars of the share of people who say that their need was met, from %(low).0f%% to %(high).0f%%. The table "
            "below holds every number."
        ) % {"low": min(known), "high": max(known)}
    rows = [
        {
            "label": each.label,
            "requests": count_words(each.requests),
            "helped": count_words(each.helped),
            "in_time": _percent(each.in_time_share),
            "days": _("Hidden") if each.days is None else each.days,
            "answered": count_words(each.answered),
            "met": _percent(each.met_share),
            "not_answered": count_words(each.not_answered),
        }
        for each in found
    ]
    counts = ("requests", "helped", "answered", "not_answered")
    totals: dict[str, Any] = {}
    # What two organisations helped with is in the row of each: their sum counts nothing.
    if rows and by != "organisation":
        totals = {name: total_of(getattr(each, name) for each in found) or _("Hidden") for name in counts}
        totals["label"] = _("All together")
    return OutcomePage(
        svg=draw_bars(shares, title=_("Needs met"), description=description, hidden=_("Hidden")),
        columns=[
            Column("label", heading, sort=True),
            Column("requests", _("Requests"), sort=True, numeric=True),
            Column("helped", _("Helped"), sort=True, numeric=True),
            Column("in_time", _("In time (%)"), sort=True, numeric=True),
            Column("days", _("Days to help"), sort=True, numeric=True),
            Column("answered", _("Said whether it helped"), sort=True, numeric=True),
            Column("met", _("Need met (%)"), sort=True, numeric=True),
            Column("not_answered", _("Never answered"), sort=True, numeric=True),
        ],
        rows=rows,
        totals=totals,
        change_columns=[
            Column("label", heading),
            Column("measure", _("Wellbeing")),
            Column("people", _("People"), numeric=True),
            Column("before", _("Before"), numeric=True),
            Column("after", _("After"), numeric=True),
            Column("change", _("Change"), numeric=True),
            Column("interval", _("Likely between"), numeric=True),
        ],
        changes=[_change(each) for each in wellbeing_changes(by, viewer=viewer, service=service, quarter=quarter)],
    )


def _percent(share: float | None) -> int | str:
    return _("Hidden") if share is None else round(share)


def _change(each: Change) -> dict[str, Any]:
    return {
        "label": each.label,
        "measure": each.measure,
        "people": each.people,
        "before": f"{each.before:.1f}",
        "after": f"{each.after:.1f}",
        "change": f"{each.change:+.1f}",
        "interval": _("%(low)s and %(high)s") % {"low": f"{each.low:+.1f}", "high": f"{each.high:+.1f}"},
    }
