"""Precision and recall are estimated from a fair sample, and nothing is said before enough of it is decided."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common import clock
from borough.residents.models import Decision, Pair, Record
from borough.residents.quality_review import (
    AT_MOST,
    BANDS,
    GroupReview,
    Sample,
    draw_sample,
    review_by_group,
    review_of,
    wilson,
)
from borough.residents.tests.conftest import Town

pytestmark = pytest.mark.django_db

WEIGHTS = {"weak": -2.0, "to 2": 1.0, "2 to 6": 4.0, "6 to 12": 8.0, "12 and over": 15.0}


def make_pairs(count: int, weight: float, refused: str = "", first: int = 1) -> list[tuple[int, int]]:
    pairs = [(first + 2 * n, first + 2 * n + 1) for n in range(count)]
    Pair.objects.bulk_create([Pair(low=low, high=high, weight=weight, rule=0, refused=refused) for low, high in pairs])
    return pairs


def decide(low: int, high: int, says: str, *, by: str = "Anna", needs_second: bool = False) -> None:
    Decision.objects.create(
        act="A", kind="review", low=low, high=high, says=says, by=by, at=clock.now(), needs_second=needs_second
    )


def pairs_in_bands() -> dict[str, int]:
    counts = dict.fromkeys((band.code for band in BANDS), 0)
    for code, weight in WEIGHTS.items():
        counts[code] = Pair.objects.filter(weight=weight).count()
    return counts


def borough(size: int) -> Sample:
    """So many pairs in each band but the refused; the sample drawn of them."""
    for place, weight in enumerate(WEIGHTS.values()):
        make_pairs(size, weight, first=1 + place * 100_000)
    return draw_sample()


def test_each_pair_stands_in_one_band_and_a_decision_moves_none(db: None) -> None:
    make_pairs(3, 4.0)
    make_pairs(2, 4.0, "dob", first=1_001)
    make_pairs(1, 4.0, "decision", first=2_001)
    make_pairs(1, -3.0, first=3_001)
    drawn = draw_sample()
    assert {code: len(pairs) for code, pairs in drawn.items() if pairs} == {"weak": 1, "refused": 2, "2 to 6": 4}


def test_the_sample_is_the_same_each_time_and_does_not_follow_the_order_of_ids(db: None) -> None:
    make_pairs(900, 4.0)
    drawn = draw_sample()["2 to 6"]
    assert drawn == draw_sample()["2 to 6"]
    lows = [low for low, _ in drawn]
    assert len(drawn) == 400 and lows != sorted(lows)
    assert 700 < sum(lows) / len(lows) < 1_100, "of ids 1 to 1,800 the middle is near 900"


def test_nothing_is_measured_before_each_band_was_looked_at(db: None) -> None:
    sample = borough(200)
    review = review_of(sample, pairs_in_bands())
    assert (review.precision.interval, review.precision.more) == (None, AT_MOST)
    for low, high in sample["12 and over"][:50]:
        decide(low, high, "same")
    review = review_of(sample, pairs_in_bands())
    assert (review.precision.interval, review.precision.more) == (None, AT_MOST - 50)


def test_shares_are_weighted_by_how_many_pairs_a_band_has(db: None) -> None:
    make_pairs(100, 1.0)
    make_pairs(300, 15.0, first=100_001)
    sample = draw_sample()
    for at, (low, high) in enumerate(sample["to 2"][:20]):
        decide(low, high, "same" if at % 2 else "different")
    for low, high in sample["12 and over"][:20]:
        decide(low, high, "same")
    review = review_of(sample, pairs_in_bands())
    assert review.precision.interval is not None
    # Half of 100 and all of 300.
    assert review.precision.interval.share == pytest.approx(350 / 400)
    assert review.precision.interval.low < 350 / 400 < review.precision.interval.high


def test_recall_counts_what_was_too_weak_to_join(db: None) -> None:
    make_pairs(100, -2.0)
    make_pairs(100, 15.0, first=100_001)
    sample = draw_sample()
    for at, (low, high) in enumerate(sample["weak"][:40]):
        decide(low, high, "same" if at % 4 == 0 else "different")
    for low, high in sample["12 and over"][:40]:
        decide(low, high, "same")
    review = review_of(sample, pairs_in_bands())
    assert review.recall.interval is not None
    assert review.recall.interval.share == pytest.approx(100 / 125)
    assert review.recall.more > 0, "40 decisions in a band do not tell a share to 2 points"


def test_decisions_that_were_not_next_in_line_wait(db: None) -> None:
    sample = borough(100)
    drawn = sample["to 2"]
    for low, high in (drawn[0], drawn[1], drawn[5]):
        decide(low, high, "same")
    band = next(band for band in review_of(sample, pairs_in_bands()).bands if band.code == "to 2")
    assert (band.same, band.next) == (2, tuple(drawn[2]))


def test_unsure_counts_as_looked_at_and_a_second_reader_is_waited_for(db: None) -> None:
    sample = borough(100)
    first, second, third = sample["to 2"][:3]
    decide(*first, "unsure")
    decide(*second, "same", needs_second=True)
    decide(*third, "same")
    band = next(band for band in review_of(sample, pairs_in_bands()).bands if band.code == "to 2")
    assert (band.unsure, band.same, band.next) == (1, 0, tuple(second))
    decide(*second, "same", by="Bola")
    band = next(band for band in review_of(sample, pairs_in_bands()).bands if band.code == "to 2")
    assert (band.unsure, band.same) == (1, 2)


def test_the_interval_holds_the_truth_19_times_in_20(db: None) -> None:
    """Of 60 reviewers who each decide 150 pairs at random, nearly all have the truth within their interval."""
    rng = random.Random(4)
    truth = {"to 2": 0.7, "12 and over": 0.99}
    sample = {"to 2": [[n, n + 1_000_000] for n in range(75)], "12 and over": [[n, n + 2_000_000] for n in range(75)]}
    pairs = {"to 2": 2_000, "12 and over": 8_000}
    right = (0.7 * 2_000 + 0.99 * 8_000) / 10_000
    within = 0
    for _ in range(60):
        Decision.objects.all().delete()
        Decision.objects.bulk_create(
            Decision(
                act="A",
                kind="review",
                low=low,
                high=high,
                says="same" if rng.random() < truth[code] else "different",
                by="Anna",
                at=clock.now(),
            )
            for code, drawn in sample.items()
            for low, high in drawn
        )
        interval = review_of(sample, pairs).precision.interval
        assert interval is not None
        within += interval.low <= right <= interval.high
    assert within >= 53


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_lies_between_nought_and_one_around_the_share(part: int, more: int) -> None:
    interval = wilson(part, part + more)
    assert interval is not None
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


def test_a_group_is_counted_where_both_records_are_of_it(town: Town) -> None:
    pairs = []
    for forename, other, says in (("Ann", "Ann", "same"), ("Bola", "Bola", "different"), ("Ann", "Bola", "same")):
        one, two = (town.record(town.resident(name, "Taylor"), "libraries") for name in (forename, other))
        low, high = sorted((one.pk, two.pk))
        Pair.objects.create(low=low, high=high, weight=4.0, rule=0)
        decide(low, high, says)
        pairs.append([low, high])

    def first_letter(record: Record) -> str:
        return record.forename[0]

    found = review_by_group({"2 to 6": pairs}, {"2 to 6": 30}, first_letter)
    assert found == {
        "A": GroupReview(joined=10, same=10, right=10, reviewed_joined=1, reviewed_same=1),
        "B": GroupReview(joined=10, same=0, right=0, reviewed_joined=1, reviewed_same=0),
    }
