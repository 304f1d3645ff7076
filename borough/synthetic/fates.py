"""What happens in a borough that its council is not told of, or not by everybody: homes sublet, discounts that are not
due, school addresses that are nobody's home, deaths and moves away. Each with its truth.

Those who died or left are people beside the area's residents, whom the census does not count and some systems still
do. Each is a household of its own, of kind "gone".
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from borough.synthetic.borough_map import SmallArea
from borough.synthetic.naming import Namer
from borough.synthetic.person import AS_AT, Household, Person, years_ago
from borough.synthetic.system import Row, System

# Rates from 0 to 1. The Audit Commission put unlawful sublets in London at some 2.5 % of council homes (Protecting the
# public purse, 2012); reviews find 4 to 6 % of single person discounts wrong.
SUBLET = 0.025
DISCOUNT = 0.02
SCHOOL = 0.015
WIDOWED = 0.10
MOVED_AWAY = 0.10
# The elector's form and the librarian hear of a move or a death in so many cases.
TOLD = {"electoral_roll": 0.6, "libraries": 0.1, "parking_permits": 0.2, "adult_social_care": 0.0, "council_tax": 0.0}
# When each system first held somebody; a row that begins after they had gone is not written.
_STARTS = {
    "council_tax": "Liability Start",
    "adult_social_care": "Open from",
    "libraries": "Joined",
    "parking_permits": "Valid from",
    "electoral_roll": "Date Added",
}
_ENDS = {"council_tax": "Liability End", "adult_social_care": "Closed on"}
_DEATHS = {"council_tax": "Date of death", "adult_social_care": "Date of death"}
_FORMATS = {"council_tax": "%d/%m/%Y", "parking_permits": "%d-%b-%y", "electoral_roll": "%d/%m/%Y"}
# Above the number of any resident, so that no identifier is given twice.
FIRST_NUMBER = 4_500_000
FINDING_COLUMNS = ("check", "person", "household", "uprn", "on")


@dataclass(slots=True)
class Gone:
    """Somebody who died or left the borough, as a household of their own at the home they had."""

    household: Household
    on: date
    died: bool

    @property
    def person(self) -> Person:
        return self.household.people[0]


@dataclass(slots=True)
class Fates:
    """`findings` are rows of truth/findings.csv: what each check of the index ought to find."""

    gone: list[Gone] = field(default_factory=list)
    findings: list[tuple[str, ...]] = field(default_factory=list)


def decide(households: list[Household], area: SmallArea, first: int, rng: random.Random) -> Fates:
    """Change the households to whom something happens, and make up those who have gone. `rng` is this module's own."""
    fates = Fates()
    _sublet(households, fates, rng)
    for household in households:
        _claim(household, fates, rng)
        _apply_elsewhere(household, households, fates, rng)
    fates.gone = list(_gone(households, area, first, rng))
    for one in fates.gone:
        _note(fates, "died" if one.died else "moved", one.household, one.on)
    return fates


def _note(
    fates: Fates, check: str, household: Household, on: date, uprn: str = "", person: Person | None = None
) -> None:
    who = person or household.people[0]
    fates.findings.append((check, who.id, household.id, uprn or household.home.uprn, on.isoformat()))


def _sublet(households: list[Household], fates: Fates, rng: random.Random) -> None:
    """Tenants without children let their council home to a private household, and live where that would have."""
    tenancies = [one for one in households if one.is_council_tenancy and one.kind in ("alone", "couple")]
    others = [one for one in households if one.tenure == "private" and one.kind in ("alone", "couple", "family")]
    rng.shuffle(others)
    for tenant in tenancies:
        years = (AS_AT - tenant.moved_on).days / 365
        if years < 2 or not others or rng.random() >= SUBLET:
            continue
        other = others.pop()
        since = years_ago(rng, 0.4, min(4.0, years - 1))
        tenant.let_home, tenant.let_since = tenant.home, tenant.moved_on
        tenant.home, other.home = other.home, tenant.home
        tenant.moved_on = other.moved_on = since
        # Where nobody has told a system, the tenant is still at the council home.
        for person in tenant.people:
            person.old_home = tenant.let_home
        _note(fates, "sublets", tenant, since, tenant.let_home.uprn)


def _claim(household: Household, fates: Fates, rng: random.Random) -> None:
    """Of two partners one pays council tax as if alone."""
    if household.let_home or len(household.people) < 2 or household.people[1].role != "partner":
        return
    if rng.random() < DISCOUNT:
        household.claims_alone = True
        _note(fates, "discount", household, household.moved_on)


def _apply_elsewhere(household: Household, households: list[Household], fates: Fates, rng: random.Random) -> None:
    """A family gives the school the address of somebody whom it knows nearby."""
    children = [person for person in household.people if 4 <= person.age <= 11]
    if not children or rng.random() >= SCHOOL:
        return
    household.school_home = rng.choice(households).home
    for child in children:
        _note(fates, "school", household, AS_AT, household.school_home.uprn, child)


def _gone(households: list[Household], area: SmallArea, first: int, rng: random.Random) -> Iterator[Gone]:
    """Late wives and husbands of the old who live alone, and those who lived in a home before and left the borough."""
    namer = Namer(area.profile.other_language, rng)
    number = FIRST_NUMBER + first
    for household in households:
        one = household.people[0]
        if household.kind == "alone" and one.age >= 68 and rng.random() < WIDOWED:
            on = years_ago(rng, 0.05, 2.5)
            died = Person(number, "F" if one.sex == "M" else "M", one.age, one.dob, one.group, role="partner")
            died.dob = one.dob - timedelta(days=rng.randrange(-900, 2200))
            died.disabled = rng.random() < 0.5
            made = _as_household(died, household, on - timedelta(days=rng.randrange(900, 9000)), namer)
            died.surname = one.surname if one.maiden or died.sex == "M" or rng.random() < 0.6 else died.surname
            yield Gone(made, on, died=True)
        elif household.tenure == "private" and household.kind in ("alone", "couple", "family"):
            # The home stood empty for some weeks.
            on = household.moved_on - timedelta(days=rng.randrange(5, 60))
            if on < years_ago(rng, 3, 3) or rng.random() >= MOVED_AWAY:
                continue
            age = rng.randint(20, 62)
            dob = AS_AT.replace(year=AS_AT.year - age) - timedelta(days=rng.randrange(365))
            left = Person(number, rng.choice("FM"), age, dob, one.group)
            made = _as_household(left, household, on - timedelta(days=rng.randrange(300, 2500)), namer)
            made.car = rng.random() < 0.5
            yield Gone(made, on, died=False)
        else:
            continue
        number += 1


def _as_household(person: Person, home_of: Household, moved_on: date, namer: Namer) -> Household:
    """The one person with a name, at the home of the household that lives there now."""
    made = Household(person.number, "gone", [person], home=home_of.home, tenure="private", moved_on=moved_on)
    # They took their telephone along, or it was cut off.
    namer.name(made)
    return made


def rows_of_gone(system: System, gone: Gone, rng: random.Random) -> Iterator[Row]:
    """What a system holds of somebody who has gone: nothing where it was told, else what it held on the day."""
    if system.code not in _STARTS:
        return
    at = {column: place for place, column in enumerate(system.columns)}
    for values, person in system.rows(gone.household, rng):
        if rng.random() < TOLD[system.code]:
            continue
        form = _FORMATS.get(system.code, "%Y-%m-%d")
        started = values[at[_STARTS[system.code]]]
        if not started or datetime.strptime(started, form).date() > gone.on:  # noqa: DTZ007
            continue
        if system.code in _ENDS:
            values[at[_ENDS[system.code]]] = gone.on.strftime(form)
        if gone.died and system.code in _DEATHS:
            values[at[_DEATHS[system.code]]] = gone.on.strftime(form)
        yield values, person
