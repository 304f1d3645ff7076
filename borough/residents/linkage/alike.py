"""Are two values written alike? For the few pairs that clustering asks about one at a time; sets of pairs go by SQL."""

from functools import lru_cache

from borough.residents.linkage.functions import damerau_levenshtein, jaro_winkler_similarity

NAMES_ALIKE = 0.8


def one_edit(a: str, b: str) -> bool:
    """One character changed, put in, left out, or two neighbours swapped, at most."""
    return damerau_levenshtein(a, b) <= 1


def dates_alike(a: str, b: str) -> bool:
    """YYYY-MM-DD: the same year, one edit, or day and month swapped."""
    return a[:4] == b[:4] or one_edit(a, b)


@lru_cache(maxsize=200_000)
def names_alike(a: str, b: str) -> bool:
    """Upper case names: the same start, one within the other, Jaro-Winkler similarity of at least NAMES_ALIKE, or one
    slip after the first letter."""
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return True
    if a[:3] == b[:3] or jaro_winkler_similarity(a, b) >= NAMES_ALIKE:
        return True
    return a[:1] == b[:1] and one_edit(a, b)
