"""python -m bench.linkage: three ways to link the same rehearsal, in one run. See README.md."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench.machine import machine_line

WAYS = ("exact keys", "plain Splink", "Open Borough")


def main() -> None:
    parser = argparse.ArgumentParser(description="Linkage beside its peers.")
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        run(options.folder, options.way)
        return
    with TemporaryDirectory(prefix="borough-bench-") as name:
        records = prepare(Path(name), options.residents, options.seed)
        print(f"{records:,} records of {options.residents:,} residents, seed {options.seed}")
        heads = f"{'':14}{'f1':>8}{'precision':>11}{'recall':>8}{'b-cubed':>9}{'seconds':>9}{'cpu':>8}{'peak MiB':>10}"
        print(heads, flush=True)
        for way in WAYS:
            # A process each: what one leaves in memory is not counted for the next.
            subprocess.run([sys.executable, "-m", "bench.linkage", "--way", way, "--folder", name], check=True)
    print(machine_line())


def prepare(folder: Path, residents: int, seed: int) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    from bench.linkage.records import collect_records
    from borough.synthetic.rehearsal import write_rehearsal

    write_rehearsal(folder, residents=residents, seed=seed)
    return collect_records(folder)


def run(folder: Path, way: str) -> None:
    from bench.linkage.ways import WAYS as HOW
    from borough.residents.linkage.evaluate import peak_rss_mb
    from borough.residents.linkage.pipeline import open_engine

    with open_engine(folder) as con:
        con.execute(f"create table records as from '{folder / 'records.parquet'}'")
        con.execute(f"create table truth as from '{folder / 'truth.parquet'}'")
        wall, cpu = perf_counter(), process_time()
        figures = HOW[way](con)
        wall, cpu = perf_counter() - wall, process_time() - cpu
    print(
        f"{way:14}{figures.f1:8.4f}{figures.precision:11.4f}{figures.recall:8.4f}{figures.bcubed_f1:9.4f}"
        f"{wall:9.1f}{cpu:8.1f}{peak_rss_mb():10,}",
        flush=True,
    )


if __name__ == "__main__":
    main()
