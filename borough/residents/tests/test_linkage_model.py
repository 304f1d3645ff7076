"""A model kept is the model learnt, and our own SQL gives a pair the weight that Splink gives it."""

from pathlib import Path

import duckdb
import pytest

from bench.linkage.records import collect_records
from borough.residents.linkage.corpus import apply_statistics, count_statistics
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import find_movers
from borough.residents.linkage.pipeline import Stages, grant_memory, link_table, open_engine
from borough.residents.linkage.predict import score_pairs
from borough.residents.linkage.scoring import scored_sql
from borough.residents.linkage.splinking import linker_of
from borough.residents.linkage.standardise import PEOPLE_COLUMNS, standardise
from borough.synthetic.rehearsal import write_rehearsal


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[duckdb.DuckDBPyConnection, Model]:
    folder: Path = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=4_500, seed=6)
    collect_records(folder)
    con = open_engine(folder)
    con.execute(f"create table records as from '{folder / 'records.parquet'}'")
    linkage = link_table(con, "records", Stages(total=4))
    assert linkage.model
    return con, linkage.model


def test_the_engine_has_memory_by_the_records_and_leaves_half_of_the_machine():
    def limit(con: duckdb.DuckDBPyConnection) -> int:
        return int(con.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchall()[0][0])

    with duckdb.connect() as con:
        half = limit(con) * 5 / 8
        for records, wanted in ((0, 1.5e9), (1_000_000, 1.5e9), (2_000_000, 3e9), (10**9, half)):
            grant_memory(con, records)
            # DuckDB says it to a tenth of a GiB.
            assert limit(con) == pytest.approx(max(1.5e9, min(wanted, half)), rel=0.08)


def test_a_model_survives_being_kept(linked):
    _, model = linked
    assert Model.from_json(model.to_json()) == model


def test_people_have_the_columns_that_are_promised(linked):
    con, _ = linked
    held = {row[0]: row[1].lower() for row in con.execute("describe people").fetchall()}
    assert held == PEOPLE_COLUMNS
    assert list(held) == list(PEOPLE_COLUMNS)


def test_our_own_sql_gives_the_weight_that_splink_gives(linked):
    con, model = linked
    found = linker_of(con, model).inference.predict()
    con.execute(f"create or replace temp table splinks as from {found.physical_name}")
    con.execute("create or replace temp table told as select unique_id_l as l, unique_id_r as r from splinks")
    pairs, apart, worst = con.execute(
        f"""select count(*), count(*) filter (match_weight between -3 and 6), max(abs(match_weight - splink_weight))
        from ({scored_sql(model, "told")}) join splinks on unique_id_l = l and unique_id_r = r"""
    ).fetchall()[0]
    assert pairs == con.execute("select count(*) from splinks").fetchall()[0][0] > 20_000
    assert apart > 100
    assert worst < 1e-9


def test_a_pair_by_itself_weighs_what_it_weighs_in_a_full_run(linked):
    con, model = linked
    con.execute("create or replace temp table in_full as from pairs")
    con.execute("create or replace temp table everybody as from people")
    con.execute("create or replace temp table candidates as select l, r, rule from in_full where (l + r) % 5 = 0")
    # All records of the homes of both ends are what a weight may depend on.
    con.execute(
        """create or replace temp table people as with ends as (
            select * from everybody where unique_id in (select l from candidates union select r from candidates)
        ) select * from everybody where home in (select home from ends) or unique_id in (select unique_id from ends)"""
    )
    find_movers(con, model.standard.homes)
    count = score_pairs(con, model, "candidates")
    worst, both = con.execute(
        "select max(abs(a.weight - b.weight)), count(*) from pairs a join in_full b using (l, r, rule)"
    ).fetchall()[0]
    con.execute("create or replace temp table people as from everybody")
    con.execute("create or replace temp table pairs as from in_full")
    assert count == both > 1_000
    assert worst < 1e-9


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


def test_a_name_has_namesakes_in_all_of_its_spellings():
    with duckdb.connect() as con:
        odd_people(con, forename=["Kwokwai"] * 3, surname=["Liu", "Lau", "Smith"], uprn=["1", "2", "3"])
        found = con.execute("select namesakes from people order by unique_id").fetchall()
    assert found == [(2.0,), (2.0,), (1.0,)]


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
        ("Mariam", "Altamimi", ("MARIAM", None, "TAMIMI")),
        ("J", "O'Brien", ("J", None, "OBRIEN")),
        ("Mei", "La", ("MEI", None, "LA")),
    ],
)
def test_names_are_brought_to_one_form(forename: str, surname: str, expected: tuple[str | None, ...]):
    with duckdb.connect() as con:
        odd_people(con, forename=[forename], surname=[surname])
        assert con.execute("select forename, middle_name, surname from people").fetchall() == [expected]
