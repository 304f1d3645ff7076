"""What the quality page is made of: the newest figures, what was reviewed, how the last loads of each source went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from borough.accounts.policies import ANALYST, IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.residents.drift import Drift, drift_between
from borough.residents.file_findings import ARRIVED
from borough.residents.finding_words import finding_words
from borough.residents.models import Load, Quality, Source
from borough.residents.quality import WEIGHED
from borough.residents.quality_review import Review, review_of


@dataclass(frozen=True)
class SourceQuality:
    """Counts of a source's records. `missing` by field, of those that its mapping reads; `outside` None where the
    borough's addresses are not loaded. `impossible` counts cells left out of the newest load by field, `findings` are
    sentences on that load, `held` on a newer one that waits for somebody's word."""

    code: str
    title: str
    records: int
    residents: int
    doubles: int
    elsewhere: int
    missing: dict[str, int]
    outside: int | None
    rows: int
    rejected: int
    impossible: dict[str, int]
    drift: Drift | None
    findings: list[str]
    held: str
    load_id: int | None


@dataclass(frozen=True)
class QualityView:
    """`overlaps`: (source, other) → records of the first whose resident has a record in the other. `rules`, `naming`
    and `ages` as residents/quality.py counts them."""

    as_of: datetime
    records: int
    residents: int
    sources: list[SourceQuality]
    overlaps: dict[tuple[str, str], int]
    rules: list[dict[str, Any]]
    naming: list[dict[str, Any]]
    ages: list[dict[str, Any]]
    here_and_there: int | None
    review: Review


def read_quality(*, viewer: Viewer) -> QualityView | None:
    """The newest figures on the whole index, of which none is of one person; None where nothing was counted yet."""
    check_may_work_as(viewer, ANALYST, IG_OFFICER, SYSTEM)
    row = Quality.objects.order_by("-id").first()
    if row is None:
        return None
    figures = row.figures
    return QualityView(
        as_of=row.as_of,
        records=figures["records"],
        residents=figures["residents"],
        sources=_sources(figures),
        overlaps={(source, other): count for source, other, count in figures["overlaps"]},
        rules=figures["rules"],
        naming=figures["naming"],
        ages=figures["ages"],
        here_and_there=figures["places"].get("residents_here_and_there"),
        review=review_of(figures["sample"], figures["bands"]),
    )


def _sources(figures: dict[str, Any]) -> list[SourceQuality]:
    loads = _last_loads()
    none = {"records": 0, "residents": 0, "doubles": 0, "elsewhere": 0, "missing": {}}
    return [
        _source(source, figures["sources"].get(source.code, none), figures["places"], loads.get(source.code, []))
        for source in Source.objects.order_by("title")
    ]


def _last_loads() -> dict[str, list[Load]]:
    """The newest extracts of each source, the newest first: enough to find two that were finished."""
    loads: dict[str, list[Load]] = {}
    extracts = Load.objects.filter(state__in=("done", "held")).exclude(file_name=ARRIVED)
    for load in extracts.order_by("-id")[:1_000]:
        loads.setdefault(load.source_id, []).append(load)
    return loads


def _source(source: Source, counts: dict[str, Any], places: dict[str, Any], loads: list[Load]) -> SourceQuality:
    done = [load for load in loads if load.state == "done"]
    newest = done[0] if done else None
    # A held load that a later one took the place of is history.
    held = loads[0] if loads and loads[0].state == "held" else None
    columns = {name: rule.get("columns") or [rule["column"]] for name, rule in source.mapping["fields"].items()}
    if "name" in columns:
        columns["forename"] = columns["surname"] = columns["name"]
    return SourceQuality(
        code=source.code,
        title=source.title,
        records=counts["records"],
        residents=counts["residents"],
        doubles=counts["doubles"],
        elsewhere=counts["elsewhere"],
        missing={name: counts["missing"].get(name, 0) for name in WEIGHED if name in columns},
        outside=places["sources"].get(source.code, 0) if places else None,
        rows=newest.rows if newest else 0,
        rejected=newest.rejected if newest else 0,
        impossible=_by_field(newest.warnings, columns) if newest else {},
        drift=drift_between(done[0], done[1]) if len(done) > 1 else None,
        findings=[finding_words(check) for check in newest.checks] if newest else [],
        held=held.problem if held else "",
        load_id=(held or newest).pk if held or newest else None,  # type: ignore[union-attr]
    )


def _by_field(warnings: dict[str, int], columns: dict[str, list[str]]) -> dict[str, int]:
    """Cells left out, by column of the file, as counts by field; a column that is a fact's is left out."""
    counts = {name: sum(warnings.get(column, 0) for column in own) for name, own in columns.items()}
    return {name: count for name, count in counts.items() if count}
