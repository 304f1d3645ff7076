"""Ids that last: which of the people found now is which resident of before."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Inheritance:
    """`kept`: cluster → the resident it goes on as. `retired`: resident → the cluster that took most of its records."""

    kept: dict[int, str]
    retired: dict[str, int]


def inherit(overlaps: Iterable[tuple[int, str, int]]) -> Inheritance:
    """`overlaps`: (cluster, resident, records of both), each pair once.

    The largest overlap is served first; equal ones by resident and cluster, so that the result is the same each time.
    A resident goes on as one cluster and a cluster as one resident.
    """
    kept: dict[int, str] = {}
    taken: set[str] = set()
    retired: dict[str, int] = {}
    for cluster, resident, _ in sorted(overlaps, key=lambda row: (-row[2], row[1], row[0])):
        retired.setdefault(resident, cluster)
        if cluster not in kept and resident not in taken:
            kept[cluster] = resident
            taken.add(resident)
    return Inheritance(
        kept=kept,
        retired={resident: cluster for resident, cluster in retired.items() if resident not in taken},
    )
