"""Where another borough asks us to co-sign its seal. Its signature is its key: nobody else is answered."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from borough.common.api import OTHERWISE, Text
from borough.governance.actions import co_sign

router = Router(tags=["seals"])


class SealSeen(Schema):
    """A head of the asking borough's chain, signed by it."""

    borough: Text = Field(max_length=160)
    number: int = Field(ge=1)
    head: str = Field(pattern="^[0-9a-f]{64}$")
    at: Text = Field(max_length=40)
    key: Text = Field(max_length=44)
    signature: Text = Field(max_length=88)


class CoSigned(SealSeen):
    """The same head, signed by us."""

    witness: str


@router.post("/witness", response={200: CoSigned, **OTHERWISE}, auth=None)
def witness(request: HttpRequest, seen: SealSeen) -> dict[str, Any]:
    return co_sign(seen.dict())
