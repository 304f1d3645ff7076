"""The residents index for other systems: who may this be, and records as they arrive."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema
from pydantic import StringConstraints

from borough.accounts.api_key import viewer_of_key
from borough.residents import actions, queries
from borough.residents.arriving import MOST_ROWS

router = Router(tags=["Residents"])


# No database holds the character with the number 0.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class Told(Schema):
    """What went wrong, and what to do about it."""

    message: str
    remedy: str


class WrongField(Schema):
    field: str
    says: str


class ToldByField(Told):
    fields: list[WrongField]


# What every operation may answer besides what was asked for.
OTHERWISE = {400: Told, 401: Told, 403: Told, 404: Told, 409: Told, 422: ToldByField}


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
def take_records(
    request: HttpRequest, source: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")], arrivals: Arrivals
) -> actions.Arrival:
    """Each row is read by the source's mapping, merged by its key and linked before you get the answer."""
    viewer = viewer_of_key(request)
    return actions.take_records(by=viewer, purpose=arrivals.purpose, source=source, rows=arrivals.rows)
