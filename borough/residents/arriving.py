"""Records as they arrive, one or some at a time: taken in as an extract is, and linked at once."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common.errors import Problem
from borough.governance.door import open_door
from borough.residents.file_findings import ARRIVED, HeldLoad
from borough.residents.linking import link_records
from borough.residents.loading import confirmed_mapping, file_digest, find_held, load_extract, settle_held
from borough.residents.models import Membership, Record, Reject

MOST_ROWS = 1_000


@dataclass(frozen=True)
class RejectedArrival:
    """A row that was not taken in; `row` counts from 1."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Arrival:
    """What came of the rows. `residents`: who each record that was new or had changed is taken to be, by its key."""

    load_id: int
    added: int
    changed: int
    unchanged: int
    rejected: list[RejectedArrival]
    residents: dict[str, str]


def take_records(
    *, by: Viewer, purpose: str, source: str, rows: Sequence[Mapping[str, str]], accept: int | None = None
) -> Arrival:
    """Take rows of a source in, by the names of its own columns, and link them.

    Other records of the source stay as they are. A row with a key that is known changes that record. Raises Problem
    for a column that the source does not have, and for rows that look wrong together: they are held, and taken in when
    the same rows come again with `accept`, the number of the load that somebody has looked at.
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    open_door(viewer=by, purpose=purpose, verb="residents.take_records")
    mapping = confirmed_mapping(source)
    known = mapping.columns
    unknown = sorted({column for row in rows for column in row} - set(known))
    if unknown:
        raise Problem(f"{source} has no column {unknown[0]}.", f"Its columns are: {', '.join(known)}.")
    with TemporaryDirectory(prefix="borough-arrival-") as folder:
        path = Path(folder) / ARRIVED
        try:
            with path.open("w", encoding=mapping.encoding, newline="") as file:
                writer = csv.DictWriter(file, known, restval="", delimiter=mapping.delimiter)
                writer.writeheader()
                writer.writerows(rows)
        except UnicodeEncodeError as error:
            raise Problem(
                f"A letter cannot be written in {mapping.encoding}, as {source} is.", "Change the mapping's encoding."
            ) from error
        held = find_held(source, accept) if accept is not None else None
        if held and held.sha256 != file_digest(path):
            raise Problem(f"These are not the rows of load {accept}.", "Send the rows that were held, as they were.")
        try:
            report = load_extract(by=by, purpose=purpose, source=source, path=path, part=True, accept=held is not None)
        except HeldLoad as odd:
            raise Problem(
                odd.message,
                f"Check the rows. If they are right, send them again and accept load {odd.load_id}; if not, reject it.",
            ) from odd
    if held:
        settle_held(held, f"Held, looked at by {by.name} and taken in as load {report.load_id}.")
    link_records(by=by, purpose=purpose)
    touched = Record.objects.filter(source=source, last_load=report.load_id)
    theirs = Membership.objects.filter(ended_at=None, record__in=touched)
    return Arrival(
        load_id=report.load_id,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        # The header is line 1.
        rejected=[
            RejectedArrival(row=reject.line - 1, column=reject.column, reason=reject.reason)
            for reject in Reject.objects.filter(load=report.load_id).order_by("line", "id")
        ],
        residents=dict(theirs.order_by("record__key").values_list("record__key", "resident")),
    )
