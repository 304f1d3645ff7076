"""What is compiled answers as DuckDB does, null included, or refuses to be compiled."""

import itertools
import random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from borough.common.errors import Problem
from borough.residents.linkage.compiled import compile_columns

TEXTS = [None, "", "A", "AB", "BA"]
NUMBERS = [None, -2, 0, 1, 3]
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn"), min_codepoint=1), max_size=12)
# Letters that have accents, no small or no single capital form, more than one byte, or are spaces of a kind.
ODD_TEXT = st.text("aZé É ñßİıœΣςᾳŁ漢각😀\u0301\u00a0\u3000\t\n-'", max_size=8)

operands = st.sampled_from(["a", "b", "'A'", "left(a, 1)", "a || b", "nullif(b, 'A')", "coalesce(a, b)", "upper(b)"])
counts = st.sampled_from(["m", "n", "1", "length(a)", "m - n", "case when m > n then 1 when a = b then n end"])
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
comparisons = st.one_of(
    st.tuples(operands, signs, operands).map(" ".join),
    st.tuples(counts, signs, counts).map(" ".join),
    operands.map(lambda one: f"{one} is null"),
    operands.map(lambda one: f"{one} is not null"),
    operands.map(lambda one: f"{one} in ('A', 'BA')"),
    counts.map(lambda one: f"{one} between 0 and 2"),
    st.tuples(operands, operands).map(lambda two: f"contains({two[0]}, {two[1]})"),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"case when {two[0]} then {two[1]} else a = b end"),
    ),
    max_leaves=6,
)


def compile_sql(sql: str, names: list[str]):
    compiled = compile_columns({"result": sql}, [names])
    return lambda *values: compiled(values)[0]


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute("create table grid (place int, a varchar, b varchar, m int, n int)")
        rows = list(itertools.product(TEXTS, TEXTS, NUMBERS, NUMBERS))
        con.executemany("insert into grid values (?, ?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        yield con


@settings(max_examples=150)
@example(["a is null and left(a, 1) = 'A'", "not (a is null and left(a, 1) = 'A')", "a is null or left(a, 1) = 'A'"])
@given(st.lists(conditions, min_size=1, max_size=8))
def test_a_condition_has_the_three_values_that_duckdb_gives_it(con, sqls: list[str]):
    named = {f"c{place}": sql for place, sql in enumerate(sqls)}
    compiled = compile_columns(named, [["a", "b", "m", "n"]])
    selected = ", ".join(f"({sql}) as {name}" for name, sql in named.items())
    rows = con.execute(f"select a, b, m, n, {selected} from grid order by place").fetchall()
    for row in rows:
        assert compiled(row[:4]) == row[4:], (sqls, row)


@pytest.mark.parametrize(
    "sql",
    [
        "case when a is null or b is null then -1 when a = b then 2 when left(a, 1) = left(b, 1) then 1 else 0 end",
        "case n when 1 then 0.5 when 3 then -2 else 0 end",
        "case n when 1 then 0.5 when 3 then 1.0 + m else 0 end",
        "least(m, n)",
        "greatest(m, n, 1)",
        "least(a, b) || ' ' || greatest(a, b)",
        "concat_ws(' ', a, null, b)",
        "coalesce(a, b, 'none')",
        "nullif(a, b)",
        "m * 2 + n - 1",
        "-m / 2",
        "abs(m)",
        "pow(2, n)",
        "log2(abs(n) + 1)",
        "round(n / 8.0, 2)",
        "round(m / 3.0 - 0.005, 2)",
        "substr(a, 2, 1) || right(b, 1)",
        "split_part(a, 'A', 2)",
        "cast(n as varchar) || a",
        "cast(null as varchar)",
        "try_cast(a as double)",
        "try_cast(cast(n as varchar) || '.5' as double) - m",
        "regexp_extract(a, '(A)(B)', 2)",
        "translate(a, 'AB', 'BC') || translate(b, 'É', 'E')",
        "jaro_winkler_similarity(a, b)",
        "damerau_levenshtein(a, b)",
        "case when jaro_winkler_similarity(a, b) = -1 or a is null then 0 when jaro_winkler_similarity(a, b) > 0.5"
        " then 1 else 2 end",
    ],
)
def test_a_value_is_what_duckdb_makes_it(con, sql: str):
    compiled = compile_sql(sql, ["a", "b", "m", "n"])
    for *given_values, expected in con.execute(f"select a, b, m, n, {sql} from grid order by place").fetchall():
        assert compiled(*given_values) == expected, given_values


@settings(max_examples=100)
@example(["ß", "ᾳ", "İstanbul", "Σς", "각", "e\u0301", "\u00a0a\u3000", "a\tb ", "ŁÓDŹ"])
@given(st.lists(ANY_TEXT | ODD_TEXT, min_size=1, max_size=20))
def test_text_is_changed_as_duckdb_changes_it(con, texts: list[str]):
    sqls = {
        "upper": "upper(t)",
        "lower": "lower(t)",
        "plain": "strip_accents(t)",
        "trim": "trim(t)",
        "letters": "regexp_replace(upper(strip_accents(t)), '[^A-Z]', '', 'g')",
        "first": "regexp_replace(t, '[aZ]+([- ])', '<\\1>')",
        "word": "regexp_extract(t, '^[^ ]+')",
        "last": "regexp_replace(t, '^([aZ]{2,}|É)?b$', '')",
        "length": "length(t)",
        "part": "split_part(t, ' ', 2)",
        "middle": "substr(t, 2, 3)",
        "right": "right(t, 2)",
    }
    compiled = compile_columns(sqls, [["t"]])
    con.register("texts", pa.table({"place": range(len(texts)), "t": texts}))
    for text, *expected in con.execute(f"select t, {', '.join(sqls.values())} from texts order by place").fetchall():
        assert compiled((text,)) == tuple(expected), text


@settings(max_examples=200)
@example("2020-1-5").via("short")
@example("2020/01/05 10:00")
@example("2019-02-29")
@given(
    st.from_regex(r"[ \n]?[12][0-9]{3}([-/ \\.x])[0-9]{1,2}[-/ ]?[0-9]{1,2}([ T][012][0-9]:[0-9]{2})?", fullmatch=True)
)
def test_a_date_is_read_as_duckdb_reads_it(con, text: str):
    (expected,) = con.execute("select try_cast(? as date)", [text]).fetchall()[0]
    assert compile_sql("try_cast(t as date)", ["t"])(text) == expected


def test_days_are_counted_between_dates(con):
    dates = ["2024-02-28", "2024-03-01", None]
    sqls = {"days": "x::date - y::date", "near": "x::date - y::date between 0 and 2", "before": "x::date - 1"}
    named = {name: sql.replace("::date", "") for name, sql in sqls.items()}
    compiled = compile_columns(named, [["x", "y"]])
    as_date = compile_sql("try_cast(t as date)", ["t"])
    for x, y in itertools.product(dates, dates):
        expected = con.execute(
            f"with p as (select ?::varchar as x, ?::varchar as y) select {', '.join(sqls.values())} from p", [x, y]
        )
        assert compiled((as_date(x), as_date(y))) == expected.fetchall()[0]


def test_names_are_as_alike_to_python_as_to_duckdb(con):
    """Some 25,000 pairs, most of them a name and a slip of it; beyond ASCII too, where DuckDB compares bytes."""
    chance = random.Random(4)
    names = ["", "MOHAMMED", "KATARZYNA", "O'BRIEN", "Zoë", "Łucja", "1980-12-31", "+447700900123", "漢字", "AAAB"]
    pairs = []
    for _ in range(25_000):
        one = (
            "".join(chance.choices("ABCÉ0-", k=chance.randint(0, 9))) if chance.random() < 0.3 else chance.choice(names)
        )
        other = list(one)
        for _ in range(chance.randint(0, 4)):
            place = chance.randint(0, len(other))
            other[place : place + chance.randint(0, 2)] = chance.choices(["", "A", "É", "1", "BA"], k=1)
            chance.random() < 0.2 and chance.shuffle(other)
        pairs.append((one, "".join(other)))
    con.register("pairs", pa.table({"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}))
    compiled = compile_columns({"jw": "jaro_winkler_similarity(a, b)", "dl": "damerau_levenshtein(a, b)"}, [["a", "b"]])
    rows = con.execute("select a, b, jaro_winkler_similarity(a, b), damerau_levenshtein(a, b) from pairs").fetchall()
    for a, b, alike, edits in rows:
        found = compiled((a, b))
        assert found[1] == edits, (a, b)
        assert found[0] == pytest.approx(alike, abs=1e-12), (a, b)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("jaccard(a, b) > 1", "jaccard"),
        ("year(a)", "year"),
        ("a like 'x%'", "Like"),
        ("c = 1", "'c'"),
        ("count(*)", "count"),
        ("(select 1)", "Subquery"),
        ("trim(a, 'x')", "Trim with"),
        ("left(a, b)", "number of letters"),
        ("substr(a, 0)", "from 1 up"),
        ("log10(a)", "logarithm"),
        ("round(a)", "decimals"),
        ("cast(a as date)", "DATE"),
        ("regexp_replace(a, '.', '')", "pattern"),
        ("regexp_replace(a, 'x*', '')", "pattern"),
        ("regexp_replace(a, 'x', '', 'gi')", "'gi'"),
        ("regexp_replace(a, 'x', '\\0')", "replacement"),
        ("regexp_replace(a, b, '')", "pattern"),
        ("translate(a, b, 'A')", "written out"),
        ("translate(a, 'AB', 'A')", "each written as one other"),
        ("a in (1, null)", "hold null"),
        ("a between 1 and b", "may be null"),
        ("case a when b then 1 else 0 end", "case by value"),
        ("case a when 1 then 2 end", "else"),
        ("a is true", "'is'"),
        ("a || ", "Cannot read"),
    ],
)
def test_what_is_not_known_is_refused_by_name(sql: str, named: str):
    with pytest.raises(Problem) as caught:
        compile_sql(sql, ["a", "b"])
    assert named in str(caught.value)


def test_a_column_is_one_word():
    with pytest.raises(Problem):
        compile_sql("a", ["a; import os"])


def test_text_in_the_sql_stays_text():
    compiled = compile_sql("a = '\"); import os; (\"' or a = 'it''s'", ["a"])
    assert compiled("it's") is True
    assert compiled("its") is False
