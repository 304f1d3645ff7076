"""The people of one small area: ages by census, homes shared as people share them, names as families carry them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from borough.common.identifiers import nhs_check_digit
from borough.synthetic.borough_map import Home, SmallArea, largest_remainder
from borough.synthetic.names import GROUPS, NamingGroup, feminine, nickname, share_by_english

# The rehearsal is always this day, so that the same seed gives the same bytes.
AS_AT = date(2026, 11, 1)
NINO_FIRST = "ABCEHJLMPRSWXYZ"
NINO_SECOND = "ABCEHJLMPRSWXYZ"


@dataclass(slots=True)
class Person:
    """One person. `number` is unique in the borough; every identifier is made from it."""

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
        """A National Insurance number that no other person of the borough has."""
        at = self.number * 7_368_787 % 100_000_000
        letters, digits = divmod(at, 1_000_000)
        spread = letters + (self.number % 2) * 100
        return f"{NINO_FIRST[spread // 15 % 15]}{NINO_SECOND[spread % 15]}{digits:06d}{'ABCD'[self.number % 4]}"

    @property
    def nhs_number(self) -> str:
        """In the range that the NHS keeps for tests, 999; a borough of over 500,000 goes on below it."""
        block, place = divmod(self.number, 500_000)
        even = place * 387_427 % 500_000 * 2
        first = f"{999 - block}{even:06d}"
        digit = nhs_check_digit(first)
        if digit is None:
            # The number after it then always has one: the check moves by two.
            first = f"{999 - block}{even + 1:06d}"
            digit = nhs_check_digit(first)
        return f"{first}{digit}"


@dataclass(slots=True)
class Household:
    """`kind`: family, couple, alone, shared (a house in multiple occupation) or care_home."""

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

    @property
    def id(self) -> str:
        return f"H{self.number:07d}"

    @property
    def is_council_tenancy(self) -> bool:
        return self.tenure == "social" and self.kind not in ("care_home", "shared")


def mobile_number(number: int) -> str:
    """A mobile number for a person's number.

    Ofcom keeps 07700 900000 to 900999 for drama: a thousand, too few for a borough, and people who share a number by
    chance would look alike. So the first thousand are those, and the others begin with 071, which Ofcom's numbering
    plan holds for mobiles but no operator has been given.
    """
    if number < 1000:
        return f"07700900{number:03d}"
    return f"071{number * 38_742_901 % 100_000_000:08d}"


def landline_number(number: int) -> str:
    """A number of the area code 01632, which is for drama only. A small borough stays within Ofcom's thousand."""
    return f"01632{960_000 + number if number < 1000 else number * 387_421 % 900_000:06d}"


class _Adults:
    """Adults still without a home, by age and sex; gives the one nearest to an age."""

    def __init__(self, people: list[Person]) -> None:
        self.left: dict[tuple[int, str], list[Person]] = {}
        self.count = 0
        for person in people:
            self.left.setdefault((person.age, person.sex), []).append(person)
            self.count += 1

    def take(self, target: int, sexes: str, low: int = 18, high: int = 110) -> Person | None:
        for away in range(60):
            for age in (target + away, target - away) if away else (target,):
                if low <= age <= high:
                    for sex in sexes:
                        people = self.left.get((age, sex))
                        if people:
                            self.count -= 1
                            return people.pop()
        return None

    def rest(self) -> list[Person]:
        people = [person for key in sorted(self.left) for person in self.left[key]]
        self.left.clear()
        self.count = 0
        return people


def ages_of(area: SmallArea, rng: random.Random) -> list[int]:
    """An age for each resident; the bands agree with the area's census to within one person."""
    ages: list[int] = []
    for band, count in enumerate(largest_remainder(list(area.profile.ages), area.residents)):
        if band == 17:
            ages += [85 + min(17, int(rng.expovariate(0.22))) for _ in range(count)]
        else:
            ages += [band * 5 + rng.randrange(5) for _ in range(count)]
    return ages


class Settlement:
    """Makes the households of one area. `first`: how many people live in the areas before it."""

    def __init__(self, area: SmallArea, first: int, rng: random.Random) -> None:
        self.area = area
        self.first = first
        self.rng = rng
        shares = share_by_english(area.profile.other_language)
        self.codes = list(shares)
        self.weights = list(shares.values())
        self.older_weights = [share * (1.8 if code == "british" else 1.0) for code, share in shares.items()]

    def households(self) -> list[Household]:
        """All households of the area, with names; `circumstances` gives them a home."""
        rng = self.rng
        children: list[Person] = []
        adults: list[Person] = []
        for place, age in enumerate(ages_of(self.area, rng)):
            dob = AS_AT.replace(year=AS_AT.year - age) - timedelta(days=rng.randrange(365))
            sex = "F" if rng.random() < (0.5 + max(0, age - 70) * 0.007) else "M"
            person = Person(self.first + place, sex, age, dob, GROUPS["british"])
            (adults if age >= 18 else children).append(person)
        groups = list(self._group(children, adults))
        rng.shuffle(groups)
        households = [Household(self.first + place, kind, group) for place, (kind, group) in enumerate(groups)]
        for household in households:
            self._name(household, self._naming_group(household.people[0].age))
        return households

    def _naming_group(self, age: int) -> NamingGroup:
        weights = self.older_weights if age >= 65 else self.weights
        return GROUPS[self.rng.choices(self.codes, weights)[0]]

    def _group(self, children: list[Person], adults: list[Person]) -> Iterator[tuple[str, list[Person]]]:
        rng = self.rng
        wanted = round(self.area.residents / self.area.profile.residents_per_home)
        made = 0
        frail = [person for person in adults if person.age >= 80]
        # About 5 % of those over 80 live in a care home; not every area has one.
        if frail and rng.random() < len(frail) * 0.05 / 8:
            home = frail[: rng.randint(8, 24)]
            adults = [person for person in adults if person not in home]
            made += 1
            yield "care_home", home
        pool = _Adults(adults)
        families: list[list[Person]] = []
        for siblings in self._siblings(children):
            family = self._parents(siblings, pool)
            if family is siblings and families:
                # No adult of a fitting age is left: they live with another family.
                families[rng.randrange(len(families))].extend(siblings)
            else:
                families.append(family)
        rest = pool.rest()
        rng.shuffle(rest)
        rest = self._grown_up_at_home(rest, families)
        yield from (("family", family) for family in families)
        made += len(families)
        yield from self._without_children(rest, max(1, wanted - made))

    def _siblings(self, children: list[Person]) -> Iterator[list[Person]]:
        rng = self.rng
        rng.shuffle(children)
        while children:
            siblings = [children.pop()]
            size = rng.choices((1, 2, 3, 4, 5), (45, 37, 12, 4, 2))[0]
            place = len(children) - 1
            while place >= max(0, len(children) - 14) and len(siblings) < size:
                if all(2 <= abs(children[place].age - sibling.age) <= 10 for sibling in siblings):
                    siblings.append(children.pop(place))
                place -= 1
            # About one birth in 60 is of twins.
            if rng.random() < 0.035:
                twin = next((place for place, child in enumerate(children[-60:]) if child.age == siblings[0].age), None)
                if twin is not None:
                    child = children.pop(max(0, len(children) - 60) + twin)
                    child.dob = siblings[0].dob
                    siblings.append(child)
            for child in siblings:
                child.role = "child"
            yield siblings

    def _parents(self, siblings: list[Person], pool: _Adults) -> list[Person]:
        """The siblings with one or two parents before them; the siblings alone where no adult fits."""
        rng = self.rng
        eldest = max(child.age for child in siblings)
        alone = rng.random() < 0.26
        sexes = "MF" if alone and rng.random() < 0.13 else "FM"
        mother = pool.take(eldest + round(rng.gauss(28, 5)), sexes, eldest + 16, eldest + 48)
        if mother is None:
            return siblings
        if alone:
            return [mother, *siblings]
        other = pool.take(
            mother.age + round(rng.gauss(2, 4)), "M" if mother.sex == "F" else "F", eldest + 16, eldest + 60
        )
        if other is None:
            return [mother, *siblings]
        head, second = (mother, other) if mother.sex == "M" else (other, mother)
        second.role = "partner"
        return [head, second, *siblings]

    def _grown_up_at_home(self, rest: list[Person], families: list[list[Person]]) -> list[Person]:
        """Some young adults stay with their family, and some old parents move in. Gives back who is left."""
        rng = self.rng
        left = []
        for person in rest:
            if families and person.age <= 27 and rng.random() < 0.30:
                family = families[rng.randrange(len(families))]
                if family[0].age - person.age >= 17 and all(
                    one.age - person.age >= 16 for one in family[1:2] if one.role == "partner"
                ):
                    person.role = "child"
                    family.append(person)
                    continue
            if families and person.age >= 65 and rng.random() < 0.04:
                family = families[rng.randrange(len(families))]
                if person.age - family[0].age >= 18:
                    person.role = "parent"
                    family.append(person)
                    continue
            left.append(person)
        return left

    def _without_children(self, rest: list[Person], homes: int) -> Iterator[tuple[str, list[Person]]]:
        """Shared houses, couples and people alone, so that they fill about this number of homes."""
        rng = self.rng
        young = [person for person in rest if 19 <= person.age <= 40]
        sharing = young[: round(len(young) * 0.13)]
        gone = {person.number for person in sharing}
        rest = [person for person in rest if person.number not in gone]
        while sharing:
            size = rng.randint(3, 7)
            homes -= 1
            yield "shared", sharing[:size]
            sharing = sharing[size:]
        pool = _Adults(rest)
        couples = max(0, min(len(rest) // 2, len(rest) - max(homes, 0)))
        everyone = sorted(rest, key=lambda person: rng.random() + (0.25 if person.age < 25 else 0))
        paired: set[int] = set()
        for person in everyone:
            if couples <= 0:
                break
            if person.number in paired or person not in pool.left.get((person.age, person.sex), ()):
                continue
            pool.left[person.age, person.sex].remove(person)
            other_sex = person.sex if rng.random() < 0.05 else "FM".replace(person.sex, "")
            gap = round(rng.gauss(2, 4)) * (1 if person.sex == "F" else -1)
            partner = pool.take(person.age + gap, other_sex, max(18, person.age - 22), person.age + 22)
            if partner is None:
                pool.left[person.age, person.sex].append(person)
                continue
            paired |= {person.number, partner.number}
            couples -= 1
            head, second = (partner, person) if person.sex == "F" else (person, partner)
            second.role = "partner"
            yield "couple", [head, second]
        for person in pool.rest():
            yield "alone", [person]

    def _name(self, household: Household, group: NamingGroup) -> None:
        """Names for all of the home. People who only share it, or a care home, have each their own."""
        rng = self.rng
        people = household.people
        if household.kind in ("shared", "care_home", "alone"):
            for person in people:
                person.group = self._naming_group(person.age)
                self._forename(person, person.group)
                self._own_surname(person)
                if (
                    person.sex == "F"
                    and person.age > 25
                    and rng.random() < person.group.takes_husbands * min(0.9, person.age / 90)
                ):
                    self._marry(person, person.group.surnames(rng))
            return
        head = people[0]
        partner = people[1] if len(people) > 1 and people[1].role == "partner" else None
        head.group = group
        self._forename(head, group)
        self._own_surname(head)
        if partner:
            partner.group = group if rng.random() < 0.86 else self._naming_group(partner.age)
            self._forename(partner, partner.group)
            self._own_surname(partner)
            married = household.kind == "couple" or rng.random() < 0.75
            if partner.sex == "F" and head.sex == "M" and married and rng.random() < group.takes_husbands:
                self._marry(partner, head.surname)
        elif head.sex == "F" and rng.random() < 0.4:
            self._marry(head, group.surnames(rng))
        for person in people[2 if partner else 1 :]:
            if person.role == "parent":
                person.group = group
                self._forename(person, group)
                person.surname = head.surname if group.middle != "father" else group.surnames(rng)
            else:
                self._name_child(person, head, partner)

    def _forename(self, person: Person, group: NamingGroup) -> None:
        rng = self.rng
        born = person.dob.year
        person.forename = group.forename(rng, person.sex, born)
        if group.middle == "father":
            person.middle = group.forename(rng, "M", born - 28) if rng.random() < 0.9 else ""
        elif group.middle == "given" and rng.random() < 0.62:
            middle = group.forename(rng, person.sex, born)
            person.middle = middle if middle != person.forename else ""
        person.nick = nickname(rng, person.forename)
        if group.code == "chinese" and rng.random() < 0.45:
            # An English name beside the given one.
            person.nick = GROUPS["british"].forename(rng, person.sex, max(born, 1975))
        if rng.random() < group.speaks * (1.0 if person.age > 15 else 0.6):
            person.language = (
                "Punjabi" if group.code == "indian" and person.surname in ("Singh", "Kaur") else group.language
            )

    def _own_surname(self, person: Person) -> None:
        rng, group = self.rng, person.group
        person.surname = group.surnames(rng)
        if group.code == "spanish":
            person.surname += " " + group.surnames(rng)
        elif group.code == "bengali" and person.sex == "F" and rng.random() < 0.6:
            person.surname = rng.choice(("Begum", "Khatun", "Akter", "Begum", "Bibi"))
        elif group.code == "indian" and person.surname in ("Singh", "Kaur"):
            person.surname = "Kaur" if person.sex == "F" else "Singh"
        elif group.code == "polish" and person.sex == "F":
            person.surname = feminine(person.surname)

    def _marry(self, person: Person, surname: str) -> None:
        taken = feminine(surname) if person.group.code == "polish" and person.sex == "F" else surname
        if taken != person.surname:
            person.maiden, person.surname = person.surname, taken

    def _name_child(self, child: Person, head: Person, partner: Person | None) -> None:
        rng = self.rng
        group = child.group = head.group
        for _ in range(4):
            self._forename(child, group)
            if child.forename not in (head.forename, partner.forename if partner else "") or rng.random() < 0.08:
                break
        child.surname = head.surname
        if group.middle == "father":
            child.middle = head.forename if head.sex == "M" else child.middle
            # A Somali child's last name is the grandfather's; at British schools half go by the father's.
            if group.code == "somali" and head.middle and rng.random() < 0.5:
                child.surname = head.middle
        elif group.code == "spanish" and partner:
            child.surname = f"{head.surname.split()[0]} {partner.surname.split()[0]}"
        elif group.code == "polish":
            base = head.surname
            if base.endswith(("ska", "cka")) and child.sex == "M":
                base = base[:-1] + "i"
            child.surname = feminine(base) if child.sex == "F" else base
        elif group.code == "indian" and head.surname in ("Singh", "Kaur"):
            child.surname = "Kaur" if child.sex == "F" else "Singh"
        elif partner and rng.random() < 0.06:
            child.surname = partner.surname
