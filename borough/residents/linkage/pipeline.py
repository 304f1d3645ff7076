"""Records in, people out: the whole linkage on one DuckDB connection, stage by stage."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import duckdb

from borough.residents.linkage.cluster import cluster_pairs
from borough.residents.linkage.corpus import count_statistics
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import find_movers
from borough.residents.linkage.predict import find_pairs, no_pairs
from borough.residents.linkage.standardise import Standard, standardise
from borough.residents.linkage.training import learn

# In bytes. With less the joins of a million records are spilt to disk, which costs several times their own time.
MEMORY_FOR_RECORD = 1_500
LEAST_MEMORY = 1_500_000_000

STAGES = ("standardise", "train", "predict", "cluster")
Progress = Callable[[int, int], None]


@dataclass
class Stages:
    """Seconds by stage, and the steps done told to `progress`."""

    total: int
    progress: Progress | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - started, 2)
        if self.progress:
            self.progress(len(self.seconds), self.total)


@dataclass(frozen=True)
class Linkage:
    """What was found. The tables `people`, `statistics`, `pairs`, `clusters` and `refusals` are in the connection."""

    standard: Standard
    model: Model | None
    pairs: int
    persons: int
    refused: int


def open_engine(folder: Path, records: int = 0) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection of its own, with memory for so many records; beyond that it spills to `folder`."""
    con = duckdb.connect()
    grant_memory(con, records)
    con.execute("set temp_directory = ?", [str(folder)])
    con.execute("set threads = ?", [min(8, len(os.sched_getaffinity(0)))])
    return con


def grant_memory(con: duckdb.DuckDBPyConnection, records: int) -> None:
    """Let the engine take what linking so many records needs: 1.5 GB for each million, and for the first in any case.
    Never more than half of what the machine, or the container, has where that is more than 1.5 GB."""
    con.execute("reset memory_limit")
    # Left alone, DuckDB takes four fifths.
    half = con.execute("select parse_formatted_bytes(current_setting('memory_limit')) * 5 // 8").fetchall()[0][0]
    con.execute("set memory_limit = ?", [f"{max(LEAST_MEMORY, min(records * MEMORY_FOR_RECORD, half))}B"])


def link_table(con: duckdb.DuckDBPyConnection, table: str, stages: Stages, others: tuple[str, ...] = ()) -> Linkage:
    """Decide who is who in `table` (see standardise for its columns) and make the table `clusters` (id, cluster).

    `cluster` is the smallest id of the person's records. The same records give the same clusters.
    """
    with stages.stage("standardise"):
        standard = standardise(con, table, others)
    return link_people(con, standard, stages)


def link_people(con: duckdb.DuckDBPyConnection, standard: Standard, stages: Stages) -> Linkage:
    """The same for the table `people`, just standardised."""
    with stages.stage("train"):
        count_statistics(con)
        find_movers(con, standard.homes)
        model = learn(con, standard)
    with stages.stage("predict"):
        pairs = find_pairs(con, model) if model else no_pairs(con)
    with stages.stage("cluster"):
        clusters = cluster_pairs(con)
    return Linkage(standard=standard, model=model, pairs=pairs, persons=clusters.persons, refused=clusters.refused)
