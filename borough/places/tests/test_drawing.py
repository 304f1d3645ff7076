import random
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from borough.places.drawing import (
    COLOURS,
    HIDDEN_COLOUR,
    Line,
    Projection,
    Shape,
    classes_of,
    colour_of,
    draw_map,
    swatch,
)

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.lists(st.one_of(st.none(), st.integers(0, 50), st.floats(0, 1000)), max_size=60)


@given(VALUES)
def test_classes_cover_every_value_once(values):
    keys = classes_of(values)
    known = [value for value in values if value is not None]
    assert sum(key.areas for key in keys) == len(known)
    assert len(keys) <= len(COLOURS) and len({key.colour for key in keys}) == len(keys)
    for value in known:
        assert [key.colour for key in keys if key.low <= value <= key.high] == [colour_of(value, keys)]
    assert colour_of(None, keys) == HIDDEN_COLOUR


def test_classes_hold_about_as_many_areas_each():
    assert [key.areas for key in classes_of(range(100))] == [20] * 5
    assert [(key.low, key.high) for key in classes_of([3, 3, 3, 9])] == [(3, 3), (9, 9)]


def square(west, south, side=0.01):
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def test_a_map_is_well_formed_escaped_and_free_of_inline_styles():
    shapes = [
        Shape(square(-0.1, 51.5), 10, "Rock & <b>Roll</b>: 10"),
        Shape(square(-0.09, 51.5), None, "Quiet: 7 or fewer"),
        Shape({"type": "MultiPolygon", "coordinates": [square(-0.1, 51.51)["coordinates"]]}, 20, "Up: 20"),
    ]
    river = Line({"type": "LineString", "coordinates": [[-0.1, 51.5], [-0.08, 51.52]]}, "river")
    text = draw_map(shapes, [river], title="A & B", description="<script>alert(1)</script>")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img" and root.get("aria-labelledby") == "map-title map-desc"
    assert root.find(f"{SVG}title").text == "A & B" and "<script" not in text and "style=" not in text
    paths = root.findall(f".//{SVG}path")
    assert [path.get("fill") for path in paths[:3]] == [COLOURS[0], HIDDEN_COLOUR, COLOURS[-1]]
    assert paths[0].find(f"{SVG}title").text == "Rock & <b>Roll</b>: 10"
    assert paths[3].get("d").endswith("z") is False
    ElementTree.fromstring(swatch(COLOURS[0]))


def test_nothing_to_draw():
    assert draw_map([], [], title="", description="") == ""


def test_north_is_up_and_shapes_are_not_stretched():
    project = Projection.around([(-0.1, 51.5), (0.0, 51.6)])
    (west, low), (east, high) = project.pixel((-0.1, 51.5)), project.pixel((0.0, 51.6))
    assert west < east and high < low
    # At 51.55° a degree of longitude is 0.622 of one of latitude.
    assert abs((east - west) / (low - high) - 0.622) < 0.01


def test_neighbours_share_the_pixels_of_their_border():
    project = Projection.around([(-0.1, 51.5), (0.0, 51.6)])
    border = [(-0.05 + at * 1e-5, 51.5 + at * 1e-4) for at in range(500)]
    assert [project.pixel(point) for point in border] == [project.pixel(point) for point in reversed(border)][::-1]


def test_two_hundred_detailed_areas_stay_small():
    chance = random.Random(1)
    shapes = []
    for at in range(200):
        west, south = -0.2 + at % 15 * 0.01, 51.5 + at // 15 * 0.007
        ring = [[west + chance.random() * 0.01, south + chance.random() * 0.007] for _ in range(120)]
        shapes.append(
            Shape({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, at, f"Camden 0{at}A: 1,234 (12.3%)")
        )
    assert len(draw_map(shapes, [], title="t", description="d")) < 220_000
