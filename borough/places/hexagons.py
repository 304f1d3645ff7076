"""Hexagons of the borough (h3), and how those that hold few are joined with their neighbours. Pure.

https://h3geo.org/docs/core-library/restable: resolution 9 has 0.11 km² a hexagon, some 200 in an inner London borough
and about 1,000 residents in each; resolution 8 has seven times that, resolution 7 as much again.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import h3

from borough.common.disclosure import protect

FINEST, COARSEST = 9, 7


@dataclass(frozen=True)
class Hexagon:
    """One hexagon, or seven or 49 that were joined. `count` as it may be published; those that may not are not here."""

    cell: str
    count: int

    @property
    def middle(self) -> tuple[float, float]:
        """(lat, lon)."""
        lat, lon = h3.cell_to_latlng(self.cell)
        return lat, lon

    @property
    def cells(self) -> list[str]:
        """Its hexagons of the finest resolution."""
        return list(h3.cell_to_children(self.cell, FINEST))

    @property
    def outline(self) -> dict[str, Any]:
        """GeoJSON, in degrees: its finest hexagons taken together, so that it meets its neighbours without a gap."""
        return dict(h3.cells_to_geo(self.cells))


def cell_of(lat: float, lon: float) -> str:
    return str(h3.latlng_to_cell(lat, lon, FINEST))


def join_small(counts: Mapping[str, int]) -> list[Hexagon]:
    """The hexagons that may be shown, by cell. `counts` are exact, by cell of the finest resolution.

    Seven that hold more hidden than shown become one, and seven of those again; what is still small stays blank. A
    place is shown at one size only: a large hexagon beside its own small ones would tell what is hidden.
    """
    current = dict(counts)
    shown: dict[str, int] = {}
    settled: set[str] = set()
    for resolution in range(FINEST - 1, COARSEST - 2, -1):
        families: dict[str, dict[str, int]] = defaultdict(dict)
        for cell, count in current.items():
            families[h3.cell_to_parent(cell, resolution)][cell] = count
        settled = {h3.cell_to_parent(cell, resolution) for cell in settled}
        current = {}
        for parent, cells in families.items():
            visible = {cell: rounded for cell, count in cells.items() if (rounded := protect(count)) is not None}
            hidden = sum(count for cell, count in cells.items() if cell not in visible)
            last = resolution < COARSEST
            if last or parent in settled or hidden * 2 <= sum(cells.values()):
                shown |= visible
                settled.add(parent)
            else:
                current[parent] = sum(cells.values())
    return [Hexagon(cell, count) for cell, count in sorted(shown.items())]
