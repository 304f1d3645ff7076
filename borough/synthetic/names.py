"""What people are called, and the other ways in which the same name is written.

A `NamingGroup` is one tradition, declared in words/naming_groups.toml. `other_spelling` gives a transliteration that an
office might use instead.
"""

import random
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from borough.synthetic.words import load_words

_SPELLINGS = load_words("spellings")
NICKNAMES: dict[str, list[str]] = {name: known.split() for name, known in _SPELLINGS["nicknames"].items()}
OTHER_SPELLINGS: dict[str, list[str]] = {}
for _line in _SPELLINGS["spellings"]:
    for _name in _line.split():
        OTHER_SPELLINGS.setdefault(_name, [other for other in _line.split() if other != _name])

_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "İ": "I", "ø": "o", "ß": "ss"})


def plain_letters(text: str) -> str:
    """The text in A to Z, as an old system keeps it: Łukasz → Lukasz."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class Pick:
    """Draws from a list whose first entries are the commoner (Zipf-like, weight 1 / (rank + 6))."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.bounds = list(accumulate(1 / (rank + 6) for rank in range(len(words))))

    def __call__(self, rng: random.Random) -> str:
        return self.words[min(bisect(self.bounds, rng.random() * self.bounds[-1]), len(self.words) - 1)]


@dataclass(frozen=True)
class NamingGroup:
    """How a tradition names its people; words/naming_groups.toml says what each rate means."""

    code: str
    language: str
    speaks: float
    share: float
    takes_husbands: float
    middle: str
    swaps: float
    women: Pick
    men: Pick
    surnames: Pick
    women_older: Pick | None = None
    men_older: Pick | None = None

    def forename(self, rng: random.Random, sex: str, born: int) -> str:
        """A forename for a person of this sex ("F" or "M") born in this year."""
        if born < 1970 and self.women_older and self.men_older:
            return (self.women_older if sex == "F" else self.men_older)(rng)
        return (self.women if sex == "F" else self.men)(rng)


_LISTS = ("women", "men", "surnames", "women_older", "men_older")


def _group(code: str, declared: dict[str, Any]) -> NamingGroup:
    return NamingGroup(
        code=code,
        **{key: Pick(value.split()) if key in _LISTS else value for key, value in declared.items()},  # type: ignore[arg-type]
    )


GROUPS: dict[str, NamingGroup] = {
    code: _group(code, declared) for code, declared in load_words("naming_groups").items()
}
SHARES: dict[str, float] = {code: group.share for code, group in GROUPS.items()}


def share_by_english(other_language: float) -> dict[str, float]:
    """Naming groups of an area where this share of residents has another main language than English (0 to 1)."""
    usual = sum(SHARES[code] * group.speaks for code, group in GROUPS.items())
    bend = max(0.15, min(3.0, other_language / usual))
    weights = {code: share * (bend if GROUPS[code].speaks else 1.0) for code, share in SHARES.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


def feminine(surname: str) -> str:
    """A Polish surname as a woman carries it: Kowalski → Kowalska."""
    return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname


def nickname(rng: random.Random, forename: str) -> str:
    """A name that this person may go by; the forename itself where none is known."""
    known = NICKNAMES.get(forename)
    return rng.choice(known) if known else forename


def other_spelling(rng: random.Random, name: str) -> str:
    """The name as another office spells it; the same name where only one spelling is known."""
    known = OTHER_SPELLINGS.get(name)
    if known:
        return rng.choice(known)
    return plain_letters(name)
