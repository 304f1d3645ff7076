"""How one office writes a person down: its own quality of names, dates of birth, addresses and telephones."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from borough.synthetic import slips
from borough.synthetic.borough_map import Home
from borough.synthetic.names import other_spelling, plain_letters
from borough.synthetic.person import Household, Person, years_ago

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Quality:
    """How often, from 0 to 1, this office has or does each thing. `care`: an address true to form."""

    typo: float = 0.012
    nickname: float = 0.03
    spelling: float = 0.10
    swap_names: float = 1.0  # times the naming group's own rate
    initial: float = 0.0
    maiden: float = 0.08
    previous: float = 0.0
    middle: float = 0.0
    plain: float = 0.5
    old_address: float = 0.08
    care: float = 0.8
    uprn: float = 0.0
    dob: float = 1.0
    dob_1900: float = 0.0
    dob_first_january: float = 0.005
    dob_swapped: float = 0.006
    dob_wrong: float = 0.008
    phone: float = 0.0
    landline: float = 0.15
    email: float = 0.0


@dataclass(slots=True)
class Written:
    """A person as one office holds them. `stale`: at the address before this one."""

    forename: str
    middle: str
    surname: str
    previous: str
    dob: date | None
    phone: str
    email: str
    home: Home
    flat: str
    house: str
    street: str
    postcode: str
    uprn: str
    stale: bool

    def address(self) -> str:
        """The address in one cell, with the town."""
        first = f"{self.house} {self.street}".strip()
        return ", ".join(part for part in (self.flat, first, self.home.town) if part)


def write_person(
    person: Person, household: Household, quality: Quality, rng: random.Random, home: Home | None = None
) -> Written:
    """What this office has for the person; `home` where it knows the property itself (a tenancy, an account)."""
    forename, surname = _names(person, quality, rng)
    stale = home is None and person.old_home is not None and rng.random() < quality.old_address / 0.2
    where = home or (person.old_home if stale and person.old_home else household.home)
    flat, house, street = slips.write_address(rng, where, quality.care)
    postcode = where.postcode
    luck = rng.random()
    if luck < 0.008:
        postcode = ""
    elif luck < 0.016:
        postcode = postcode.replace(" ", "")
    elif luck < 0.022:
        postcode = postcode.lower()
    phone = ""
    if rng.random() < quality.phone:
        phone = household.phone if rng.random() < quality.landline or not person.mobile else person.mobile
    return Written(
        forename=forename,
        middle=person.middle if rng.random() < quality.middle else "",
        surname=surname,
        previous=person.maiden if surname == person.surname and rng.random() < quality.previous else "",
        dob=_dob(person, quality, rng),
        phone=phone and write_phone(phone, rng),
        email=person.email if rng.random() < quality.email else "",
        home=where,
        flat=flat,
        house=house,
        street=street,
        postcode=postcode,
        uprn=where.uprn if rng.random() < quality.uprn else "",
        stale=stale,
    )


def _names(person: Person, quality: Quality, rng: random.Random) -> tuple[str, str]:
    forename, surname = person.forename, person.surname
    if rng.random() < quality.nickname:
        forename = person.nick
    elif person.group.code != "british" and rng.random() < quality.spelling:
        forename = other_spelling(rng, forename)
    elif rng.random() < quality.initial:
        forename = forename[0]
    if person.maiden and rng.random() < quality.maiden:
        surname = person.maiden
    elif rng.random() < quality.spelling * (0.8 if person.group.code != "british" else 0.1):
        surname = other_spelling(rng, surname)
    if " " in surname and rng.random() < 0.25:
        # Of two surnames an English form keeps one.
        surname = surname.split()[0]
    if rng.random() < quality.typo:
        forename = slips.typo(rng, forename)
    if rng.random() < quality.typo:
        surname = slips.typo(rng, surname)
    if not (forename.isascii() and surname.isascii()) and rng.random() < quality.plain:
        forename, surname = plain_letters(forename), plain_letters(surname)
    if rng.random() < person.group.swaps * quality.swap_names:
        forename, surname = surname, forename
    return forename, surname


def _dob(person: Person, quality: Quality, rng: random.Random) -> date | None:
    born = person.dob
    if rng.random() >= quality.dob:
        return slips.SYSTEM_DATE if rng.random() < quality.dob_1900 else None
    luck = rng.random()
    # Where births are seldom registered, papers say 1 January.
    first_january = quality.dob_first_january * (6 if person.group.code in ("somali", "arabic", "bengali") else 1)
    if luck < first_january:
        return slips.first_of_january(born)
    if luck < first_january + quality.dob_swapped:
        return slips.swap_day_and_month(born)
    if luck < first_january + quality.dob_swapped + quality.dob_wrong:
        return slips.wrong_digit(rng, born)
    return born


def begun(rng: random.Random, held: Written, person: Person, household: Household, low: float, high: float) -> date:
    """When this office first held the person: so many years ago, in their lifetime, and before a move it missed."""
    high = min(high, max(0.2, person.age))
    start = years_ago(rng, min(low, high / 2), high)
    if held.stale and start > household.moved_on:
        return household.moved_on - timedelta(days=rng.randrange(20, 190))
    return start


def write_phone(phone: str, rng: random.Random) -> str:
    """One of the ways in which people write a number."""
    style = rng.random()
    if style < 0.6:
        return phone
    if style < 0.85:
        return f"{phone[:5]} {phone[5:]}"
    return f"+44 {phone[1:]}"


def day_month_year(day: date | None) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day else ""


def day_mon_year(day: date | None) -> str:
    return f"{day.day:02d}-{MONTHS[day.month]}-{day.year}" if day else ""


def day_mon_short_year(day: date | None) -> str:
    return f"{day.day:02d}-{MONTHS[day.month]}-{day.year % 100:02d}" if day else ""


def compact(day: date | None) -> str:
    return f"{day.year}{day.month:02d}{day.day:02d}" if day else ""


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def title_of(person: Person, rng: random.Random) -> str:
    """Mr, Mrs, Miss, Ms, Master or Dr."""
    if rng.random() < 0.01 and person.age > 26:
        return "Dr"
    if person.sex == "M":
        return "Mr" if person.age >= 14 else "Master"
    if person.age < 18:
        return "Miss"
    return "Mrs" if person.maiden or (person.age > 60 and rng.random() < 0.6) else rng.choice(("Ms", "Miss"))
