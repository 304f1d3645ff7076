"""The whole job: from records in the database to persons and households in it, beside plain Splink's own part of it.

    python -m bench.whole_job [--residents 340000] [--seed 11]

A rehearsal is loaded into an SQLite database of its own and linked for the first time. The peer is plain Splink on the
same records, as in bench.linkage: training without the estimate of u, predicting and clustering, with nothing written.
"""

import argparse
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench.linkage.__main__ import prepare
from bench.linkage.results import HEADS, kept
from bench.machine import machine_line

PEER = "plain Splink"
# What Splink does as well, and what comes to persons and households in the database.
COMPARED = ("train", "predict", "cluster", "settle")
STAGES = ("read", "standardise", *COMPARED, "keep", "search", "count")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--residents", type=int, default=340_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--linking", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.linking:
        link()
        return
    with TemporaryDirectory(prefix="borough-bench-") as name:
        folder = Path(name)
        records = prepare(folder, options.residents, options.seed)
        print(f"{records:,} records of {options.residents:,} residents, seed {options.seed}\n{HEADS}", flush=True)
        run("-m", "bench.linkage", "--way", PEER, "--folder", name, "--entry", "")
        peer = kept(folder, PEER)
        print(peer.line(), flush=True)
        os.environ.update(BOROUGH_HOME=str(folder / "home"), DJANGO_SETTINGS_MODULE="borough.web.settings")
        os.environ.pop("DATABASE_URL", None)
        load(folder)
        told = run("-m", "bench.whole_job", "--linking")
    print(machine_line())
    print(f"\n{'stage':<14}{'seconds':>9}{'cpu':>8}")
    seconds = cpu = 0.0
    for line in told.splitlines()[:-1]:
        stage, wall, used = line.split()
        print(f"{stage:<14}{float(wall):>9.1f}{float(used):>8.1f}")
        if stage in COMPARED:
            seconds, cpu = seconds + float(wall), cpu + float(used)
    print(
        f"\n{', '.join(COMPARED)}: {seconds:.1f} s and {cpu:.1f} s of CPU; {PEER} {peer.seconds:.1f} s and "
        f"{peer.cpu:.1f} s of CPU: {seconds / peer.seconds:.2f} by the clock, {cpu / peer.cpu:.2f} by CPU\n"
        f"peak of the whole job {int(told.splitlines()[-1]):,} MiB, of {PEER} {peer.peak_mib:,} MiB"
    )


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def load(folder: Path) -> None:
    """Bring the rehearsal of the folder into the database of BOROUGH_HOME, by the commands that a borough uses."""
    borough = ("-m", "borough.web.cli")
    run(*borough, "setup")
    run(*borough, "load_areas", str(folder / "areas.geojson"))
    run(*borough, "load_addresses", str(folder / "addresses.csv"))
    for mapping in sorted((folder / "mappings").glob("*.toml")):
        run(*borough, "source", "add", "--confirm", "Bench", str(mapping))
        run(*borough, "load", "--accept", mapping.stem, str(folder / "extracts" / f"{mapping.stem}.csv"))


def link() -> None:
    """Link, and print a line for each stage (its name, seconds, seconds of CPU), then the peak of memory in MiB."""
    import django

    django.setup()
    from borough.accounts.policies import system_viewer
    from borough.residents.actions import link_records

    at = [(perf_counter(), process_time())]
    link_records(
        by=system_viewer("bench"),
        purpose="residents-index",
        progress=lambda done, total: at.append((perf_counter(), process_time())),
    )
    for stage, (before, after) in zip(STAGES, pairwise(at), strict=True):
        print(stage, after[0] - before[0], after[1] - before[1])
    print(getrusage(RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
