"""Who may see volunteers, how long an offer stands, and what a line of a file must hold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER, SYSTEM
from borough.common.identifiers import clean_email, clean_phone, clean_postcode

STAFF = (COORDINATOR, CONTACT_WORKER, LINK_WORKER, SYSTEM)
MATCHERS = (COORDINATOR, LINK_WORKER, CONTACT_WORKER, SYSTEM)

# How long a volunteer has to answer, by urgency; then the case goes to somebody else.
ANSWER_WITHIN = {"urgent": timedelta(hours=3), "soon": timedelta(hours=12), "routine": timedelta(hours=24)}
# An accepted task stays open to its volunteer this long.
LINK_KEPT = timedelta(days=14)
WRONG_PROOFS = 5

# Royal Mail uses no C, I, K, M, O, V at the end of a postcode.
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

NEEDED = ("name", "postcode", "skills")


@dataclass(frozen=True)
class Line:
    """A volunteer as a file tells of them. `key` is the same in each file that tells of them."""

    key: str
    name: str
    phone: str
    email: str
    postcode: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    radius_km: float
    capacity: int
    dbs_expires_on: date | None
    organisation: str


class BadLine(ValueError):
    """A line that cannot be taken in: the column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(f"{column}: {reason}")


def read_line(row: Mapping[str, str]) -> Line:
    """One line of a file of volunteers. Raises BadLine."""
    name = row.get("name", "").strip()
    if not name or len(name) > 160:
        raise BadLine("name", "is empty or longer than 160 characters")
    phone, email = clean_phone(row.get("phone", "")), clean_email(row.get("email", ""))
    if not phone and not email:
        raise BadLine("phone", "neither a phone number nor an email address can be read")
    postcode = clean_postcode(row.get("postcode", ""))
    if not postcode:
        raise BadLine("postcode", "is not a postcode")
    skills = _words(row.get("skills", ""))
    if not skills:
        raise BadLine("skills", "is empty")
    return Line(
        key=f"{name.casefold()}|{email or phone}"[:300],
        name=name,
        phone=phone or "",
        email=email or "",
        postcode=postcode,
        skills=tuple(word.lower().replace(" ", "_") for word in skills),
        languages=_words(row.get("languages", "")),
        radius_km=_number(row, "radius_km", 3.0, 0.1, 50.0),
        capacity=int(_number(row, "capacity", 1, 0, 50)),
        dbs_expires_on=_date(row, "dbs_expires"),
        organisation=row.get("organisation", "").strip()[:160],
    )


def is_checked(dbs_expires_on: date | None, on: date) -> bool:
    return dbs_expires_on is not None and dbs_expires_on > on


def expires_at(now: datetime, urgency: str) -> datetime:
    return now + ANSWER_WITHIN[urgency]


def proof_of(phone: str, email: str) -> str:
    """What the holder of a link knows of themselves: the last four digits of their number, or their e-mail address."""
    return phone[-4:] if phone else email


def district_of(postcode: str) -> str:
    """NW1 of NW1 2DB: some thousands of homes."""
    return postcode.split(" ")[0] if " " in postcode else ""


def neighbours_of(postcode: str) -> list[str]:
    """All postcodes that the sector of this one could have: NW1 2AA to NW1 2ZZ for NW1 2DB."""
    return [postcode[:-2] + first + second for first in UNIT_LETTERS for second in UNIT_LETTERS]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in cell.split(";") if word.strip()))


def _number(row: Mapping[str, str], column: str, otherwise: float, least: float, most: float) -> float:
    cell = row.get(column, "").strip()
    if not cell:
        return otherwise
    try:
        number = float(cell)
    except ValueError as error:
        raise BadLine(column, "is not a number") from error
    if not least <= number <= most:
        raise BadLine(column, f"is not between {least:g} and {most:g}")
    return number


def _date(row: Mapping[str, str], column: str) -> date | None:
    cell = row.get(column, "").strip()
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise BadLine(column, "is not a date such as 2027-03-31") from error
