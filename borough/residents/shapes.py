"""What the published reads of residents return. A field that the agreement does not open is empty, as if it were not
known."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Contact:
    """How to reach a resident, and where they live."""

    resident_id: str
    name: str = ""
    forename: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    address: str = ""
    postcode: str = ""
    small_area: str = ""
    uprn: str = ""
    born_on: date | None = None


@dataclass(frozen=True)
class Home:
    """Where a resident lives; no name."""

    uprn: str
    postcode: str
    small_area: str


@dataclass(frozen=True)
class Direction:
    """What says whom to send to a resident. `district` is that of the postcode."""

    language: str = ""
    district: str = ""


@dataclass(frozen=True)
class ResidentRow:
    """A resident in a list of results."""

    resident_id: str
    name: str = ""
    dob: date | None = None
    address: str = ""
    postcode: str = ""
    left_on: date | None = None


@dataclass(frozen=True)
class ResidentPage:
    """One page of results. `read_as` says as what the text was understood: words, born, postcode, nino, phone …;
    `similar` that nobody is called so and these have names spelt almost like it."""

    rows: list[ResidentRow]
    page: int
    has_next: bool
    read_as: list[str]
    similar: bool = False


@dataclass(frozen=True)
class Reason:
    """One piece of evidence for a link: bits above zero speak for one person, below zero against."""

    words: str
    weight: float


@dataclass(frozen=True)
class RecordView:
    """What one source holds of a resident, and why we think it is them. `linked_to` names the other record."""

    record_id: int
    source: str
    source_title: str
    key: str
    values: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    read_on: datetime
    gone_at: datetime | None
    linked_to: str
    strength: str
    reasons: list[Reason]


@dataclass(frozen=True)
class LookedUp:
    """Somebody that the details asked with may be. `weight` in bits, `probability` 0 to 1 that it is one person, as
    linking would judge it; `reasons` add up to the weight."""

    resident_id: str
    weight: float
    probability: float
    name: str
    dob: date | None
    address: str
    postcode: str
    reasons: list[Reason]


@dataclass(frozen=True)
class Member:
    """Somebody in the same household."""

    resident_id: str
    name: str
    age: int | None


@dataclass(frozen=True)
class Moment:
    """An entry of a resident's timeline, newest first. `source` is empty for what the index itself did."""

    on: date
    words: str
    source: str = ""


@dataclass(frozen=True)
class ResidentView:
    """A resident as this viewer may see them for this purpose. `asked_for` differs from `resident_id` after a merge."""

    resident_id: str
    asked_for: str
    name: str = ""
    dob: date | None = None
    age: int | None = None
    sex: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    small_area: str = ""
    uprn: str = ""
    nino: str = ""
    nhs_number: str = ""
    left_on: date | None = None
    household_id: str = ""
    household_shared: bool = False
    members: list[Member] = field(default_factory=list)
    records: list[RecordView] = field(default_factory=list)
    timeline: list[Moment] = field(default_factory=list)


@dataclass(frozen=True)
class SourceView:
    """A source and how its newest load went."""

    code: str
    title: str
    owner: str
    refresh: str
    confirmed_by: str
    confirmed_at: datetime
    mapping: dict[str, Any]
    records: int
    last_load: "LoadView | None"


@dataclass(frozen=True)
class LoadView:
    """One load with its counts; no row of the extract."""

    load_id: int
    source: str
    file_name: str
    size_bytes: int
    state: str
    state_words: str
    rows: int
    accepted: int
    rejected: int
    added: int
    changed: int
    unchanged: int
    gone: int
    started_at: datetime
    finished_at: datetime | None
    problem: str
    warnings: dict[str, int]
    unread_columns: list[str]
    by: str


@dataclass(frozen=True)
class RejectView:
    """A row that was not taken in. `row` is empty where the agreement does not open records."""

    line: int
    column: str
    reason: str
    row: str


@dataclass(frozen=True)
class FactFiles:
    """Parquet files without names: see export_facts for their columns."""

    residents: Path
    records: Path
    people: int
