"""What lies inside a circle or a drawn area, by the exact rule and by the box in the database."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.errors import Problem
from borough.places.models import Address
from borough.places.policies import Point
from borough.places.queries import list_places_in
from borough.places.shapes import Circle, Polygons, outline_of, read_geojson

SQUARE = [[-0.2, 51.5], [-0.1, 51.5], [-0.1, 51.6], [-0.2, 51.6], [-0.2, 51.5]]
HOLE = [[-0.18, 51.54], [-0.12, 51.54], [-0.12, 51.56], [-0.18, 51.56], [-0.18, 51.54]]


def polygon(*rings: list[list[float]]) -> str:
    return json.dumps({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": rings}})


def test_a_point_in_a_hole_is_outside() -> None:
    shape = read_geojson(polygon(SQUARE, HOLE))
    assert shape.holds(Point(51.52, -0.15))
    assert not shape.holds(Point(51.55, -0.15))
    assert not shape.holds(Point(51.55, -0.25))


def test_several_areas_are_one_shape() -> None:
    east = [[lon + 1, lat] for lon, lat in SQUARE]
    features = [json.loads(polygon(SQUARE)), {"type": "MultiPolygon", "coordinates": [[east]]}]
    shape = read_geojson(json.dumps({"type": "FeatureCollection", "features": features}))
    assert shape.holds(Point(51.55, -0.15)) and shape.holds(Point(51.55, 0.85))
    assert not shape.holds(Point(51.55, 0.5))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"type": "Point", "coordinates": [0, 51]}',
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "Polygon", "coordinates": [[[0, 51], [1, 51]]]}',
        '{"type": "Polygon", "coordinates": [[[530000, 180000], [531000, 180000], [531000, 181000]]]}',
    ],
)
def test_what_is_no_area_in_degrees_says_so(text: str) -> None:
    with pytest.raises(Problem):
        read_geojson(text)


@given(
    st.floats(-60, 60),
    st.floats(-170, 170),
    st.floats(1, 10_000),
    st.floats(-1.5, 1.5),
    st.floats(-1.5, 1.5),
)
def test_what_a_circle_holds_its_box_holds(lat: float, lon: float, metres: float, up: float, across: float) -> None:
    circle = Circle(Point(lat, lon), metres)
    box = circle.box
    point = Point(lat + up * (box.north - lat), lon + across * (box.east - lon))
    if circle.holds(point):
        assert box.south - 1e-9 <= point.lat <= box.north + 1e-9
        # At 60 degrees a circle of 10 km bulges past the box of its middle by less than a metre.
        assert box.west - 1e-5 <= point.lon <= box.east + 1e-5


@given(st.floats(-0.3, 0.0), st.floats(51.4, 51.7))
def test_a_square_holds_what_lies_between_its_sides(lon: float, lat: float) -> None:
    inside = -0.2 < lon < -0.1 and 51.5 < lat < 51.6
    on_edge = lon in (-0.2, -0.1) or lat in (51.5, 51.6)
    assert on_edge or read_geojson(polygon(SQUARE)).holds(Point(lat, lon)) == inside


@pytest.mark.django_db
def test_addresses_are_found_by_shape() -> None:
    for uprn, lat, lon in (("1", 51.55, -0.15), ("2", 51.55, -0.25), ("3", 51.5501, -0.15)):
        Address.objects.create(uprn=uprn, address=uprn, postcode="NW1 2DB", lat=lat, lon=lon, match_key=uprn)
    assert [place.uprn for place in list_places_in(read_geojson(polygon(SQUARE)))] == ["1", "3"]
    assert [place.uprn for place in list_places_in(Circle(Point(51.55, -0.15), 5))] == ["1"]
    assert [place.uprn for place in list_places_in(Circle(Point(51.55, -0.15), 15))] == ["1", "3"]
    assert isinstance(read_geojson(polygon(SQUARE)), Polygons)


@given(st.floats(51.3, 51.7), st.floats(-0.5, 0.3), st.integers(20, 5_000))
def test_an_outline_that_is_read_again_holds_what_the_circle_held(lat: float, lon: float, metres: int) -> None:
    circle = Circle(Point(lat, lon), metres)
    drawn = read_geojson(json.dumps(outline_of(circle)))
    for share, inside in ((0.0, True), (0.98, True), (1.02, False)):
        probe = Point(lat + (circle.box.north - lat) * share, lon)
        assert drawn.holds(probe) is inside
    assert outline_of(drawn) == outline_of(read_geojson(json.dumps(outline_of(drawn))))
