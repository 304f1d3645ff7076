"""What people decided: the history of a resident, and how far readers agree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.accounts.queries import staff_names
from borough.governance.door import open_door
from borough.residents.deciding import Standing, decisions_by_pair, live_decisions, weigh, word_of
from borough.residents.models import Decision, Membership, Record
from borough.residents.policies import REVIEWERS, check_may_review, is_read_twice

KINDS = {
    "review": _("Review"),
    "merge": _("Merge with another resident"),
    "split": _("Split"),
    "move": _("Move of a record"),
    "undo": _("Taken back"),
}
SAYS = {"same": _("Same person"), "different": _("Different people"), "unsure": _("Not sure")}


@dataclass(frozen=True)
class ActView:
    """One act. `says` is what it said of its first pair, `records` the sources and keys that it was about.

    `state`: in_force, waits (for another reader), overtaken by a later one, looked (not sure) or taken_back (by whom
    and when stands in `undone_by` and `undone_at`).
    """

    act: str
    kind: str
    says: str
    records: list[str]
    by: str
    at: datetime
    why: str
    state: str
    undone_by: str = ""
    undone_at: datetime | None = None

    @property
    def may_undo(self) -> bool:
        return self.kind != "undo" and self.state != "taken_back"


@dataclass(frozen=True)
class Agreement:
    """Of pairs that two people read: how many, how often they said the same, and Cohen's kappa, which takes off what
    they would agree on by chance (None where that cannot be told)."""

    pairs: int
    agreed: int
    kappa: float | None


def list_decisions(resident_id: str, *, viewer: Viewer, purpose: str) -> list[ActView]:
    """What people decided of the records that are of this resident now, newest first."""
    check_may_review(viewer, purpose)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_decisions")
    held = list(Membership.objects.filter(resident=resident_id, ended_at=None).values_list("record_id", flat=True))
    acts = Decision.objects.filter(Q(low__in=held) | Q(high__in=held)).values("act")
    rows = list(Decision.objects.filter(act__in=acts).order_by("act", "id"))
    undone = {row.undoes_id: row for row in Decision.objects.filter(undoes__in=[row.pk for row in rows])}
    records = {record for row in rows for record in (row.low, row.high)}
    standings = {pair: weigh(map(word_of, own)) for pair, own in decisions_by_pair(live_decisions(records))}
    titles = _titles(records) if opening.shows("records") else {}
    names = staff_names({row.by for row in [*rows, *undone.values()]})
    opening.saw([resident_id])
    views = []
    for _act, grouped in groupby(rows, key=lambda row: row.act):
        own = list(grouped)
        first = own[0]
        taken_back = undone.get(first.pk)
        views.append(
            ActView(
                act=first.act,
                kind=first.kind,
                says=first.says,
                records=sorted({titles[end] for row in own for end in (row.low, row.high) if end in titles}),
                by=names.get(first.by, first.by),
                at=first.at,
                why=first.why,
                state="taken_back" if taken_back else _state(first, standings.get((first.low, first.high))),
                undone_by=names.get(taken_back.by, taken_back.by) if taken_back else "",
                undone_at=taken_back.at if taken_back else None,
            )
        )
    return sorted(views, key=lambda view: view.at, reverse=True)


def _state(row: Decision, standing: Standing | None) -> str:
    if row.says == "unsure" or row.kind == "undo" or standing is None:
        return "looked"
    if standing.awaits and row.by in standing.readers:
        return "waits"
    return "in_force" if standing.says == row.says else "overtaken"


def measure_agreement(*, viewer: Viewer) -> Agreement:
    """How far readers agree on the pairs that are read twice by chance; those read twice for what they are would
    flatter or shame them. Counts only."""
    check_may_work_as(viewer, *REVIEWERS)
    twice = [
        row
        for row in Decision.objects.filter(needs_second=True, undoes=None, undone_by=None).order_by("low", "high", "id")
        if is_read_twice(row.low, row.high)
    ]
    words: dict[tuple[str, str], tuple[str, str]] = {}
    for _pair, rows in decisions_by_pair(twice):
        first = rows[0]
        second = next((row for row in rows if row.by != first.by), None)
        if second:
            # An act of several pairs was read once.
            words[first.act, second.act] = (first.says, second.says)
    return agreement_of(list(words.values()))


def agreement_of(words: Sequence[tuple[str, str]]) -> Agreement:
    """Of (what the first said, what the second said). Kappa after Cohen, Educational and Psychological Measurement
    20 (1960) 37-46."""
    pairs, agreed = len(words), sum(one == other for one, other in words)
    if not pairs:
        return Agreement(0, 0, None)
    firsts, seconds = Counter(one for one, _ in words), Counter(other for _, other in words)
    by_chance = sum(firsts[say] * seconds[say] for say in firsts) / pairs**2
    kappa = None if by_chance == 1 else (agreed / pairs - by_chance) / (1 - by_chance)
    return Agreement(pairs, agreed, kappa)


def _titles(records: Iterable[int]) -> dict[int, str]:
    found = Record.objects.filter(pk__in=list(records)).select_related("source")
    return {row.pk: f"{row.source.title}, {row.key}" for row in found}
