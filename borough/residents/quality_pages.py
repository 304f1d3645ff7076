"""The parts of the quality page: for each a lead, a chart, and the table under it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from borough.common.disclosure import HIDDEN_UP_TO, percentage, protect
from borough.common.tables import Column
from borough.common.words import number_words
from borough.residents.charts import Bar
from borough.residents.drift import percent
from borough.residents.labels import LABELS
from borough.residents.naming_groups import NOT_TOLD, TITLES
from borough.residents.quality_review import Estimate, wilson
from borough.residents.quality_view import QualityView, SourceQuality

# A group of fewer records than this is shown, and not compared.
FEWEST_TO_COMPARE = 100
# Fewer reviewed pairs of a group say nothing of it.
FEWEST_REVIEWED = 30

BAND_WORDS = {
    "weak": gettext_lazy("Too weak to join"),
    "refused": gettext_lazy("Refused: they contradict each other"),
    "to 2": gettext_lazy("Joined, under 2 bits"),
    "2 to 6": gettext_lazy("Joined, 2 to 6 bits"),
    "6 to 12": gettext_lazy("Joined, 6 to 12 bits"),
    "12 and over": gettext_lazy("Joined, 12 bits or more"),
}


@dataclass(frozen=True)
class Part:
    """`alerts`: (heading, sentences) that come before the chart. `notes` stand under the table."""

    title: str
    lead: str
    columns: Sequence[Column]
    rows: Sequence[dict[str, Any]]
    bars: Sequence[Bar] = ()
    bars_title: str = ""
    alerts: Sequence[tuple[str, Sequence[str]]] = ()
    notes: Sequence[str] = field(default_factory=list)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def sources_part(view: QualityView) -> Part:
    rows: list[dict[str, Any]] = [
        {
            "source": one.title,
            "source_href": reverse("residents:source", args=[one.code]),
            "records": one.records,
            "elsewhere": _percent(one.elsewhere, one.records),
            "doubles": _percent(one.doubles, one.records),
            "outside": None if one.outside is None else _percent(one.outside, one.records),
            "rejected": _percent(one.rejected, one.rows),
            "added": _share(one.drift.added if one.drift else None),
            "changed": _share(one.drift.changed if one.drift else None),
            "gone": _share(one.drift.gone if one.drift else None),
        }
        for one in view.sources
    ]
    notes = [
        _(
            "Linked elsewhere: records of a resident whom another source knows too. Doubles: records beyond one for "
            "each resident. Outside: records with a postcode that none of the borough’s addresses has. New, changed "
            "and gone are since the load before."
        )
    ]
    if view.here_and_there:
        notes.append(
            ngettext(
                "%(number)s resident has records both in the borough and outside it: somebody who moved, or whom two "
                "boroughs’ systems hold. They are one person here, and each record keeps its own address.",
                "%(number)s residents have records both in the borough and outside it: people who moved, or whom two "
                "boroughs’ systems hold. Each is one person here, and each record keeps its own address.",
                view.here_and_there,
            )
            % {"number": number_words(view.here_and_there)}
        )
    return Part(
        title=_("Sources"),
        lead=_("How much of each source is of people whom other sources know too, and what to look at."),
        columns=[
            Column("source", _("Source"), sort=True),
            Column("records", _("Records"), sort=True, numeric=True),
            Column("elsewhere", _("Linked elsewhere (%)"), sort=True, numeric=True),
            Column("doubles", _("Doubles (%)"), sort=True, numeric=True),
            Column("outside", _("Outside (%)"), sort=True, numeric=True),
            Column("rejected", _("Rejected (%)"), sort=True, numeric=True),
            Column("added", _("New (%)"), sort=True, numeric=True),
            Column("changed", _("Changed (%)"), sort=True, numeric=True),
            Column("gone", _("Gone (%)"), sort=True, numeric=True),
        ],
        rows=rows,
        bars=[_bar(one.title, one.elsewhere, one.records) for one in view.sources if one.records],
        bars_title=_("Share of each source’s records that are linked to another source"),
        alerts=[(one.title, words) for one in view.sources if (words := _to_look_at(one))],
        notes=notes,
    )


def _to_look_at(source: SourceQuality) -> list[str]:
    return [*([source.held] if source.held else []), *source.findings, *(source.drift.words if source.drift else [])]


def _share(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _bar(label: str, part: int, whole: int) -> Bar:
    share = part / whole if whole else 0.0
    return Bar(label, share, percent(share))


def pairs_part(view: QualityView) -> Part:
    rows: list[dict[str, Any]] = [
        {
            "source": one.title,
            "other": other.title,
            "records": one.records,
            "matched": view.overlaps.get((one.code, other.code), 0),
            "share": _percent(view.overlaps.get((one.code, other.code), 0), one.records),
        }
        for one in view.sources
        for other in view.sources
        if one.code != other.code and one.records and other.records
    ]
    best = sorted(rows, key=lambda row: -row["share"])[:10]
    return Part(
        title=_("Pairs of sources"),
        lead=_("Of the records of one source, how many are of residents who have a record in the other."),
        columns=[
            Column("source", _("Of the records of"), sort=True),
            Column("other", _("known to"), sort=True),
            Column("records", _("Records"), sort=True, numeric=True),
            Column("matched", _("Matched"), sort=True, numeric=True),
            Column("share", _("Matched (%)"), sort=True, numeric=True),
        ],
        rows=rows,
        bars=[
            _bar(
                _("%(source)s, known to %(other)s") % {"source": row["source"], "other": row["other"]},
                row["matched"],
                row["records"],
            )
            for row in best
        ],
        bars_title=_("The ten pairs of sources that match most"),
    )


def fields_part(view: QualityView) -> Part:
    rows: list[dict[str, Any]] = [
        {
            "source": one.title,
            "field": str(LABELS[name]),
            "missing": count,
            "share": _percent(count, one.records),
            "impossible": one.impossible.get(name, 0),
        }
        for one in view.sources
        for name, count in one.missing.items()
        if one.records
    ]
    worst = sorted((row for row in rows if row["missing"]), key=lambda row: -row["share"])[:10]
    return Part(
        title=_("Missing and impossible values"),
        lead=_("Of the fields that linking goes by and that a source’s file has, how often each is empty."),
        columns=[
            Column("source", _("Source"), sort=True),
            Column("field", _("Field"), sort=True),
            Column("missing", _("Missing"), sort=True, numeric=True),
            Column("share", _("Missing (%)"), sort=True, numeric=True),
            Column("impossible", _("Impossible in the newest load"), sort=True, numeric=True),
        ],
        rows=rows,
        bars=[Bar(f"{row['source']}: {row['field']}", row["share"] / 100, f"{row['share']}%") for row in worst],
        bars_title=_("The ten fields that are most often empty"),
        notes=[
            _(
                "Impossible: cells that cannot be what the mapping says, such as a National Insurance number that "
                "cannot exist. Their rows were taken in without them."
            )
        ],
    )


def rules_part(view: QualityView) -> Part:
    rows: list[dict[str, Any]] = [
        {
            "rule": " + ".join(_rule_words(name) for name in rule["columns"]) or _("A move at the same time"),
            "found": rule["found"],
            "strong": rule["strong"],
            "refused": rule["refused"],
            "share": _percent(rule["strong"], rule["found"]),
        }
        for rule in view.rules
    ]
    return Part(
        title=_("What found the pairs"),
        lead=_(
            "Records are compared when they agree on the columns of a rule. A pair counts for the first rule that "
            "finds it, so a rule with few pairs may still be needed."
        ),
        columns=[
            Column("rule", _("Records that agree on")),
            Column("found", _("Pairs found"), sort=True, numeric=True),
            Column("strong", _("Strong enough to join"), sort=True, numeric=True),
            Column("share", _("Strong enough (%)"), sort=True, numeric=True),
            Column("refused", _("Refused all the same"), sort=True, numeric=True),
        ],
        rows=rows,
        bars=[_bar(str(row["rule"]), row["strong"], row["found"]) for row in rows],
        bars_title=_("Share of the pairs that each rule found which are strong enough to join"),
        notes=[
            _("Refused: the records contradict each other, as two different NHS numbers do, or a person decided so."),
        ],
    )


def _rule_words(name: str) -> str:
    return str(
        {
            "forename_full": _("Full form of the first name"),
            "initial": _("First letter of the first name"),
            "forename_sound": _("Sound of the first name"),
            "surname_sound": _("Sound of the surname"),
            "surname_start": _("Start of the surname"),
            "both_names": _("Both names in any order"),
            "rare_names": _("Both names, where few have them"),
            "outcode": _("First half of the postcode"),
            "home": _("Home"),
            "turned_on": _("Day of a move"),
        }.get(name, LABELS.get(name, name))
    )


def review_part(view: QualityView) -> Part:
    rows: list[dict[str, Any]] = []
    bars: list[Bar] = []
    for band in view.review.bands:
        interval = wilson(band.same, band.decided)
        rows.append(
            {
                "band": str(BAND_WORDS[band.code]),
                "pairs": band.pairs,
                "same": band.same,
                "different": band.different,
                "unsure": band.unsure,
                "share": round(100 * interval.share, 1) if interval else None,
                "next": _("Decide the next") if band.next else _("All are decided") if band.pairs else "",
                "next_href": reverse("residents:review_pair", args=band.next) if band.next else "",
            }
        )
        if interval:
            label = str(BAND_WORDS[band.code])
            bars.append(Bar(label, interval.share, percent(interval.share), interval.low, interval.high))
    precision, recall = view.review.precision, view.review.recall
    return Part(
        title=_("Right and missed links"),
        lead=_(
            "Estimated from what people decided of pairs drawn by chance from each band of evidence. Nothing here is "
            "taken from the linkage itself."
        ),
        columns=[
            Column("band", _("Evidence")),
            Column("pairs", _("Pairs"), sort=True, numeric=True),
            Column("same", _("Same person"), sort=True, numeric=True),
            Column("different", _("Different people"), sort=True, numeric=True),
            Column("unsure", _("Not sure"), sort=True, numeric=True),
            Column("share", _("Same (%)"), sort=True, numeric=True),
            Column("next", _("Drawn pairs")),
        ],
        rows=rows,
        bars=bars,
        bars_title=_("Share of the decided pairs in each band that are one person, and where it lies 19 times in 20"),
        alerts=[
            (_("Links that are right (precision)"), _estimate_words(precision)),
            (_("True links that were made (recall)"), _estimate_words(recall)),
        ],
        notes=[
            _(
                "Decisions count in the order in which the pairs were drawn, up to the first that is still open, so "
                "that they are a fair sample. Recall is of the pairs that some rule found: a pair that no rule finds "
                "is not in it."
            )
        ],
    )


def _estimate_words(estimate: Estimate) -> list[str]:
    more = number_words(estimate.more)
    if estimate.interval is None:
        return [
            _("Not measured yet: too few of the drawn pairs have been decided."),
            _("To know it to within 2 points takes at most %(more)s decisions more.") % {"more": more},
        ]
    interval = estimate.interval
    words = [
        _("%(share)s, and 19 times in 20 between %(low)s and %(high)s.")
        % {
            "share": f"{100 * interval.share:.1f}%",
            "low": f"{100 * interval.low:.1f}%",
            "high": f"{100 * interval.high:.1f}%",
        }
    ]
    if estimate.more:
        words.append(
            _("To know it to within 2 points takes about %(more)s decisions more.") % {"more": more},
        )
    return words


def names_part(view: QualityView) -> Part:
    titles = {code: str(title) for code, title in TITLES.items()}
    return _fairness(
        view.naming,
        titles,
        title=_("By naming tradition"),
        lead=_(
            "Whether linking serves people alike, whatever tradition their name comes from. Names are written in more "
            "ways in some traditions than in others, and a linkage that misses them leaves those people out of help."
        ),
        note=_(
            "The tradition is a guess from a short list of typical names, made while these figures are counted. It "
            "says nothing of any one person, is not kept with anybody, and is used for nothing else."
        ),
    )


def ages_part(view: QualityView) -> Part:
    titles = {row["code"]: _age_words(row["code"]) for row in view.ages}
    return _fairness(
        view.ages,
        titles,
        title=_("By age"),
        lead=_("Whether linking serves people of all ages alike."),
        note=_("Age is by the date of birth that the record itself has."),
    )


def _age_words(code: str) -> str:
    if code == NOT_TOLD:
        return _("Date of birth not known")
    first, last = code.split("-")
    return (
        _("%(first)s or over") % {"first": first}
        if first == "80"
        else _("%(first)s to %(last)s")
        % {
            "first": first,
            "last": last,
        }
    )


def _fairness(groups: Sequence[dict[str, Any]], titles: dict[str, str], *, title: str, lead: str, note: str) -> Part:
    rows: list[dict[str, Any]] = []
    compared: list[dict[str, Any]] = []
    for group in groups:
        counts = {name: protect(group[name]) for name in ("records", "elsewhere", "no_dob", "no_identifier")}
        records = counts["records"]
        linked = percentage(counts["elsewhere"], records)
        row: dict[str, Any] = {
            "group": titles[group["code"]],
            "records": records if records is not None else _("%(most)s or fewer") % {"most": HIDDEN_UP_TO},
            "elsewhere": _rounded(linked),
            "no_dob": _rounded(percentage(counts["no_dob"], records)),
            "no_identifier": _rounded(percentage(counts["no_identifier"], records)),
            "precision": _reviewed(group["right"], group["joined"], group["reviewed_joined"]),
            "recall": _reviewed(group["right"], group["same"], group["reviewed_same"]),
        }
        rows.append(row)
        if linked is not None and records and records >= FEWEST_TO_COMPARE and group["code"] != NOT_TOLD:
            compared.append(row)
    bars = [Bar(str(row["group"]), row["elsewhere"] / 100, f"{row['elsewhere']}%") for row in compared]
    return Part(
        title=title,
        lead=lead,
        columns=[
            Column("group", _("Group"), sort=True),
            Column("records", _("Records"), sort=True, numeric=True),
            Column("elsewhere", _("Linked elsewhere (%)"), sort=True, numeric=True),
            Column("no_dob", _("No date of birth (%)"), sort=True, numeric=True),
            Column("no_identifier", _("No identifier (%)"), sort=True, numeric=True),
            Column("precision", _("Links that are right (%)"), sort=True, numeric=True),
            Column("recall", _("True links made (%)"), sort=True, numeric=True),
        ],
        rows=rows,
        bars=sorted(bars, key=lambda bar: bar.share),
        bars_title=_("Share of each group’s records that are linked to another source"),
        alerts=[(_("The gap between groups"), _gap_words(compared))],
        notes=[
            note,
            _(
                "Counts of 7 or fewer are hidden and the others rounded to 5. Groups of under %(least)s records are "
                "not compared. Right and true links are of reviewed pairs, and shown from %(reviewed)s in a group."
            )
            % {"least": FEWEST_TO_COMPARE, "reviewed": FEWEST_REVIEWED},
        ],
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 1)


def _reviewed(part: float, whole: float, decisions: int) -> float | None:
    return round(100 * part / whole, 1) if decisions >= FEWEST_REVIEWED else None


def _gap_words(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The gap in each figure that two groups or more have."""
    words = []
    figures: list[tuple[str, str | Promise]] = [
        ("elsewhere", gettext_lazy("Linked elsewhere")),
        ("precision", gettext_lazy("Links that are right")),
        ("recall", gettext_lazy("True links made")),
    ]
    for name, label in figures:
        known = [row for row in rows if row[name] is not None]
        if len(known) < 2:
            words.append(_("%(figure)s: not measured for enough groups.") % {"figure": label})
            continue
        low, high = min(known, key=lambda row: row[name]), max(known, key=lambda row: row[name])
        words.append(
            _("%(figure)s: %(gap)s points, from %(low)s%% (%(lowest)s) to %(high)s%% (%(highest)s).")
            % {
                "figure": label,
                "gap": f"{high[name] - low[name]:.1f}",
                "low": low[name],
                "lowest": low["group"],
                "high": high[name],
                "highest": high["group"],
            }
        )
    return words


PARTS: dict[str, tuple[str | Promise, Callable[[QualityView], Part]]] = {
    "sources": (gettext_lazy("Sources"), sources_part),
    "pairs": (gettext_lazy("Pairs of sources"), pairs_part),
    "fields": (gettext_lazy("Missing and impossible values"), fields_part),
    "rules": (gettext_lazy("What found the pairs"), rules_part),
    "review": (gettext_lazy("Right and missed links"), review_part),
    "names": (gettext_lazy("By naming tradition"), names_part),
    "ages": (gettext_lazy("By age"), ages_part),
}
