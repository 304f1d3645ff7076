"""Are two values written alike? For the few pairs that clustering asks about one at a time; sets of pairs go by SQL."""

from functools import lru_cache

NAMES_ALIKE = 0.8


def one_edit(a: str, b: str) -> bool:
    """One character changed, put in, left out, or two neighbours swapped, at most."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(b) > 1 and a[2:] == b[2:])


def dates_alike(a: str, b: str) -> bool:
    """YYYY-MM-DD: the same year, one edit, or day and month swapped."""
    return a[:4] == b[:4] or one_edit(a, b)


@lru_cache(maxsize=200_000)
def names_alike(a: str, b: str) -> bool:
    """Upper case names: the same start, one within the other, or Jaro-Winkler similarity of at least NAMES_ALIKE."""
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return True
    return a[:3] == b[:3] or jaro_winkler(a, b) >= NAMES_ALIKE


def jaro_winkler(a: str, b: str) -> float:
    """Jaro-Winkler similarity, 0 to 1, with a prefix of at most four letters at 0.1 each (Winkler 1990)."""
    if not a or not b:
        return 0.0
    reach = max(0, max(len(a), len(b)) // 2 - 1)
    taken = [False] * len(b)
    mine: list[str] = []
    for place, letter in enumerate(a):
        for other in range(max(0, place - reach), min(len(b), place + reach + 1)):
            if not taken[other] and b[other] == letter:
                taken[other] = True
                mine.append(letter)
                break
    if not mine:
        return 0.0
    theirs = [letter for letter, used in zip(b, taken, strict=True) if used]
    swapped = sum(one != other for one, other in zip(mine, theirs, strict=True)) / 2
    same = len(mine)
    jaro = (same / len(a) + same / len(b) + (same - swapped) / same) / 3
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)
