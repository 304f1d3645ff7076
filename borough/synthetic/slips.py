"""The mistakes that clerks and systems make with names, dates and addresses.

Each takes what is right and gives what was written. Identifiers (National Insurance and NHS numbers) pass through
here never: an office that holds one holds it right or not at all.
"""

import random
from datetime import date

from borough.synthetic.borough_map import Home

_NEAR_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip

STREET_SHORT = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Lane": "La", "Close": "Cl", "Gardens": "Gdns", "Terrace": "Terr",
    "Grove": "Gr", "Crescent": "Cres", "Place": "Pl", "Drive": "Dr", "Square": "Sq", "Court": "Ct", "House": "Hse",
}  # fmt: skip

SYSTEM_DATE = date(1900, 1, 1)


def typo(rng: random.Random, word: str) -> str:
    """One slip of the fingers: a letter lost, doubled, changed for its neighbour, or two exchanged. Never empty."""
    if len(word) < 3:
        return word
    # The first letter is seldom wrong.
    place = rng.randrange(1, len(word))
    kind = rng.random()
    if kind < 0.3:
        return word[:place] + word[place + 1 :]
    if kind < 0.5:
        return word[:place] + word[place] + word[place:]
    if kind < 0.8:
        near = _NEAR_KEYS.get(word[place].lower())
        return word[:place] + rng.choice(near) + word[place + 1 :] if near else word
    if place == len(word) - 1:
        place -= 1
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def swap_day_and_month(born: date) -> date:
    """As an American form would hold it; the same date where the day cannot be a month."""
    return born.replace(month=born.day, day=born.month) if born.day <= 12 else born


def wrong_digit(rng: random.Random, born: date) -> date:
    """A date of birth with one part off: the day, the month, or the year by one or ten."""
    kind = rng.randrange(4)
    if kind == 0:
        return born.replace(day=rng.randint(1, 28))
    if kind == 1:
        return born.replace(month=rng.randint(1, 12), day=min(born.day, 28))
    years = rng.choice((-1, 1)) if kind == 2 else rng.choice((-10, 10))
    # No system takes a birth in the future.
    year = born.year + years if born.year + years < 2025 else born.year - abs(years)
    return born.replace(year=year, day=min(born.day, 28))


def first_of_january(born: date) -> date:
    """What is entered where only the year is known."""
    return born.replace(month=1, day=1)


def write_address(rng: random.Random, home: Home, care: float) -> tuple[str, str, str]:
    """The home's flat with its block, number, and street, as an office writes them. `care`: how often true to form."""
    flat, building, street = home.flat, home.building, home.street
    if rng.random() >= care:
        kind = rng.random()
        if kind < 0.5:
            first, _, last = street.rpartition(" ")
            street = f"{first} {STREET_SHORT.get(last, last)}"
        elif kind < 0.65:
            street = typo(rng, street)
        elif kind < 0.8:
            flat = flat.replace("Flat", rng.choice(("Apt", "Apartment", "Fl")))
        elif kind < 0.9:
            street = street.upper()
        else:
            building = ""
    return f"{flat} {building}".strip(), home.number, street
