"""A seeded borough for the matching: Alderbrook's volunteers as the rehearsal writes them, and tasks where people live.

What the rehearsal does not tell of a volunteer is drawn here: how they travel, which hours they have (half of the
mornings, afternoons and evenings of a week), and how many weeks ago they were last asked.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from borough.synthetic.borough_map import BoroughMap
from borough.synthetic.places_made_up import SIZE_KM, made_up_borough
from borough.synthetic.volunteers import VOLUNTEER_COLUMNS, volunteer_rows
from borough.volunteers.availability import DAYTIME
from borough.volunteers.matching import Helper, Task
from borough.volunteers.matching_costs import RADIUS_KM

RESIDENTS = 180_000
# A Monday morning, while every check of the rehearsal counts from the same time.
START = datetime(2026, 11, 2, 8, tzinfo=UTC)
NEEDS = {"food": 3, "shopping": 4, "prescriptions": 2, "isolation": 2, "dog_walking": 1}
CHECKED = ("prescriptions", "isolation")
LANGUAGES = ("Somali", "Bengali", "Arabic", "Spanish")


class Borough:
    """Places to live in, drawn by where residents are."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ground: BoroughMap = made_up_borough(RESIDENTS)
        self.weights = [area.residents for area in self.ground.areas]

    def place(self) -> tuple[float, float]:
        (area,) = self.rng.choices(self.ground.areas, self.weights)
        north, east = (self.rng.uniform(-SIZE_KM, SIZE_KM) * 0.87 for _ in range(2))
        return area.lat + north / 111.2, area.lon + east / 111.2 / math.cos(math.radians(area.lat))

    def helpers(self, *, idle: bool = True) -> list[Helper]:
        """2,300 of them. `idle`: some were asked lately and some never; else all are new."""
        rng, parts = self.rng, sorted(DAYTIME)
        helpers = []
        for number, cells in enumerate(volunteer_rows(["X"], RESIDENTS, self.rng.randrange(10**6))):
            row = dict(zip(VOLUNTEER_COLUMNS, cells, strict=True))
            lat, lon = self.place()
            travel = rng.choices(("walk", "bike", "car"), (5, 2, 3))[0]
            # Three in ten drivers have not shown licence and insurance, and are asked to go on foot.
            shown = travel != "car" or rng.random() < 0.7
            radius = float(row["radius_km"])
            helpers.append(
                Helper(
                    id=f"V{number:05}",
                    lat=lat,
                    lon=lon,
                    skills=frozenset(row["skills"].split(";")),
                    radius_km=radius if shown else min(radius, RADIUS_KM["walk"]),
                    capacity=int(row["capacity"]),
                    checked_until=date.fromisoformat(row["dbs_expires"]) if row["dbs_expires"] else None,
                    drives_until=date(2027, 6, 1) if travel == "car" else None,
                    languages=frozenset(row["languages"].split(";")),
                    travel=travel if shown else "walk",
                    hours=frozenset(part for part in parts if rng.random() < 0.5) or frozenset(parts),
                    idle_weeks=rng.randrange(9) if idle else 8,
                )
            )
        return helpers

    def tasks(self, count: int) -> Iterator[Task]:
        """Over two weeks. Two in five have an hour of their own, 6 in 100 need an interpreter, and 3 in 10 residents
        know a volunteer already."""
        rng = self.rng
        for number in range(count):
            lat, lon = self.place()
            (need,) = rng.choices(list(NEEDS), list(NEEDS.values()))
            day = rng.randrange(1, 14)
            since = START + timedelta(days=day, hours=rng.randrange(12)) if rng.random() < 0.4 else None
            language = rng.choice(LANGUAGES) if rng.random() < 0.2 else "English"
            yield Task(
                id=f"T{number:06}",
                lat=lat,
                lon=lon,
                skill=need,
                checked=need in CHECKED,
                urgency=rng.choices(("urgent", "soon", "routine"), (1, 4, 5))[0],
                language=language,
                interpreter=language != "English" and rng.random() < 0.3,
                starts_at=since,
                ends_at=since + timedelta(hours=rng.choice((1, 1, 2))) if since else None,
                due_on=(START + timedelta(days=day)).date(),
                trusted=frozenset({f"V{rng.randrange(2300):05}"}) if rng.random() < 0.3 else frozenset(),
            )
