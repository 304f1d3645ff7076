"""How right is it? Figures against records whose truth is known."""

import resource
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from borough.common.errors import Problem
from borough.residents.linkage.labelled import read_labelled
from borough.residents.linkage.pipeline import STAGES, Progress, Stages, grant_memory, link_table, open_engine
from borough.residents.mapping import Mapping


@dataclass(frozen=True)
class Figures:
    """Pairwise: of the pairs that we joined, the share that are one person (precision), and of the pairs that are one
    person, the share that we joined (recall). B-cubed: the same averaged over records (Bagga and Baldwin 1998), so
    that a large cluster does not count by its square. `…_f1` is the harmonic mean."""

    records: int
    persons_true: int
    persons_found: int
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float


def measure(con: duckdb.DuckDBPyConnection, found: str, truth: str) -> Figures:
    """Compare the tables `found` (id, cluster) and `truth` (id, person), which hold the same ids.

    Where no pair was joined, precision is 1; where there is no pair to join, recall is 1.
    """
    row = con.execute(
        f"""
        with cells as (
            select cluster, person, count(*)::double as n from {found} join {truth} using (id) group by all
        ),
        sized as (
            select n, sum(n) over (partition by cluster) as in_cluster, sum(n) over (partition by person) as in_person,
                   cluster, person from cells
        )
        select coalesce(sum(n), 0)::bigint, count(distinct person), count(distinct cluster),
               coalesce(sum(n * (n - 1)), 0) / 2,
               coalesce(sum(n * (in_cluster - 1)), 0) / 2,
               coalesce(sum(n * (in_person - 1)), 0) / 2,
               coalesce(sum(n * n / in_cluster), 0), coalesce(sum(n * n / in_person), 0)
        from sized
        """
    ).fetchall()[0]
    records, persons_true, persons_found, both, joined, true, by_cluster, by_person = row
    precision, recall = _share(both, joined), _share(both, true)
    bcubed_precision, bcubed_recall = _share(by_cluster, records), _share(by_person, records)
    return Figures(
        records=int(records),
        persons_true=int(persons_true),
        persons_found=int(persons_found),
        precision=round(precision, 5),
        recall=round(recall, 5),
        f1=round(_harmonic(precision, recall), 5),
        bcubed_precision=round(bcubed_precision, 5),
        bcubed_recall=round(bcubed_recall, 5),
        bcubed_f1=round(_harmonic(bcubed_precision, bcubed_recall), 5),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


@dataclass(frozen=True)
class Evaluation:
    """The figures, with what they took. `seconds` by stage; `left_out` rows that could not be read or had no truth;
    `identifiers` columns beyond the standard fields that were used as evidence."""

    figures: Figures
    seconds: dict[str, float]
    peak_rss_mb: int
    left_out: int
    identifiers: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            **asdict(self.figures),
            "left_out": self.left_out,
            "identifiers": list(self.identifiers),
            "seconds": self.seconds,
            "peak_rss_mb": self.peak_rss_mb,
        }


def evaluate_file(
    path: Path,
    mapping: Mapping,
    *,
    truth: str,
    source: str = "",
    guessed: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Link a labelled file in memory, without any database, and compare with the column `truth`.

    `source` names the column that tells the systems apart where the file holds several. The truth is read only after
    everything is decided. Raises Problem where the file cannot be read or holds no labelled row.
    """
    stages = Stages(total=len(STAGES) + 2, progress=progress)
    with TemporaryDirectory(prefix="borough-evaluate-") as folder, open_engine(Path(folder)) as con:
        with stages.stage("read"):
            left_out, others = read_labelled(con, path, mapping, truth=truth, source=source, guessed=guessed)
        grant_memory(con, int(con.execute("select count(*) from labelled").fetchall()[0][0]))
        link_table(con, "labelled", stages, others)
        with stages.stage("measure"):
            figures = measure(con, "clusters", "truth")
    if not figures.records:
        raise Problem(f"{path.name} has no row with a value in {truth}.", "Name the column that says who is who.")
    return Evaluation(
        figures=figures,
        seconds=stages.seconds,
        peak_rss_mb=peak_rss_mb(),
        left_out=left_out,
        identifiers=others,
    )


def peak_rss_mb() -> int:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
