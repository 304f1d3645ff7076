"""Spark finds the same people as DuckDB: 5,000 records here, 100,000 in `python -m bench.spark`."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bench.linkage.records import collect_records
from borough.residents.linkage.pipeline import Stages, link_table, open_engine
from borough.synthetic.rehearsal import write_rehearsal

pytestmark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="Spark: apt-get install openjdk-17-jre-headless && make spark",
)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """DuckDB's connection and Spark's engine, after both have linked the same records by one model."""
    from borough.residents.linkage.spark import link_frame, open_spark

    folder: Path = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=1_750, seed=9)
    collect_records(folder)
    with open_engine(folder) as con:
        con.execute(f"create table records as from '{folder / 'records.parquet'}'")
        model = link_table(con, "records", Stages(total=4)).model
        assert model
        con.execute(f"copy statistics to '{folder / 'statistics.parquet'}'")
        spark = open_spark(folder, cores=2, memory="1g")
        frames = [spark.read.parquet(str(folder / f"{name}.parquet")) for name in ("records", "statistics")]
        engine, _ = link_frame(spark, frames[0], model, frames[1], str(folder / "spark"))
        yield con, engine
        spark.stop()


def rows(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    return sorted(engine.execute(sql).fetchall())


def test_the_persons_are_the_same(linked):
    con, engine = linked
    clusters = "select id, cluster from clusters"
    assert rows(engine, clusters) == rows(con, clusters)
    assert len(rows(con, clusters)) > 4_500
    refusals = "select l, r, because from refusals"
    assert rows(engine, refusals) == rows(con, refusals)


def test_the_pairs_are_the_same_and_weigh_the_same(linked):
    con, engine = linked
    pairs = "select l, r, rule, weight from pairs"
    ours, theirs = rows(con, pairs), rows(engine, pairs)
    assert [pair[:3] for pair in theirs] == [pair[:3] for pair in ours]
    assert [pair[3] for pair in theirs] == pytest.approx([pair[3] for pair in ours], abs=2e-6)


def test_the_standard_values_are_the_same(linked):
    con, engine = linked
    names = [row[0] for row in con.execute("describe people").fetchall()]
    people = f"select {', '.join(names)} from people"
    ours, theirs = ({row[0]: row for row in one.execute(people).fetchall()} for one in (con, engine))
    assert theirs == ours
