"""Runs the how-tos: each ```console block line by line, each ```python block, in an empty folder."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HOWTOS = Path(__file__).resolve().parent.parent / "docs" / "how-to"
RUNNABLE = sorted(page for page in HOWTOS.glob("*.md") if "```console" in page.read_text())
HAS_SPARK = find_spec("pyspark") is not None and shutil.which("java") is not None


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_a_how_to_does_what_it_says(page: Path, tmp_path: Path) -> None:
    if "linkage.spark" in page.read_text() and not HAS_SPARK:
        pytest.skip("Spark: apt-get install openjdk-17-jre-headless && make spark")
    environment = {**os.environ, "BOROUGH_HOME": str(tmp_path / "home")}
    environment.pop("DATABASE_URL", None)
    environment["DJANGO_SETTINGS_MODULE"] = "borough.web.settings"
    for language, block in re.findall(r"^```(console|python)\n(.*?)^```", page.read_text(), re.S | re.M):
        if language == "python" and "council_services=" not in block:
            subprocess.run([sys.executable, "-c", block], cwd=tmp_path, check=True)
        for line in block.splitlines() if language == "console" else []:
            words = shlex.split(line.removeprefix("$ "))
            assert words[0] == "borough", "a how-to runs borough and nothing else"
            done = subprocess.run(
                [sys.executable, "-m", "borough.web.cli", *words[1:]],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
