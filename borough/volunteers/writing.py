"""Messages to volunteers, in the language that they name first, where we have the words in it."""

from collections.abc import Mapping
from pathlib import Path

from borough.accounts.policies import Viewer
from borough.messaging.actions import send_to_address
from borough.messaging.wording import Wording, read_wording
from borough.volunteers.models import Volunteer

WORDINGS = Path(__file__).parent / "wordings"


def write_to(
    volunteer: Volunteer, *, by: Viewer, wording: str | Wording, about: str, key: str, values: Mapping[str, str]
) -> str | None:
    """Send a wording, by its name in this room or itself, once for each `key`. Returns the message's id, if any."""
    words = read_wording(WORDINGS, wording) if isinstance(wording, str) else wording
    if words is None:
        raise LookupError(f"the wording {wording} of volunteers is not there")
    return send_to_address(
        by=by,
        name=volunteer.name.split(" ")[0],
        phone=volunteer.phone,
        email=volunteer.email,
        wording=words,
        about=about,
        key=key,
        values=values,
        language=next(iter(volunteer.languages), ""),
    )
