"""A model kept is the model learnt, and our own SQL gives a pair the weight that Splink gives it."""

from pathlib import Path

import duckdb
import pytest

from bench.linkage.records import collect_records
from borough.residents.linkage.corpus import apply_statistics, count_statistics
from borough.residents.linkage.model import Model
from borough.residents.linkage.pipeline import Stages, link_table, open_engine
from borough.residents.linkage.predict import score_pairs
from borough.residents.linkage.standardise import PEOPLE_COLUMNS, standardise
from borough.synthetic.rehearsal import write_rehearsal


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[duckdb.DuckDBPyConnection, Model]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=3_000, seed=6)
    collect_records(folder)
    con = open_engine(folder)
    con.execute(f"create table records as from '{folder / 'records.parquet'}'")
    linkage = link_table(con, "records", Stages(total=4))
    assert linkage.model
    return con, linkage.model


def test_a_model_survives_being_kept(linked):
    _, model = linked
    assert Model.from_json(model.to_json()) == model


def test_people_have_the_columns_that_are_promised(linked):
    con, _ = linked
    held = {row[0]: row[1].lower() for row in con.execute("describe people").fetchall()}
    assert held == PEOPLE_COLUMNS
    assert list(held) == list(PEOPLE_COLUMNS)


def test_any_pair_scores_as_splink_scores_it(linked):
    con, model = linked
    con.execute("create or replace temp table splinks as from pairs")
    con.execute("create or replace temp table candidates as select l, r, rule from splinks")
    count = score_pairs(con, model, "candidates")
    assert count == con.execute("select count(*) from splinks").fetchall()[0][0] > 2_000
    worst = con.execute(
        "select max(abs(a.weight - b.weight)), count(*) from pairs a join splinks b using (l, r, rule)"
    ).fetchall()[0]
    assert worst[1] == count
    assert worst[0] < 1e-9


def test_a_record_alone_has_the_values_it_has_among_all(linked):
    con, _ = linked
    con.execute("create or replace temp table everybody as from people")
    con.execute("create or replace temp table one as from records where id % 97 = 0")
    standardise(con, "one")
    apply_statistics(con)
    differing = con.execute("(from people except from everybody) limit 5").fetchall()
    con.execute("create or replace temp table people as from everybody")
    assert differing == []


def odd_people(con: duckdb.DuckDBPyConnection, **columns: list[str]) -> list[tuple[str, ...]]:
    size = len(next(iter(columns.values())))
    rows = list(zip(*columns.values(), strict=True))
    con.execute(f"create or replace temp table odd (id bigint, {', '.join(f'{name} varchar' for name in columns)})")
    con.executemany(f"insert into odd values (?{', ?' * len(columns)})", [(i, *row) for i, row in enumerate(rows)])
    standardise(con, "odd")
    count_statistics(con)
    apply_statistics(con)
    assert con.execute("select count(*) from people").fetchall() == [(size,)]
    return con.execute(f"select {', '.join(columns)} from people order by unique_id").fetchall()


def test_what_half_a_source_shares_says_nothing_of_anybody():
    with duckdb.connect() as con:
        dates = [f"19{50 + i % 40}-0{1 + i % 9}-{10 + i % 17}" for i in range(1500)] + ["1970-01-01"] * 500
        phones = [f"0770090{i % 1000:04d}" for i in range(1900)] + ["01632960000"] * 100
        uprns = [str(i // 4) for i in range(1500)] + ["town hall"] * 500
        people = odd_people(con, source=["tax"] * 2000, dob=dates, phone=phones, uprn=uprns)
    assert {dob for _, dob, _, _ in people[1500:]} == {None}
    assert {phone for _, _, phone, _ in people[1900:]} == {None}
    assert {uprn for *_, uprn in people[1500:]} == {None}
    assert None not in {value for row in people[:1500] for value in row}


@pytest.mark.parametrize(
    ("forename", "surname", "expected"),
    [
        ("Zoë", "al-Hassan", ("ZOE", None, "HASSAN")),
        ("ABDUL RAHMAN", "bin Said", ("ABDULRAHMAN", None, "SAID")),
        ("Ana Maria", "de la Cruz", ("ANA", "MARIA", "CRUZ")),
        ("J", "O'Brien", ("J", None, "OBRIEN")),
        ("Mei", "La", ("MEI", None, "LA")),
    ],
)
def test_names_are_brought_to_one_form(forename: str, surname: str, expected: tuple[str | None, ...]):
    with duckdb.connect() as con:
        odd_people(con, forename=[forename], surname=[surname])
        assert con.execute("select forename, middle_name, surname from people").fetchall() == [expected]
