"""How plain words find a service. Pure."""

import re
from collections.abc import Iterable

# What people write, and the words that listings use for it.
SAME_NEED = {
    "lonely": ("befriending", "isolation", "company", "social"),
    "isolation": ("befriending", "lonely", "social"),
    "hungry": ("food",),
    "food": ("foodbank", "meal"),
    "eat": ("food", "meal"),
    "debt": ("money", "benefits"),
    "bills": ("money", "debt", "energy"),
    "money": ("debt", "benefits"),
    "medicine": ("prescription", "pharmacy"),
    "prescriptions": ("prescription", "pharmacy", "medicine"),
    "sad": ("mental", "counselling", "wellbeing"),
    "depressed": ("mental", "counselling", "wellbeing"),
    "job": ("employment", "work"),
    "computer": ("digital", "internet"),
    "internet": ("digital", "computer"),
    "cold": ("energy", "warm"),
    "dog_walking": ("dog", "pet"),
    "shopping": ("shop", "groceries"),
}
_SMALL = """a an and are can do for from get have help i in is it me my near need of on or please some somebody
someone that the to want who with you your"""
_SMALL_WORDS = frozenset(_SMALL.split())


def search_words(need: str) -> list[set[str]]:
    """The words of a need, each with those that mean the same in a listing; small words left out."""
    words = [word for word in re.findall(r"[\w-]+", need.lower()) if word not in _SMALL_WORDS]
    return [{_stem(word), *SAME_NEED.get(word, ())} for word in dict.fromkeys(words)]


def score(words: Iterable[set[str]], *, name: str, terms: str, text: str) -> int:
    """How well a listing answers the words: for each word 4 in its taxonomy, 3 in its name, 1 in its description."""
    name, terms, text = name.lower(), terms.lower(), text.lower()
    return sum(
        4 * any(same in terms for same in group)
        + 3 * any(same in name for same in group)
        + any(same in text for same in group)
        for group in words
    )


def _stem(word: str) -> str:
    """Without the ending of a plural, so that "meals" finds "meal"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
