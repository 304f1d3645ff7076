"""Ids that last, through merges and splits."""

from hypothesis import given
from hypothesis import strategies as st

from borough.residents.linkage.inherit import inherit


def test_the_same_people_keep_their_ids():
    result = inherit([(10, "RA", 3), (20, "RB", 1)])
    assert result.kept == {10: "RA", 20: "RB"}
    assert not result.retired


def test_two_who_prove_to_be_one_go_on_as_the_larger():
    result = inherit([(10, "RA", 1), (10, "RB", 4)])
    assert result.kept == {10: "RB"}
    assert result.retired == {"RA": 10}


def test_one_who_proves_to_be_two_goes_on_as_the_larger():
    result = inherit([(10, "RA", 2), (20, "RA", 5)])
    assert result.kept == {20: "RA"}
    assert not result.retired


def test_equal_shares_are_settled_the_same_way_each_time():
    assert inherit([(20, "RB", 2), (10, "RB", 2), (10, "RA", 2)]).kept == {10: "RA", 20: "RB"}


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.sampled_from("ABCDEF")), st.integers(1, 5)))
def test_nobody_is_lost_and_nobody_is_two(overlaps):
    rows = [(cluster, resident, n) for (cluster, resident), n in overlaps.items()]
    result = inherit(rows)
    assert len(set(result.kept.values())) == len(result.kept)
    assert {r for _, r, _ in rows} == set(result.kept.values()) | set(result.retired)
    # A person without an id goes without only because all of theirs go on as others.
    for cluster in {c for c, _, _ in rows} - set(result.kept):
        assert {r for c, r, _ in rows if c == cluster} <= set(result.kept.values())
    assert set(result.kept.values()).isdisjoint(result.retired)
    # Whoever retires goes into a person that goes on, under a name of its own or a new one.
    assert all(any(c == cluster and r == resident for c, r, _ in rows) for resident, cluster in result.retired.items())
    assert inherit(reversed(rows)) == result
