"""A made-up person and a household, as everything else here passes them about."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from borough.synthetic.borough_map import Home
from borough.synthetic.names import NamingGroup
from borough.synthetic.numbers import nhs_number_for, nino_for

# The rehearsal is always this day, so that the same seed gives the same bytes.
AS_AT = date(2026, 11, 1)


@dataclass(slots=True)
class Person:
    """One person. `number` is unique in the borough; its identifiers are made from it."""

    number: int
    sex: str
    age: int
    dob: date
    group: NamingGroup
    role: str = "adult"  # adult, partner, child, parent (of an adult of the home)
    forename: str = ""
    middle: str = ""
    surname: str = ""
    maiden: str = ""
    nick: str = ""
    language: str = "English"
    disabled: bool = False
    mobile: str = ""
    email: str = ""
    old_home: Home | None = None

    @property
    def id(self) -> str:
        return f"P{self.number:07d}"

    @property
    def nino(self) -> str:
        return nino_for(self.number)

    @property
    def nhs_number(self) -> str:
        return nhs_number_for(self.number)


@dataclass(slots=True)
class Household:
    """`kind`: family, couple, alone, shared (a house in multiple occupation), care_home, or gone (see fates.py)."""

    number: int
    kind: str
    people: list[Person]
    home: Home = field(default_factory=lambda: Home("", "", "", "", "", "", "", 0.0, 0.0))
    tenure: str = "private"  # owned, private, social
    phone: str = ""
    moved_on: date = AS_AT
    benefit: bool = False
    arrears: float = 0.0
    dog: bool = False
    car: bool = False
    # The council home that they rent and have let to others (fates.py), and since when they have rented it.
    let_home: Home | None = None
    let_since: date = AS_AT
    # One of two partners has the single person discount.
    claims_alone: bool = False
    # The address that the school was given, where it is not theirs.
    school_home: Home | None = None

    @property
    def id(self) -> str:
        return f"H{self.number:07d}"

    @property
    def rented_home(self) -> Home:
        """Where the landlord takes them to live."""
        return self.let_home or self.home

    @property
    def rented_since(self) -> date:
        return self.let_since if self.let_home else self.moved_on

    @property
    def is_council_tenancy(self) -> bool:
        return self.tenure == "social" and self.kind not in ("care_home", "shared")


def years_ago(rng: random.Random, low: float, high: float) -> date:
    """A day between so many years before the rehearsal's day."""
    return AS_AT - timedelta(days=int(rng.uniform(low, high) * 365.25))
