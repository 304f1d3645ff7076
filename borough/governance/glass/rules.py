"""How long emergency access lasts, what it opens, and when it must be reviewed. Pure: no tables."""

from collections.abc import Collection
from datetime import datetime, timedelta

from borough.common.states import StateTable

EMERGENCY = "break-glass"
LASTS = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(days=3)
# What there is to do with one resident; a search opens the others that the purpose names too.
FOR_ONE = ("residents.read_resident", "governance.break_glass")

BREAK_STATES = StateTable(
    name="emergency access",
    labels={"to_review": "To be reviewed", "justified": "Justified", "not_justified": "Not justified"},
    allowed={
        "to_review": frozenset({"justified", "not_justified"}),
        "justified": frozenset(),
        "not_justified": frozenset(),
    },
)


def opens(resident_id: str, verb: str) -> bool:
    """Whether a break for this resident ("" for a search) opens this verb."""
    return not resident_id or verb in FOR_ONE


def is_within(resident_id: str, seen: Collection[str]) -> bool:
    """Whether a look stays with the resident that the break is for; their household comes with them."""
    return not resident_id or resident_id in seen


def review_by(opened_at: datetime) -> datetime:
    return opened_at + REVIEW_WITHIN
