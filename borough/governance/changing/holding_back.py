"""Which looks a restriction forbids. The same rule stands in the database's own door (enforcing/functions.py)."""

from collections.abc import Sequence

from borough.governance.changing.models import Restriction

# Rooms that look into the index. Help that somebody asked for goes on: it rests on their asking (Article 18(2)).
ROOMS = ("residents", "insight")
# Protecting somebody's life, the resident's own rights, and those who answer for them.
PURPOSES_LEFT = ("answer-rights", "break-glass", "oversight", "watch-looks")


def forbids(verb: str, purpose: str, ids: Sequence[str]) -> bool:
    """Whether this is a look at one resident alone, whose data is not to be used. Lists leave them out."""
    if len(ids) != 1 or verb.partition(".")[0] not in ROOMS or purpose in PURPOSES_LEFT:
        return False
    return Restriction.objects.filter(resident_id=ids[0], ended_at=None).exists()
