"""The same figures by naming group: a linkage that is right on average may fail one community."""

from dataclasses import dataclass

import duckdb

# A group of fewer records than this says more of luck than of the linkage.
LEAST_RECORDS = 500


@dataclass(frozen=True)
class GroupFigures:
    """Of the pairs that touch a record of the group: the share that are one person, and the share of the group's true
    pairs that were joined. `f1` is their harmonic mean."""

    group: str
    records: int
    precision: float
    recall: float
    f1: float


def measure_groups(con: duckdb.DuckDBPyConnection, found: str, truth: str) -> list[GroupFigures]:
    """`found` (id, cluster) against `truth` (id, person, naming_group), by naming group, the lowest f1 first."""
    rows = con.execute(
        f"""
        with cells as (
            select cluster, person, naming_group, count(*)::double as n
            from {found} join {truth} using (id) group by all
        ),
        joined as (
            -- Pairs of a cluster that touch the group: all of them without those among its other records.
            select naming_group, sum(pairs) as joined from (
                select naming_group, (size * (size - 1) - (size - own) * (size - own - 1)) / 2 as pairs from (
                    select cluster, naming_group, sum(n) as own, sum(sum(n)) over (partition by cluster) as size
                    from cells group by cluster, naming_group
                )
            ) group by naming_group
        ),
        both_sides as (
            select naming_group, sum(n)::bigint as records, sum(n * (n - 1)) / 2 as right_pairs from cells
            group by naming_group
        ),
        true_pairs as (
            select naming_group, sum(n * (n - 1)) / 2 as wanted
            from (select naming_group, person, sum(n) as n from cells group by all) group by naming_group
        )
        select naming_group, records, right_pairs, joined, wanted
        from both_sides join joined using (naming_group) join true_pairs using (naming_group)
        where records >= {LEAST_RECORDS}
        """
    ).fetchall()
    figures = []
    for group, records, right, joined, wanted in rows:
        precision, recall = right / joined if joined else 1.0, right / wanted if wanted else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        figures.append(GroupFigures(group, int(records), precision, recall, f1))
    return sorted(figures, key=lambda row: (row.f1, row.group))
