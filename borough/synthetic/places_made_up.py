"""Alderbrook: a borough that does not exist, so that a rehearsal needs no data at all.

Twelve wards of hexagon-like small areas whose outlines share every point, a river and a high street. It lies in the
North Sea, where nobody takes it for a neighbourhood of their own.
"""

import math
import random
from collections import defaultdict

from borough.synthetic.borough_map import BoroughMap, Geometry, Profile, SmallArea, Ward, largest_remainder

AREAS = 112
MIDDLE = (52.30, 2.60)
# Of a hexagon, centre to corner. 112 of them make a borough of about 27 square kilometres.
SIZE_KM = 0.305
KM_LAT = 1 / 111.32
KM_LON = 1 / (111.32 * math.cos(math.radians(MIDDLE[0])))
WARD_NAMES = (
    "Castle Hill",
    "Brook Green",
    "Ironbridge Row",
    "Eastfields",
    "Fairmead",
    "Alderbrook Town",
    "Grange Park",
    "Harbour",
    "Dockside",
    "Kingsmead",
    "Lower Marsh",
    "Millbank",
)

# Residents in a thousand by five-year band: young and mixed, as inner boroughs are.
YOUNG = (58, 52, 48, 62, 110, 125, 110, 88, 70, 60, 55, 47, 38, 27, 20, 14, 9, 7)
SETTLED = (62, 64, 62, 58, 55, 60, 70, 76, 74, 70, 68, 62, 54, 48, 44, 34, 22, 17)
OLDER = (46, 48, 50, 50, 46, 48, 52, 56, 60, 66, 72, 74, 70, 66, 66, 56, 40, 34)

Point = tuple[float, float]


def made_up_borough(residents: int) -> BoroughMap:
    """Alderbrook with this many residents. The ground is always the same; only the number of people differs."""
    rng = random.Random("Alderbrook")
    cells = _cells()
    wards = _wards(cells)
    profiles = [_profile(rng, cell) for cell in cells]
    weights = [rng.uniform(0.85, 1.15) for _ in cells]
    counts = largest_remainder(weights, residents)
    number_in_ward: dict[int, int] = defaultdict(int)
    areas = []
    for index, cell in enumerate(cells):
        ward = wards[index]
        number_in_ward[ward] += 1
        lat, lon = _lat_lon(_centre(cell))
        areas.append(
            SmallArea(
                index=index,
                code=f"X01{index + 1:06d}",
                name=f"{WARD_NAMES[ward]} {number_in_ward[ward]:02d}",
                ward=f"X05{ward + 1:06d}",
                residents=counts[index],
                census=counts[index],
                lat=lat,
                lon=lon,
                profile=profiles[index],
                spots=tuple(_spots(rng, index, ward, cell)),
                geometry=_polygon([_ring([cell])]),
            )
        )
    return BoroughMap(
        name="Alderbrook",
        town="Alderbrook",
        wards=tuple(
            _ward(ward, [cell for cell, of in zip(cells, wards, strict=True) if of == ward])
            for ward in range(len(WARD_NAMES))
        ),
        areas=tuple(areas),
        lines=(("River Alder", "river", _river()), ("High Street", "high_street", _high_street())),
    )


Cell = tuple[int, int]


def _centre(cell: Cell) -> Point:
    """Kilometres east and north of the middle, for axial coordinates of a grid with a corner at the top."""
    q, r = cell
    return SIZE_KM * math.sqrt(3) * (q + r / 2), SIZE_KM * 1.5 * r


def _cells() -> list[Cell]:
    """The cells nearest to the middle by a distance that is bent, so that the borough is no circle."""

    def reach(cell: Cell) -> float:
        x, y = _centre(cell)
        angle = math.atan2(y, x)
        bend = 1 + 0.16 * math.sin(2 * angle + 0.7) + 0.10 * math.sin(3 * angle + 2.1) + 0.05 * math.sin(5 * angle)
        return math.hypot(x * 0.88, y) / bend

    around = [(q, r) for q in range(-14, 15) for r in range(-14, 15)]
    return sorted(sorted(around, key=lambda cell: (reach(cell), cell))[:AREAS], key=lambda cell: (-cell[1], cell[0]))


def _wards(cells: list[Cell]) -> list[int]:
    """Which ward each cell is in: compact groups of up to ten around twelve seats that settle in their middle."""
    count = len(WARD_NAMES)
    points = [_centre(cell) for cell in cells]
    seats = [points[int((place + 0.5) * len(cells) / count)] for place in range(count)]
    wards = [0] * len(cells)
    most = -(-len(cells) // count)
    for _ in range(30):
        room = [most] * count
        near = sorted(
            (math.dist(point, seat), place, ward)
            for place, point in enumerate(points)
            for ward, seat in enumerate(seats)
        )
        wards = [-1] * len(cells)
        for _distance, place, ward in near:
            if wards[place] < 0 and room[ward]:
                wards[place] = ward
                room[ward] -= 1
        for ward in range(count):
            mine = [point for point, of in zip(points, wards, strict=True) if of == ward]
            seats[ward] = (sum(x for x, _ in mine) / len(mine), sum(y for _, y in mine) / len(mine))
    return wards


def _profile(rng: random.Random, cell: Cell) -> Profile:
    """Younger, poorer and denser towards the middle; older at the edge; with luck in it."""
    x, y = _centre(cell)
    edge = min(1.0, math.hypot(x, y) / 3.2)
    pull = min(1.0, max(0.0, edge + rng.uniform(-0.25, 0.25)))
    ages = tuple(
        young * (1 - pull) ** 2 + settled * 2 * pull * (1 - pull) + old * pull**2
        for young, settled, old in zip(YOUNG, SETTLED, OLDER, strict=True)
    )
    social = min(0.75, max(0.04, rng.betavariate(1.6, 3.2) * (1.35 - 0.7 * edge)))
    owned = (1 - social) * min(0.85, max(0.15, 0.30 + 0.4 * pull + rng.uniform(-0.1, 0.1)))
    return Profile(
        ages=ages,
        owned=owned,
        social=social,
        disabled=min(0.30, 0.09 + 0.13 * social + 0.06 * pull + rng.uniform(-0.01, 0.01)),
        other_language=min(0.6, max(0.04, 0.28 - 0.16 * pull + 0.12 * social + rng.uniform(-0.08, 0.08))),
        residents_per_home=rng.uniform(2.1, 2.6),
    )


def _shift(a: Point, b: Point, part: int) -> Point:
    """A point on the edge between two corners, moved a little: the same from both sides, so that outlines meet."""
    low, high = sorted((a, b))
    share = part / 4 if low == a else 1 - part / 4
    rng = random.Random(f"{low[0]:.3f} {low[1]:.3f} {high[0]:.3f} {high[1]:.3f} {share:.2f}")
    x = low[0] + (high[0] - low[0]) * share + rng.uniform(-0.018, 0.018)
    y = low[1] + (high[1] - low[1]) * share + rng.uniform(-0.018, 0.018)
    return round(x, 4), round(y, 4)


def _corners(cell: Cell) -> list[Point]:
    """The six corners, anticlockwise, each moved a little. Whole numbers name a corner alike from its three cells."""
    q, r = cell
    steps = ((1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1))
    return [_corner(2 * q + r + right, 3 * r + up) for right, up in steps]


def _corner(right: int, up: int) -> Point:
    rng = random.Random(f"corner {right} {up}")
    x, y = SIZE_KM * math.sqrt(3) / 2 * right, SIZE_KM / 2 * up
    return round(x + rng.uniform(-0.055, 0.055), 4), round(y + rng.uniform(-0.055, 0.055), 4)


def _ring(cells: list[Cell]) -> list[Point]:
    """The outline of cells that hang together: the edges that belong to one cell only, end to end."""
    following: dict[Point, Point] = {}
    for cell in cells:
        corners = _corners(cell)
        for place in range(6):
            a, b = corners[place], corners[(place + 1) % 6]
            if following.get(b) == a:
                del following[b]
            else:
                following[a] = b
    start = min(following)
    ring = [start]
    at = start
    while True:
        to = following.pop(at)
        ring += [_shift(at, to, part) for part in (1, 2, 3)]
        ring.append(to)
        at = to
        if at == start:
            return ring


def _lat_lon(point: Point) -> Point:
    return round(MIDDLE[0] + point[1] * KM_LAT, 6), round(MIDDLE[1] + point[0] * KM_LON, 6)


def _coordinates(points: list[Point]) -> list[list[float]]:
    """GeoJSON order: longitude, then latitude."""
    return [[lon, lat] for lat, lon in (_lat_lon(point) for point in points)]


def _polygon(rings: list[list[Point]]) -> Geometry:
    return {"type": "Polygon", "coordinates": [_coordinates(ring) for ring in rings]}


def _ward(ward: int, cells: list[Cell]) -> Ward:
    points = [_centre(cell) for cell in cells]
    middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    lat, lon = _lat_lon(middle)
    return Ward(f"X05{ward + 1:06d}", WARD_NAMES[ward], lat, lon, _polygon([_ring(cells)]))


def _spots(rng: random.Random, index: int, ward: int, cell: Cell) -> list[tuple[str, float, float]]:
    """Postcodes of the XA area, which Royal Mail does not use, scattered well inside the cell."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    spots = []
    for place in range(54):
        x, y = _centre(cell)
        angle, radius = rng.uniform(0, 2 * math.pi), SIZE_KM * 0.72 * math.sqrt(rng.random())
        lat, lon = _lat_lon((x + radius * math.cos(angle), y + radius * math.sin(angle)))
        # 112 areas of 54 postcodes: sector by area within a ward, unit by place.
        unit = (index * 54 + place) % 400
        sector = (index * 54 + place) // 400
        postcode = f"XA{1 + sector // 10} {sector % 10}{letters[unit // 20]}{letters[unit % 20]}"
        spots.append((postcode, lat, lon))
    return spots


def _river() -> list[list[float]]:
    points = []
    for step in range(61):
        x = -4.2 + step * 0.14
        points.append((round(x, 3), round(-0.7 + 0.55 * math.sin(x * 0.9) + 0.16 * math.sin(x * 2.3 + 1), 4)))
    return _coordinates(points)


def _high_street() -> list[list[float]]:
    points = [
        (round(-1.3 + 0.2 * step, 3), round(0.35 + 0.06 * math.sin(step * 0.8) + step * 0.03, 4)) for step in range(14)
    ]
    return _coordinates(points)
