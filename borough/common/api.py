"""What every operation of the API takes as text, and answers when it cannot do what was asked."""

from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

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
