"""From a line that tells of a volunteer, of a file or of an application, to the volunteer."""

from borough.places.queries import Point, locate_postcodes
from borough.volunteers.models import Volunteer
from borough.volunteers.policies import Line, neighbours_of


def locate(postcodes: set[str]) -> dict[str, Point]:
    """Where each postcode is; one without an address in the gazetteer (a new street, an office) is put in the middle
    of its sector's postcodes, which in a city is some hundred metres off.
    """
    points = locate_postcodes(postcodes)
    sectors = {postcode[:-2]: neighbours_of(postcode) for postcode in postcodes - set(points)}
    near = locate_postcodes([one for each in sectors.values() for one in each])
    for postcode in postcodes - set(points):
        known = [near[one] for one in sectors[postcode[:-2]] if one in near]
        if known:
            count = len(known)
            points[postcode] = Point(sum(one.lat for one in known) / count, sum(one.lon for one in known) / count)
    return points


def new_volunteer(line: Line, point: Point | None) -> Volunteer:
    """The volunteer that a line tells of, not yet stored."""
    return Volunteer(
        import_key=line.key,
        name=line.name,
        phone=line.phone,
        email=line.email,
        postcode=line.postcode,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        skills=list(line.skills),
        languages=list(line.languages),
        radius_km=line.radius_km,
        capacity=line.capacity,
        dbs_expires_on=line.dbs_expires_on,
        dbs_level=line.dbs_level,
        drives_expires_on=line.drives_expires_on,
        travel=line.travel,
        hours=list(line.hours),
        organisation=line.organisation,
        active=True,
    )
