"""The figures, against counting every pair by hand."""

from itertools import combinations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from borough.residents.linkage.evaluate import measure

CON = duckdb.connect()


def figures_of(found: list[int], truth: list[int]):
    CON.execute("create or replace table found (id bigint, cluster bigint)")
    CON.execute("create or replace table truth (id bigint, person varchar)")
    for place, (cluster, person) in enumerate(zip(found, truth, strict=True)):
        CON.execute("insert into found values (?, ?)", [place, cluster])
        CON.execute("insert into truth values (?, ?)", [place, f"P{person}"])
    return measure(CON, "found", "truth")


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_figures_agree_with_counting_by_hand(pairs):
    found, truth = [a for a, _ in pairs], [b for _, b in pairs]
    got = figures_of(found, truth)
    every = list(combinations(range(len(pairs)), 2))
    joined = {pair for pair in every if found[pair[0]] == found[pair[1]]}
    true = {pair for pair in every if truth[pair[0]] == truth[pair[1]]}
    assert got.precision == round(len(joined & true) / len(joined) if joined else 1.0, 5)
    assert got.recall == round(len(joined & true) / len(true) if true else 1.0, 5)

    def bcubed(a: list[int], b: list[int]) -> float:
        of = range(len(a))
        shares = [sum(a[i] == a[j] and b[i] == b[j] for j in of) / sum(a[i] == a[j] for j in of) for i in of]
        return sum(shares) / len(shares)

    assert abs(got.bcubed_precision - bcubed(found, truth)) < 1e-5
    assert abs(got.bcubed_recall - bcubed(truth, found)) < 1e-5
    assert (got.records, got.persons_found, got.persons_true) == (len(pairs), len(set(found)), len(set(truth)))


def test_all_right_and_all_wrong():
    right = figures_of([1, 1, 2, 3], [1, 1, 2, 3])
    assert (right.f1, right.bcubed_f1) == (1.0, 1.0)
    wrong = figures_of([1, 2, 1, 2], [1, 1, 2, 2])
    assert (wrong.precision, wrong.recall, wrong.f1) == (0.0, 0.0, 0.0)
