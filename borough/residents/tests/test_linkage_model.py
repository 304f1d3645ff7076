"""A model kept is the model learnt, and our own SQL gives a pair the weight that Splink gives it."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bench.linkage.records import collect_records
from borough.residents.linkage.agreeing import agreeing_sql
from borough.residents.linkage.communities import _lifts
from borough.residents.linkage.comparisons import comparisons_for
from borough.residents.linkage.compiled import compile_columns
from borough.residents.linkage.corpus import apply_statistics, count_statistics
from borough.residents.linkage.functions import damerau_levenshtein
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import find_movers
from borough.residents.linkage.names import full_names
from borough.residents.linkage.pipeline import Stages, grant_memory, link_table, open_engine
from borough.residents.linkage.predict import score_pairs
from borough.residents.linkage.scoring import scored_sql
from borough.residents.linkage.splinking import linker_of
from borough.residents.linkage.standardise import PEOPLE_COLUMNS, Standard, standardise
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


def test_two_records_that_can_teach_nothing_are_linked_all_the_same(linked, tmp_path):
    con, _ = linked
    con.execute(f"copy (from records order by id limit 2) to '{tmp_path / 'two.parquet'}'")
    with open_engine(tmp_path) as few:
        few.execute(f"create table records as from '{tmp_path / 'two.parquet'}'")
        linkage = link_table(few, "records", Stages(total=4))
    assert linkage.model
    assert linkage.persons == 2


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


def test_the_pairs_of_the_rules_are_those_that_agree_on_all_of_a_rules_columns(linked):
    con, model = linked
    found = con.execute(f"select l, r, min(rule) from ({agreeing_sql(con, model.rules)}) group by l, r").fetchall()
    con.execute("drop table keys")
    first: dict[tuple[int, int], int] = {}
    for place, rule in enumerate(model.rules):
        equal = f"select a.unique_id, b.unique_id from people a join people b using ({', '.join(rule)})"
        for pair in con.execute(f"{equal} where a.unique_id < b.unique_id").fetchall():
            first.setdefault(pair, place)
    assert len(first) > 20_000
    assert {(low, high): rule for low, high, rule in found} == first
    assert len(found) == len(first)


def test_who_looks_at_no_rule_finds_no_pair(linked):
    con, _ = linked
    assert con.execute(agreeing_sql(con, ())).fetchall() == []
    con.execute("drop table keys")


days = st.dates(date(1900, 1, 2), date(2026, 1, 1)).map(str)


@given(days, st.lists(st.tuples(st.sampled_from((0, 1, 2, 3, 5, 6, 8, 9)), st.sampled_from("0123456789")), max_size=2))
def test_two_slips_leave_a_part_of_a_date_as_it_was(day: str, slips: list[tuple[int, str]]) -> None:
    written = day
    for place, digit in slips:
        written = written[:place] + digit + written[place + 1 :]
    (level,) = levels_of("dob", dob=(day, written))
    assert level >= (6 if written == day else 2)


@given(days, days)
def test_dates_are_near_by_what_was_changed_alone(one: str, other: str) -> None:
    changed = damerau_levenshtein(one, other)
    (level,) = levels_of("dob", dob=(one, other))
    assert (level in (2, 3, 4, 5, 6)) >= (changed <= 2)
    assert level != 2 or changed == 2


def levels_of(name: str, **columns: tuple[str, str]) -> tuple[int, ...]:
    """The level that two values reach in a comparison, as scoring's SQL says it."""
    (comparison,) = (one for one in comparisons_for(Standard(2, frozenset(columns), ())) if one.name == name)
    sides = [[f"{column}_{side}" for column in columns] for side in "lr"]
    level = compile_columns({"level": comparison.gamma_sql()}, sides)
    return level(*zip(*columns.values(), strict=True))


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


def test_a_family_name_that_is_written_first_is_put_last():
    given, family = ["Wei", "Jing", "Hui", "Thomas"], ["Huang", "Zhao", "Cao", "James", "Thomas"]
    straight = [(one, other) for one in given for other in family] * 4 + [("James", "Wood"), ("J", "Cao")] * 24
    turned = [("Huang", "Wei"), ("Zhao", "J"), ("Huang", "")]
    # Names that are both stay as they stand.
    either = [("James", "Thomas"), ("Thomas", "James")]
    with duckdb.connect() as con:
        written = [list(names) for names in zip(*straight, *turned, *either, strict=True)]
        rows = odd_people(con, forename=written[0], surname=written[1])
        columns = "forename, surname, forename_full, surname_full, initial, surname_start, both_names"
        found = con.execute(f"select {columns} from people where unique_id >= {len(straight)} order by unique_id")
        assert found.fetchall() == [
            ("WEI", "HUANG", "WEI", "HUANG", "W", "HUA", "HUANG WEI"),
            ("J", "ZHAO", "J", "ZHAO", "J", "ZHA", None),
            ("HUANG", None, "HUANG", None, "H", None, None),
            ("JAMES", "THOMAS", "JAMES", "THOMAS", "J", "THO", "JAMES THOMAS"),
            ("THOMAS", "JAMES", "THOMAS", "JAMES", "T", "JAM", "JAMES THOMAS"),
        ]
    assert rows[: len(straight)] == [(one.upper(), other.upper()) for one, other in straight]


def test_a_surname_is_as_common_as_among_those_of_one_first_name():
    chance = np.random.default_rng(3)

    def homes(number: int, forenames: range, surnames: range) -> list[tuple[int, int]]:
        picked = [chance.choice(names, number, p=_falling(len(names))) for names in (forenames, surnames)]
        return list(zip(*(names.tolist() for names in picked), strict=True))

    # Women and men of one small tradition, who bear its surnames in two forms, and a large one.
    pairs = homes(300, range(12), range(40)) + homes(300, range(12, 24), range(40, 80))
    pairs += homes(6000, range(24, 64), range(80, 200))
    (first, last), number = np.unique(np.array(pairs).T, axis=1, return_counts=True)
    lift = _lifts(first, last, number.astype(np.float64), 64, 200)
    assert np.abs(np.log2(lift[[0, 1, 40, 41]] / (6600 / 300))).max() < 0.6
    assert np.abs(np.log2(lift[80:84] / (6600 / 6000))).max() < 0.3


def _falling(size: int) -> NDArray[np.float64]:
    shares = 1 / (np.arange(size) + 6)
    return shares / shares.sum()


@pytest.mark.parametrize(
    ("one", "other", "shares", "says"),
    [
        ("MIN", "MING", (0.002, 0.003), "First name is similar"),
        ("MING", "MIGN", (0.003, 0.00002), "First name spelt almost the same"),
        ("MARTA", "MARIA", (0.004, 0.009), "First name is similar"),
    ],
)
def test_two_names_in_use_are_no_slips_of_each_other(one: str, other: str, shares: tuple[float, float], says: str):
    [compared] = comparisons_for(Standard(1000, frozenset({"forename", "tf_forename"}), ()))[:1]
    sides = ", ".join(
        f"'{name}' as forename_{side}, '{name}' as forename_full_{side}, '{name}' as forename_sound_{side},"
        f" {share} as tf_forename_{side}"
        for name, side, share in zip((one, other), "lr", shares, strict=True)
    )
    with duckdb.connect() as con:
        gamma = con.execute(f"select {compared.gamma_sql()} from (select {sides})").fetchall()[0][0]
    assert compared.says(gamma) == says


def test_short_forms_of_many_languages_stand_for_one_name_each():
    forms = dict(full_names())
    assert {forms[one] for one in ("KASIA", "GOSIA", "YIANNIS", "NACHO", "LIZ")} == {
        "KATARZYNA",
        "MALGORZATA",
        "IOANNIS",
        "IGNACIO",
        "ELIZABETH",
    }
    # No name leads on to a second one: what a form stands for is looked up once.
    assert forms.keys().isdisjoint(forms.values())


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
        ("Łukasz", "Grodzki-Ørsted", ("LUKASZ", None, "GRODZKIORSTED")),
    ],
)
def test_names_are_brought_to_one_form(forename: str, surname: str, expected: tuple[str | None, ...]):
    with duckdb.connect() as con:
        odd_people(con, forename=[forename], surname=[surname])
        assert con.execute("select forename, middle_name, surname from people").fetchall() == [expected]
