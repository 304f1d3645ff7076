"""python -m bench.spark: the same records linked by DuckDB and by Spark, and whether the same persons come out.

Needs requirements/spark.txt and Java 17. The model is learnt once, by DuckDB, and both link by it.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.linkage.__main__ import prepare
from bench.machine import machine_line

RECORDS_OF_RESIDENT = 2.9


def main() -> int:
    parser = argparse.ArgumentParser(description="Linkage on Spark beside DuckDB.")
    parser.add_argument("--records", type=int, default=100_000, help="about so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="borough-bench-") as name:
        folder = Path(name)
        records = prepare(folder, round(options.records / RECORDS_OF_RESIDENT), options.seed)
        print(f"{records:,} records, seed {options.seed}", flush=True)
        same = run(folder, options.cores)
    print(machine_line())
    return 0 if same else 1


def run(folder: Path, cores: int) -> bool:
    from borough.residents.linkage.evaluate import measure
    from borough.residents.linkage.pipeline import Stages, link_table, open_engine
    from borough.residents.linkage.spark import link_frame, open_spark

    with open_engine(folder) as con:
        con.execute(f"create table records as from '{folder / 'records.parquet'}'")
        con.execute(f"create table truth as from '{folder / 'truth.parquet'}'")
        stages = Stages(total=4)
        linkage = link_table(con, "records", stages)
        assert linkage.model, "too few records to learn from"
        con.execute(f"copy statistics to '{folder / 'statistics.parquet'}'")
        expected = con.execute("select id, cluster from clusters order by id").fetchall()
        f1 = measure(con, "clusters", "truth").f1
    taken = stages.seconds
    print(f"DuckDB {sum(taken.values()):7.1f} s, of which training {taken['train']:.1f} s; f1 {f1:.4f}", flush=True)

    started = perf_counter()
    spark = open_spark(folder, cores)
    opened = perf_counter()
    frames = [spark.read.parquet(str(folder / f"{name}.parquet")) for name in ("records", "statistics")]
    engine, clusters = link_frame(spark, frames[0], linkage.model, frames[1], str(folder / "spark"))
    found = sorted(engine.execute("select id, cluster from clusters").fetchall())
    ended = perf_counter()
    spark.stop()
    differing = sum(one != other for one, other in zip(found, expected, strict=True))
    print(f"Spark  {ended - opened:7.1f} s, and {opened - started:.1f} s to start; no training")
    print(f"persons {linkage.persons:,} and {clusters.persons:,}; records in another cluster: {differing:,}")
    return differing == 0


if __name__ == "__main__":
    sys.exit(main())
