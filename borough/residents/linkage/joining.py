"""Records into people by evidence and decisions: the rules, on plain lists. `cluster` runs them over tables."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from borough.residents.linkage.alike import dates_alike, names_alike, one_edit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Bits of evidence that outweigh a different date of birth or first name: the pair's weight has them counted already.
OUTWEIGHS = 6.0


@dataclass(frozen=True)
class Known:
    """What speaks against two records being one person; "" where unknown. Lists in the order of the records."""

    nino: Sequence[str]
    nhs_number: Sequence[str]
    dob: Sequence[str]
    # The name that the first name is a short form of, or itself.
    forename: Sequence[str]
    surname: Sequence[str]
    # The first name as it was written.
    written: Sequence[str]
    email: Sequence[str]


@dataclass(frozen=True)
class Decided:
    """Pairs of places that people have said are one person, or two; a pair is in one of the two at most."""

    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A pair that would have joined two people, and what forbade it: nino, nhs_number, dob, forename or decision."""

    low: int
    high: int
    because: str


@dataclass(frozen=True)
class Joined:
    """`labels`: for each record the smallest place of a record of the same person."""

    labels: Ints
    refusals: tuple[Refusal, ...]


def join_records(known: Known, left: Ints, right: Ints, weight: Floats, decided: Decided | None = None) -> Joined:
    """Join records (numbered by place) along the pairs left[i]-right[i], heaviest first, refusing contradictions.

    What people decided goes first. The result does not depend on the order of the pairs: equal weights go by the
    places of their records.
    """
    decided = decided or Decided()
    people = _People(known, decided)
    for a, b in sorted((min(pair), max(pair)) for pair in decided.same):
        people.join(a, b, None)
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low, -weight))
    for a, b, bits in zip(low[order].tolist(), high[order].tolist(), weight[order].tolist(), strict=True):
        people.join(a, b, bits)
    return people.joined()


def connected_components(records: int, low: Ints, high: Ints) -> Ints:
    """For each record the smallest place that it is connected to: hooking and pointer jumping, on whole arrays."""
    parent = np.arange(records, dtype=np.int64)
    while len(low):
        a, b = parent[low], parent[high]
        differ = a != b
        if not differ.any():
            break
        low, high, a, b = low[differ], high[differ], a[differ], b[differ]
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        while True:
            grand = parent[parent]
            if np.array_equal(grand, parent):
                break
            parent = grand
    return parent


@dataclass(slots=True)
class Person:
    """What the records joined so far know, and how many they are; `apart`: places decided to be somebody else."""

    nino: set[str]
    nhs_number: set[str]
    dob: set[str]
    forename: set[str]
    surname: set[str]
    written: set[str]
    email: set[str]
    apart: set[int] = field(default_factory=set)
    records: int = 1

    def take(self, other: "Person") -> None:
        self.records += other.records
        self.nino |= other.nino
        self.nhs_number |= other.nhs_number
        self.dob |= other.dob
        self.forename |= other.forename
        self.surname |= other.surname
        self.written |= other.written
        self.email |= other.email
        self.apart |= other.apart


class _People:
    """Union-find over records that remembers what each person is known by."""

    def __init__(self, known: Known, decided: Decided) -> None:
        self._known = known
        self._parent = list(range(len(known.forename)))
        self._people: dict[int, Person] = {}
        self._apart: dict[int, set[int]] = {}
        for a, b in decided.different:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)
        # One for each pair, the first: it may be decided and have evidence too.
        self._refused: dict[tuple[int, int], Refusal] = {}

    def join(self, low: int, high: int, bits: float | None) -> None:
        """Join the people of two records unless they contradict; without `bits` it is decided."""
        a, b = self._root(low), self._root(high)
        if a == b:
            return
        mine, theirs = self._person(a), self._person(b)
        because = "decision" if self._decided_apart(mine, b) else ""
        if not because and bits is not None:
            because = contradiction(mine, theirs, sure=bits >= OUTWEIGHS)
        if because:
            self._refused.setdefault((low, high), Refusal(low, high, because))
            return
        a, b = min(a, b), max(a, b)
        self._parent[b] = a
        self._people[a].take(self._people.pop(b))

    def joined(self) -> Joined:
        labels = [self._root(place) for place in range(len(self._parent))]
        # Two who were refused may have come together by what was learnt of them later.
        kept = tuple(one for one in self._refused.values() if labels[one.low] != labels[one.high])
        return Joined(labels=np.array(labels, dtype=np.int64), refusals=kept)

    def _root(self, place: int) -> int:
        parent = self._parent
        while (above := parent[place]) != place:
            parent[place] = place = parent[above]
        return place

    def _decided_apart(self, mine: Person, b: int) -> bool:
        return any(self._root(place) == b for place in mine.apart)

    def _person(self, place: int) -> Person:
        if place not in self._people:
            known = self._known
            self._people[place] = Person(
                nino=_one(known.nino[place]),
                nhs_number=_one(known.nhs_number[place]),
                dob=_one(known.dob[place]),
                forename=_one(known.forename[place]),
                surname=_one(known.surname[place]),
                written=_one(known.written[place]),
                email=_one(known.email[place]),
                apart=set(self._apart.get(place, ())),
            )
        return self._people[place]


def _one(value: str) -> set[str]:
    return {value} if value else set()


def contradiction(a: Person, b: Person, sure: bool) -> str:
    """What is known of two people that cannot be of one, or "". If `sure`, only identifiers can say so."""
    if a.nhs_number and b.nhs_number and not a.nhs_number & b.nhs_number:
        return "nhs_number"
    if a.nino and b.nino and not a.nino & b.nino and not _any_alike(a.nino, b.nino, one_edit):
        return "nino"
    # Two single records are judged by their own pair, whose weight has their differences counted.
    if sure or a.records == b.records == 1 or a.nino & b.nino or a.nhs_number & b.nhs_number:
        return ""
    if a.dob and b.dob and not _any_alike(a.dob, b.dob, dates_alike):
        return "dob"
    return "forename" if _names_contradict(a, b) else ""


def _names_contradict(a: Person, b: Person) -> bool:
    # Both as they are written and in full: Jkae is a slip of Jake, and Jake, in full, Jacob.
    mine = {name for name in a.forename | a.written if len(name) > 1}
    theirs = {name for name in b.forename | b.written if len(name) > 1}
    if not mine or not theirs or mine & theirs or mine & b.surname or theirs & a.surname:
        return False
    # One birthday or one mailbox outweighs two names: many go by another, given at work or at school.
    return not a.dob & b.dob and not a.email & b.email and not _any_alike(mine, theirs, names_alike)


def _any_alike(mine: Set[str], theirs: Set[str], alike: Callable[[str, str], bool]) -> bool:
    return any(alike(*sorted((one, other))) for one in mine for other in theirs)
