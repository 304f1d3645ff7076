"""Precision and recall of linking, estimated from what people decided of a sample of pairs.

The sample is stratified by weight band and drawn by a hash of the pair, so that what a queue puts first has no say in
it. In each band only the decided pairs before the first undecided one count: whoever decides them in the order drawn
makes a random sample of the band (Cochran, Sampling Techniques, 1977, chapter 5). Intervals: 4,000 draws of each band's
share from Beta(same + ½, different + ½) (Jeffreys), weighted by how many pairs the band has.

Whether a pair joins is here what evidence alone says: a decision does not move it to another band.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt

import numpy as np
from django.db import connection

from borough.residents.deciding import decisions_by_pair, live_decisions, weigh, word_of
from borough.residents.linkage.cluster import JOIN_FROM
from borough.residents.models import Pair, Record

# Pairs drawn of each band: more than anybody will decide.
DRAWN = 400
# A band with this share of the pairs must have been looked at before anything is said of all.
LEAST_SHARE = 0.01
LEAST_DECIDED = 10
AIM = 0.02
# Decisions that bring any share to within AIM, 19 times in 20: (1.96 / 0.02)² × ¼.
AT_MOST = 2_401
_PRIME = 2_147_483_647
_PAIR = Pair._meta.db_table
_NOT_CONTRADICTED = "refused IN ('', 'decision')"
# {band: [[low, high], …]} in the order drawn.
Sample = Mapping[str, list[list[int]]]


@dataclass(frozen=True)
class Band:
    """`joins`: whether evidence in this band joins two records. `sql`: a condition over a pair."""

    code: str
    joins: bool
    sql: str


def _joining(code: str, low: float, high: float | None) -> Band:
    above = f"weight >= {low} AND {_NOT_CONTRADICTED}"
    return Band(code, True, f"{above} AND weight < {high}" if high is not None else above)


BANDS = (
    Band("weak", False, f"weight < {JOIN_FROM}"),
    Band("refused", False, f"weight >= {JOIN_FROM} AND NOT {_NOT_CONTRADICTED}"),
    _joining("to 2", JOIN_FROM, 2),
    _joining("2 to 6", 2, 6),
    _joining("6 to 12", 6, 12),
    _joining("12 and over", 12, None),
)


def draw_sample() -> dict[str, list[list[int]]]:
    """The first pairs of each band in the order of their hash. The same pairs give the same sample."""
    order = f"((low % {_PRIME}) * 48271 + (high % {_PRIME}) * 69621) % {_PRIME}"
    # Ids that follow each other are spread by a second round.
    order = f"(({order}) * 40692) % {_PRIME}"
    drawn: dict[str, list[list[int]]] = {}
    with connection.cursor() as cursor:
        for band in BANDS:
            cursor.execute(f"SELECT low, high FROM {_PAIR} WHERE {band.sql} ORDER BY {order}, low, high LIMIT {DRAWN}")
            drawn[band.code] = [[int(low), int(high)] for low, high in cursor.fetchall()]
    return drawn


@dataclass(frozen=True)
class BandReview:
    """`pairs` in the band; of the sample `same` and `different` by decision, `unsure` looked at without one; `next` the
    pair to decide next, None where all that were drawn are decided."""

    code: str
    joins: bool
    pairs: int
    same: int
    different: int
    unsure: int
    next: tuple[int, int] | None

    @property
    def decided(self) -> int:
        return self.same + self.different

    @property
    def is_known(self) -> bool:
        return self.decided >= LEAST_DECIDED or (self.next is None and self.decided + self.unsure == self.pairs)


@dataclass(frozen=True)
class Interval:
    """A share from 0 to 1 and where it lies 19 times in 20."""

    share: float
    low: float
    high: float

    @property
    def half(self) -> float:
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Estimate:
    """`interval` None where too little was decided to say; `more` decisions would bring it to ± 2 points, or at most
    so many where nothing is known yet."""

    interval: Interval | None
    more: int


@dataclass(frozen=True)
class Review:
    """Precision: of the pairs that evidence joins, the share that are one person. Recall: of the pairs found that are
    one person, the share that evidence joins; pairs that no blocking rule found are not in it."""

    bands: list[BandReview]
    precision: Estimate
    recall: Estimate


def review_of(sample: Sample, pairs: Mapping[str, int]) -> Review:
    """What has been decided of the sample until now; `pairs` is how many each band has."""
    says = _decided(sample)
    bands = [_band_review(band, sample.get(band.code, []), pairs.get(band.code, 0), says) for band in BANDS]
    return Review(bands=bands, precision=_estimate(bands, _precision), recall=_estimate(bands, _recall))


def _decided(sample: Sample) -> dict[tuple[int, int], str]:
    """same, different or unsure for each pair of the sample that somebody decided, and nobody else is asked about."""
    drawn = {(low, high) for rows in sample.values() for low, high in rows}
    found: dict[tuple[int, int], str] = {}
    records = {record for each in drawn for record in each}
    for pair, rows in decisions_by_pair(live_decisions(records)):
        standing = weigh(map(word_of, rows))
        if pair in drawn and standing.readers and not standing.awaits:
            found[pair] = standing.says or "unsure"
    return found


def _band_review(band: Band, drawn: list[list[int]], pairs: int, says: Mapping[tuple[int, int], str]) -> BandReview:
    counted = list(_counted(drawn, says))
    counts = Counter(says[pair] for pair in counted)
    following = drawn[len(counted)] if len(counted) < len(drawn) else None
    return BandReview(
        code=band.code,
        joins=band.joins,
        pairs=pairs,
        same=counts["same"],
        different=counts["different"],
        unsure=counts["unsure"],
        next=(following[0], following[1]) if following else None,
    )


# Band by band: pairs, and the share of each that is one person.
Measure = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def _precision(pairs: np.ndarray, joins: np.ndarray, shares: np.ndarray) -> np.ndarray:
    joined = pairs * joins
    return np.asarray((shares * joined).sum(axis=-1) / joined.sum())


def _recall(pairs: np.ndarray, joins: np.ndarray, shares: np.ndarray) -> np.ndarray:
    true = shares * pairs
    return np.asarray((true * joins).sum(axis=-1) / np.maximum(true.sum(axis=-1), 1e-9))


def _estimate(bands: list[BandReview], measure: Measure) -> Estimate:
    counted = [band for band in bands if band.pairs and (band.joins or measure is _recall)]
    decided = sum(band.decided for band in counted)
    total = sum(band.pairs for band in counted)
    known = [band.is_known for band in counted if band.pairs >= total * LEAST_SHARE]
    if not known or not all(known):
        return Estimate(None, max(0, AT_MOST - decided))
    pairs = np.array([band.pairs for band in counted], dtype=float)
    joins = np.array([band.joins for band in counted], dtype=float)
    same = np.array([band.same for band in counted], dtype=float)
    different = np.array([band.different for band in counted], dtype=float)
    # With nothing decided in a small band its share is as likely high as low.
    shares = np.where(same + different > 0, same / np.maximum(same + different, 1), 0.5)
    draws = _beta_draws(tuple(same + 0.5), tuple(different + 0.5))
    low, high = np.quantile(measure(pairs, joins, draws), [0.025, 0.975])
    share = float(measure(pairs, joins, shares))
    interval = Interval(share, min(float(low), share), max(float(high), share))
    more = ceil(decided * (interval.half / AIM) ** 2) - decided if interval.half > AIM else 0
    return Estimate(interval, max(0, more))


@cache
def _beta_draws(same: tuple[float, ...], different: tuple[float, ...]) -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.beta(same, different, size=(4_000, len(same)))


def wilson(part: int, whole: int) -> Interval | None:
    """A share with its interval (Wilson 1927); None of nothing."""
    if not whole:
        return None
    z = 1.96
    share = part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    # At 0 and at 1 rounding would leave the share outside by the last bit.
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


@dataclass
class GroupReview:
    """What the reviewed sample says of a group: `joined` pairs by evidence and how many `same`-person pairs, each with
    those of them that are both (`right`), weighted by how many pairs of its band each stands for. `reviewed_…` count
    the decisions behind them."""

    joined: float = 0.0
    same: float = 0.0
    right: float = 0.0
    reviewed_joined: int = 0
    reviewed_same: int = 0


def review_by_group(
    sample: Sample, pairs: Mapping[str, int], group_of: Callable[[Record], str]
) -> dict[str, GroupReview]:
    """The counted decisions on pairs whose two records are of one group. The groups are not kept with the pairs."""
    says = _decided(sample)
    records = Record.objects.in_bulk({record for pair in says for record in pair})
    reviews: dict[str, GroupReview] = {}
    for band in BANDS:
        counted = [pair for pair in _counted(sample.get(band.code, []), says) if says[pair] != "unsure"]
        for pair in counted:
            groups = {group_of(records[record]) for record in pair if record in records}
            if len(groups) != 1:
                continue
            own = reviews.setdefault(groups.pop(), GroupReview())
            stands_for = pairs.get(band.code, 0) / len(counted)
            same = says[pair] == "same"
            own.joined += stands_for * band.joins
            own.same += stands_for * same
            own.right += stands_for * (band.joins and same)
            own.reviewed_joined += band.joins
            own.reviewed_same += same
    return reviews


def _counted(drawn: Iterable[list[int]], says: Mapping[tuple[int, int], str]) -> Iterator[tuple[int, int]]:
    """The pairs in the order drawn, up to the first that is not decided."""
    for low, high in drawn:
        if (low, high) not in says:
            return
        yield low, high
