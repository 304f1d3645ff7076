"""What a decision would be worth: the order of the queue, the same from each engine."""

from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.residents.models import Pair, Record
from borough.residents.worth import LEAST, refresh_worth, worth_sql

Held = list[tuple[int, str, str]]
Pairs = list[tuple[int, int, float, str]]


def worth_of(pairs: Pairs, held: Held) -> dict[tuple[int, int], float]:
    con = duckdb.connect()
    con.execute("create table pairs (low bigint, high bigint, weight double, refused varchar)")
    con.execute("create table held (record bigint, person varchar, source varchar)")
    if pairs:
        con.executemany("insert into pairs values (?, ?, ?, ?)", pairs)
    con.executemany("insert into held values (?, ?, ?)", held)
    return {(low, high): worth for low, high, worth in con.execute(worth_sql("pairs", "held")).fetchall()}


def one_each(*records: int) -> Held:
    """Each record a person of its own."""
    return [(record, f"R{record}", "council_tax") for record in records]


def test_the_nearer_to_even_the_more_it_is_worth() -> None:
    held = one_each(1, 2, 3, 4)
    worth = worth_of([(1, 2, -0.6, ""), (3, 4, -2.5, "")], held)
    assert worth[1, 2] > worth[3, 4] > 0


def test_the_more_changes_hands_the_more_it_is_worth() -> None:
    held = [*one_each(1, 2), (3, "A", "libraries"), (4, "A", "gp"), (5, "B", "libraries"), (6, "B", "gp")]
    worth = worth_of([(1, 2, -1.0, ""), (3, 5, -1.0, "")], held)
    assert worth[3, 5] == 2 * worth[1, 2]


def test_a_refused_pair_with_much_evidence_is_worth_more_than_one_with_little() -> None:
    worth = worth_of([(1, 2, 15.0, "dob"), (3, 4, -2.0, "dob")], one_each(1, 2, 3, 4))
    assert worth[1, 2] > worth[3, 4]


def test_a_sure_link_and_a_decided_pair_are_not_asked() -> None:
    held = [(1, "A", "gp"), (2, "A", "libraries"), *one_each(3, 4)]
    assert worth_of([(1, 2, 20.0, ""), (3, 4, 15.0, "decision")], held) == {}


def test_a_weak_link_is_asked_only_where_it_holds_a_record() -> None:
    three = [(1, "A", "gp"), (2, "A", "libraries"), (3, "A", "council_tax")]
    assert worth_of([(1, 2, 20.0, ""), (2, 3, 20.0, ""), (1, 3, 0.5, "")], three) == {}
    assert set(worth_of([(1, 2, 20.0, ""), (2, 3, 0.5, "")], three)) == {(2, 3)}


def test_of_several_pairs_between_two_people_the_strongest_is_asked() -> None:
    held = [(1, "A", "gp"), (2, "A", "libraries"), (3, "B", "council_tax")]
    assert set(worth_of([(1, 2, 20.0, ""), (1, 3, -2.0, ""), (2, 3, -1.0, "")], held)) == {(2, 3)}


WEIGHTS = st.floats(min_value=-3, max_value=30, allow_nan=False)


@given(
    people=st.lists(st.sampled_from("ABCD"), min_size=6, max_size=6),
    weights=st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1]),
        st.tuples(WEIGHTS, st.sampled_from(["", "nino", "dob"])),
        max_size=10,
    ),
)
def test_worth_is_never_under_the_least_nor_over_what_changes_hands(
    people: list[str], weights: dict[tuple[int, int], tuple[float, str]]
) -> None:
    held = [(place, person, "gp") for place, person in enumerate(people)]
    worth = worth_of([(low, high, weight, refused) for (low, high), (weight, refused) in weights.items()], held)
    for (low, high), value in worth.items():
        assert LEAST <= value <= max(people.count(people[low]), people.count(people[high])) + 1


@pytest.fixture
def records(town: Any) -> list[Record]:
    ann = town.resident("Ann", "Jones")
    town.record(ann, "libraries")
    town.resident("Bob", "Jones")
    town.resident("Cat", "Smith", "libraries")
    return list(Record.objects.order_by("id"))


def test_the_database_says_what_duckdb_says(records: list[Record]) -> None:
    ids = [record.pk for record in records]
    weights = {(0, 1): (2.0, ""), (0, 2): (-1.0, ""), (1, 2): (-2.0, ""), (2, 3): (9.0, "nino")}
    pairs = [(ids[low], ids[high], weight, refused) for (low, high), (weight, refused) in weights.items()]
    Pair.objects.bulk_create(
        Pair(low=low, high=high, weight=weight, rule=0, refused=refused, worth=7.0)
        for low, high, weight, refused in pairs
    )
    held = [
        (record.pk, person, record.source_id)
        for record in records
        for person in record.memberships.values_list("resident", flat=True)
    ]
    refresh_worth([ids[0]])
    refreshed = {(row.low, row.high): row.worth for row in Pair.objects.all()}
    expected = worth_of(pairs, held)
    # What does not touch the people of these records is left alone.
    assert refreshed.pop((ids[2], ids[3])) == 7.0
    assert expected.pop((ids[2], ids[3])) > 0
    assert {pair: worth for pair, worth in refreshed.items() if worth is not None} == pytest.approx(expected)
    refresh_worth(ids)
    assert Pair.objects.get(low=ids[2]).worth == pytest.approx(worth_of(pairs, held)[ids[2], ids[3]])
