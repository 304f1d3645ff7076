"""Volunteers from a file."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.common.csv_files import BadLine, Rejected, rows_of_csv
from borough.common.errors import Problem
from borough.governance.door import open_door
from borough.volunteers.models import Volunteer, VolunteerReject
from borough.volunteers.policies import MATCHERS, NEEDED, PURPOSE, Line, read_line
from borough.volunteers.storing import locate, new_volunteer


@dataclass(frozen=True)
class ImportReport:
    """`rejects` are (line, column, reason); the lines themselves are kept. `unplaced`: postcodes that are not here."""

    volunteers: int
    rejected: int
    unplaced: int
    rejects: list[tuple[int, str, str]]


def import_volunteers(path: Path, *, by: Viewer) -> ImportReport:
    """Take in a CSV file of volunteers: name, phone, email, postcode, skills and languages (parted by ;), radius_km,
    capacity (tasks in a week), dbs_expires, dbs_level, drives_expires, travel (walk, bike, car), hours (mon_morning;
    sat_night), organisation. The same file again changes nothing; a bad line is kept as a reject and the others go in.
    """
    check_may_work_as(by, *MATCHERS)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}, _("Check the path.")
        ) from error
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.import_volunteers")
    lines: dict[str, Line] = {}
    rejected: list[Rejected] = []
    for number, row in rows_of_csv(content, path.name, needed=NEEDED):
        try:
            line = read_line(row)
            if line.key in lines:
                raise BadLine("name", "the same person is in the file twice; the first is kept")
            lines[line.key] = line
        except BadLine as error:
            rejected.append((number, error.column, error.reason, repr(row)))
    points = locate({line.postcode for line in lines.values()})
    volunteers = [new_volunteer(line, points.get(line.postcode)) for line in lines.values()]
    changing = ["name", "phone", "email", "postcode", "lat", "lon", "skills", "languages", "radius_km", "capacity"]
    changing += ["dbs_expires_on", "dbs_level", "drives_expires_on", "travel", "organisation", "active"]
    # A volunteer chooses their hours on their phone: a file that does not tell of them does not take them back.
    if any(line.hours for line in lines.values()):
        changing.append("hours")
    with transaction.atomic():
        Volunteer.objects.bulk_create(
            volunteers, update_conflicts=True, unique_fields=["import_key"], update_fields=changing, batch_size=500
        )
        VolunteerReject.keep(path.name, content, rejected)
    return ImportReport(
        volunteers=len(volunteers),
        rejected=len(rejected),
        unplaced=sum(one.lat is None for one in volunteers),
        rejects=[(number, column, reason) for number, column, reason, _row in rejected],
    )
