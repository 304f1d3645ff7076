"""How much help there is, and where: for figures, without names."""

from dataclasses import dataclass

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.governance.door import open_door
from borough.volunteers.models import Volunteer
from borough.volunteers.policies import PURPOSE, STAFF


@dataclass(frozen=True)
class Capacity:
    """A volunteer who is active: from where they set out, what they can do, how many tasks they take at a time."""

    postcode: str
    lat: float | None
    lon: float | None
    skills: list[str]
    capacity: int


def list_capacity(*, viewer: Viewer) -> list[Capacity]:
    """Every active volunteer as figures are made of them: no name, no id."""
    check_may_work_as(viewer, SYSTEM, *STAFF)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.list_capacity")
    rows = Volunteer.objects.filter(active=True).order_by("id")
    return [Capacity(*row) for row in rows.values_list("postcode", "lat", "lon", "skills", "capacity")]


def organisations_of_volunteers(*, viewer: Viewer) -> dict[str, str]:
    """Which organisation brought each volunteer, by id, of those that one brought."""
    check_may_work_as(viewer, SYSTEM, *STAFF)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.organisations_of_volunteers")
    return dict(Volunteer.objects.exclude(organisation="").values_list("id", "organisation"))
