"""Which column of a file from another system is which of ours: a guess from its headings. A person confirms it."""

import re
from collections.abc import Iterable, Sequence

# What other systems call each of our columns. Of several headings that fit, the one that comes first here.
_CALLED = {
    "key": (
        "key", "case no", "case number", "case ref", "case reference", "case id", "reference", "reference number",
        "ref", "ref no", "id", "request id", "record id", "urn", "number", "no",
    ),
    "need": (
        "need", "needs", "what is needed", "help needed", "help required", "support needed", "type of help",
        "type of need", "request type", "case type", "category", "type", "request",
    ),
    "text": ("text", "details", "description", "notes", "note", "comments", "comment", "summary", "message"),
    "name": (
        "name", "full name", "client name", "resident name", "customer name", "contact name", "client", "resident",
        "customer", "person",
    ),
    "phone": (
        "phone", "mobile", "phone number", "mobile number", "telephone", "telephone number", "tel", "tel no",
        "contact number",
    ),
    "email": ("email", "e mail", "email address", "e mail address"),
    "postcode": ("postcode", "post code", "postal code", "pcode"),
    "opened_on": (
        "opened on", "opened", "date opened", "date received", "received", "received on", "date of request",
        "request date", "referral date", "date of referral", "created on", "created", "date created", "date",
    ),
    "urgency": ("urgency", "priority"),
}  # fmt: skip
# What says too little among other words: a date of birth is not the day on which somebody asked.
_ALONE = frozenset(
    ("category", "client", "created", "customer", "date", "id", "key", "message", "name", "no", "note",
     "number", "opened", "person", "received", "ref", "request", "resident", "text", "type")
)  # fmt: skip


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """Our column → the heading that seems to stand for it; without those that none seems to. No heading twice."""
    free = {heading: _plain(heading) for heading in headings if heading}
    found: dict[str, str] = {}
    # What says just that comes before what says it among other words, for all columns.
    for fits in (_says, _says_among_others):
        for column, words in _CALLED.items():
            matching = (heading for word in words for heading, said in free.items() if fits(said, word))
            heading = next(matching, None)
            if column not in found and heading is not None:
                found[column] = heading
                del free[heading]
    return found


def mapping_of(columns: dict[str, str], headings: Iterable[str]) -> dict[str, str]:
    """Heading → our column, and "" for those that stand for none, from our column → heading."""
    ours = {heading: column for column, heading in columns.items() if heading}
    return {heading: ours.get(heading, "") for heading in headings}


def _says(said: str, word: str) -> bool:
    return said == word


def _says_among_others(said: str, word: str) -> bool:
    return word not in _ALONE and f" {word} " in f" {said} "


def _plain(heading: str) -> str:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", heading)
    return " ".join(re.findall(r"[^\W_]+", apart.lower()))
