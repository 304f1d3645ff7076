"""Records in, people out: the whole linkage on one DuckDB connection, stage by stage."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np

from borough.residents.linkage.cluster import Known, cluster_records
from borough.residents.linkage.comparisons import comparisons_for
from borough.residents.linkage.households import HomeClass, learn_homes
from borough.residents.linkage.model import Model, train
from borough.residents.linkage.predict import predict_edges
from borough.residents.linkage.standardise import Standard, standardise

STAGES = ("standardise", "train", "households", "predict", "cluster")
# Bits of evidence that join two records; 0 is as likely as not. A little under: contradictions are refused anyway.
JOIN_FROM = -0.5

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
    """What was found. The tables `people`, `edges` and `clusters` (id, cluster) are in the connection."""

    standard: Standard
    model: Model | None
    homes: HomeClass | None
    edges: int
    persons: int
    refused: int


def open_engine(folder: Path, memory: str = "1500MB") -> duckdb.DuckDBPyConnection:
    """A DuckDB connection of its own that spills to `folder` rather than take more than `memory`."""
    con = duckdb.connect()
    con.execute("set memory_limit = ?", [memory])
    con.execute("set temp_directory = ?", [str(folder)])
    con.execute("set threads = ?", [min(8, len(os.sched_getaffinity(0)))])
    return con


def link_table(con: duckdb.DuckDBPyConnection, table: str, stages: Stages, others: tuple[str, ...] = ()) -> Linkage:
    """Decide who is who in `table` (see standardise for its columns) and make the table `clusters` (id, cluster).

    `cluster` is the smallest id of the person's records. The same records give the same clusters.
    """
    with stages.stage("standardise"):
        standard = standardise(con, table, others)
    model, homes, edges = None, None, 0
    comparisons = comparisons_for(standard)
    if standard.records > 1 and comparisons:
        with stages.stage("train"):
            model = train(con, standard, comparisons)
        with stages.stage("households"):
            homes = learn_homes(con, standard, model)
        with stages.stage("predict"):
            edges = predict_edges(con, standard, model, homes)
    with stages.stage("cluster"):
        persons, refused = _cluster(con, edges)
    return Linkage(standard=standard, model=model, homes=homes, edges=edges, persons=persons, refused=refused)


def _cluster(con: duckdb.DuckDBPyConnection, edges: int) -> tuple[int, int]:
    rows = con.execute(
        """select unique_id, coalesce(nino, ''), coalesce(nhs_number, ''), coalesce(dob, ''), coalesce(forename, ''),
        coalesce(surname, '') from people order by unique_id"""
    ).fetchall()
    if not rows:
        con.execute("create or replace temp table clusters (id bigint, cluster bigint)")
        return 0, 0
    ids, nino, nhs_number, dob, forename, surname = zip(*rows, strict=True)
    del rows
    numbers = np.array(ids, dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    low, high, weight = none, none, np.empty(0)
    if edges:
        found = con.execute(f"select l, r, weight from edges where weight >= {JOIN_FROM}").fetchnumpy()
        low, high = np.searchsorted(numbers, found["l"]), np.searchsorted(numbers, found["r"])
        weight = np.asarray(found["weight"], dtype=np.float64)
    known = Known(nino=nino, nhs_number=nhs_number, dob=dob, forename=forename, surname=surname)
    clusters = cluster_records(known, low, high, weight)
    con.register("clusters_found", {"id": numbers, "cluster": numbers[clusters.labels]})
    con.execute("create or replace temp table clusters as select id, cluster from clusters_found order by id")
    con.unregister("clusters_found")
    return len(np.unique(clusters.labels)), clusters.refused
