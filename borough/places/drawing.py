"""Draws a map of areas as SVG, on the server, so that it shows without JavaScript and without anybody's map tiles.

Colours and lines are presentation attributes: the site's policy allows no inline styles.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Any

WIDTH = 900
TALLEST = 900
MARGIN = 6
# One hue from light to dark, told apart by people who see no colours; the first has 1.2:1 and more on white with
# its outline. Darker means more.
COLOURS = ("#e3f1f8", "#b0d8ea", "#6eb2d6", "#2f7fb5", "#0b4a80")
HIDDEN_COLOUR = "#f3f2f1"
OUTLINE_COLOUR = "#505a5f"
LINE_COLOURS = {"river": "#7fb8d8", "high_street": "#d4351c", "ward": OUTLINE_COLOUR}
LINE_WIDTHS = {"river": 7, "high_street": 3, "ward": 1}

Geometry = Mapping[str, Any]
Pixel = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """An area on the map. `value` chooses its colour, None is hidden; `words` is what a pointer over it says."""

    outline: Geometry
    value: float | None
    words: str


@dataclass(frozen=True)
class Line:
    """Something to find one's way by; `kind` is "river", "high_street" or "ward", whose border it then is."""

    outline: Geometry
    kind: str


@dataclass(frozen=True)
class Key:
    """A row of the legend: values from `low` to `high` have this colour."""

    colour: str
    low: float
    high: float
    areas: int


def classes_of(values: Iterable[float | None], most: int = len(COLOURS)) -> list[Key]:
    """Up to `most` classes with about as many areas each. Equal values share a class; what is None is in none."""
    known = sorted(value for value in values if value is not None)
    ends: list[int] = []
    for number in range(1, most + 1):
        end = round(number * len(known) / most)
        while 0 < end < len(known) and known[end] == known[end - 1]:
            end += 1
        if end > (ends[-1] if ends else 0):
            ends.append(end)
    starts = [0, *ends][: len(ends)]
    # Few classes take colours from the whole range, so that they stand apart.
    steps = [round(at * (most - 1) / max(len(ends) - 1, 1)) for at in range(len(ends))]
    return [
        Key(COLOURS[step], known[start], known[end - 1], end - start)
        for step, start, end in zip(steps, starts, ends, strict=True)
    ]


def colour_of(value: float | None, keys: Sequence[Key]) -> str:
    if value is None:
        return HIDDEN_COLOUR
    return next((key.colour for key in keys if value <= key.high), keys[-1].colour)


def draw_map(
    shapes: Sequence[Shape],
    lines: Sequence[Line],
    *,
    title: str,
    description: str,
    name: str = "map",
    over: Geometry | None = None,
) -> str:
    """The SVG element. `title` and `description` are what a screen reader says; texts are escaped here.

    `name` begins the ids, for a page with more maps than one; `over` is a piece of ground to draw above all. The
    element's data attributes tell a script which degrees a pixel stands for. Empty when there is nothing to draw.
    """
    if not shapes:
        return ""
    drawn = [shape.outline for shape in shapes] + [line.outline for line in lines if line.kind == "ward"]
    project = Projection.around(point for outline in drawn for ring in _rings(outline) for point in ring)
    keys = classes_of(shape.value for shape in shapes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="house-map" role="img" '
        f'viewBox="0 0 {project.width} {project.height}" aria-labelledby="{name}-title {name}-desc" '
        f'data-west="{project.west}" data-north="{project.north}" data-margin="{MARGIN}" '
        f'data-across="{project.across}" data-down="{project.down}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>',
        f'<g stroke="{OUTLINE_COLOUR}" stroke-width="0.7" stroke-linejoin="round" fill-rule="evenodd">',
    ]
    parts += [
        f'<path fill="{colour_of(shape.value, keys)}" d="{_path(shape.outline, project, close=True)}">'
        f"<title>{escape(shape.words)}</title></path>"
        for shape in shapes
    ]
    parts.append('</g><g fill="none" stroke-linecap="round" stroke-linejoin="round">')
    parts += [
        f'<path stroke="{LINE_COLOURS[line.kind]}" stroke-width="{LINE_WIDTHS[line.kind]}" '
        f'stroke-opacity="0.7" d="{_path(line.outline, project, close=False)}"/>'
        for line in lines
    ]
    parts.append("</g>")
    if over:
        parts.append(f'<path class="house-map__ground" d="{_path(over, project, close=True)}"/>')
    parts.append("</svg>")
    return "".join(parts)


def swatch(colour: str) -> str:
    """A square of the colour for the legend; the words beside it say what it means."""
    return (
        '<svg class="insight-swatch" width="24" height="24" aria-hidden="true" focusable="false">'
        f'<rect width="23" height="23" x="0.5" y="0.5" fill="{escape(colour)}" stroke="{OUTLINE_COLOUR}"/></svg>'
    )


@dataclass(frozen=True)
class Projection:
    """Degrees to whole pixels, equirectangular about the middle: true enough for a borough, north up.

    Two areas that share a border share its pixels too, so no gaps open between them.
    """

    west: float
    north: float
    across: float
    down: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Iterable[Sequence[float]]) -> "Projection":
        listed = list(points)
        west, east = min(p[0] for p in listed), max(p[0] for p in listed)
        south, north = min(p[1] for p in listed), max(p[1] for p in listed)
        shrink = cos(radians((south + north) / 2))
        span_x, span_y = max((east - west) * shrink, 1e-9), max(north - south, 1e-9)
        scale = min((WIDTH - 2 * MARGIN) / span_x, (TALLEST - 2 * MARGIN) / span_y)
        width, height = round(span_x * scale) + 2 * MARGIN, round(span_y * scale) + 2 * MARGIN
        return cls(west, north, scale * shrink, scale, width, height)

    def pixel(self, point: Sequence[float]) -> Pixel:
        return (
            round((point[0] - self.west) * self.across) + MARGIN,
            round((self.north - point[1]) * self.down) + MARGIN,
        )


def _path(outline: Geometry, project: Projection, *, close: bool) -> str:
    """Path data in whole pixels, each point relative to the last: half the length of absolute ones."""
    parts = []
    for ring in _rings(outline):
        pixels = list(_without_repeats(project.pixel(point) for point in ring))
        if close and len(pixels) > 1 and pixels[0] == pixels[-1]:
            pixels.pop()
        if len(pixels) < (3 if close else 2):
            continue
        (x, y), moves = pixels[0], []
        for to_x, to_y in pixels[1:]:
            moves.append(f"{to_x - x}{' ' if to_y >= y else ''}{to_y - y}")
            x, y = to_x, to_y
        parts.append(f"M{pixels[0][0]} {pixels[0][1]}l{' '.join(moves)}{'z' if close else ''}")
    return "".join(parts)


def _rings(outline: Geometry) -> Iterator[Sequence[Sequence[float]]]:
    """Each ring or line of a GeoJSON geometry, in (lon, lat)."""
    kind, coordinates = outline["type"], outline["coordinates"]
    if kind == "LineString":
        yield coordinates
    elif kind in ("Polygon", "MultiLineString"):
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon
    else:
        raise ValueError(f"cannot draw a {kind}")


def _without_repeats(pixels: Iterable[Pixel]) -> Iterator[Pixel]:
    last = None
    for pixel in pixels:
        if pixel != last:
            yield pixel
        last = pixel
