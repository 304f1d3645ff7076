"""Who lives with whom in one small area: ages by census, homes shared as people share them."""

import random
from collections.abc import Iterator
from datetime import timedelta

from borough.synthetic.borough_map import SmallArea, largest_remainder
from borough.synthetic.names import GROUPS
from borough.synthetic.naming import Namer
from borough.synthetic.person import AS_AT, Household, Person
from borough.synthetic.setting import DEFAULT, Setting


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

    def remove(self, person: Person) -> None:
        self.left[person.age, person.sex].remove(person)
        self.count -= 1

    def give_back(self, person: Person) -> None:
        self.left.setdefault((person.age, person.sex), []).append(person)
        self.count += 1

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

    def __init__(self, area: SmallArea, first: int, rng: random.Random, setting: Setting = DEFAULT) -> None:
        self.area = area
        self.first = first
        self.rng = rng
        self.namer = Namer(area.profile.other_language, rng, setting.groups())

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
            self.namer.name(household)
        return households

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
        # One young adult in six shares a house with strangers, mostly five to a house.
        houses = int(len(young) * 0.16 / 5 + rng.random())
        sizes = [rng.randint(3, 7) for _ in range(houses)]
        sharing = young[: sum(sizes)]
        gone = {person.number for person in sharing}
        rest = [person for person in rest if person.number not in gone]
        for size in sizes:
            house, sharing = sharing[:size], sharing[size:]
            if house:
                homes -= 1
                yield "shared", house
        pool = _Adults(rest)
        for family in self._with_grown_up_children(pool):
            homes -= 1
            yield "family", family
        rest = pool.rest()
        pool = _Adults(rest)
        couples = max(0, min(len(rest) // 2, len(rest) - max(homes, 0)))
        everyone = sorted(rest, key=lambda person: rng.random() + (0.25 if person.age < 25 else 0))
        paired: set[int] = set()
        for person in everyone:
            if couples <= 0:
                break
            if person.number in paired:
                continue
            pool.remove(person)
            other_sex = person.sex if rng.random() < 0.05 else "FM".replace(person.sex, "")
            gap = round(rng.gauss(2, 4)) * (1 if person.sex == "F" else -1)
            partner = pool.take(person.age + gap, other_sex, max(18, person.age - 22), person.age + 22)
            if partner is None:
                pool.give_back(person)
                continue
            paired |= {person.number, partner.number}
            couples -= 1
            head, second = (partner, person) if person.sex == "F" else (person, partner)
            second.role = "partner"
            yield "couple", [head, second]
        for person in pool.rest():
            yield "alone", [person]

    def _with_grown_up_children(self, pool: _Adults) -> Iterator[list[Person]]:
        """Families whose only children are over 18 and still at home."""
        rng = self.rng
        for _ in range(round(pool.count * 0.10)):
            child = pool.take(round(rng.triangular(18, 38, 21)), "FM", 18, 45)
            parent = child and pool.take(child.age + round(rng.gauss(29, 4)), "FM", child.age + 18, child.age + 45)
            if child is None:
                return
            if parent is None:
                pool.give_back(child)
                return
            child.role = "child"
            other = pool.take(parent.age, "M" if parent.sex == "F" else "F", child.age + 17, child.age + 50)
            if other is None or rng.random() < 0.3:
                if other:
                    pool.give_back(other)
                yield [parent, child]
                continue
            head, second = (parent, other) if parent.sex == "M" else (other, parent)
            second.role = "partner"
            yield [head, second, child]
