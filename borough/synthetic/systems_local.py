"""Libraries, parking permits and the electoral roll."""

import random
from collections.abc import Iterator

from borough.synthetic.clerk import Quality, begun, day_mon_short_year, day_month_year, iso, title_of, write_person
from borough.synthetic.person import Household, Person, years_ago
from borough.synthetic.system import Row, System


class Libraries(System):
    """Borrowers, as they said at the counter, and seldom put right."""

    code, title, owner, refresh = "libraries", "Libraries", "Libraries", "monthly"
    delimiter = ";"
    columns = (
        "Borrower", "Name", "Date of birth", "Address", "Postcode", "E-mail", "Mobile", "Joined", "Last visit",
        "Computer use",
    )  # fmt: skip
    key = ("Borrower",)
    dob_column, impossible_dob = "Date of birth", "1980-02-31"
    mapping = """
[fields]
name = { column = "Name", order = "forename surname" }
dob = { column = "Date of birth", format = "%Y-%m-%d", unknown = ["1900-01-01"] }
address = { column = "Address" }
postcode = { column = "Postcode" }
email = { column = "E-mail" }
phone = { column = "Mobile" }
started_on = { column = "Joined", format = "%Y-%m-%d" }

[facts]
last_visit = { column = "Last visit", type = "date", format = "%Y-%m-%d" }
computer_use = { column = "Computer use", type = "flag", yes = ["1"] }
"""
    quality = Quality(
        typo=0.022, nickname=0.11, maiden=0.16, swap_names=1.6, old_address=0.15, care=0.6, dob=0.62, dob_1900=0.25,
        dob_first_january=0.012, dob_swapped=0.010, dob_wrong=0.010, phone=0.5, landline=0.05, email=0.62, plain=0.3,
    )  # fmt: skip

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        for person in household.people:
            joins = 0.62 if 5 <= person.age < 16 else 0.25 if person.age < 5 else 0.50
            if rng.random() < joins:
                yield self.row(person, household, 0, rng), person
                if rng.random() < 0.04:
                    # They lost the card and joined again.
                    yield self.row(person, household, 1, rng), person

    def row(self, person: Person, household: Household, again: int, rng: random.Random) -> list[str]:
        """One borrower. `again`: how many cards this person had before."""
        held = write_person(person, household, self.quality, rng)
        joined = begun(rng, held, person, household, 1, 9)
        return [
            f"D{person.number * 2 + again:08d}", f"{held.forename} {held.surname}", iso(held.dob), held.address(),
            held.postcode, held.email, held.phone, iso(joined), iso(max(joined, years_ago(rng, 0, 3))),
            "1" if rng.random() < 0.22 else "0",
        ]  # fmt: skip


class ParkingPermits(System):
    """Permits for a car, and Blue Badges. The whole name with its title in one column."""

    code, title, owner, refresh = "parking_permits", "Parking permits", "Parking", "daily"
    columns = (
        "Permit No", "Holder", "Date of birth", "Address line 1", "Address line 2", "Town", "Postcode", "UPRN",
        "Vehicle", "Permit type", "Blue Badge", "Valid from", "Valid to", "Email", "Mobile",
    )  # fmt: skip
    key = ("Permit No",)
    dob_column, impossible_dob = "Date of birth", "31/02/1980"
    mapping = """
[fields]
name = { column = "Holder", order = "title forename surname" }
dob = { column = "Date of birth", format = "%d/%m/%Y" }
address = { columns = ["Address line 1", "Address line 2", "Town"] }
postcode = { column = "Postcode" }
uprn = { column = "UPRN" }
email = { column = "Email" }
phone = { column = "Mobile" }
started_on = { column = "Valid from", format = "%d-%b-%y" }
ended_on = { column = "Valid to", format = "%d-%b-%y" }

[facts]
blue_badge = { column = "Blue Badge", type = "flag", yes = ["Y"], special = true }
vehicle = { column = "Vehicle", type = "text" }
"""
    quality = Quality(
        typo=0.012,
        nickname=0.06,
        maiden=0.06,
        old_address=0.03,
        uprn=0.95,
        phone=0.8,
        landline=0.02,
        email=0.9,
        plain=0.5,
    )

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        if household.kind == "care_home":
            return
        drivers = [person for person in household.people if person.age >= 18]
        for place, person in enumerate(drivers):
            if household.car and rng.random() < (0.75 if place == 0 else 0.4):
                yield self._row(person, household, 0, rng), person
                if rng.random() < 0.2:
                    # Last year's permit stays on file.
                    yield self._row(person, household, 1, rng), person
            if person.disabled and rng.random() < 0.4:
                yield self._row(person, household, 2, rng), person

    def _row(self, person: Person, household: Household, kind: int, rng: random.Random) -> list[str]:
        held = write_person(person, household, self.quality, rng)
        start = (
            years_ago(rng, 0, 0.98) if kind == 0 else years_ago(rng, 1, 1.98) if kind == 1 else years_ago(rng, 0, 2.9)
        )
        end = start.replace(year=start.year + (3 if kind == 2 else 1), day=min(start.day, 28))
        at = person.number * 1009 % 17_576
        plate = "".join("ABCDEFGHJKLMNPRSTUVWXYZ"[at // 26**place % 23] for place in range(3))
        return [
            f"{'RRB'[kind]}P{person.number * 3 + kind:08d}", f"{title_of(person, rng)} {held.forename} {held.surname}",
            day_month_year(held.dob) if kind == 2 else "", held.flat, f"{held.house} {held.street}".strip(),
            held.home.town, held.postcode, held.uprn, "" if kind == 2 else f"XA{10 + person.number % 60} {plate}",
            "Blue Badge" if kind == 2 else "Resident", "Y" if kind == 2 else "N", day_mon_short_year(start),
            day_mon_short_year(end), held.email, held.phone,
        ]  # fmt: skip


class ElectoralRoll(System):
    """The register of electors: names as on papers, and a date of birth for those about to come of age only."""

    code, title, owner, refresh = "electoral_roll", "Electoral roll", "Electoral services", "monthly"
    columns = (
        "Elector Number Prefix", "Elector Number", "Elector Markers", "Elector Title", "Elector Surname",
        "Elector Forename", "Elector Middle Names", "Date of Attainment", "Elector DOB", "PostCode", "Address1",
        "Address2", "Address3", "Address4", "Property URN", "Date Added", "Attainer",
    )  # fmt: skip
    key = ("Elector Number Prefix", "Elector Number")
    dob_column, impossible_dob = "Elector DOB", "31/02/2009"
    mapping = """
[fields]
title = { column = "Elector Title" }
forename = { column = "Elector Forename" }
middle_names = { column = "Elector Middle Names" }
surname = { column = "Elector Surname" }
dob = { column = "Elector DOB", format = "%d/%m/%Y" }
address = { columns = ["Address1", "Address2", "Address3", "Address4"] }
postcode = { column = "PostCode" }
uprn = { column = "Property URN" }
started_on = { column = "Date Added", format = "%d/%m/%Y" }

[facts]
attainer = { column = "Attainer", type = "flag", yes = ["Y"] }
"""
    quality = Quality(
        typo=0.008, nickname=0.015, maiden=0.09, middle=0.75, old_address=0.06, uprn=0.93, dob_wrong=0.002, plain=0.3
    )

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        for person in household.people:
            attainer = person.age in (16, 17)
            if person.age < 16 or rng.random() >= _registers(person, household):
                continue
            held = write_person(person, household, self.quality, rng)
            of_age = person.dob.replace(year=person.dob.year + 18, day=min(person.dob.day, 28)) if attainer else None
            known = attainer or person.age == 18
            added = begun(rng, held, person, household, 0, min(12, person.age - 15.5))
            if not held.stale:
                added = max(added, household.moved_on)
            yield [
                f"E{household.home.uprn[2:7]}", str(person.number % 10_000_000), "",
                title_of(person, rng) if rng.random() < 0.3 else "", held.surname, held.forename, held.middle,
                day_month_year(of_age), day_month_year(held.dob) if known else "", held.postcode, held.flat,
                held.house, held.street, held.home.town, held.uprn, day_month_year(added), "Y" if attainer else "",
            ], person  # fmt: skip


def _registers(person: Person, household: Household) -> float:
    rate = 0.8 if person.age < 18 else 0.72 if person.age < 30 else 0.86 if person.age < 50 else 0.93
    rate *= {"owned": 1.0, "social": 0.95, "private": 0.80}[household.tenure]
    return rate * (
        0.72 if person.group.code in ("turkish", "chinese", "arabic", "somali", "spanish", "italian_french") else 1.0
    )
