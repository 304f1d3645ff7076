"""What has been learnt of the records: everything, besides two records, that the weight of their pair depends on."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from borough.residents.linkage.comparisons import Comparison, comparisons_for
from borough.residents.linkage.standardise import Standard

Shares = dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class HomeClass:
    """`h`: how often each level occurs between two people of one home, by comparison, from disagreement up.
    `prior`: the share of all pairs of records that are such pairs."""

    h: Shares
    prior: float


@dataclass(frozen=True)
class MoveClass:
    """`bits`: what it adds to the weight of a pair how its records' homes stand to each other, by moves.STANDINGS."""

    bits: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    """`m` and `u`: how often one person and strangers reach each level, by comparison, from disagreement (0) up;
    `prior`: the share of all pairs of records that are one person; `rules`: the keys by which pairs are found."""

    standard: Standard
    prior: float
    m: Shares
    u: Shares
    rules: tuple[tuple[str, ...], ...]
    homes: HomeClass | None = None
    moves: MoveClass | None = None

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(comparisons_for(self.standard))

    def to_json(self) -> str:
        kept = asdict(self)
        kept["standard"]["columns"] = sorted(self.standard.columns)
        return json.dumps(kept)

    @classmethod
    def from_json(cls, text: str) -> "Model":
        kept = json.loads(text)
        standard = kept["standard"]
        homes, moves = kept["homes"], kept["moves"]
        return cls(
            standard=Standard(
                records=standard["records"],
                columns=frozenset(standard["columns"]),
                others=tuple(standard["others"]),
                homes=standard["homes"],
                youngest=tuple((source, age) for source, age in standard["youngest"]),
            ),
            prior=kept["prior"],
            m=_shares(kept["m"]),
            u=_shares(kept["u"]),
            rules=tuple(tuple(rule) for rule in kept["rules"]),
            homes=HomeClass(h=_shares(homes["h"]), prior=homes["prior"]) if homes else None,
            moves=MoveClass(bits=tuple(moves["bits"])) if moves else None,
        )


def _shares(kept: dict[str, Any]) -> Shares:
    return {name: tuple(levels) for name, levels in kept.items()}
