"""python -m bench.linkage: ways to link the same rehearsal, in one run. See README.md."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.linkage.results import HEADS, Result, groups_table, keep, kept, over_seeds
from bench.machine import machine_line

WAYS = ("exact keys", "plain Splink", "Open Borough")
ENTRY = "entry"
# Nothing of ours was tuned on these.
SEEDS = (11, 12, 13)


def main() -> None:
    from borough.synthetic.setting import DEFAULT, SETTINGS

    parser = argparse.ArgumentParser(prog="python -m bench.linkage", description="Linkage beside its peers.")
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=[DEFAULT.name, "harder"])
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=WAYS)
    parser.add_argument("--entry", metavar="COMMAND", help="your own program; it is given two paths, see README.md")
    parser.add_argument("--way", choices=(*WAYS, ENTRY), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        run(options.folder, options.way, options.entry)
        return
    ways = [*options.ways, *([ENTRY] if options.entry else [])]
    for setting in options.settings:
        compare(setting, options.residents, options.seeds, ways, options.entry or "")
    print(machine_line())


def compare(setting: str, residents: int, seeds: list[int], ways: list[str], entry: str) -> None:
    """Link a rehearsal of each seed in each way, and print the figures."""
    results: list[Result] = []
    for seed in seeds:
        with TemporaryDirectory(prefix="borough-bench-") as name:
            records = prepare(Path(name), residents, seed, setting)
            print(
                f"\n{setting} setting: {records:,} records of {residents:,} residents, seed {seed}\n{HEADS}", flush=True
            )
            for way in ways:
                # A process each: what one leaves in memory is not counted for the next.
                command = [sys.executable, "-m", "bench.linkage", "--way", way, "--folder", name, "--entry", entry]
                subprocess.run(command, check=True)
            done = [kept(Path(name), way) for way in ways]
        print(groups_table(done), flush=True)
        results += done
    print(f"\n{setting} setting, {len(seeds)} seeds\n{over_seeds(results)}\n", flush=True)


def prepare(folder: Path, residents: int, seed: int, setting: str = "default") -> int:
    """Write a rehearsal into the folder, and its records and truth as Parquet files. Returns how many records."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    from bench.linkage.records import collect_records
    from borough.synthetic.rehearsal import write_rehearsal

    write_rehearsal(folder, residents=residents, seed=seed, setting=setting)
    return collect_records(folder)


def run(folder: Path, way: str, entry: str = "") -> None:
    """Link the records of a prepared folder in one way; print its line, and keep its result in the folder."""
    from bench.linkage.entry import run_entry
    from bench.linkage.groups import measure_groups
    from bench.linkage.ways import WAYS as HOW
    from bench.linkage.ways import Aside
    from borough.residents.linkage.evaluate import measure
    from borough.residents.linkage.pipeline import grant_memory, open_engine

    with open_engine(folder) as con:
        con.execute(f"create table records as from '{folder / 'records.parquet'}'")
        grant_memory(con, int(con.execute("select count(*) from records").fetchall()[0][0]))
        con.execute(f"create table truth as from '{folder / 'truth.parquet'}'")
        aside = Aside()
        whose = RUSAGE_CHILDREN if way == ENTRY else RUSAGE_SELF
        wall, cpu = perf_counter(), _processor_seconds(whose)
        if way == ENTRY:
            run_entry(con, entry, folder)
        else:
            HOW[way](con, aside)
        wall = perf_counter() - wall - aside.wall
        cpu = _processor_seconds(whose) - cpu - aside.cpu
        figures = measure(con, "clusters", "truth")
        result = Result(
            way=way,
            f1=figures.f1,
            precision=figures.precision,
            recall=figures.recall,
            bcubed_f1=figures.bcubed_f1,
            seconds=wall,
            cpu=cpu,
            peak_mib=getrusage(whose).ru_maxrss // 1024,
            groups=measure_groups(con, "clusters", "truth"),
        )
    print(result.line(), flush=True)
    keep(result, folder)


def _processor_seconds(whose: int) -> float:
    used = getrusage(whose)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
