"""The rehearsal's vocabulary as data: names, spellings, streets, services."""

import tomllib
from pathlib import Path
from typing import Any


def load_words(name: str) -> dict[str, Any]:
    """The tables of one file of this folder, such as "naming_groups"."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
