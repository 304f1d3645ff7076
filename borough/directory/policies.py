"""How plain words find a service, and when its listing is asked after. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

# What is said of services is read to help residents by them.
PURPOSE = "offer-help"

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


# How much a word says of a service by where it stands: its taxonomy, its name, its description.
WEIGHTS = {"terms": 4, "name": 3, "text": 1}
LONGEST_WORD = 40
# What a place says of itself where somebody in a wheelchair gets in.
_STEP_FREE = re.compile(r"step[- ]?free|no steps?\b|level access|wheelchair (access|users?)|\bramp", re.IGNORECASE)
_SAYS_NO = re.compile(r"not?\b(?! steps?\b(?![ -]?free))", re.IGNORECASE)
_REMOTE = re.compile(r"online|video|phone|remote|virtual|at home|home visit", re.IGNORECASE)

# Connected Kingston (Royal Borough of Kingston, 2024) asks "still up to date?" after six months and chases at twelve.
ASK_AFTER, CHASE_AFTER = timedelta(days=182), timedelta(days=365)
# The first link has to last until the second is sent.
LINK_KEPT = CHASE_AFTER - ASK_AFTER + timedelta(days=14)
# What a service's own people may change. The first would send residents elsewhere, so a directory editor looks first.
NEEDS_APPROVAL = ("name", "eligibility", "phone", "email", "url", "status")
FIELDS = (*NEEDS_APPROVAL, "description", "fees", "hours", "alert")


def is_stale(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a listing is shown as not confirmed: nobody who knows the service said so for a year."""
    return confirmed_at is not None and now - confirmed_at > CHASE_AFTER


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What was changed, blanks around it apart; of fields that may be."""
    tidy = {name: " ".join(after[name].split("\r")).strip() for name in FIELDS if name in after}
    return {name: text for name, text in tidy.items() if text != before.get(name, "").strip()}


# Codes of the Office for National Statistics for small areas, for wards and for districts begin so; their countries and
# regions do not.
SMALL_AREAS, WARDS = ("E01", "W01"), ("E05", "W05")
DISTRICTS = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")
_AREA_CODE = re.compile(r"\b[EWSN]\d{8}\b")
_OF_A_COUNCIL = re.compile(r"^(the )?((london|royal) )*borough of |^(the )?city of | (borough )?council$| ward$")
# Who serves "Hackney" alone does not serve its neighbours. London Government Act 1963, schedule 1, and the City.
LONDON_BOROUGHS = frozenset(
    """barking and dagenham|barnet|bexley|brent|bromley|camden|croydon|ealing|enfield|greenwich|hackney
    |hammersmith and fulham|haringey|harrow|havering|hillingdon|hounslow|islington|kensington and chelsea
    |kingston upon thames|lambeth|lewisham|merton|newham|redbridge|richmond upon thames|southwark|sutton
    |tower hamlets|waltham forest|wandsworth|westminster|london""".replace("\n    ", "").split("|")
) - {"london"}


def area_key(name: str, *codes: str) -> str:
    """How an area is compared: by the first code in what is told of it, else by its name."""
    found = next(filter(None, (_AREA_CODE.search(text) for text in (*codes, name))), None)
    return found.group() if found else plain_area(name or "unnamed")


def plain_area(name: str) -> str:
    """ "camden" of "London Borough of Camden" and of "Camden Council"."""
    return _OF_A_COUNCIL.sub("", " ".join(name.lower().replace("&", "and").split()))[:120]


def is_elsewhere(area: str, *, here: Collection[str], known: Collection[str]) -> bool:
    """Whether an area is known not to hold somebody who lives `here`, by keys. `known` are keys of areas, and the
    beginnings of codes, that would be among `here` if they held them. What is not known keeps nobody out."""
    return area not in here and (area in known or (bool(_AREA_CODE.fullmatch(area)) and area[:3] in known))


def typed_words(need: str) -> list[str]:
    """The words of a need, small ones left out, as listings are searched for them."""
    return list(dict.fromkeys(stem(word) for word in _words(need) if word not in _SMALL_WORDS))


def search_words(need: str) -> list[set[str]]:
    """The words of a need, each with those that mean the same in a listing."""
    return [{word, *map(stem, MEANS.get(word, ()))} for word in typed_words(need)]


def words_of(*, name: str, terms: str, text: str) -> dict[str, int]:
    """The words that find a listing, each with its weight."""
    found: dict[str, int] = {}
    for place, written in (("name", name), ("terms", terms), ("text", text)):
        for word in {stem(one) for one in _words(written)} - _SMALL_WORDS:
            found[word] = found.get(word, 0) + WEIGHTS[place]
    return found


def nearest_word(word: str, known: Collection[str]) -> str:
    """The known word that a misspelt one most likely is: one slip in four letters, two in eight; "" for none."""
    slips = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    found = extractOne(word, known, scorer=OSA.distance, score_cutoff=slips) if slips else None
    return str(found[0]) if found else ""


# As far as figures may move a service among those that fit a need equally well: as if it stood so much nearer.
MOST_KM = 1.0


def nearer_by_km(*, accepted_percent: float | None, met_percent: float | None, waiting_days: float | None) -> float:
    """How much nearer, in kilometres, a service counts for how referrals to it went: between -1 and 1, 0 where too
    little is known. It orders services that fit equally well; it never puts one before a better fit.

    After Donabedian's order of quality (Milbank Quarterly 44, 1966): outcome first, then process. Half is for needs
    met, and a quarter each for referrals accepted and for a wait under four weeks.
    """
    parts = [
        (0.5, None if met_percent is None else met_percent / 50 - 1),
        (0.25, None if accepted_percent is None else accepted_percent / 50 - 1),
        (0.25, None if waiting_days is None else 1 - min(waiting_days, 56) / 28),
    ]
    return MOST_KM * sum(share * value for share, value in parts if value is not None)


def is_step_free(access: Iterable[str]) -> bool:
    """By what its places say of themselves. "Not wheelchair accessible" says no."""
    return any(_STEP_FREE.search(one) and not _SAYS_NO.match(one) for one in access)


def is_told_as_remote(*, kinds: Collection[str], attending: str) -> bool:
    """Whether one need not go there: a virtual place, or a schedule that says so."""
    return "virtual" in kinds or bool(_REMOTE.search(attending))


def stem(word: str) -> str:
    """Without the ending of a plural, so that "meals" finds "meal"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# The same, as listings are searched.
MEANS = {stem(word): same for word, same in SAME_NEED.items()}


def _words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in re.findall(r"[\w-]+", text.lower())]
