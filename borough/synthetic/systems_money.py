"""Council tax, housing rents and housing benefit."""

import random
from collections.abc import Iterator
from datetime import timedelta

from borough.synthetic.clerk import Quality, compact, day_mon_year, day_month_year, title_of, write_person
from borough.synthetic.person import AS_AT, Household, Person
from borough.synthetic.system import Row, System


def weekly_rent(household: Household) -> float:
    """Pounds a week, the same wherever the tenancy is looked at."""
    return round(96 + household.number * 7919 % 9000 / 100 + 6 * min(len(household.people), 6), 2)


def rent_balance(household: Household) -> float:
    """Pounds owed; less than nothing for a tenant who has paid ahead."""
    return household.arrears or -round(weekly_rent(household) * (household.number % 3), 2)


def tenancy_ref(household: Household) -> str:
    return f"T{household.number:07d}"


class CouncilTax(System):
    """Bills by property: who is liable, hardly ever when they were born."""

    code, title, owner, refresh = "council_tax", "Council tax", "Revenues", "weekly"
    encoding = "utf-8-sig"
    columns = (
        "Account No", "Seq", "Liable Person", "DOB", "UPRN", "Address 1", "Address 2", "Address 3", "Postcode",
        "Liability Start", "Liability End", "Date of death", "Discount", "CTS", "Balance", "Telephone", "Email",
    )  # fmt: skip
    key = ("Account No", "Seq")
    dob_column, impossible_dob = "DOB", "31/02/1980"
    mapping = """
[fields]
name = { column = "Liable Person", order = "surname, forename" }
dob = { column = "DOB", format = "%d/%m/%Y" }
uprn = { column = "UPRN" }
address = { columns = ["Address 1", "Address 2", "Address 3"] }
postcode = { column = "Postcode" }
phone = { column = "Telephone" }
email = { column = "Email" }
started_on = { column = "Liability Start", format = "%d/%m/%Y" }
ended_on = { column = "Liability End", format = "%d/%m/%Y" }
deceased_on = { column = "Date of death", format = "%d/%m/%Y" }

[facts]
discount = { column = "Discount", type = "text" }
support = { column = "CTS", type = "flag", yes = ["Y"] }
balance = { column = "Balance", type = "money" }
"""
    quality = Quality(typo=0.015, initial=0.05, maiden=0.10, uprn=0.985, dob=0.08, phone=0.35, email=0.42, plain=0.7)

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        if household.kind == "care_home":
            return
        adults = [person for person in household.people if person.age >= 18]
        liable = [person for person in adults if person.role != "child"] or adults
        if household.kind == "shared":
            liable = [person for person in liable if rng.random() < 0.4]
        if household.claims_alone:
            liable = liable[:1]
        for seq, person in enumerate(liable):
            if seq == 0 or household.kind == "shared" or rng.random() < 0.88:
                alone = len(adults) == 1 or household.claims_alone
                yield (
                    self._row(person, household, f"{60_000_000 + household.number * 2}", seq + 1, alone, False, rng),
                    person,
                )
        for seq, person in enumerate(liable[:2]):
            if person.old_home and rng.random() < 0.4:
                account = f"{60_000_001 + household.number * 2}"
                yield self._row(person, household, account, seq + 1, False, True, rng), person

    def _row(
        self, person: Person, household: Household, account: str, seq: int, alone: bool, ended: bool, rng: random.Random
    ) -> list[str]:
        home = person.old_home if ended and person.old_home else household.home
        held = write_person(person, household, self.quality, rng, home)
        middle = f" {person.middle[0]}" if person.middle and rng.random() < 0.3 else ""
        start = household.moved_on
        end = household.moved_on - timedelta(days=1) if ended else None
        if ended:
            start -= timedelta(days=rng.randrange(200, 2600))
        owes = household.arrears * 0.6 if household.arrears and not ended else 0.0
        return [
            account, str(seq), f"{held.surname.upper()}, {held.forename}{middle}", day_month_year(held.dob), held.uprn,
            held.flat, f"{held.house} {held.street}".strip(), held.home.town, held.postcode, day_month_year(start),
            day_month_year(end), "", "single person" if alone and not ended else "",
            "Y" if household.benefit and not ended else "N", f"{owes:.2f}", held.phone, held.email,
        ]  # fmt: skip


class HousingRents(System):
    """Council tenancies with everyone who lives there. An old system: Windows letters, two spare columns."""

    code, title, owner, refresh = "housing_rents", "Housing rents", "Housing management", "weekly"
    encoding = "cp1252"
    columns = (
        "Tenancy Ref", "Person No", "Title", "First Name", "Middle Name", "Surname", "Former Surname", "DOB", "Sex",
        "NINO", "UPRN", "Flat", "No", "Street", "Postcode", "Telephone", "Email", "Relationship", "Tenancy Start",
        "Tenancy End", "Weekly Rent", "Balance", "Payment Method",
    )  # fmt: skip
    key = ("Tenancy Ref", "Person No")
    dob_column, impossible_dob = "DOB", "31/02/1980"
    identifiers = ("NINO",)
    mapping = """
[fields]
title = { column = "Title" }
forename = { column = "First Name" }
middle_names = { column = "Middle Name" }
surname = { column = "Surname" }
previous_surname = { column = "Former Surname" }
dob = { column = "DOB", format = "%d/%m/%Y", unknown = ["01/01/1900"] }
sex = { column = "Sex" }
nino = { column = "NINO" }
uprn = { column = "UPRN" }
address = { columns = ["Flat", "No", "Street"] }
postcode = { column = "Postcode" }
phone = { column = "Telephone" }
email = { column = "Email" }
started_on = { column = "Tenancy Start", format = "%d-%b-%Y" }
ended_on = { column = "Tenancy End", format = "%d-%b-%Y" }

[facts]
relationship = { column = "Relationship", type = "text" }
weekly_rent = { column = "Weekly Rent", type = "money" }
rent_balance = { column = "Balance", type = "money" }
payment_method = { column = "Payment Method", type = "text" }
"""
    quality = Quality(
        typo=0.018, nickname=0.04, maiden=0.12, previous=0.35, middle=0.4, plain=1.0, uprn=1.0, dob=0.95, dob_1900=0.7,
        dob_first_january=0.012, phone=0.7, email=0.35,
    )  # fmt: skip

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        if not household.is_council_tenancy:
            return
        for seq, person in enumerate(household.people):
            if seq > 1 and person.age >= 16 and rng.random() < 0.3:
                # Nobody told the landlord.
                continue
            tenant = seq == 0 or person.role == "partner"
            held = write_person(person, household, self.quality, rng, household.rented_home)
            nino = person.nino if person.age >= 16 and rng.random() < 0.68 else ""
            relationship = "Tenant" if seq == 0 else "Joint tenant" if tenant else "Occupant"
            yield [
                tenancy_ref(household), str(seq + 1), title_of(person, rng), held.forename, held.middle, held.surname,
                held.previous, day_month_year(held.dob), person.sex, nino, held.uprn, held.flat, held.house,
                held.street, held.postcode, held.phone, held.email, relationship,
                day_mon_year(household.rented_since), "",
                f"{weekly_rent(household):.2f}" if tenant else "", f"{rent_balance(household):.2f}" if tenant else "",
                payment_method(household) if tenant else "",
            ], person  # fmt: skip


def payment_method(household: Household) -> str:
    """How the tenant pays; housing benefit pays the landlord."""
    if household.benefit:
        return "Housing benefit"
    return ("Direct debit", "Direct debit", "Standing order", "Card", "Post office")[household.number % 5]


class HousingBenefit(System):
    """Claims: the claimant, a partner, the children. Checked against evidence, so dates and numbers are good."""

    code, title, owner, refresh = "housing_benefit", "Housing benefit", "Benefits", "weekly"
    delimiter = "|"
    columns = (
        "CLAIM_REF", "PERSON_SEQ", "ROLE", "SURNAME", "FORENAMES", "PREV_SURNAME", "DOB", "SEX", "NINO", "ADDRESS",
        "POSTCODE", "UPRN", "PHONE", "CLAIM_START", "WEEKLY_AWARD", "REASON",
    )  # fmt: skip
    key = ("CLAIM_REF", "PERSON_SEQ")
    dob_column, impossible_dob = "DOB", "19800231"
    identifiers = ("NINO",)
    mapping = """
[fields]
forename = { column = "FORENAMES" }
surname = { column = "SURNAME" }
previous_surname = { column = "PREV_SURNAME" }
dob = { column = "DOB", format = "%Y%m%d" }
sex = { column = "SEX" }
nino = { column = "NINO" }
address = { column = "ADDRESS" }
postcode = { column = "POSTCODE" }
uprn = { column = "UPRN" }
phone = { column = "PHONE" }
started_on = { column = "CLAIM_START", format = "%Y%m%d" }

[facts]
weekly_award = { column = "WEEKLY_AWARD", type = "money" }
reason = { column = "REASON", type = "text" }
"""
    quality = Quality(
        typo=0.006, nickname=0.01, spelling=0.05, maiden=0.03, previous=0.6, plain=1.0, old_address=0.02, uprn=0.85,
        dob_first_january=0.003, dob_swapped=0.002, dob_wrong=0.003, phone=0.8,
    )  # fmt: skip

    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        if not household.benefit or household.tenure == "owned":
            return
        award = round(weekly_rent(household) * rng.uniform(0.4, 1.0), 2)
        for seq, person in enumerate(household.people):
            if person.age >= 18 and seq and person.role != "partner":
                continue
            held = write_person(person, household, self.quality, rng, household.let_home)
            role = "CLAIMANT" if seq == 0 else "PARTNER" if person.role == "partner" else "DEPENDANT"
            nino = person.nino if person.age >= 16 and rng.random() < 0.99 else ""
            forenames = f"{held.forename} {person.middle}".strip() if rng.random() < 0.5 else held.forename
            yield [
                f"HB{household.number:07d}", str(seq + 1), role, held.surname.upper(), forenames.upper(),
                held.previous.upper(), compact(held.dob), person.sex, nino, held.address().upper(), held.postcode,
                held.uprn, held.phone,
                compact(min(AS_AT, household.rented_since + timedelta(days=household.number % 60))),
                f"{award:.2f}" if seq == 0 else "", _reason(person) if seq == 0 else "",
            ], person  # fmt: skip


def _reason(person: Person) -> str:
    if person.age >= 66:
        return "pension age"
    if person.disabled:
        return "disability"
    return ("low income", "jobseeker", "carer", "low income")[person.number % 4]
