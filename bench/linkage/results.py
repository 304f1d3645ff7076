"""What one way of linking gave, how it is kept between processes, and the tables that are printed of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from bench.linkage.groups import GroupFigures

HEADS = (
    f"{'':14}{'f1':>8}{'precision':>11}{'recall':>8}{'b-cubed':>9}{'lowest group':>22}{'gap':>7}"
    f"{'seconds':>9}{'cpu':>8}{'peak MiB':>10}"
)


@dataclass(frozen=True)
class Result:
    """One way on one rehearsal. `seconds` of wall time, `cpu` of the process, `groups` the lowest f1 first."""

    way: str
    f1: float
    precision: float
    recall: float
    bcubed_f1: float
    seconds: float
    cpu: float
    peak_mib: int
    groups: list[GroupFigures]

    @property
    def gap(self) -> float:
        """How far the naming group with the lowest f1 is below the one with the highest."""
        return self.groups[-1].f1 - self.groups[0].f1 if self.groups else 0.0

    def line(self) -> str:
        lowest = f"{self.groups[0].group} {self.groups[0].f1:.4f}" if self.groups else ""
        return (
            f"{self.way:14}{self.f1:8.4f}{self.precision:11.4f}{self.recall:8.4f}{self.bcubed_f1:9.4f}"
            f"{lowest:>22}{self.gap:7.4f}{self.seconds:9.1f}{self.cpu:8.1f}{self.peak_mib:10,}"
        )


def keep(result: Result, folder: Path) -> None:
    _file(folder, result.way).write_text(json.dumps(asdict(result)), encoding="utf-8")


def kept(folder: Path, way: str) -> Result:
    """What `keep` wrote."""
    said = json.loads(_file(folder, way).read_text(encoding="utf-8"))
    return Result(**{**said, "groups": [GroupFigures(**group) for group in said["groups"]]})


def _file(folder: Path, way: str) -> Path:
    return folder / f"result {way}.json"


def groups_table(results: Sequence[Result]) -> str:
    """f1 by naming group, a column for each way."""
    by_way = {result.way: {group.group: group for group in result.groups} for result in results}
    codes = sorted({code for groups in by_way.values() for code in groups})
    lines = [f"{'f1 of':14}{'records':>9}" + "".join(f"{way:>15}" for way in by_way)]
    for code in codes:
        records = max(groups[code].records for groups in by_way.values() if code in groups)
        cells = "".join(f"{groups[code].f1:15.4f}" if code in groups else " " * 15 for groups in by_way.values())
        lines.append(f"{code:14}{records:9,}{cells}")
    return "\n".join(lines)


def over_seeds(results: Sequence[Result], reference: str = "plain Splink") -> str:
    """For each way: f1 on average and at the lowest, the widest gap, and the seconds against the reference's."""
    ways = list(dict.fromkeys(result.way for result in results))
    usual = mean(row.seconds for row in results if row.way == reference) if reference in ways else 0.0
    lines = [f"{'all seeds':14}{'f1 mean':>9}{'lowest':>9}{'widest gap':>12}{'time ratio':>12}"]
    for way in ways:
        rows = [result for result in results if result.way == way]
        ratio = f"{mean(row.seconds for row in rows) / usual:12.2f}" if usual else " " * 12
        lines.append(
            f"{way:14}{mean(row.f1 for row in rows):9.4f}{min(row.f1 for row in rows):9.4f}"
            f"{max(row.gap for row in rows):12.4f}{ratio}"
        )
    return "\n".join(lines)
