"""Who may see volunteers, how long an offer stands, and what a line of a file must hold. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, LINK_WORKER, SYSTEM
from borough.common.clock import LONDON
from borough.common.csv_files import BadLine
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.volunteers.availability import HOURS
from borough.volunteers.matching_costs import RADIUS_KM

# Who helps is read to help residents; a partner reads, by an agreement of its own, the volunteers whom it brought.
PURPOSE, PARTNERS_PURPOSE = "offer-help", "look-after-volunteers"

STAFF = (COORDINATOR, CONTACT_WORKER, LINK_WORKER, SYSTEM)
MATCHERS = (COORDINATOR, LINK_WORKER, CONTACT_WORKER, SYSTEM)
# Who decides whether somebody becomes a volunteer.
DECIDES = (COORDINATOR,)

# How long a volunteer has to answer, by urgency; then the case goes to somebody else.
ANSWER_WITHIN = {"urgent": timedelta(hours=3), "soon": timedelta(hours=12), "routine": timedelta(hours=24)}
# An urgent task that cannot wait for the usual time: each has this long to answer, one after the other.
LIVE_MINUTES = 10
# After so many who did not accept, a task waits for a person.
ASKED_AT_MOST = 10

# A volunteer who helped this much in seven days rests for so many days after the last task and is asked nothing. A
# day of rest in seven is what workers have by the Working Time Regulations 1998, regulation 11; volunteers, who are
# not workers, get two. A task without a time logged counts as an hour.
REST_AFTER_TASKS, REST_AFTER_MINUTES, REST_DAYS = 10, 12 * 60, 2
MINUTES_UNTOLD = 60

# So many days before a check ends its volunteer is reminded: a new DBS check takes some weeks.
REMIND_DAYS = (30, 7)

# How long a resident who was helped well keeps their volunteer before others.
TRUST_LASTS = timedelta(days=365)
# An accepted task stays open to its volunteer this long.
LINK_KEPT = timedelta(days=14)
WRONG_PROOFS = 5
# Who wants to be a volunteer confirms within this time that the phone or mailbox is theirs.
CONFIRM_WITHIN = timedelta(days=7)

# Royal Mail uses no C, I, K, M, O, V at the end of a postcode.
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

DBS_LEVELS = ("basic", "standard", "enhanced")

NEEDED = ("name", "postcode", "skills")


# Flags of a case for which whoever goes has a DBS check in date, whatever the need.
CHECK_FLAGS = {"not_alone", "safeguarding"}


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
    dbs_level: str
    drives_expires_on: date | None
    travel: str
    hours: tuple[str, ...]
    organisation: str


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
    travel, hours = _one_of(row, "travel", RADIUS_KM, "walk"), _words(row.get("hours", ""))
    if wrong := [one for one in hours if one not in HOURS]:
        raise BadLine("hours", f"knows no {wrong[0]}; write them as mon_morning;sat_night")
    return Line(
        key=f"{name.casefold()}|{email or phone}"[:300],
        name=name,
        phone=phone or "",
        email=email or "",
        postcode=postcode,
        skills=tuple(word.lower().replace(" ", "_") for word in skills),
        languages=_words(row.get("languages", "")),
        radius_km=_number(row, "radius_km", RADIUS_KM[travel], 0.1, 50.0),
        capacity=int(_number(row, "capacity", 1, 0, 50)),
        dbs_expires_on=_date(row, "dbs_expires"),
        dbs_level=_one_of(row, "dbs_level", DBS_LEVELS, ""),
        drives_expires_on=_date(row, "drives_expires"),
        travel=travel,
        hours=hours,
        organisation=row.get("organisation", "").strip()[:160],
    )


def is_checked(dbs_expires_on: date | None, on: date) -> bool:
    return dbs_expires_on is not None and dbs_expires_on > on


def reminder_of(ends_on: date | None, today: date) -> int | None:
    """Which of REMIND_DAYS a check that ends then is to be reminded of today, the nearest alone; none once it ended."""
    left = (ends_on - today).days if ends_on else 0
    return min((days for days in REMIND_DAYS if 0 < left <= days), default=None)


def ends_soon(ends: Iterable[date | None], today: date) -> date | None:
    """The first of these ends of checks that is near enough to be reminded of."""
    return min((day for day in ends if day and reminder_of(day, today)), default=None)


def expires_at(now: datetime, urgency: str, minutes: int | None = None) -> datetime:
    """Until when an offer stands; `minutes` where somebody is asked live."""
    return now + (ANSWER_WITHIN[urgency] if minutes is None else timedelta(minutes=minutes))


def is_on_the_day(now: datetime, starts_at: datetime | None, ends_at: datetime | None) -> bool:
    """Whether a volunteer may be on the way to a task now: on the day of its hours; at any time where it has none."""
    if starts_at is None or ends_at is None:
        return True
    return starts_at.astimezone(LONDON).date() <= now.astimezone(LONDON).date() <= ends_at.astimezone(LONDON).date()


def rests_until(done: Iterable[tuple[date, int | None]], today: date) -> date | None:
    """The last day of rest of who did these tasks (day, minutes), where they rest today."""
    week = [(day, MINUTES_UNTOLD if took is None else took) for day, took in done if 0 <= (today - day).days < 7]
    if len(week) < REST_AFTER_TASKS and sum(took for _day, took in week) < REST_AFTER_MINUTES:
        return None
    last = max(day for day, _took in week) + timedelta(days=REST_DAYS)
    return last if last >= today else None


def proof_of(phone: str, email: str) -> str:
    """What the holder of a link knows of themselves: the last four digits of their number, or their e-mail address."""
    return phone[-4:] if phone else email


def neighbours_of(postcode: str) -> list[str]:
    """All postcodes that the sector of this one could have: NW1 2AA to NW1 2ZZ for NW1 2DB."""
    return [postcode[:-2] + first + second for first in UNIT_LETTERS for second in UNIT_LETTERS]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in cell.split(";") if word.strip()))


def _one_of(row: Mapping[str, str], column: str, known: Iterable[str], otherwise: str) -> str:
    cell = row.get(column, "").strip().lower()
    if cell and cell not in known:
        raise BadLine(column, f"is not one of {', '.join(known)}")
    return cell or otherwise


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
