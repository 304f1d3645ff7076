"""Clustering: rules that hold whatever the records and whatever the order of the evidence."""

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from borough.residents.linkage.alike import dates_alike, names_alike, one_edit
from borough.residents.linkage.cluster import cluster_pairs
from borough.residents.linkage.functions import jaro_winkler_similarity
from borough.residents.linkage.joining import Decided, Joined, Known, connected_components, join_records

NHS = ["", "", "9434765919", "9434765870", "9434765862"]
NAMES = ["", "AMINA", "AMINAH", "JOHN", "J", "PETER"]
DATES = ["", "1980-03-04", "1980-04-03", "1951-12-30", "2001-07-07"]

Edges = list[tuple[int, int, float]]


@st.composite
def problems(draw: st.DrawFn, most: int = 12) -> tuple[Known, Edges, Decided]:
    records = draw(st.integers(1, most))

    def column(values: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=records, max_size=records))

    known = Known(
        nino=column(["", "", "AB123456C", "AB123456D", "CE987654A"]),
        nhs_number=column(NHS),
        dob=column(DATES),
        forename=column(NAMES),
        surname=column(["", "KHAN", "SMITH", "PETER"]),
        written=column(["", "AMINA", "JO", "PETRE"]),
        email=column(["", "", "a@example.org", "b@example.org"]),
    )
    place = st.integers(0, records - 1)
    edges = draw(
        st.lists(
            st.tuples(place, place, st.sampled_from([0.0, 1.5, 1.5, 7.0, 20.0])).filter(lambda e: e[0] != e[1]),
            max_size=30,
        )
    )
    pairs = st.tuples(place, place).filter(lambda pair: pair[0] < pair[1])
    said = draw(st.dictionaries(pairs, st.sampled_from(["same", "different"]), max_size=4)) if records > 1 else {}
    decided = Decided(
        same=tuple(pair for pair, word in said.items() if word == "same"),
        different=tuple(pair for pair, word in said.items() if word == "different"),
    )
    return known, edges, decided


def run(known: Known, edges: Edges, decided: Decided | None = None) -> Joined:
    left, right, weight = ([edge[part] for edge in edges] for part in range(3))
    return join_records(
        known, np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(weight, dtype=float), decided
    )


def labels_of(known: Known, edges: Edges, decided: Decided | None = None) -> list[int]:
    return run(known, edges, decided).labels.tolist()


@given(problems())
def test_every_record_is_in_one_cluster_named_by_its_smallest_member(problem):
    labels = labels_of(*problem)
    assert len(labels) == len(problem[0].forename)
    for place, label in enumerate(labels):
        assert labels[label] == label
        assert label <= place


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(problem, random):
    known, edges, decided = problem
    other = [(b, a, w) if random.random() < 0.5 else (a, b, w) for a, b, w in edges]
    random.shuffle(other)
    turned = Decided(same=decided.same[::-1], different=tuple((b, a) for a, b in decided.different))
    assert labels_of(known, edges, decided) == labels_of(known, other, turned)


@given(problems())
def test_no_person_has_two_nhs_numbers_unless_somebody_said_so(problem):
    known, edges, decided = problem
    labels = labels_of(known, edges, decided)
    said = {labels[a] for a, b in decided.same if labels[a] == labels[b]}
    for label in set(labels) - said:
        assert len({known.nhs_number[p] for p, own in enumerate(labels) if own == label} - {""}) <= 1


@given(problems())
def test_what_people_decided_holds(problem):
    known, edges, decided = problem
    result = run(known, edges, decided)
    labels = result.labels.tolist()
    assert all(labels[a] != labels[b] for a, b in decided.different)
    refused = {(one.low, one.high) for one in result.refusals if one.because == "decision"}
    assert len({(one.low, one.high) for one in result.refusals}) == len(result.refusals)
    assert all(labels[a] == labels[b] or (a, b) in refused for a, b in decided.same)


@given(problems())
def test_people_are_never_larger_than_what_is_connected(problem):
    known, edges, _ = problem
    result = run(known, edges)
    low = np.array([min(a, b) for a, b, _ in edges], dtype=np.int64)
    high = np.array([max(a, b) for a, b, _ in edges], dtype=np.int64)
    connected = connected_components(len(known.forename), low, high)
    assert all(connected[p] == connected[label] for p, label in enumerate(result.labels.tolist()))
    if not result.refusals:
        assert result.labels.tolist() == connected.tolist()


def tables(known: Known, edges: Edges) -> duckdb.DuckDBPyConnection:
    """A connection with `people` (ids 10, 20, 30, …) and `pairs`."""
    con = duckdb.connect()
    columns = {name: [value or None for value in getattr(known, name)] for name in Known.__dataclass_fields__}
    columns["forename_full"], columns["forename"] = columns.pop("forename"), columns.pop("written")
    people = {"unique_id": [10 * (place + 1) for place in range(len(known.forename))]} | columns
    texts = [(name, pa.string()) for name in columns]
    con.register("given_people", pa.table(people, schema=pa.schema([("unique_id", pa.int64()), *texts])))
    con.execute("create table people as from given_people")
    con.execute("create table pairs (l bigint, r bigint, weight double, rule smallint)")
    if edges:
        con.executemany(
            "insert into pairs values (?, ?, ?, 0)",
            [(10 * (min(a, b) + 1), 10 * (max(a, b) + 1), weight) for a, b, weight in edges],
        )
    return con


def clusters_of(con: duckdb.DuckDBPyConnection, decided: Decided) -> dict[int, int]:
    said = [(10 * (a + 1), 10 * (b + 1), "same") for a, b in decided.same]
    said += [(10 * (a + 1), 10 * (b + 1), "different") for a, b in decided.different]
    cluster_pairs(con, [*said, (10, 999, "same")])
    return dict(con.execute("select id, cluster from clusters").fetchall())


@settings(max_examples=60)
@given(problems(most=8))
def test_over_tables_the_rules_are_the_same(problem):
    known, edges, decided = problem
    with tables(known, edges) as con:
        found = clusters_of(con, decided)
        joined = run(known, edges, decided)
        assert found == {10 * (place + 1): 10 * (label + 1) for place, label in enumerate(joined.labels.tolist())}
        refusals = {(10 * (one.low + 1), 10 * (one.high + 1), one.because) for one in joined.refusals}
        assert set(con.execute("select l, r, because from refusals").fetchall()) == refusals


@settings(max_examples=60)
@given(problems(most=8))
def test_a_part_gives_what_it_gives_within_the_whole(problem):
    known, edges, decided = problem
    whole = (*((a, b) for a, b, _ in edges), *decided.same)
    low = np.array([min(pair) for pair in whole], dtype=np.int64)
    high = np.array([max(pair) for pair in whole], dtype=np.int64)
    component = connected_components(len(known.forename), low, high)
    with tables(known, edges) as con:
        everything = clusters_of(con, decided)
        part = (10 * (np.flatnonzero(component == component[0]) + 1)).tolist()
        con.execute("delete from people where unique_id not in (select unnest(?))", [part])
        con.execute("delete from pairs where l not in (select unnest(?))", [part])
        assert clusters_of(con, decided) == {one: everything[one] for one in part}


def known_of(**columns: list[str]) -> Known:
    size = len(next(iter(columns.values())))
    return Known(**({name: [""] * size for name in Known.__dataclass_fields__} | columns))


def test_the_weaker_of_two_joins_that_contradict_is_refused():
    # The middle record could be either twin; the stronger evidence has it.
    known = known_of(nhs_number=["9434765919", "", "9434765870"])
    result = run(known, [(0, 1, 9.0), (1, 2, 12.0)])
    assert result.labels.tolist() == [0, 1, 1]
    assert [(one.low, one.high, one.because) for one in result.refusals] == [(0, 1, "nhs_number")]


def test_a_person_may_say_that_two_nhs_numbers_are_one_person():
    known = known_of(nhs_number=["9434765919", "", "9434765870"])
    edges = [(0, 1, 9.0), (1, 2, 12.0)]
    assert labels_of(known, edges, Decided(same=((0, 2),))) == [0, 0, 0]
    assert labels_of(known, edges, Decided(same=((0, 2),), different=((1, 2),))) == [0, 1, 0]


def test_two_who_were_told_apart_are_not_joined_through_a_third():
    known = known_of(forename=["ALI", "ALI", "ALI"])
    result = run(known, [(0, 1, 20.0), (1, 2, 19.0)], Decided(different=((0, 2),)))
    assert result.labels.tolist() == [0, 0, 2]
    assert [one.because for one in result.refusals] == ["decision"]


def test_a_pair_that_is_decided_and_has_evidence_is_refused_once():
    known = known_of(surname=["A", "A", "A"])
    decided = Decided(same=((0, 2), (1, 2)), different=((0, 1),))
    result = run(known, [(1, 2, 9.0)], decided)
    assert [(one.low, one.high, one.because) for one in result.refusals] == [(1, 2, "decision")]


def test_father_and_son_do_not_become_one_through_a_record_without_date_of_birth():
    known = known_of(dob=["1950-05-05", "", "1985-11-12"], forename=["ALI", "ALI", "ALI"])
    assert labels_of(known, [(0, 1, 5.0), (1, 2, 4.0)]) == [0, 0, 2]


def test_strong_evidence_outweighs_another_first_name():
    known = known_of(forename=["MARGARET", "MARGARET", "XENA"])
    assert labels_of(known, [(0, 1, 9.0), (1, 2, 3.0)]) == [0, 0, 2]
    assert labels_of(known, [(0, 1, 9.0), (1, 2, 8.0)]) == [0, 0, 0]


def test_a_slip_in_a_first_name_is_no_other_name():
    # In full Jake is Jacob, of which Jkae is no slip.
    known = known_of(forename=["JACOB", "JACOB", "JKAE"], written=["JAKE", "JAKE", "JKAE"])
    assert labels_of(known, [(0, 1, 9.0), (1, 2, 3.0)]) == [0, 0, 0]


def test_one_mailbox_outweighs_another_first_name():
    known = known_of(forename=["JIANGUO", "JIANGUO", "LOGAN"], email=["", "shen@example.org", "shen@example.org"])
    assert labels_of(known, [(0, 1, 9.0), (1, 2, 3.0)]) == [0, 0, 0]


def test_no_records_and_no_edges():
    assert labels_of(known_of(forename=[""]), []) == [0]
    with tables(known_of(forename=[]), []) as con:
        assert clusters_of(con, Decided()) == {}


def test_known_values_of_jaro_winkler():
    # Winkler's own examples.
    assert round(jaro_winkler_similarity("MARTHA", "MARHTA"), 3) == 0.961
    assert round(jaro_winkler_similarity("DIXON", "DICKSONX"), 3) == 0.813
    assert jaro_winkler_similarity("", "A") == 0.0
    assert jaro_winkler_similarity("ABC", "XYZ") == 0.0


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
    assert names_alike("LEO", "LO")
    assert not names_alike("PETER", "AMINA")
    assert not names_alike("JO", "MO")
