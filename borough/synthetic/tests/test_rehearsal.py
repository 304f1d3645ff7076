"""What a rehearsal writes: the same bytes for the same seed, in memory that does not grow with the borough."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from borough.common.errors import Problem
from borough.synthetic import write_rehearsal
from borough.synthetic.area_files import SYSTEMS
from borough.synthetic.tests.conftest import RESIDENTS, read

FILES = {
    *(f"extracts/{system.code}.csv" for system in SYSTEMS),
    *(f"mappings/{system.code}.toml" for system in SYSTEMS),
    "addresses.csv",
    "areas.geojson",
    "manifest.json",
    "rents_ledger.csv",
    "services.json",
    "truth/findings.csv",
    "truth/people.csv",
    "truth/records.csv",
    "volunteers.csv",
}


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_writes_every_file(rehearsal: Path) -> None:
    assert set(hashes(rehearsal)) == FILES
    assert len(SYSTEMS) == 8


def test_the_same_seed_gives_the_same_bytes_by_any_number_of_processes(rehearsal: Path, tmp_path: Path) -> None:
    write_rehearsal(tmp_path, residents=RESIDENTS, seed=7, processes=2)
    assert hashes(tmp_path) == hashes(rehearsal)


def test_it_does_not_depend_on_the_hash_of_strings(rehearsal: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from borough.synthetic import write_rehearsal; "
        f"write_rehearsal(Path({str(tmp_path)!r}), residents={RESIDENTS}, seed=7)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONHASHSEED": "123", "PYTHONPATH": "."})
    assert hashes(tmp_path) == hashes(rehearsal)


def test_another_seed_gives_other_people_on_the_same_ground(rehearsal: Path, tmp_path: Path) -> None:
    write_rehearsal(tmp_path, residents=RESIDENTS, seed=8)
    first, second = hashes(rehearsal), hashes(tmp_path)
    assert first["truth/people.csv"] != second["truth/people.csv"]
    assert first["areas.geojson"] == second["areas.geojson"]


def test_the_manifest_counts_what_is_there(rehearsal: Path, people: list[dict[str, str]]) -> None:
    manifest = json.loads((rehearsal / "manifest.json").read_text())
    truth = Counter(row["source"] for row in read(rehearsal / "truth" / "records.csv"))
    assert manifest["residents"] == RESIDENTS == len(people)
    assert manifest["households"] == len({row["household"] for row in people})
    assert sum(manifest["records"].values()) == truth.total() + manifest["damaged"]
    assert 0.0003 < manifest["damaged"] / truth.total() < 0.003
    assert 2.7 < truth.total() / RESIDENTS < 3.2


def test_the_truth_names_each_row_once_and_only_people_who_are_there(
    rehearsal: Path, people: list[dict[str, str]]
) -> None:
    truth = read(rehearsal / "truth" / "records.csv")
    keys = Counter((row["source"], row["key"]) for row in truth)
    assert max(keys.values()) == 1
    gone = {row["person"] for row in read(rehearsal / "truth" / "people.csv") if row["living"] == "gone"}
    known = {row["person"] for row in people} | gone
    held = {row["person"] for row in truth}
    assert held <= known
    # A damaged row may be the only one that a person had.
    assert len(known - gone - held) <= 5


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_rehearsal(tmp_path, residents=300, seed=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (300, 300)
    assert seen == sorted(seen)


def test_too_small_or_half_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="200 or more"):
        write_rehearsal(tmp_path, residents=5, seed=1)
    with pytest.raises(Problem, match="--authority"):
        write_rehearsal(tmp_path, residents=500, seed=1, data=tmp_path)
    with pytest.raises(Problem, match="Give --data"):
        write_rehearsal(tmp_path, residents=500, seed=1, data=tmp_path, authority="camden")


def test_memory_does_not_grow_with_the_borough(tmp_path: Path) -> None:
    def peak(residents: int) -> int:
        code = (
            # Not the process's own peak: a child inherits that of the test run which it was forked from.
            "import tracemalloc; from pathlib import Path; from borough.synthetic import write_rehearsal; "
            "tracemalloc.start(); "
            f"write_rehearsal(Path({str(tmp_path / str(residents))!r}), residents={residents}, seed=1, processes=1); "
            "print(tracemalloc.get_traced_memory()[1])"
        )
        run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONPATH": "."})
        return int(run.stdout) // 1024**2

    small, large = peak(1_000), peak(12_000)
    # 12,000 residents are 36,000 rows and 8 MB of files: held in memory they would be some 40 MB more.
    assert large - small < 12, f"{small} MB for 1,000, {large} MB for 12,000"
