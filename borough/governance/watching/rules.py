"""What makes looks odd. Pure: no tables. A flag is a question to a person, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from borough.common.states import StateTable

FLAG_STATES = StateTable(
    name="flag",
    labels={"new": "To be judged", "explained": "Explained", "investigate": "To be investigated"},
    allowed={
        "new": frozenset({"explained", "investigate"}),
        "explained": frozenset(),
        "investigate": frozenset({"explained"}),
    },
)
FLAGS: dict[str, str | Promise] = {
    "many": _("Looked at far more people than others in the same work"),
    "family": _("Looked at somebody of the same surname where they live, or at themselves"),
    "neighbour": _("Looked at somebody where they live"),
    "protected": _("Looked at a protected person"),
}

# A slow harvester looks at a few a day: only a month shows it.
MANY_OVER = timedelta(days=30)
# A list on a screen; more is a job, such as a campaign, which has its own row and its own reasons.
MOST_ON_A_SCREEN = 60
MANY_AT_LEAST = 100
TIMES_THE_PEERS = 3
# Where nobody does the same work there is nothing to compare with.
MANY_ALONE = 300


@dataclass(frozen=True)
class Home:
    """A surname and a postcode: of a resident, or as a member of staff gave them."""

    surname: str
    postcode: str


def is_many(seen: int, peers: Sequence[int]) -> bool:
    """Whether somebody who saw so many people in a month should be asked, where peers in the same role saw these."""
    if not peers:
        return seen >= MANY_ALONE
    return seen >= MANY_AT_LEAST and seen > TIMES_THE_PEERS * median(peers)


def tie(own: Home, other: Home) -> Literal["family", "neighbour", ""]:
    """What a resident is to somebody who lives there: both by postcode, family by surname too."""
    if not own.postcode or _plain(own.postcode) != _plain(other.postcode):
        return ""
    return "family" if own.surname and _plain(own.surname) == _plain(other.surname) else "neighbour"


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
