"""Where and how households live: home, tenure, moves, telephones, arrears, and what each person needs.

The facts hang together as they do in life: an old person alone is likelier to need shopping, arrears go with benefits.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from borough.synthetic.borough_map import BoroughMap, Home, SmallArea, Streets, largest_remainder
from borough.synthetic.names import plain_letters
from borough.synthetic.numbers import landline_number, mobile_number
from borough.synthetic.person import AS_AT, Household, Person

NEEDS = ("food", "shopping", "prescriptions", "isolation", "dog_walking")
CHANNELS = ("sms", "email", "phone", "letter")
EMAIL_HOMES = ("example.org", "example.com", "example.net", "mail.example.org", "post.example.com")


@dataclass(frozen=True, slots=True)
class Truth:
    """What only the simulated resident knows. `answers`: how likely they are to answer a message, 0 to 1."""

    needs: tuple[str, ...]
    answers: float
    channel: str


def settle(households: list[Household], area: SmallArea, ground: BoroughMap, rng: random.Random) -> dict[int, str]:
    """Give every household a home and its circumstances. Returns the kind, by its number, of each home not plain."""
    streets = streets_of(area, ground.town)
    places = list(range(max(streets.homes, len(households))))
    empty = set(rng.sample(places, len(places) - len(households)))
    taken = [place for place in places if place not in empty]
    kinds: dict[int, str] = {}
    for household, place in zip(households, taken, strict=True):
        household.home = streets.home(place)
        if household.kind == "care_home":
            household.home = as_care_home(household.home)
            kinds[place % streets.homes] = "care_home"
        elif household.kind == "shared":
            kinds[place % streets.homes] = "hmo"
    _share_tenures(households, area, rng)
    _share_disability(households, area, rng)
    for household in households:
        _settle(household, area, ground, rng)
    return kinds


def _drawn(weights: list[float], count: int, rng: random.Random) -> set[int]:
    """Draw `count` places without putting back, each as likely as its weight (an exponential race)."""
    times = [(rng.expovariate(1.0) / weight, place) for place, weight in enumerate(weights)]
    return {place for _, place in sorted(times)[:count]}


def _share_tenures(households: list[Household], area: SmallArea, rng: random.Random) -> None:
    """As many social, owned and private homes as the area's census has, each to those likelier to live so."""
    plain = [household for household in households if household.kind not in ("shared", "care_home")]
    shares = [area.profile.social, area.profile.owned, max(0.0, 1 - area.profile.social - area.profile.owned)]
    social, owned, _ = largest_remainder(shares, len(households))
    social = min(social, len(plain))
    for place in _drawn([_social_weight(household) for household in plain], social, rng):
        plain[place].tenure = "social"
    rest = [household for household in plain if household.tenure != "social"]
    for place in _drawn([_owned_weight(household) for household in rest], min(owned, len(rest)), rng):
        rest[place].tenure = "owned"


def _social_weight(household: Household) -> float:
    alone_with_children = household.kind == "family" and [one.role for one in household.people[1:2]] != ["partner"]
    oldest = max(person.age for person in household.people)
    return (1.8 if alone_with_children else 1.0) * (0.6 if oldest < 30 else 1.0)


def _owned_weight(household: Household) -> float:
    oldest = max(person.age for person in household.people)
    by_age = 0.2 if oldest < 30 else 0.6 if oldest < 40 else 1.5 if oldest < 60 else 4.0
    return by_age * (1.3 if len(household.people) > 1 else 1.0)


def _share_disability(households: list[Household], area: SmallArea, rng: random.Random) -> None:
    """As many disabled people as the census has (Equality Act 2010), the old and the poor likelier."""
    people = [(person, household.tenure) for household in households for person in household.people]
    weights = [_disability(person.age, tenure) for person, tenure in people]
    for place in _drawn(weights, round(area.profile.disabled * len(people)), rng):
        people[place][0].disabled = True


def _disability(age: int, tenure: str) -> float:
    by_age = ((16, 0.06), (40, 0.09), (60, 0.16), (75, 0.28), (85, 0.6), (200, 1.2))
    weight = next(weight for below, weight in by_age if age < below)
    return weight * (1.7 if tenure == "social" else 0.85)


def as_care_home(home: Home) -> Home:
    """The same property, run as a care home named after its street."""
    name = f"{home.street.split()[0]} Lodge Care Home"
    return Home(home.uprn, "", name, home.number, home.street, home.town, home.postcode, home.lat, home.lon)


def _settle(household: Household, area: SmallArea, ground: BoroughMap, rng: random.Random) -> None:
    people = household.people
    oldest = max(person.age for person in people)
    household.phone = landline_number(household.number) if rng.random() < (0.85 if oldest >= 65 else 0.3) else ""
    stay = {"owned": 14.0, "social": 11.0, "private": 3.5}[household.tenure]
    years = min(rng.expovariate(1 / stay), max(0.1, oldest - 18))
    household.moved_on = AS_AT - timedelta(days=int(years * 365) + rng.randrange(20))
    poor = {"owned": 0.05, "private": 0.15, "social": 0.52}[household.tenure]
    household.benefit = household.kind not in ("care_home", "shared") and rng.random() < poor
    if household.tenure == "social" and rng.random() < (0.34 if household.benefit else 0.2):
        household.arrears = round(min(6500.0, rng.expovariate(1 / 620)), 2)
    elif household.tenure != "social" and rng.random() < 0.09:
        household.arrears = round(min(3000.0, rng.expovariate(1 / 420)), 2)
    household.dog = household.kind != "care_home" and rng.random() < 0.17
    household.car = household.kind != "care_home" and rng.random() < (0.62 if household.tenure == "owned" else 0.34)
    # Those who moved within a few years are still at an old address in some systems; they moved together.
    old_home = None
    if years < 6 and household.kind != "care_home" and rng.random() < 0.55:
        old_home = _old_home(area, ground, rng)
    apart = household.kind in ("shared", "care_home")
    for person in people:
        if person.age * 365 > (AS_AT - household.moved_on).days + 200:
            person.old_home = _old_home(area, ground, rng) if apart and rng.random() < 0.5 else old_home
        if person.age >= 12 and rng.random() < (0.97 if person.age < 65 else 0.74 if person.age < 80 else 0.45):
            person.mobile = mobile_number(person.number)
        if person.age >= 14 and rng.random() < (0.9 if person.age < 60 else 0.68 if person.age < 75 else 0.3):
            person.email = _email(person, rng)
    _share_phones(household, rng)


def _old_home(area: SmallArea, ground: BoroughMap, rng: random.Random) -> Home:
    """Where they lived before: near in two cases of five, else anywhere in the borough."""
    other = area if rng.random() < 0.4 else ground.areas[rng.randrange(len(ground.areas))]
    return streets_of(other, ground.town).home(rng.randrange(1_000_000))


_streets: dict[tuple[str, int, str], Streets] = {}


def streets_of(area: SmallArea, town: str) -> Streets:
    """The streets of an area, kept: they take a moment to lay out and every move asks for them."""
    key = (area.code, area.residents, town)
    if key not in _streets:
        _streets[key] = Streets(area, town)
    return _streets[key]


def _email(person: Person, rng: random.Random) -> str:
    forename, surname = (
        "".join(letter for letter in plain_letters(name).lower() if "a" <= letter <= "z")
        for name in (person.forename, person.surname)
    )
    style = rng.randrange(4)
    name = (
        f"{forename}.{surname}",
        f"{forename[0]}{surname}",
        f"{forename}{person.dob.year % 100:02d}",
        f"{surname}.{forename[0]}",
    )[style]
    return f"{name}.{person.number}@{rng.choice(EMAIL_HOMES)}"


def _share_phones(household: Household, rng: random.Random) -> None:
    """Some couples have one telephone, and parents give their own for a child."""
    if household.kind not in ("family", "couple"):
        return
    head = household.people[0]
    for person in household.people[1:]:
        if person.role == "partner" and rng.random() < 0.12:
            person.mobile = head.mobile
        elif person.role == "child" and person.age < 16 and rng.random() < 0.8:
            person.mobile = household.people[min(1, len(household.people) - 1)].mobile or head.mobile
        elif person.role == "parent" and rng.random() < 0.4:
            person.mobile = head.mobile


def truth_of(person: Person, household: Household, care: bool, rng: random.Random) -> Truth:
    """The person's needs and manner. `care`: adult social care has a package for them."""
    age, alone = person.age, household.kind == "alone"
    if age < 18:
        return Truth((), 0.0, "letter")
    frail = 0.6 if person.disabled else 0.0
    poor_family = household.kind == "family" and household.benefit
    chances = {
        "food": 0.015 + 0.10 * household.benefit + 0.14 * (household.arrears > 500) + 0.04 * poor_family,
        "shopping": 0.005 + 0.09 * (age >= 75 and alone) + 0.05 * (age >= 80) + 0.14 * frail + 0.08 * care,
        "prescriptions": 0.004 + 0.03 * (age >= 70) + 0.12 * frail + 0.04 * (alone and age >= 65),
        "isolation": 0.02 + 0.08 * alone + 0.10 * (alone and age >= 70) + 0.06 * person.disabled,
        "dog_walking": household.dog * (0.01 + 0.16 * frail + 0.10 * (age >= 75)),
    }
    if household.kind == "care_home":
        chances = {"isolation": 0.15}
    needs = tuple(need for need in NEEDS if rng.random() < chances.get(need, 0.0))
    answers = 0.34 + 0.08 * (age >= 60) + 0.18 * bool(needs) - 0.08 * (age < 30) - 0.10 * (person.language != "English")
    channel = (
        "sms"
        if person.mobile and (age < 75 or rng.random() < 0.4)
        else "email"
        if person.email and age < 75
        else "phone"
    )
    if not (person.mobile or household.phone):
        channel = "email" if person.email else "letter"
    return Truth(needs, round(min(0.95, max(0.03, rng.gauss(answers, 0.15))), 3), channel)
