"""What a figure was measured on: printed beside every figure."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path


def machine_line() -> str:
    """Cores, memory, processor and versions, in one line."""
    memory_gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "duckdb", "splink"))
    return (
        f"{os.cpu_count()} cores, {memory_gib:.0f} GiB, {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
