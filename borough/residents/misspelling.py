"""What somebody may have meant by a name that nobody here has: the nearest of the names that are here."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from borough.residents.models import LinkRun, SearchTerm

MOST_MEANT = 8
# So alike, by beginning and common letters, are Muhamad and MOHAMMED.
LEAST_ALIKE = 0.84
# Letters that may be wrong in a short name and in a longer one.
SLIPS_SHORT, SLIPS_LONG, LONG = 1, 2, 6


def names_meant(word: str) -> list[str]:
    """The names in the index that are spelt almost like this folded word, the nearest first; itself where it is one."""
    names = _names(LinkRun.objects.filter(kind="full").order_by("-id").values_list("id", flat=True).first())
    slips = SLIPS_LONG if len(word) >= LONG else SLIPS_SHORT
    slipped = process.extract(
        word, names, scorer=DamerauLevenshtein.distance, processor=None, score_cutoff=slips, limit=MOST_MEANT
    )
    alike = process.extract(
        word, names, scorer=JaroWinkler.similarity, processor=None, score_cutoff=LEAST_ALIKE, limit=MOST_MEANT
    )
    return list(dict.fromkeys([name for name, _, _ in slipped] + [name for name, _, _ in alike]))[:MOST_MEANT]


# Read once after each linking of all records; who came since is found by how they are spelt.
@lru_cache(maxsize=1)
def _names(run: int | None) -> tuple[str, ...]:
    return tuple(SearchTerm.objects.filter(kind="name").order_by("term").values_list("term", flat=True).distinct())
