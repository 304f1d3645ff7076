"""What one pair of records weighs, and why: the SQL of scoring, compiled, for the pairs that somebody waits for.

The same bits as find_pairs gives a pair in a full linking (a test holds them together to 1e-9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any

from borough.residents.linkage import moves
from borough.residents.linkage.compiled import Row, compile_columns
from borough.residents.linkage.functions import round_to
from borough.residents.linkage.model import Model
from borough.residents.linkage.scoring import (
    APART,
    APART_ELSE,
    APART_SQL,
    MOST_BITS,
    TOGETHER,
    home_weight_sql,
    namesakes_sql,
    own_weight_sql,
    pair_columns,
    splink_weight_sql,
    weight_sql,
)
from borough.residents.linkage.scoring import UNKNOWN as HOME_UNKNOWN

# A weight is kept to a millionth of a bit.
PARTS_OF_BIT = 1e6
_LEAST_MOVED = 1e-4
UNKNOWN = "Not known in both records"
_MOVES = {
    TOGETHER: "Both live in one home",
    HOME_UNKNOWN: "A home is not known",
    APART: "Nobody else is known at both homes",
    APART_ELSE: "Nobody else is known at both homes",
}
_MOVED_ALONG = "Others are known at both homes"


@dataclass(frozen=True)
class Reason:
    """One bar of the explanation: what was compared, what it showed, and the bits it adds (or, below 0, takes off).

    `field` is the comparison's name, or "prior", "namesakes", "household" or "moves".
    """

    field: str
    says: str
    bits: float


class Scorer:
    """Scores pairs by one model. Making one takes some 30 ms; a score some 4 microseconds.

    `standing` says how the homes of the two records stand to each other, by moves: from the table `movers` where
    others are at both homes. Where it is None nobody is known to be.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        # What a Row holds, in this order: columns of `people`.
        self.columns = pair_columns(model)
        self._moved = model.moves.bits if model.moves else (0.0,) * moves.STANDINGS
        self._levels = {f"gamma_{one.name}": one.gamma_sql() for one in model.comparisons}
        self._sides = [[f"{name}_l" for name in self.columns], [f"{name}_r" for name in self.columns]]
        weight = {"splink": splink_weight_sql(model), "weight": weight_sql(model, "splink")}
        stands = {"standing": APART_SQL}
        self._weigh = compile_columns(self._levels | weight | stands, self._sides)

    def row(self, values: Mapping[str, Any]) -> Row:
        """A Row of standard values with statistics (see `single`)."""
        return tuple(values[name] for name in self.columns)

    def score(self, one: Row, other: Row, standing: int | None = None) -> float:
        """The evidence that two records are one person, against strangers and people of one home, in bits."""
        *_, weight, stands = self._weigh(one, other)
        return round_to(weight + self._moved[stands if standing is None else standing], PARTS_OF_BIT)

    def explain(self, one: Row, other: Row, weight: float | None = None) -> list[Reason]:
        """The bars that add up to the score: where we begin, each comparison, namesakes, one household, and moves.

        Where linking has weighed the pair, give that `weight`: it knew who else is at the two homes.
        """
        found = dict(zip(self._explained[0], self._explained[1](one, other), strict=True))
        prior = log2(self.model.prior / (1 - self.model.prior))
        reasons = [Reason("prior", "Two records are seldom one person", prior)]
        for comparison in self.model.comparisons:
            level = found[f"gamma_{comparison.name}"]
            says = UNKNOWN if level < 0 else comparison.says(level)
            reasons.append(Reason(comparison.name, says, found[f"own_{comparison.name}"]))
        reasons.append(Reason("namesakes", "Others have the same name", 0.0 - found["namesakes"]))
        reasons.append(Reason("household", "They may be two people of one household", 0.0 - found["household"]))
        alone = self._moved[found["standing"]]
        moved = alone if weight is None else weight - sum(reason.bits for reason in reasons)
        says = _MOVES[found["standing"]] if abs(moved - alone) < _LEAST_MOVED else _MOVED_ALONG
        return [*reasons, Reason("moves", says, moved)]

    @cached_property
    def _explained(self) -> Any:
        columns = dict(self._levels)
        columns |= {f"own_{one.name}": own_weight_sql(self.model, one) for one in self.model.comparisons}
        columns["namesakes"] = namesakes_sql(self.model)
        columns["home"] = "null"
        columns["household"] = "0.0"
        if self.model.homes:
            columns["home"] = f"least({home_weight_sql(self.model, self.model.homes)}, {MOST_BITS})"
            columns["household"] = "log2(pow(2, namesakes) + pow(2, home)) - namesakes"
        columns["standing"] = APART_SQL
        return tuple(columns), compile_columns(columns, self._sides)
