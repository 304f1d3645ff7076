"""When an agreement opens the door."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from borough.accounts.policies import Viewer
    from borough.governance.models import Agreement

# The fields of a resident that an agreement can open, beside the id.
FIELDS = {
    "name": "Name",
    "date_of_birth": "Date of birth",
    "address": "Address and household",
    "contact": "Phone and email",
    "identifiers": "National Insurance and NHS numbers",
    "records": "What each council system holds",
    "indicators": "Indicators of need",
}


def serves(agreement: "Agreement", verb: str) -> bool:
    """Whether the verb serves the agreement's purpose (purpose limitation): by its room, or because it is named.

    "room.name" is served by its room or its own name; "room.name.kind", work with a purpose of its own, by its name.
    """
    rooms = agreement.purpose.rooms
    return verb in rooms or (verb.count(".") == 1 and verb.partition(".")[0] in rooms)


def opens(agreement: "Agreement", viewer: "Viewer", on: date) -> bool:
    """Live, decided, within its dates, and for one of the viewer's roles."""
    return (
        agreement.state == "live"
        and agreement.starts_on <= on < agreement.review_on
        and viewer.has_role(*agreement.roles)
    )
