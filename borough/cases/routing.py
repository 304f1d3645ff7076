"""Who gets a case first: the role that the service's routes name, by what is asked and where the person lives."""

from borough.accounts.policies import Viewer
from borough.cases.kinds import CaseKind
from borough.common.identifiers import district_of
from borough.residents.queries import list_directions


def route(declared: CaseKind, need: str, *, resident_id: str, postcode: str, by: Viewer, purpose: str) -> str:
    """The role, empty for all. For the transaction in which it is written on the case.

    By the postcode that was given; where none was and a route asks for it, by where we know the resident to live.
    """
    district = district_of(postcode)
    if not district and resident_id and declared.routes_by_district(need):
        known = list_directions([resident_id], viewer=by, purpose=purpose)
        district = known[resident_id].district if resident_id in known else ""
    return declared.team_for(need, district)
