"""Which of people's decisions on two records are in force: the one place that says so."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.db.models import Q

from borough.residents.models import Decision

Says = Literal["same", "different"]

SECONDS = 2
# More parameters than this pass the bound of either database in one statement.
_CHUNK = 5_000


@dataclass(frozen=True)
class Word:
    """What one person said of two records; `needs_second` where it counts once another person says the same."""

    by: str
    says: str
    needs_second: bool = False
    act: str = ""


@dataclass(frozen=True)
class Standing:
    """Where the decisions on a pair have got to. `says` is what is in force, "" for nothing.

    `awaits` is true where somebody has decided and another reader is needed; `readers` have looked at it, and
    `asked_in` is the act that asked for another, else empty.
    """

    says: Literal["same", "different", ""]
    awaits: bool
    readers: frozenset[str]
    asked_in: str = ""


def weigh(words: Iterable[Word]) -> Standing:
    """What the words on one pair, oldest first and without those taken back, come to.

    A word that needs no second reader is in force at once, until the next. One that needs it asks a question, and what
    was in force stays so until the question is answered: by the side that has two people and more than the other, so
    that two who disagree leave it to a third. "unsure" is a look without a word.
    """
    says: Literal["same", "different", ""] = ""
    asked = False
    votes: dict[str, str] = {}
    readers: set[str] = set()
    asked_in = ""
    for word in words:
        if word.says not in ("same", "different"):
            readers.add(word.by)
            continue
        if not asked:
            votes, readers, asked, asked_in = {}, set(), word.needs_second, word.act
        votes[word.by] = word.says
        readers.add(word.by)
        answer = _answer(votes) if asked else _side(word.says)
        if answer:
            says, asked = answer, False
    return Standing(says, awaits=asked, readers=frozenset(readers), asked_in=asked_in if asked else "")


def _answer(votes: dict[str, str]) -> Literal["same", "different", ""]:
    same = sum(says == "same" for says in votes.values())
    different = len(votes) - same
    if max(same, different) < SECONDS or same == different:
        return ""
    return "same" if same > different else "different"


def decisions_in_force(record_ids: Collection[int] | None = None) -> list[tuple[int, int, Says]]:
    """(low, high, says) for each pair of records on which a decision is in force, of all or of these records.

    In the order in which they were last decided, the newest last: where a chain of them contradicts itself, the newer
    is what people meant. One query, or one for every 5,000 records.
    """
    latest: list[tuple[int, int, int, Says]] = []
    for (low, high), rows in decisions_by_pair(live_decisions(record_ids)):
        standing = weigh(map(word_of, rows))
        if standing.says:
            newest = max(row.pk for row in rows if row.says == standing.says)
            latest.append((newest, low, high, standing.says))
    return [(low, high, says) for _, low, high, says in sorted(latest)]


def decisions_by_pair(rows: Iterable[Decision]) -> Iterator[tuple[tuple[int, int], list[Decision]]]:
    """The decisions, which come by pair, pair for pair."""
    for pair, own in groupby(rows, key=lambda row: (row.low, row.high)):
        yield pair, list(own)


def word_of(row: Decision) -> Word:
    """A decision as a word on its pair."""
    return Word(by=row.by, says=row.says, needs_second=row.needs_second, act=row.act)


def live_decisions(record_ids: Collection[int] | None = None) -> list[Decision]:
    """The decisions that have not been taken back, by pair and then oldest first."""
    live = Decision.objects.filter(undoes=None, undone_by=None)
    if record_ids is None:
        return list(live.order_by("low", "high", "id"))
    found: dict[int, Decision] = {}
    ids = sorted(record_ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found.update((row.pk, row) for row in live.filter(Q(low__in=chunk) | Q(high__in=chunk)))
    return sorted(found.values(), key=lambda row: (row.low, row.high, row.pk))


def _side(says: str) -> Literal["same", "different", ""]:
    if says == "same":
        return "same"
    return "different" if says == "different" else ""
