"""Pairs into people: the best evidence first, and never two who cannot be one.

Joining all that is connected makes one person of two families as soon as one pair is wrong. Here each pair, from the
strongest down, joins the people that its two records belong to by then, unless what is known of those two people
contradicts: two valid NHS or National Insurance numbers, two dates of birth, two first names that are not forms of
each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borough.residents.linkage.alike import dates_alike, names_alike, one_edit

Ints = NDArray[np.int64]

# Bits of evidence that outweigh a different date of birth or first name: the pair's weight has them counted already.
OUTWEIGHS = 6.0


@dataclass(frozen=True)
class Known:
    """What speaks against two records being one person; "" where unknown. Lists in the order of the records."""

    nino: Sequence[str]
    nhs_number: Sequence[str]
    dob: Sequence[str]
    forename: Sequence[str]
    surname: Sequence[str]

    def codes(self) -> list[Ints]:
        """Each of the four that can contradict as numbers, -1 where unknown."""
        return [_codes(values) for values in (self.nino, self.nhs_number, self.dob, self.forename)]


@dataclass(frozen=True)
class Clusters:
    """`labels`: for each record the smallest place of a record of the same person. `refused`: joins that were."""

    labels: Ints
    refused: int


def cluster_records(known: Known, left: Ints, right: Ints, weight: NDArray[np.float64]) -> Clusters:
    """Join records (numbered by place) along the edges left[i]-right[i], heaviest first, refusing contradictions.

    The result does not depend on the order of the edges: equal weights go by the places of their records.
    """
    records = len(known.forename)
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low, -weight))
    low, high = low[order], high[order]
    connected = connected_components(records, low, high)
    doubtful = np.zeros(records, dtype=bool)
    for codes in known.codes():
        doubtful |= _holds_several(connected, codes)
    # Where nothing contradicts, nothing can be refused: all that is connected is one person.
    labels = connected.copy()
    places = np.flatnonzero(doubtful[connected])
    labels[places] = places
    inside = doubtful[connected[low]]
    refused = _join_best_first(known, labels, low[inside], high[inside], weight[order][inside] >= OUTWEIGHS)
    return Clusters(labels=labels, refused=refused)


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


def _codes(values: Sequence[str]) -> Ints:
    numbers: dict[str, int] = {"": -1}
    return np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), dtype=np.int64, count=len(values))


def _holds_several(component: Ints, codes: Ints) -> NDArray[np.bool_]:
    """For each place that names a component: do its records hold more than one value?"""
    records = len(component)
    lowest = np.full(records, np.iinfo(np.int64).max)
    highest = np.full(records, -1)
    filled = codes >= 0
    np.minimum.at(lowest, component[filled], codes[filled])
    np.maximum.at(highest, component[filled], codes[filled])
    return lowest < highest


@dataclass
class _Person:
    """What the records joined so far know, and how many they are."""

    nino: set[str]
    nhs_number: set[str]
    dob: set[str]
    forename: set[str]
    surname: set[str]
    records: int = 1

    def take(self, other: "_Person") -> None:
        self.records += other.records
        self.nino |= other.nino
        self.nhs_number |= other.nhs_number
        self.dob |= other.dob
        self.forename |= other.forename
        self.surname |= other.surname


def _join_best_first(known: Known, labels: Ints, low: Ints, high: Ints, sure: NDArray[np.bool_]) -> int:
    """Union-find over the doubtful components. Changes `labels`; returns how many joins were refused."""
    parent: dict[int, int] = {}
    people: dict[int, _Person] = {}
    refused = 0

    def root(place: int) -> int:
        while (above := parent[place]) != place:
            parent[place] = place = parent[above]
        return place

    for a, b, is_sure in zip(low.tolist(), high.tolist(), sure.tolist(), strict=True):
        for place in (a, b):
            if place not in parent:
                parent[place] = place
                people[place] = _person(known, place)
        a, b = root(a), root(b)
        if a == b:
            continue
        if contradict(people[a], people[b], is_sure):
            refused += 1
            continue
        a, b = min(a, b), max(a, b)
        parent[b] = a
        people[a].take(people.pop(b))
    for place in parent:
        labels[place] = root(place)
    return refused


def _person(known: Known, place: int) -> _Person:
    def one(values: Sequence[str]) -> set[str]:
        return {values[place]} if values[place] else set()

    return _Person(one(known.nino), one(known.nhs_number), one(known.dob), one(known.forename), one(known.surname))


def contradict(a: _Person, b: _Person, sure: bool) -> bool:
    """Can what is known of two people not be of one? If `sure`, only identifiers can say so."""
    if a.nhs_number and b.nhs_number and not a.nhs_number & b.nhs_number:
        return True
    if a.nino and b.nino and not a.nino & b.nino and not _any_alike(a.nino, b.nino, one_edit):
        return True
    # Two single records are judged by their own pair, whose weight has their differences counted.
    if sure or a.records == b.records == 1 or a.nino & b.nino or a.nhs_number & b.nhs_number:
        return False
    if a.dob and b.dob and not _any_alike(a.dob, b.dob, dates_alike):
        return True
    return _names_contradict(a, b)


def _names_contradict(a: _Person, b: _Person) -> bool:
    mine = {name for name in a.forename if len(name) > 1}
    theirs = {name for name in b.forename if len(name) > 1}
    if not mine or not theirs or mine & theirs or mine & b.surname or theirs & a.surname:
        return False
    # One birthday outweighs two names: a person may go by another.
    return not a.dob & b.dob and not _any_alike(mine, theirs, names_alike)


def _any_alike(mine: set[str], theirs: set[str], alike: Callable[[str, str], bool]) -> bool:
    return any(alike(*sorted((one, other))) for one in mine for other in theirs)
