"""People who help: 2,300 for every 180,000 residents, as one borough had in the first weeks of 2020."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

from borough.synthetic.names import GROUPS, SHARES, plain_letters
from borough.synthetic.numbers import mobile_number
from borough.synthetic.person import AS_AT

VOLUNTEER_COLUMNS = (
    "name", "phone", "email", "postcode", "skills", "languages", "radius_km", "capacity", "dbs_expires",
)  # fmt: skip
PER_RESIDENT = 2300 / 180_000
SKILLS = {"shopping": 0.72, "prescriptions": 0.55, "isolation": 0.48, "food": 0.42, "dog_walking": 0.27}


def volunteers_wanted(residents: int) -> int:
    return max(1, round(residents * PER_RESIDENT))


def volunteer_rows(postcodes: Sequence[str], residents: int, seed: int) -> Iterator[tuple[str, ...]]:
    """One row for each volunteer, living in one of `postcodes` (one for each home, so that full streets have more).

    Lists in a cell are parted by semicolons.
    """
    rng = random.Random(f"{seed} volunteers")
    for place, postcode in enumerate(rng.choices(postcodes, k=volunteers_wanted(residents))):
        group = GROUPS[rng.choices(list(SHARES), list(SHARES.values()))[0]]
        sex = "F" if rng.random() < 0.62 else "M"
        forename, surname = group.forename(rng, sex, rng.randint(1946, 2006)), group.surnames(rng)
        letters = "".join(letter for letter in plain_letters(forename + surname).lower() if letter.isalpha())
        skills = [skill for skill, likely in SKILLS.items() if rng.random() < likely] or ["shopping"]
        languages = ["English"]
        if group.language != "English" and rng.random() < 0.75:
            languages.append(group.language)
        # The check by the Disclosure and Barring Service is renewed every three years; some have none, some are late.
        checked = rng.random() < 0.82
        expires = AS_AT + timedelta(days=rng.randrange(-40, 3 * 365))
        yield (
            f"{forename} {surname}",
            # Beyond every resident's number, so that no volunteer answers a resident's telephone.
            mobile_number(residents + 1000 + place),
            f"{letters}.v{place + 1}@example.org",
            postcode,
            ";".join(skills),
            ";".join(languages),
            str(rng.choice((1, 1.5, 2, 2, 3, 3, 4, 5, 8))),
            str(rng.choices((1, 2, 3, 4, 5, 7), (8, 30, 28, 16, 12, 6))[0]),
            expires.isoformat() if checked else "",
        )
