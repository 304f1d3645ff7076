"""Two records as they stand now: what a decision on them depends on, for the verbs and for the page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from borough.common import clock
from borough.common.errors import NotFound
from borough.residents.deciding import Standing, decisions_in_force, live_decisions, weigh, word_of
from borough.residents.models import Membership, Pair, Record
from borough.residents.policies import Person, must_say_why


@dataclass(frozen=True)
class PairFacts:
    """Two records as they stand now. `weight` is None where no evidence joins them."""

    low: int
    high: int
    resident_of: dict[int, str]
    weight: float | None
    refused: str
    shares_identifier: bool
    apart: bool
    standing: Standing

    @property
    def joined(self) -> bool:
        return self.resident_of[self.low] == self.resident_of[self.high]

    def must_say_why(self, says: str) -> bool:
        return must_say_why(
            says,
            weight=self.weight if self.joined else None,
            refused=bool(self.refused) and not self.joined,
            shares_identifier=self.shares_identifier and self.joined,
            apart=self.apart,
        )


def pair_facts(low: int, high: int) -> PairFacts:
    """What a decision on two records depends on. Raises NotFound where one is of nobody."""
    low, high = min(low, high), max(low, high)
    resident_of = residents_of([low, high])
    if len(resident_of) < 2:
        raise NotFound(_("There are no such two records."), _("Choose a pair from the list."))
    pair = Pair.objects.filter(low=low, high=high).first()
    one, other = person_of([low]), person_of([high])
    apart = False
    if resident_of[low] != resident_of[high]:
        apart = bool(kept_apart(records_of(resident_of[low]), records_of(resident_of[high])))
    return PairFacts(
        low=low,
        high=high,
        resident_of=resident_of,
        weight=pair.weight if pair else None,
        refused=pair.refused if pair else "",
        shares_identifier=bool(one.nhs_numbers & other.nhs_numbers or one.ninos & other.ninos),
        apart=apart,
        standing=standing_of(low, high),
    )


def standing_of(low: int, high: int) -> Standing:
    """Where the decisions on these two records have got to."""
    return weigh(word_of(row) for row in live_decisions([low]) if (row.low, row.high) == (low, high))


def records_of(resident_id: str) -> set[int]:
    """The records that are of this resident now. Raises NotFound where there are none."""
    held = set(Membership.objects.filter(resident=resident_id, ended_at=None).values_list("record_id", flat=True))
    if not held:
        raise NotFound(_("There is no such resident."), _("Check the id, or search by name."))
    return held


def kept_apart(one: Collection[int], other: Collection[int]) -> list[tuple[int, int]]:
    """The pairs across these two of which people said "different"."""
    return [
        (low, high)
        for low, high, says in decisions_in_force(one)
        if says == "different" and ((low in one and high in other) or (low in other and high in one))
    ]


def person_of(records: Iterable[int]) -> Person:
    rows = Record.objects.filter(id__in=list(records)).values_list(
        "nhs_number", "nino", "source_id", "gone_at", "ended_on"
    )
    today = clock.today()
    return Person(
        nhs_numbers=frozenset(row[0] for row in rows if row[0]),
        ninos=frozenset(row[1] for row in rows if row[1]),
        sources=frozenset(row[2] for row in rows if row[3] is None and (row[4] is None or row[4] > today)),
    )


def residents_of(records: Collection[int]) -> dict[int, str]:
    held = Membership.objects.filter(record__in=list(records), ended_at=None)
    return dict(held.values_list("record_id", "resident_id"))
