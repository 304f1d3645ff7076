"""What somebody typed into the one search box: an id, an identifier, a date, a place, a name, or several of these."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from borough.common.identifiers import (
    clean_email,
    clean_nhs_number,
    clean_nino,
    clean_phone,
    clean_postcode,
)

_RESIDENT_ID = re.compile(r"R[0-9A-HJKMNP-TV-Z]{16}")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)
_NUMBER_DATE = re.compile(r"(?<![\d/.-])(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2}))(?![\d/.-])")
_WORD_DATE = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(\d{4}|\d{2})\b",
    re.IGNORECASE,
)
# With a postcode, such a number is the year that somebody was born in.
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UPRN = re.compile(r"(?:uprn\s*:?\s*)(\d{1,12})|(\d{11,12})", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """What was understood. Set parts must all hold; `born_in` is a year, `words` are of a name or of an address."""

    resident_id: str = ""
    nino: str = ""
    nhs_number: str = ""
    phone: str = ""
    email: str = ""
    uprn: str = ""
    postcode: str = ""
    born: date | None = None
    born_in: int = 0
    words: str = ""

    @property
    def read_as(self) -> list[str]:
        """The parts that are set, as codes."""
        return [name for name, value in vars(self).items() if value]


def understand(text: str, today: date) -> Question:
    """What the text asks for. Never fails: what is nothing else is words."""
    text = " ".join(text.split())[:200]
    bare = text.upper().replace(" ", "")
    if _RESIDENT_ID.fullmatch(bare):
        return Question(resident_id=bare)
    if nino := clean_nino(text):
        return Question(nino=nino)
    # Ten digits with the right check digit are an NHS number; phones are typed with their zero.
    if nhs_number := clean_nhs_number(text):
        return Question(nhs_number=nhs_number)
    if email := clean_email(text):
        return Question(email=email)
    if uprn := _UPRN.fullmatch(text):
        digits = (uprn[1] or uprn[2]).lstrip("0")
        # 07700900123 has eleven digits as well.
        if digits and not (uprn[2] and clean_phone(text)):
            return Question(uprn=digits)
    born, rest = _take_date(text, today)
    if born is None and (phone := clean_phone(text)):
        return Question(phone=phone)
    postcode = ""
    if match := _POSTCODE.search(rest):
        postcode = clean_postcode(match[1]) or ""
        rest = rest.replace(match[0], " ") if postcode else rest
    born_in = 0
    if postcode and born is None and (year := _YEAR.search(rest)) and int(year[0]) <= today.year:
        born_in, rest = int(year[0]), rest.replace(year[0], " ")
    return Question(born=born, born_in=born_in, postcode=postcode, words=" ".join(rest.replace(",", " ").split()))


def _take_date(text: str, today: date) -> tuple[date | None, str]:
    """(the date in the text, the text without it). Day before month; two digits of a year are the last such year."""
    if match := _NUMBER_DATE.search(text):
        parts = [int(part) for part in re.split(r"[/.-]", match[1])]
        year, month, day = parts if match[1][4:5] == "-" else parts[::-1]
    elif match := _WORD_DATE.search(text):
        day, year = int(match[1]), int(match[3])
        month = _MONTHS.index(match[2].lower()) + 1
    elif re.fullmatch(r"\d{8}", text):
        return _eight_digits(text), "" if _eight_digits(text) else text
    else:
        return None, text
    if year < 100:
        year += today.year // 100 * 100
        year -= 100 if year > today.year else 0
    try:
        return date(year, month, day), text.replace(match[0], " ")
    except ValueError:
        return None, text


def _eight_digits(text: str) -> date | None:
    for pattern in ("%d%m%Y", "%Y%m%d"):
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
        if 1890 <= found.year <= 2100:
            return found
    return None
