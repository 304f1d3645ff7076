"""What needs me today: the figures on a member of staff's home page, each a link to the work behind it."""

from dataclasses import dataclass

from borough.accounts.policies import Viewer


@dataclass(frozen=True)
class Tile:
    number: int
    label: str
    href: str


def what_needs(viewer: Viewer, purpose: str) -> list[Tile]:
    """The tiles of the viewer's roles, the most pressing first."""
    return []
