"""The queue of links to review: what waits for a second reader, then what a decision would change most."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from borough.accounts.policies import Viewer
from borough.governance.door import open_door
from borough.residents.deciding import decisions_by_pair, live_decisions, weigh, word_of
from borough.residents.models import Decision, Membership, Pair, Record
from borough.residents.policies import check_may_review

PAGE = 20


@dataclass(frozen=True)
class ReviewRow:
    """A pair in the queue. `refused` is what forbade to join it (a code of Pair.REFUSED), `again` says that it waits
    for another reader, `joined` that the index takes the two for one person now. Names where they are opened."""

    low: int
    high: int
    names: list[str]
    sources: list[str]
    refused: str = ""
    again: bool = False
    joined: bool = False


@dataclass(frozen=True)
class ReviewQueue:
    """One page. `waiting` is how many pairs are worth a look or wait for a second one, decided ones too."""

    rows: list[ReviewRow]
    page: int
    has_next: bool
    waiting: int


def list_to_review(*, viewer: Viewer, purpose: str, page: int = 1) -> ReviewQueue:
    """The pairs that this viewer may decide, 20 to a page: never one that they have read."""
    check_may_review(viewer, purpose)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_to_review")
    again = _asked_again(viewer.id)
    start = (page - 1) * PAGE
    found = again[start : start + PAGE + 1]
    left = PAGE + 1 - len(found)
    skip = max(0, start - len(again))
    found += list(_unread(viewer.id).values_list("low", "high")[skip : skip + left])
    pairs = found[:PAGE]
    ends = {record for pair in pairs for record in pair}
    records = {row.pk: row for row in Record.objects.filter(pk__in=ends).select_related("source")}
    residents = dict(Membership.objects.filter(record__in=ends, ended_at=None).values_list("record_id", "resident_id"))
    refused = {
        (low, high): because
        for low, high, because in Pair.objects.filter(low__in=ends, high__in=ends).values_list("low", "high", "refused")
    }
    opening.saw(residents.values())
    rows = [
        ReviewRow(
            low=low,
            high=high,
            names=[_name(records[end]) if opening.shows("name") else "" for end in (low, high)],
            sources=[records[end].source.title for end in (low, high)],
            refused=refused.get((low, high), ""),
            again=(low, high) in again,
            joined=low in residents and residents.get(low) == residents.get(high),
        )
        for low, high in pairs
        if low in records and high in records
    ]
    waiting = Pair.objects.filter(worth__isnull=False).count() + len(again)
    return ReviewQueue(rows=rows, page=page, has_next=len(found) > PAGE, waiting=waiting)


def find_next_to_review(
    *, viewer: Viewer, purpose: str, after: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """The records of the first pair in the queue, or of the first behind `after`; None at its end. Nothing personal."""
    check_may_review(viewer, purpose)
    # It is the queue's own first row.
    open_door(viewer=viewer, purpose=purpose, verb="residents.list_to_review")
    again = _asked_again(viewer.id)
    unread = _unread(viewer.id)
    if after in again:
        again = again[again.index(after) + 1 :]
    elif after and (at := Pair.objects.filter(low=after[0], high=after[1]).first()) and at.worth is not None:
        again = [pair for pair in again if pair != after]
        # Not as "less, or equal and behind it", for which SQLite would sort all that is left.
        unread = unread.filter(~Q(worth=at.worth, pk__lte=at.pk), worth__lte=at.worth)
    return again[0] if again else unread.values_list("low", "high").first()


def _unread(reader: str) -> "QuerySet[Pair]":
    """The pairs worth a look that nobody has decided and this reader has not seen, most worth first."""
    # By kind and not by `undoes`, whose index would be taken in place of that by pair.
    read = Decision.objects.filter(~Q(kind="undo"), low=OuterRef("low"), high=OuterRef("high"), undone_by=None)
    return (
        Pair.objects.filter(worth__isnull=False)
        .exclude(Exists(read.filter(~Q(says="unsure") | Q(by=reader))))
        .order_by(F("worth").desc(), "id")
    )


def _asked_again(reader: str) -> list[tuple[int, int]]:
    """One pair of each act that waits for another reader than this one, the longest waiting first."""
    asked = Decision.objects.filter(needs_second=True, undoes=None, undone_by=None)
    waiting: dict[str, tuple[int, int, int]] = {}
    for (low, high), rows in decisions_by_pair(live_decisions(set(asked.values_list("low", flat=True)))):
        standing = weigh(map(word_of, rows))
        if not standing.awaits or reader in standing.readers:
            continue
        first = next(row for row in rows if row.act == standing.asked_in)
        # What joins two people shows best what the act is about.
        rank = (first.says != "same", low, high)
        if standing.asked_in not in waiting or rank < waiting[standing.asked_in]:
            waiting[standing.asked_in] = rank
    acts = dict(asked.filter(act__in=waiting).order_by("-id").values_list("act", "id"))
    return [waiting[act][1:] for act in sorted(waiting, key=lambda act: acts[act])]


def _name(record: Record) -> str:
    return f"{record.forename} {record.surname}".strip()
