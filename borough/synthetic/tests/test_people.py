"""The people: families, twins, movers, and needs that follow from how they live."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from borough.common.identifiers import clean_email, clean_nhs_number, clean_nino, clean_phone
from borough.synthetic.borough_map import SmallArea
from borough.synthetic.circumstances import settle
from borough.synthetic.names import GROUPS
from borough.synthetic.numbers import landline_number, mobile_number, nhs_number_for, nino_for
from borough.synthetic.person import Household
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.settlement import Settlement
from borough.synthetic.tests.conftest import RESIDENTS, read

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def households() -> list[Household]:
    """Of three areas of a borough at full size."""
    ground = made_up_borough(180_000)
    found: list[Household] = []
    for area in ground.areas[40:43]:
        rng = random.Random(area.code)
        made = Settlement(area, 1_000_000 + area.index * 10_000, rng).households()
        settle(made, area, ground, rng)
        found += made
    return found


def full_size_area() -> SmallArea:
    return made_up_borough(180_000).areas[41]


def test_everybody_lives_in_one_household(households: list[Household]) -> None:
    numbers = Counter(person.number for household in households for person in household.people)
    assert max(numbers.values()) == 1
    assert len(numbers) == sum(area.residents for area in made_up_borough(180_000).areas[40:43])


def test_ages_are_those_of_the_area() -> None:
    area = full_size_area()
    made = Settlement(area, 0, random.Random(1)).households()
    bands = Counter(min(person.age // 5, 17) for household in made for person in household.people)
    whole = sum(area.profile.ages)
    for band, weight in enumerate(area.profile.ages):
        assert abs(bands[band] - weight * area.residents / whole) <= 1


def test_tenure_and_disability_are_those_of_the_area() -> None:
    ground = made_up_borough(180_000)
    area = ground.areas[41]
    rng = random.Random(1)
    made = Settlement(area, 0, rng).households()
    settle(made, area, ground, rng)
    tenures = Counter(household.tenure for household in made)
    people = [person for household in made for person in household.people]
    assert abs(tenures["social"] / len(made) - area.profile.social) < 0.01
    assert abs(tenures["owned"] / len(made) - area.profile.owned) < 0.01
    assert abs(sum(person.disabled for person in people) / len(people) - area.profile.disabled) < 0.01
    assert abs(len(people) / len(made) - area.profile.residents_per_home) < 0.1


def test_parents_are_older_than_their_children(households: list[Household]) -> None:
    families = [household for household in households if household.kind == "family"]
    right = sum(
        household.people[0].age - max(child.age for child in household.people if child.role == "child") >= 15
        for household in families
        if any(child.role == "child" for child in household.people)
    )
    assert right > 0.97 * len(families)


def test_brothers_and_sisters_are_twins_or_a_year_apart(households: list[Household]) -> None:
    twins = 0
    for household in households:
        births = sorted(person.dob for person in household.people if person.role == "child" and person.age < 18)
        for first, second in pairwise(births):
            twins += first == second
    assert twins > 3


def test_there_are_homes_of_every_kind(people: Rows) -> None:
    kinds = Counter({row["household"]: row["living"] for row in people}.values())
    assert set(kinds) == {"family", "couple", "alone", "shared", "care_home"}
    assert kinds["alone"] > 0.15 * kinds.total()
    sharing = Counter(row["uprn"] for row in people if row["living"] == "shared")
    assert max(sharing.values()) >= 4


def test_families_share_a_name_by_their_tradition(people: Rows) -> None:
    members = defaultdict(list)
    for row in people:
        if row["living"] == "family":
            members[row["naming_group"], row["household"]].append(row["surname"])
    alike = defaultdict(list)
    for (group, _), surnames in members.items():
        if len(surnames) > 2:
            alike[group].append(len(set(surnames)) == 1)
    assert sum(alike["british"]) / len(alike["british"]) > 0.5
    assert sum(alike["spanish"]) / len(alike["spanish"]) < 0.2


def test_every_naming_group_lives_here(people: Rows) -> None:
    groups = Counter(row["naming_group"] for row in people)
    assert set(groups) == set(GROUPS)
    assert groups["british"] == max(groups.values())


def test_telephones_are_shared_in_families_and_by_no_strangers(people: Rows) -> None:
    homes = defaultdict(set)
    for row in people:
        if row["phone"]:
            homes[row["phone"]].add(row["household"])
    assert max(len(found) for found in homes.values()) == 1
    holders = Counter(row["phone"] for row in people if row["phone"])
    assert sum(count > 1 for count in holders.values()) > 100


def test_old_people_alone_and_people_in_debt_need_more(people: Rows) -> None:
    def share(rows: Rows) -> float:
        return sum(bool(row["needs"]) for row in rows) / len(rows)

    adults = [row for row in people if row["dob"] < "2008-11-01"]
    old_alone = [row for row in adults if row["dob"] < "1951-11-01" and row["living"] == "alone"]
    assert share(old_alone) > 2 * share(adults)
    assert 0.08 < share(adults) < 0.22
    assert {need for row in people for need in row["needs"].split(";") if need} == {
        "food",
        "shopping",
        "prescriptions",
        "isolation",
        "dog_walking",
    }
    assert all(0 <= float(row["answers"]) <= 1 for row in people)
    assert not any(row["needs"] for row in people if row["dob"] > "2010-01-01")


def test_numbers_are_valid_and_no_two_people_have_the_same() -> None:
    numbers = [*range(0, 400_000, 40), *range(340_000, 340_200), *range(600_000, 600_200)]
    for make, clean in ((nino_for, clean_nino), (nhs_number_for, clean_nhs_number)):
        made = [make(number) for number in numbers]
        assert all(clean(text) == text for text in made)
        assert len(set(made)) == len(set(numbers))
    phones = [mobile_number(number) for number in numbers] + [landline_number(number) for number in numbers]
    assert all(clean_phone(text) for text in phones)
    assert len(set(phones)) == 2 * len(set(numbers))


def test_emails_are_at_addresses_that_nobody_can_own(people: Rows) -> None:
    addresses = [row["email"] for row in people if row["email"]]
    assert len(addresses) == len(set(addresses))
    assert all(clean_email(address) == address for address in addresses)
    assert all(address.partition("@")[2].rpartition("example.")[2] in ("org", "com", "net") for address in addresses)


def test_the_ledger_ends_at_the_balance_of_the_rents_extract(
    rehearsal: Path, extract: Callable[[str], list[dict[str, Any]]]
) -> None:
    last = {row["tenancy_ref"]: row for row in read(rehearsal / "rents_ledger.csv")}
    tenants = [row for row in extract("housing_rents") if row["Balance"] and row["Tenancy Ref"]]
    assert len(tenants) > 200
    for row in tenants:
        assert float(last[row["Tenancy Ref"]]["balance"]) == float(row["Balance"])
    assert {row["tenancy_ref"] for row in read(rehearsal / "rents_ledger.csv")} == set(last)


def test_the_ledger_adds_up(rehearsal: Path) -> None:
    balances: dict[str, float] = {}
    for row in read(rehearsal / "rents_ledger.csv"):
        date.fromisoformat(row["date"])
        if row["tenancy_ref"] in balances:
            assert abs(balances[row["tenancy_ref"]] + float(row["amount"]) - float(row["balance"])) < 0.011
        balances[row["tenancy_ref"]] = float(row["balance"])


def test_residents_fit_the_ground(people: Rows, rehearsal: Path) -> None:
    areas = Counter(row["small_area"] for row in people)
    assert sum(areas.values()) == RESIDENTS
    homes = {row["uprn"]: row for row in read(rehearsal / "addresses.csv")}
    assert all(homes[row["uprn"]]["small_area"] == row["small_area"] for row in people)
    kinds = {"care_home": "care_home", "shared": "hmo"}
    assert all(homes[row["uprn"]]["kind"] == kinds[row["living"]] for row in people if row["living"] in kinds)
