"""The residents index for other systems: who may this be, and records as they arrive."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from borough.accounts.api_key import viewer_of_key
from borough.common.api import OTHERWISE, Text
from borough.residents import actions, queries
from borough.residents.arriving import MOST_ROWS

router = Router(tags=["Residents"])

SourceCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MOST_LOADS = 2**53


class Person(Schema):
    """What is known of somebody. Leave out what is not."""

    forename: Text = Field("", max_length=80)
    middle_names: Text = Field("", max_length=120)
    surname: Text = Field("", max_length=80)
    previous_surname: Text = Field("", max_length=80)
    dob: date | None = Field(None, description="Date of birth, 1980-12-31")
    sex: Text = Field("", max_length=1, description="F or M")
    nino: Text = Field("", max_length=13, description="National Insurance number")
    nhs_number: Text = Field("", max_length=12)
    phone: Text = Field("", max_length=30)
    email: Text = Field("", max_length=254)
    address: Text = Field("", max_length=250)
    postcode: Text = Field("", max_length=9)
    uprn: Text = Field("", max_length=12)


class Question(Schema):
    purpose: str = Field(
        pattern=r"^[a-z0-9-]{1,40}$", description="Code of the purpose that an agreement covers, such as offer-help"
    )
    person: Person


class Evidence(Schema):
    words: str
    weight: float = Field(description="Bits: above 0 for one person, below 0 against")


class Somebody(Schema):
    """A resident whom the details may be of. What the agreement does not open is empty."""

    resident_id: str
    weight: float = Field(description="Bits of evidence that it is one person (Splink match weight)")
    probability: float = Field(description="0 to 1")
    name: str
    dob: date | None
    address: str
    postcode: str
    reasons: list[Evidence]


class Answer(Schema):
    found: list[Somebody]


@router.post("lookup", response={200: Answer, **OTHERWISE}, summary="Who may this be?")
def look_up(request: HttpRequest, question: Question) -> dict[str, object]:
    """The ten likeliest residents, weighed as linking weighs them. The look is in the ledger before you read it."""
    details = {name: str(value) if value else None for name, value in question.person.dict().items()}
    return {"found": queries.look_up(details, viewer=viewer_of_key(request), purpose=question.purpose)}


class Arrivals(Schema):
    purpose: str = Field(pattern=r"^[a-z0-9-]{1,40}$", description="Code of the purpose that an agreement covers")
    rows: list[dict[str, Text]] = Field(
        min_length=1, max_length=MOST_ROWS, description="Rows by the source's own column names; all values as text"
    )
    accept: int | None = Field(
        None,
        ge=1,
        le=MOST_LOADS,
        description="Held rows are right: the number of that load, with the same rows again",
    )


class Rejected(Schema):
    row: int = Field(description="From 1")
    column: str
    reason: str


class Arrived(Schema):
    """`residents`: who each record that was new or had changed is taken to be, by its key."""

    load_id: int
    added: int
    changed: int
    unchanged: int
    rejected: list[Rejected]
    residents: dict[str, str]


@router.post(
    "sources/{source}/records",
    response={200: Arrived, **OTHERWISE},
    summary="Records of a source that are new or have changed",
)
def take_records(request: HttpRequest, source: SourceCode, arrivals: Arrivals) -> actions.Arrival:
    """Each row is read by the source's mapping, merged by its key and linked before you get the answer. Rows that look
    wrong together, such as identifiers moved by a row, are held: 409 says why, and the number of the load to accept or
    reject."""
    return actions.take_records(
        by=viewer_of_key(request), purpose=arrivals.purpose, source=source, rows=arrivals.rows, accept=arrivals.accept
    )


class Rejection(Schema):
    load_id: int


@router.post(
    "sources/{source}/loads/{load_id}/reject",
    response={200: Rejection, **OTHERWISE},
    summary="Rows that were held are wrong",
)
def reject_load(
    request: HttpRequest, source: SourceCode, load_id: Annotated[int, Path(ge=1, le=MOST_LOADS)]
) -> dict[str, int]:
    """Somebody has looked, and what was held is not to be taken in. Nothing of it was kept."""
    actions.reject_load(by=viewer_of_key(request), source=source, load_id=load_id)
    return {"load_id": load_id}
