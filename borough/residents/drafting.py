"""Which pairs of records an act writes its decisions on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from borough.residents.deciding import decisions_in_force
from borough.residents.linkage.cluster import JOIN_FROM
from borough.residents.models import Pair
from borough.residents.pair_facts import kept_apart, person_of, records_of
from borough.residents.policies import second_reader_for


@dataclass
class Drafts:
    """The pairs of one act, each once; a later word on a pair replaces an earlier one."""

    says: dict[tuple[int, int], str] = field(default_factory=dict)

    def add(self, one: int, other: int, says: str) -> None:
        self.says[min(one, other), max(one, other)] = says


def join_residents(drafts: Drafts, residents: Sequence[str], *, refused: bool = False) -> str:
    """Say "same" wherever people said that records of these two differ. Returns why it takes two, if it does."""
    one, other = records_of(residents[0]), records_of(residents[1])
    return override(drafts, one, other, second_reader_for(person_of(one), person_of(other), refused=refused))


def override(drafts: Drafts, one: set[int], other: set[int], because: str) -> str:
    apart = kept_apart(one, other)
    for pair in apart:
        drafts.add(*pair, "same")
    return because or ("apart" if apart else "")


def hold_together(drafts: Drafts, records: Collection[int]) -> None:
    """Say "same" between the parts into which these records would fall by themselves."""
    parts = {record: record for record in records}

    def part(record: int) -> int:
        while parts[record] != record:
            record = parts[record]
        return record

    pairs = Pair.objects.filter(low__in=records, high__in=records, weight__gte=JOIN_FROM, refused="")
    same = [(low, high) for low, high, says in decisions_in_force(records) if says == "same"]
    for low, high in [*pairs.values_list("low", "high"), *same]:
        if low in parts and high in parts:
            parts[part(high)] = part(low)
    tops = sorted({part(record) for record in records})
    for top in tops[1:]:
        drafts.add(tops[0], top, "same")


def evident(record_id: int) -> set[int]:
    """The records that evidence or somebody's decision would join this one to."""
    pairs = Pair.objects.filter(weight__gte=JOIN_FROM)
    decided = [(low, high) for low, high, says in decisions_in_force([record_id]) if says == "same"]
    return {
        *(high if low == record_id else low for low, high in decided),
        *pairs.filter(low=record_id).values_list("high", flat=True),
        *pairs.filter(high=record_id).values_list("low", flat=True),
    }
