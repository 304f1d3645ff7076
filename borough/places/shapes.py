"""Pieces of ground that somebody draws: a circle about a point, or a polygon. Pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, degrees, pi, radians, sin
from typing import Any

from borough.common.errors import Problem
from borough.places.policies import EARTH_RADIUS_KM, Point, distance_km

FARTHEST_METRES = 10_000
MOST_CORNERS = 5_000
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Box:
    """Degrees. What lies outside it needs no closer look."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Circle:
    middle: Point
    metres: float

    @property
    def box(self) -> Box:
        up = degrees(self.metres / 1000 / EARTH_RADIUS_KM)
        # Degrees of longitude are shorter away from the equator.
        across = up / max(cos(radians(self.middle.lat)), 1e-6)
        lat, lon = self.middle
        return Box(lat - up, lon - across, lat + up, lon + across)

    def holds(self, point: Point) -> bool:
        return distance_km(self.middle, point) * 1000 <= self.metres


@dataclass(frozen=True)
class Polygons:
    """Rings of corners. A point is inside where a line from it crosses rings an odd number of times: holes are out."""

    rings: tuple[Ring, ...]

    @property
    def box(self) -> Box:
        corners = [corner for ring in self.rings for corner in ring]
        lats, lons = [corner.lat for corner in corners], [corner.lon for corner in corners]
        return Box(min(lats), min(lons), max(lats), max(lons))

    def holds(self, point: Point) -> bool:
        return sum(_crossings(ring, point) for ring in self.rings) % 2 == 1


Shape = Circle | Polygons
# As many corners as make a circle on a screen.
_CORNERS_OF_CIRCLE = 60


def outline_of(shape: Shape) -> dict[str, Any]:
    """The shape as a GeoJSON geometry, to be drawn."""
    if isinstance(shape, Circle):
        box, middle = shape.box, shape.middle
        turns = [2 * pi * place / _CORNERS_OF_CIRCLE for place in range(_CORNERS_OF_CIRCLE)]
        up, across = box.north - middle.lat, box.east - middle.lon
        rings = [[Point(middle.lat + up * sin(turn), middle.lon + across * cos(turn)) for turn in turns]]
    else:
        rings = [list(ring) for ring in shape.rings]
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]
    return {"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in ring] for ring in closed]}


def _crossings(ring: Ring, point: Point) -> int:
    """How often a line from the point due east crosses the ring."""
    crossed = 0
    for (lat_a, lon_a), (lat_b, lon_b) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (lat_a > point.lat) != (lat_b > point.lat):
            crossed += point.lon < lon_a + (point.lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
    return crossed


def read_geojson(text: str) -> Polygons:
    """The polygons of a GeoJSON geometry, feature or collection, in degrees (WGS 84). Raises Problem."""
    try:
        rings = tuple(_rings(json.loads(text)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Problem("This is not GeoJSON of an area.", "Export the area as a GeoJSON polygon in WGS 84.") from error
    if not rings:
        raise Problem("This GeoJSON holds no polygon.", "Draw the area as a polygon and export it again.")
    corners = sum(map(len, rings))
    if corners > MOST_CORNERS:
        raise Problem(f"The area has {corners:,} corners.", f"Simplify it to {MOST_CORNERS:,} or fewer.")
    if any(abs(lat) > 90 or abs(lon) > 180 for ring in rings for lat, lon in ring):
        raise Problem("The area is not in degrees.", "Export it in WGS 84 (EPSG:4326).")
    return Polygons(rings)


def polygons_of(geometry: dict[str, Any]) -> Polygons:
    """The polygons of a geometry that was read and checked before."""
    return Polygons(tuple(_rings(geometry)))


def _rings(shape: Any) -> Iterator[Ring]:
    kind = shape["type"]
    if kind == "FeatureCollection":
        for feature in shape["features"]:
            yield from _rings(feature)
    elif kind == "Feature":
        yield from _rings(shape["geometry"])
    elif kind in ("Polygon", "MultiPolygon"):
        polygons = [shape["coordinates"]] if kind == "Polygon" else shape["coordinates"]
        for polygon in polygons:
            for ring in polygon:
                yield _ring(ring)


def _ring(corners: Sequence[Sequence[float]]) -> Ring:
    ring = tuple(Point(float(lat), float(lon)) for lon, lat, *_ in corners)
    if len(ring) < 3:
        raise ValueError("a ring of fewer than three corners")
    return ring
