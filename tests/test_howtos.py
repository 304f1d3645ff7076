"""Runs the how-tos: each ```console block line by line, each ```python block, in an empty folder."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HOWTOS = Path(__file__).resolve().parent.parent / "docs" / "how-to"
RUNNABLE = sorted(page for page in HOWTOS.glob("*.md") if "```console" in page.read_text())
HAS_SPARK = find_spec("pyspark") is not None and shutil.which("java") is not None


def run_line(line: str, folder: Path) -> None:
    words = shlex.split(line.removeprefix("$ "))
    assert words[0] == "borough", "a how-to runs borough and nothing else"
    environment = {**os.environ, "BOROUGH_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "borough.web.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "borough.web.cli", *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], None]:
    """Run the first line of a how-to in its empty folder, or put there what it made for another how-to."""
    made: dict[str, Path] = {}

    def run_or_copy(line: str, folder: Path) -> None:
        if line not in made:
            run_line(line, folder)
            made[line] = tmp_path_factory.mktemp("begun") / "folder"
            shutil.copytree(folder, made[line])
        else:
            shutil.copytree(made[line], folder, dirs_exist_ok=True)

    return run_or_copy


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_a_how_to_does_what_it_says(page: Path, tmp_path: Path, begin: Callable[[str, Path], None]) -> None:
    if "linkage.spark" in page.read_text() and not HAS_SPARK:
        pytest.skip("Spark: apt-get install openjdk-17-jre-headless && make spark")
    for language, block in re.findall(r"^```(console|python)\n(.*?)^```", page.read_text(), re.S | re.M):
        if language == "python" and "council_services=" not in block:
            subprocess.run([sys.executable, "-c", block], cwd=tmp_path, check=True)
        for line in block.splitlines() if language == "console" else []:
            (run_line if any(tmp_path.iterdir()) else begin)(line, tmp_path)
