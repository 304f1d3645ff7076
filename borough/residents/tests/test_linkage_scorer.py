"""A pair that is looked up weighs what Splink and a full linking say, and a record alone is what it is among all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.linkage.records import collect_records
from borough.residents.linkage.model import Model
from borough.residents.linkage.pipeline import Stages, link_table, open_engine
from borough.residents.linkage.predict import LEAST_WEIGHT
from borough.residents.linkage.scorer import Reason, Scorer
from borough.residents.linkage.single import standard_values, statistic_keys, with_statistics
from borough.residents.linkage.splinking import linker_of
from borough.residents.linkage.standardise import COLUMNS, PEOPLE_COLUMNS, STANDARD_FIELDS, standardise
from borough.synthetic.rehearsal import write_rehearsal

Pairs = list[tuple[Any, ...]]
ADDED = ("namesakes", "household", "moves")


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[duckdb.DuckDBPyConnection, Model]]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=4_500, seed=8)
    collect_records(folder)
    with open_engine(folder) as con:
        con.execute(f"create table records as from '{folder / 'records.parquet'}'")
        model = link_table(con, "records", Stages(total=5)).model
        assert model
        yield con, model


@pytest.fixture(scope="module")
def compared(linked) -> tuple[Scorer, Pairs]:
    """Every pair that the rules find, likely or not: Splink's own weight, ours if it is carried on, how the homes stand
    where others are at both, and both rows."""
    con, model = linked
    scorer = Scorer(model)
    found = linker_of(con, model).inference.predict().physical_name
    sides = ", ".join(f"{side}.{name}" for side in ("a", "b") for name in scorer.columns)
    rows = con.execute(
        f"""select match_weight, pairs.weight, standing, {sides} from {found} join people a on a.unique_id = unique_id_l
        join people b on b.unique_id = unique_id_r left join pairs on pairs.l = unique_id_l and pairs.r = unique_id_r
        left join movers on movers.l = unique_id_l and movers.r = unique_id_r"""
    ).fetchall()
    width = 3 + len(scorer.columns)
    return scorer, [(*row[:3], row[3:width], row[width:]) for row in rows]


def test_the_weights_are_splinks_and_those_of_a_full_linking(linked, compared):
    con, model = linked
    scorer, pairs = compared
    assert len(pairs) >= 20_000
    by_rules = con.execute(f"select count(*) from pairs where rule < {len(model.rules)}").fetchall()[0][0]
    assert sum(weight is not None for _, weight, *_ in pairs) >= by_rules > 5_000
    for splink, weight, standing, one, other in pairs:
        score = scorer.score(one, other, standing)
        if weight is None:
            assert score < LEAST_WEIGHT or splink < LEAST_WEIGHT
        else:
            assert score == pytest.approx(weight, abs=1e-9)
        # Whoever is looked up, the answer is the same.
        assert scorer.score(other, one, standing) == pytest.approx(score, abs=1e-9)


def test_the_bars_of_an_explanation_add_up(compared):
    scorer, pairs = compared
    for splink, weight, _, one, other in pairs[::5]:
        reasons = scorer.explain(one, other, weight)
        bits = {reason.field: reason.bits for reason in reasons}
        expected = scorer.score(one, other) if weight is None else weight
        assert sum(bits.values()) == pytest.approx(expected, abs=1e-6)
        assert sum(bits[field] for field in bits if field not in ADDED) == pytest.approx(splink, abs=1e-9)
        assert bits["namesakes"] <= 0 >= bits["household"]
        assert len(bits) == len(reasons) == len(scorer.model.comparisons) + 4
        assert all(reason.says for reason in reasons)


def test_who_moved_along_is_a_reason(linked, compared):
    scorer, pairs = compared
    along = [pair for pair in pairs if pair[2] is not None and pair[1] is not None]
    assert len(along) > 100
    bits = scorer.model.moves.bits
    for _, weight, standing, one, other in along:
        moved = scorer.explain(one, other, weight)[-1]
        assert moved.field == "moves"
        assert moved.bits == pytest.approx(bits[standing], abs=2e-6)
        assert moved.says == "Others are known at both homes" or moved.bits == pytest.approx(
            scorer.explain(one, other)[-1].bits, abs=1e-4
        )


def test_an_explanation_is_in_words(compared):
    scorer, _ = compared
    row = dict.fromkeys(scorer.columns)
    probe = row | {"forename": "ANA", "surname": "PENA", "dob": "1980-02-03", "tf_forename": 0.001, "tf_surname": 0.002}
    probe |= {"tf_dob": 0.0001, "uprn": "1", "source": "council_tax"}
    brother = probe | {"forename": "LUIS", "dob": "1984-07-11", "source": "libraries"}
    said = {reason.field: reason for reason in scorer.explain(scorer.row(probe), scorer.row(brother))}
    assert said["surname"].says == "Same surname"
    assert said["forename"].says == "First name is different"
    assert said["address"] == Reason("address", "Same property (UPRN)", said["address"].bits)
    assert said["email"] == Reason("email", "Not known in both records", 0.0)
    assert said["household"].bits < -3
    assert sum(reason.bits for reason in said.values()) < LEAST_WEIGHT


def test_each_record_alone_has_the_values_it_has_among_all(linked):
    con, _ = linked
    raw = con.execute(f"select {', '.join(STANDARD_FIELDS)} from records order by id").fetchall()
    columns = [name for name in PEOPLE_COLUMNS if name != "unique_id"]
    people = con.execute(f"select {', '.join(columns)} from people order by unique_id").fetchall()
    kept = {(kind, value): number for kind, value, number in con.execute("from statistics").fetchall()}
    for row, expected in zip(raw, people, strict=True):
        values = standard_values(dict(zip(STANDARD_FIELDS, row, strict=True)))
        numbers = {key: kept[key] for key in statistic_keys(values) if key in kept}
        full = with_statistics(values, numbers)
        assert tuple(full[name] for name in columns) == expected, row


def test_what_the_corpus_strikes_is_gone():
    values = standard_values({"forename": "Ana", "surname": "Peña", "dob": "1970-01-01", "phone": "1", "source": "tax"})
    assert ("struck_phone", "1") in statistic_keys(values)
    numbers = {("struck_phone", "1"): 90.0, ("struck_dob", "tax 1970-01-01"): 70.0, ("dob", "1970-01-01"): 80.0}
    numbers |= {("filled_surname", ""): 200.0, ("surname", "PENA"): 4.0, ("filled_forename", ""): 100.0}
    full = with_statistics(values, numbers)
    assert (full["phone"], full["dob"], full["tf_dob"]) == (None, None, None)
    assert (full["tf_surname"], full["tf_forename"], full["namesakes"]) == (0.02, 0.01, 1.0)


def test_who_is_asked_for_by_the_family_name_first_is_found_by_both_names():
    values = standard_values({"forename": "Huang", "surname": "Wei"})
    assert {("given_name", "HUANG"), ("surname", "HUANG"), ("forename", "WEI")} <= set(statistic_keys(values))
    numbers = {("given_name", "HUANG"): -4.0, ("given_name", "WEI"): 4.0, ("filled_surname", ""): 200.0}
    full = with_statistics(values, numbers | {("surname", "HUANG"): 8.0})
    assert (full["forename"], full["surname"], full["initial"], full["tf_surname"]) == ("WEI", "HUANG", "W", 0.04)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cn"), min_codepoint=1), max_size=10) | st.text(
    "AbÉłßñ '-1 ,", max_size=12
)
NAMES = WORDS | st.sampled_from(["Abdul Rahman", "al-Hassan", "de la Cruz", "Kate", "Mohamed", "Tsang", "O'Neil", " "])
RAW = st.fixed_dictionaries(
    {name: st.none() | WORDS for name in STANDARD_FIELDS}
    | {name: st.none() | NAMES for name in ("forename", "middle_names", "surname", "previous_surname")}
    | {name: st.sampled_from([None, "", "1980-01-02", "1900-01-01"]) for name in ("dob", "started_on", "ended_on")}
    | {"postcode": st.sampled_from([None, "xa1 2bc", "XA12BC", "X"]), "sex": st.sampled_from([None, "f", "Male", "?"])}
)


@settings(max_examples=40)
@given(st.lists(RAW, min_size=1, max_size=25))
def test_any_text_is_standardised_alike(records: list[dict[str, str | None]]):
    fields = {name: pa.array([record[name] for record in records], pa.string()) for name in STANDARD_FIELDS}
    with duckdb.connect() as con:
        con.register("made", pa.table({"id": range(len(records)), **fields}))
        standardise(con, "made")
        people = con.execute(f"select {', '.join(COLUMNS)} from people order by unique_id").fetchall()
    for record, expected in zip(records, people, strict=True):
        assert tuple(standard_values(record).values()) == expected
