"""The map as GeoJSON: wards, small areas, and the lines that are drawn besides."""

import json
from typing import Any

from borough.synthetic.borough_map import BoroughMap


def areas_geojson(ground: BoroughMap) -> str:
    """A FeatureCollection; `residents` of an area is how many the Census counted there."""
    in_ward = {ward.code: 0 for ward in ground.wards}
    for area in ground.areas:
        in_ward[area.ward] += area.census
    features = [
        _feature(ward.geometry, ward.code, ward.name, "ward", None, in_ward[ward.code], ward.lat, ward.lon)
        for ward in ground.wards
    ]
    features += [
        _feature(area.geometry, area.code, area.name, "small_area", area.ward, area.census, area.lat, area.lon)
        for area in ground.areas
    ]
    for number, (name, kind, coordinates) in enumerate(ground.lines, start=1):
        lon, lat = coordinates[len(coordinates) // 2]
        line = {"type": "LineString", "coordinates": coordinates}
        features.append(_feature(line, f"X09{number:06d}", name, kind, None, None, lat, lon))
    collection = {"type": "FeatureCollection", "attribution": ground.attribution, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def _feature(
    geometry: Any, code: str, name: str, kind: str, parent: str | None, residents: int | None, lat: float, lon: float
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "code": code,
            "name": name,
            "kind": kind,
            "parent": parent,
            "residents": residents,
            "lat": lat,
            "lon": lon,
        },
        "geometry": geometry,
    }
