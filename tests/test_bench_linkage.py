"""The open benchmark: groups are scored as pairs say, an entrant sees no truth and must place every record once."""

import shlex
import sys
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.linkage import groups
from bench.linkage.entry import run_entry
from bench.linkage.groups import GroupFigures, measure_groups
from bench.linkage.results import Result, groups_table, keep, kept, over_seeds

# (cluster, person); the person's group is by its parity.
rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=2, max_size=12)


@given(rows)
def test_a_groups_figures_are_those_of_its_pairs(found: list[tuple[int, int]]) -> None:
    records = [
        (at, cluster, person, "even" if person % 2 == 0 else "odd") for at, (cluster, person) in enumerate(found)
    ]
    with duckdb.connect() as con, pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "LEAST_RECORDS", 1)
        con.execute("create table t (id bigint, cluster bigint, person bigint, naming_group varchar)")
        con.executemany("insert into t values (?, ?, ?, ?)", records)
        con.execute("create view found as select id, cluster from t")
        con.execute("create view truth as select id, person, naming_group from t")
        measured = {row.group: row for row in measure_groups(con, "found", "truth")}
    for group in {row[3] for row in records}:
        pairs = [(a, b) for a, b in combinations(records, 2) if group in (a[3], b[3])]
        joined = [(a, b) for a, b in pairs if a[1] == b[1]]
        true = [(a, b) for a, b in pairs if a[2] == b[2]]
        right = [(a, b) for a, b in joined if a[2] == b[2]]
        assert measured[group].precision == pytest.approx(len(right) / len(joined) if joined else 1)
        assert measured[group].recall == pytest.approx(len(right) / len(true) if true else 1)


def borough(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create table records as select range as id, 'x' as source from range(1, 5)")
    con.execute(f"copy records to '{folder / 'records.parquet'}'")
    con.execute("create table truth as select range as id, 'P' as person, 'g' as naming_group from range(1, 5)")
    con.execute(f"copy truth to '{folder / 'truth.parquet'}'")
    return con


def program(folder: Path, clusters: str) -> str:
    """A program that writes these clusters, and fails if its folder holds anything but the records."""
    path = folder / "entrant.py"
    path.write_text(
        "import sys, os, duckdb\n"
        "records, clusters = sys.argv[1:]\n"
        "assert os.listdir(os.path.dirname(records)) == ['records.parquet']\n"
        f'duckdb.connect().execute("copy ({clusters.format(records="{records}")}) to \'" + clusters + "\'")\n'.replace(
            "'{records}'", "'\" + records + \"'"
        )
    )
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


def test_an_entry_is_given_the_records_alone(tmp_path: Path) -> None:
    with borough(tmp_path) as con:
        run_entry(con, program(tmp_path, "select id, id // 3 as cluster from read_parquet('{records}')"), tmp_path)
        assert con.execute("select list(cluster order by id) from clusters").fetchall() == [([0, 0, 1, 1],)]


@pytest.mark.parametrize(
    "clusters", ["select 1 as id, 1 as cluster", "select 1 + range % 4 as id, range as cluster from range(5)"]
)
def test_an_entry_that_loses_or_doubles_a_record_is_refused(tmp_path: Path, clusters: str) -> None:
    with borough(tmp_path) as con, pytest.raises(SystemExit, match="not in exactly one cluster"):
        run_entry(con, program(tmp_path, clusters), tmp_path)


def test_a_result_survives_its_process_and_is_told_over_seeds(tmp_path: Path) -> None:
    low, high = GroupFigures("somali", 900, 0.9, 0.9, 0.9), GroupFigures("british", 9000, 1.0, 0.96, 0.98)
    first = Result("plain Splink", 0.9, 0.9, 0.9, 0.9, 10.0, 9.0, 500, [low, high])
    keep(first, tmp_path)
    assert kept(tmp_path, "plain Splink") == first
    assert first.gap == pytest.approx(0.08)
    ours = Result("Open Borough", 0.96, 0.97, 0.95, 0.98, 12.0, 9.0, 500, [high])
    lines = over_seeds([first, ours]).splitlines()
    assert lines[2].split() == ["Open", "Borough", "0.9600", "0.9600", "0.0000", "1.20"]
    assert groups_table([first, ours]).splitlines()[2].split() == ["somali", "900", "0.9000"]
