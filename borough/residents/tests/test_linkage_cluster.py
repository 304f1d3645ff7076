"""Clustering: rules that hold whatever the records and whatever the order of the evidence."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from borough.residents.linkage.alike import dates_alike, jaro_winkler, names_alike, one_edit
from borough.residents.linkage.cluster import Clusters, Known, cluster_records, connected_components

NHS = ["", "", "9434765919", "9434765870", "9434765862"]
NAMES = ["", "AMINA", "AMINAH", "JOHN", "J", "PETER"]
DATES = ["", "1980-03-04", "1980-04-03", "1951-12-30", "2001-07-07"]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Known, list[tuple[int, int, float]]]:
    records = draw(st.integers(1, 12))

    def column(values: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=records, max_size=records))

    known = Known(
        nino=column(["", "", "AB123456C", "AB123456D", "CE987654A"]),
        nhs_number=column(NHS),
        dob=column(DATES),
        forename=column(NAMES),
        surname=column(["", "KHAN", "SMITH", "PETER"]),
    )
    place = st.integers(0, records - 1)
    edges = draw(
        st.lists(
            st.tuples(place, place, st.sampled_from([0.0, 1.5, 1.5, 7.0, 20.0])).filter(lambda e: e[0] != e[1]),
            max_size=30,
        )
    )
    return known, edges


def run(known: Known, edges: list[tuple[int, int, float]]) -> Clusters:
    left, right, weight = ([edge[part] for edge in edges] for part in range(3))
    return cluster_records(
        known, np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(weight, dtype=np.float64)
    )


@given(problems())
def test_every_record_is_in_one_cluster_named_by_its_smallest_member(problem):
    known, edges = problem
    labels = run(known, edges).labels
    assert len(labels) == len(known.forename)
    for place, label in enumerate(labels.tolist()):
        assert labels[label] == label
        assert label <= place


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(problem, random):
    known, edges = problem
    other = [(b, a, w) if random.random() < 0.5 else (a, b, w) for a, b, w in edges]
    random.shuffle(other)
    assert run(known, edges).labels.tolist() == run(known, other).labels.tolist()


@given(problems())
def test_no_person_has_two_nhs_numbers(problem):
    known, edges = problem
    labels = run(known, edges).labels.tolist()
    for label in set(labels):
        assert len({known.nhs_number[p] for p, own in enumerate(labels) if own == label} - {""}) <= 1


@given(problems())
def test_people_are_never_larger_than_what_is_connected(problem):
    known, edges = problem
    result = run(known, edges)
    low = np.array([min(a, b) for a, b, _ in edges], dtype=np.int64)
    high = np.array([max(a, b) for a, b, _ in edges], dtype=np.int64)
    connected = connected_components(len(known.forename), low, high)
    assert all(connected[p] == connected[label] for p, label in enumerate(result.labels.tolist()))
    if not result.refused:
        assert result.labels.tolist() == connected.tolist()


def known_of(**columns: list[str]) -> Known:
    size = len(next(iter(columns.values())))
    return Known(**({f: [""] * size for f in ("nino", "nhs_number", "dob", "forename", "surname")} | columns))


def test_the_weaker_of_two_joins_that_contradict_is_refused():
    # The middle record could be either twin; the stronger evidence has it.
    known = known_of(nhs_number=["9434765919", "", "9434765870"])
    result = run(known, [(0, 1, 9.0), (1, 2, 12.0)])
    assert result.labels.tolist() == [0, 1, 1]
    assert result.refused == 1


def test_father_and_son_do_not_become_one_through_a_record_without_date_of_birth():
    known = known_of(dob=["1950-05-05", "", "1985-11-12"], forename=["ALI", "ALI", "ALI"])
    assert run(known, [(0, 1, 5.0), (1, 2, 4.0)]).labels.tolist() == [0, 0, 2]


def test_strong_evidence_outweighs_another_first_name():
    known = known_of(forename=["MARGARET", "MARGARET", "PEGGY"])
    assert run(known, [(0, 1, 9.0), (1, 2, 3.0)]).labels.tolist() == [0, 0, 2]
    assert run(known, [(0, 1, 9.0), (1, 2, 8.0)]).labels.tolist() == [0, 0, 0]


def test_no_records_and_no_edges():
    assert run(known_of(forename=[""]), []).labels.tolist() == [0]


def test_known_values_of_jaro_winkler():
    # Winkler's own examples.
    assert round(jaro_winkler("MARTHA", "MARHTA"), 3) == 0.961
    assert round(jaro_winkler("DIXON", "DICKSONX"), 3) == 0.813
    assert jaro_winkler("", "A") == 0.0
    assert jaro_winkler("ABC", "XYZ") == 0.0


@given(st.text("AB", max_size=6), st.text("AB", max_size=6))
def test_one_edit_agrees_with_trying_every_edit(a, b):
    near = {a} | {a[:i] + a[i + 1 :] for i in range(len(a))}
    near |= {a[:i] + c + a[i + 1 :] for i in range(len(a)) for c in "AB"}
    near |= {a[:i] + c + a[i:] for i in range(len(a) + 1) for c in "AB"}
    near |= {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    assert one_edit(a, b) == (b in near)


def test_dates_and_names_alike():
    assert dates_alike("1980-03-04", "1980-11-30")
    assert dates_alike("1980-03-04", "1981-03-04")
    assert not dates_alike("1980-03-04", "1951-12-30")
    assert names_alike("CATHERINE", "CATH")
    assert not names_alike("PETER", "AMINA")
