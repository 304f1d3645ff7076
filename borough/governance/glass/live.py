"""What the door asks of emergency access: whether it is open to this person now, and whether a look keeps to it."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.glass.models import GlassBreak
from borough.governance.glass.rules import EMERGENCY, is_within, opens


def lets_through(viewer: Viewer, purpose: str, verb: str) -> bool:
    """Any other purpose is for its agreement alone; an emergency also needs a break of their own that has not ended."""
    if purpose != EMERGENCY:
        return True
    live = live_break(viewer)
    return live is not None and opens(live.resident_id, verb)


def check_within(viewer: Viewer, purpose: str, seen: Collection[str]) -> None:
    """Raise NotAllowed where emergency access for one resident would show another, or has ended meanwhile."""
    if purpose != EMERGENCY:
        return
    live = live_break(viewer)
    if live is None or not is_within(live.resident_id, seen):
        raise NotAllowed(
            _("Your emergency access is for another resident, or has ended."), _("Open it again, for this resident.")
        )


def live_break(viewer: Viewer) -> GlassBreak | None:
    """Their emergency access, while it lasts."""
    return GlassBreak.objects.filter(viewer_id=viewer.id, ends_at__gt=clock.now()).order_by("-opened_at").first()


def emergency_ends_at(viewer: Viewer) -> datetime | None:
    """When their emergency access ends; None where they have none."""
    live = live_break(viewer)
    return live.ends_at if live else None
