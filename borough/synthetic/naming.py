"""Names for households: who carries whose surname, by each family's tradition."""

import random

from borough.synthetic.names import GROUPS, NamingGroup, feminine, nickname, share_by_english
from borough.synthetic.person import Household, Person


class Namer:
    """Names the households of an area. `other_language`: share of its residents with another main language (0 to 1)."""

    def __init__(self, other_language: float, rng: random.Random, groups: dict[str, NamingGroup] = GROUPS) -> None:
        self.rng = rng
        self.groups = groups
        shares = share_by_english(other_language)
        self.codes = list(shares)
        self.weights = list(shares.values())
        # Of the old, more were born in Britain.
        self.older_weights = [share * (1.8 if code == "british" else 1.0) for code, share in shares.items()]

    def name(self, household: Household) -> None:
        """Names for all of the home. People who only share it, or a care home, have each their own."""
        rng = self.rng
        people = household.people
        group = self._naming_group(people[0].age)
        if household.kind in ("shared", "care_home", "alone", "gone"):
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
            person.nick = self.groups["british"].forename(rng, person.sex, max(born, 1975))
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

    def _naming_group(self, age: int) -> NamingGroup:
        weights = self.older_weights if age >= 65 else self.weights
        return self.groups[self.rng.choices(self.codes, weights)[0]]
