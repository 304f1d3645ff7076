"""The directory of services and the volunteers."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.services import NEEDS, services_page
from borough.synthetic.tests.conftest import RESIDENTS, read
from borough.synthetic.volunteers import volunteer_rows, volunteers_wanted


def test_there_are_180_services_in_the_shape_of_open_referral(rehearsal: Path) -> None:
    page = json.loads((rehearsal / "services.json").read_text(encoding="utf-8"))
    services = page["contents"]
    assert page["total_items"] == len(services) == 180
    assert len({service["id"] for service in services}) == 180
    assert len({service["name"] for service in services}) > 165
    for service in services:
        assert {"id", "name", "description", "status", "organization"} <= set(service)
        assert service["status"] in ("active", "inactive", "defunct", "temporarily closed")
        location = service["service_at_locations"][0]["location"]
        assert 52.2 < location["latitude"] < 52.4
        assert clean_postcode(location["addresses"][0]["postal_code"])
        assert re.fullmatch(r"https://[a-z0-9-]+\.example\.org/[a-zé-]+", service["url"], re.IGNORECASE)
        assert clean_email(service["email"])
        assert all(len(found) == 36 for found in re.findall(r"'id': '([^']*)'", str(service)))


def test_every_need_has_several_services(rehearsal: Path) -> None:
    services = json.loads((rehearsal / "services.json").read_text(encoding="utf-8"))["contents"]
    terms = Counter(one["taxonomy_term"]["code"] for service in services for one in service["attributes"])
    for need in ("food", "shopping", "prescriptions", "isolation", "dog_walking", "debt", "digital_skills", "carers"):
        assert terms[need] >= 6
    assert set(terms) <= set(NEEDS)


def test_the_same_seed_lists_the_same_services() -> None:
    ground = made_up_borough(1000)
    assert services_page(ground, 4) == services_page(ground, 4)


def test_there_are_2300_volunteers_for_180_000_residents(rehearsal: Path) -> None:
    assert volunteers_wanted(180_000) == 2300
    rows = read(rehearsal / "volunteers.csv")
    assert len(rows) == round(RESIDENTS * 2300 / 180_000)
    assert set(rows[0]) == {
        "name", "phone", "email", "postcode", "skills", "languages", "radius_km", "capacity", "dbs_expires",
    }  # fmt: skip


def test_volunteers_can_be_reached_and_are_nobody_else(people: list[dict[str, str]]) -> None:
    rows = list(volunteer_rows(["XA1 0AA", "XA2 4ZT"], 20_000, 7))
    phones = [clean_phone(row[1]) for row in rows]
    assert all(phones)
    assert len(set(phones)) == len(phones)
    assert not set(phones) & {clean_phone(row["phone"]) for row in people if row["phone"]}
    assert len({row[2] for row in rows}) == len(rows)
    assert all(clean_email(row[2]) for row in rows)
    skills = Counter(skill for row in rows for skill in row[4].split(";"))
    assert set(skills) == {"food", "shopping", "prescriptions", "isolation", "dog_walking"}
    assert skills["shopping"] > skills["dog_walking"]


@pytest.mark.parametrize("column", [6, 7])
def test_volunteers_go_some_way_and_take_some_tasks(column: int) -> None:
    rows = volunteer_rows(["XA1 0AA", "XA2 4ZT"], 20_000, 7)
    values = [float(row[column]) for row in rows]
    assert min(values) >= 1
    assert 1.5 < sum(values) / len(values) < 4
