"""Facts as the residents room exports them, made by hand, and a small map."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.apps import apps

from borough.accounts.policies import system_viewer
from borough.places.actions import load_areas


@dataclass
class FactsByHand:
    people: list[tuple[Any, ...]] = field(default_factory=list)
    records: list[tuple[Any, ...]] = field(default_factory=list)

    def person(
        self,
        resident_id: str,
        *,
        age: int | None = 40,
        home: str | None = None,
        size: int = 2,
        shared: bool = False,
        area: str = "S1",
        phone: bool = True,
        email: bool = True,
    ) -> "FactsByHand":
        dob = None if age is None else date(2026 - age, 1, 1)
        home = home or f"H-{resident_id}"
        self.people.append((resident_id, home, size, shared, dob, age, "F", "English", area, "", phone, email))
        return self

    def record(self, resident_id: str, source: str, ended_on: date | None = None, **facts: Any) -> "FactsByHand":
        self.records.append((resident_id, source, json.dumps(facts), None, ended_on))
        return self

    def write(self, folder: Path) -> None:
        with duckdb.connect() as db:
            db.execute(
                "CREATE TABLE residents (resident_id VARCHAR, household_id VARCHAR, household_size BIGINT, "
                'shared BOOLEAN, dob DATE, age BIGINT, sex VARCHAR, "language" VARCHAR, small_area VARCHAR, '
                "uprn VARCHAR, has_phone BOOLEAN, has_email BOOLEAN)"
            )
            db.execute(
                "CREATE TABLE records (resident_id VARCHAR, source VARCHAR, facts VARCHAR, "
                "started_on DATE, ended_on DATE)"
            )
            if self.people:
                db.executemany(f"INSERT INTO residents VALUES ({', '.join('?' * 12)})", self.people)
            if self.records:
                db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", self.records)
            for table in ("residents", "records"):
                db.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


@pytest.fixture
def facts(monkeypatch, open_agreements):
    """What the next scoring will find, under an agreement that lets it read records."""
    by_hand = FactsByHand()
    apps.get_model("governance", "Agreement").objects.filter(purpose_id="find-need").update(fields=["*"])
    monkeypatch.setattr(
        "borough.insight.actions.export_facts", lambda folder, *, viewer, purpose: by_hand.write(folder)
    )
    return by_hand


@pytest.fixture
def small_map(db, tmp_path):
    """Wards W1 (small areas S1, S2) and W2 (S3), with Census counts, and a river."""

    def feature(code, kind, west, **properties):
        corners = [[west, 51.5], [west + 0.01, 51.5], [west + 0.01, 51.51], [west, 51.51], [west, 51.5]]
        return {
            "type": "Feature",
            "properties": {"code": code, "name": f"Area {code}", "kind": kind, **properties},
            "geometry": {"type": "Polygon", "coordinates": [corners]},
        }

    river = {
        "type": "Feature",
        "properties": {"code": "RIVER", "name": "The Brook", "kind": "river"},
        "geometry": {"type": "LineString", "coordinates": [[-0.1, 51.5], [-0.07, 51.51]]},
    }
    features = [
        feature("W1", "ward", -0.1),
        feature("W2", "ward", -0.08),
        feature("S1", "small_area", -0.1, parent="W1", residents=20),
        feature("S2", "small_area", -0.09, parent="W1", residents=10),
        feature("S3", "small_area", -0.08, parent="W2", residents=10),
        river,
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, "attribution": "Source: a test"}))
    load_areas(path, by=system_viewer("a test"))
