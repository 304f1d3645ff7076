"""Adult social care, and children and schools."""

import random
from collections.abc import Iterator

from borough.synthetic.clerk import Quality, begun, day_month_year, iso, title_of, write_person
from borough.synthetic.person import Household, Person
from borough.synthetic.system import Row, System

PACKAGES = ("Home care", "Direct payment", "Day centre", "Telecare", "Reablement", "Meals", "Assessment only")
SUPPORT = (
    "Physical support",
    "Memory and cognition",
    "Mental health",
    "Learning disability",
    "Sensory support",
    "Carer support",
)


def is_in_care(person: Person, household: Household) -> bool:
    """Does adult social care know this person? Settled by who they are, so that all that asks hears the same."""
    luck = person.number * 48_271 % 1000 / 1000
    if person.age < 18:
        # Disabled young people are assessed for what they will need as adults (Care Act 2014, section 58).
        return person.age >= 14 and person.disabled and luck < 0.6
    if household.kind == "care_home":
        return luck < 0.9
    likely = 0.34 if person.age >= 85 else 0.17 if person.age >= 75 else 0.07 if person.age >= 65 else 0.012
    return luck < likely * (2.0 if person.disabled else 0.55) + 0.14 * (person.disabled and person.age < 65)


class AdultSocialCare(System):
    """People known to adult social care. Social workers write the name that a person goes by."""

    code, title, owner, refresh = "adult_social_care", "Adult social care", "Adult social care", "daily"
    columns = (
        "Person ID", "NHS Number", "Title", "Forename", "Middle names", "Surname", "Previous surname", "Date of birth",
        "Gender", "Address", "Postcode", "UPRN", "Phone", "Email", "First language", "Open from", "Closed on",
        "Date of death", "Primary support reason", "Package", "Lives alone", "Next of kin",
    )  # fmt: skip
    key = ("Person ID",)
    dob_column, impossible_dob = "Date of birth", "1980-02-31"
    identifiers = ("NHS Number",)
    mapping = """
[fields]
nhs_number = { column = "NHS Number" }
title = { column = "Title" }
forename = { column = "Forename" }
middle_names = { column = "Middle names" }
surname = { column = "Surname" }
previous_surname = { column = "Previous surname" }
dob = { column = "Date of birth", format = "%Y-%m-%d", unknown = ["1900-01-01"] }
sex = { column = "Gender" }
address = { column = "Address" }
postcode = { column = "Postcode" }
uprn = { column = "UPRN" }
phone = { column = "Phone" }
email = { column = "Email" }
language = { column = "First language" }
started_on = { column = "Open from", format = "%Y-%m-%d" }
ended_on = { column = "Closed on", format = "%Y-%m-%d" }
deceased_on = { column = "Date of death", format = "%Y-%m-%d" }

[facts]
primary_need = { column = "Primary support reason", type = "text", special = true }
package = { column = "Package", type = "text", special = true }
lives_alone = { column = "Lives alone", type = "flag", yes = ["Yes"] }
next_of_kin = { column = "Next of kin", type = "text" }
"""
    quality = Quality(
        typo=0.012, nickname=0.09, maiden=0.05, previous=0.4, middle=0.3, old_address=0.10, uprn=0.7, dob=0.985,
        dob_1900=0.6, dob_first_january=0.01, phone=0.85, landline=0.5, email=0.25, plain=0.4,
    )  # fmt: skip

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        for person in household.people:
            if not is_in_care(person, household):
                continue
            held = write_person(person, household, self.quality, rng)
            others = [one for one in household.people if one is not person and one.age >= 18]
            package = "Residential care" if household.kind == "care_home" else PACKAGES[person.number % len(PACKAGES)]
            kin = f"{others[0].forename} {others[0].surname}" if others and household.kind != "care_home" else ""
            yield [
                str(700_000 + person.number), person.nhs_number if rng.random() < 0.88 else "", title_of(person, rng),
                held.forename, held.middle, held.surname, held.previous, iso(held.dob),
                "Female" if person.sex == "F" else "Male", held.address(), held.postcode, held.uprn, held.phone,
                held.email, person.language if rng.random() < 0.8 else "",
                iso(begun(rng, held, person, household, 0.1, 7)), "", "", _support(person), package,
                "Yes" if household.kind == "alone" else "No", kin,
            ], person  # fmt: skip


def _support(person: Person) -> str:
    if person.age >= 80 and person.number % 3 == 0:
        return SUPPORT[1]
    return SUPPORT[0] if person.age >= 65 else SUPPORT[person.number % len(SUPPORT)]


class ChildrenSchools(System):
    """Pupils, and the small children whom children's centres know. Addresses by parents, often the one before."""

    code, title, owner, refresh = "children_schools", "Children and schools", "Children's services", "termly"
    encoding = "utf-8-sig"
    columns = (
        "UPN", "Pupil Forename", "Pupil Middle Names", "Pupil Surname", "DOB", "Gender", "NHS No", "Address",
        "Postcode", "Home Language", "School", "Entry Date", "FSM", "SEN", "Parent Phone",
    )  # fmt: skip
    key = ("UPN",)
    dob_column, impossible_dob = "DOB", "31/02/2015"
    identifiers = ("NHS No",)
    mapping = """
children = true

[fields]
forename = { column = "Pupil Forename" }
middle_names = { column = "Pupil Middle Names" }
surname = { column = "Pupil Surname" }
dob = { column = "DOB", format = "%d/%m/%Y" }
sex = { column = "Gender" }
nhs_number = { column = "NHS No" }
address = { column = "Address" }
postcode = { column = "Postcode" }
language = { column = "Home Language" }
phone = { column = "Parent Phone" }
started_on = { column = "Entry Date", format = "%d/%m/%Y" }

[facts]
school = { column = "School", type = "text" }
free_school_meals = { column = "FSM", type = "flag", yes = ["T"] }
send = { column = "SEN", type = "flag", yes = ["K", "E"], special = true }
"""
    quality = Quality(
        typo=0.012,
        nickname=0.04,
        middle=0.5,
        maiden=0.0,
        old_address=0.14,
        dob_swapped=0.005,
        dob_wrong=0.005,
        phone=0.9,
        plain=0.3,
    )

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        for person in household.people:
            if person.age > 18 or rng.random() >= (0.5 if person.age < 4 else 0.95 if person.age < 16 else 0.7):
                continue
            school_home = household.school_home if 4 <= person.age <= 11 else None
            held = write_person(person, household, self.quality, rng, school_home)
            special = rng.random()
            yield [
                f"Z{person.number * 7 + 100_000_000:012d}", held.forename, held.middle, held.surname,
                day_month_year(held.dob), person.sex, person.nhs_number if rng.random() < 0.35 else "", held.address(),
                held.postcode, person.language, school_of(person, household),
                day_month_year(begun(rng, held, person, household, 0.1, max(0.3, min(5, person.age / 2)))),
                "T" if household.benefit and rng.random() < 0.85 else "F",
                "E" if special < (0.12 if person.disabled else 0.03) else "K" if special < 0.15 else "N", held.phone,
            ], person  # fmt: skip


def school_of(person: Person, household: Household) -> str:
    """The school that this child goes to, near the home, by age."""
    name = household.home.street.split()[0]
    if person.age < 4:
        return f"{name} Children's Centre"
    return (
        f"{name} Primary School"
        if person.age < 11
        else f"{household.home.postcode[:3].strip()} {'Academy' if person.number % 3 else 'School for Girls and Boys'}"
    )
