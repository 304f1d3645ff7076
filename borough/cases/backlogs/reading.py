"""Uploaded backlogs as those who work on their service read them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.backlogs.importing import REMEDIES, count_new, read_lines
from borough.cases.backlogs.models import Backlog
from borough.cases.backlogs.naming import guess_columns
from borough.cases.kinds import kind
from borough.cases.models import CaseReject
from borough.cases.scope import check_some, kinds_of
from borough.common.clock import LONDON
from borough.common.csv_files import headings_of
from borough.common.errors import NotFound
from borough.governance.door import open_door

# Lines that are shown of a file before its cases are opened, and files that are listed.
SAMPLE, LISTED = 10, 50


@dataclass(frozen=True)
class BacklogLine:
    """An uploaded file: `lines` can be taken in, `rejected` cannot, `done` are dealt with, `opened` made a case."""

    id: int
    title: str
    file_name: str
    state: str
    at: datetime
    by: str
    lines: int
    rejected: int
    done: int
    opened: int


@dataclass(frozen=True)
class SampleLine:
    """What a line of the file was read as. Nothing in it says who the person is."""

    key: str
    need_label: str
    urgency: str
    opened_on: date
    due_on: date


@dataclass(frozen=True)
class RejectLine:
    line: int
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class BacklogView(BacklogLine):
    """`new`: cases that are not open yet, of what is left to do. `headings` of the file, while nothing of it is opened,
    and the one under which each of our `columns` stands: as somebody said, or as it seems from the words. `needs` are
    those of the service, in words."""

    new: int
    headings: list[str]
    columns: dict[str, str]
    needs: list[str]
    sample: list[SampleLine]
    rejects: list[RejectLine]


def list_backlogs(*, viewer: Viewer, purpose: str) -> list[BacklogLine]:
    """The files that were uploaded in the last week for the services that this viewer works on, newest first."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_backlogs")
    kinds = kinds_of(viewer, purpose)
    check_some(kinds)
    rows = Backlog.objects.filter(service__in=[one.code for one in kinds]).defer("content").order_by("-id")[:LISTED]
    lines = [_line(row) for row in rows]
    opening.saw([])
    return lines


def read_backlog(backlog_id: int, *, viewer: Viewer, purpose: str) -> BacklogView:
    """One file: how much of it can be opened, its next lines as they were read, and what is to correct in it."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_backlog")
    kinds = kinds_of(viewer, purpose)
    check_some(kinds)
    row = Backlog.objects.filter(pk=backlog_id, service__in=[one.code for one in kinds]).first()
    if row is None:
        raise NotFound(_("There is no such backlog."), _("It may be over a week old. Upload the file again."))
    declared = kind(row.service)
    left, content = [], bytes(row.content)
    if content and row.state not in ("columns", "opening"):
        left = read_lines(content, row.file_name, declared=declared, mapping=row.mapping)[0][row.done :]
    headings = headings_of(content, row.file_name) if row.state in ("columns", "read") else []
    named = {column: heading for heading, column in row.mapping.items() if column}
    rejects = CaseReject.objects.filter(sha256=row.sha256).order_by("line")
    opening.saw([])
    return BacklogView(
        **vars(_line(row)),
        new=count_new(left),
        headings=headings,
        columns=named or guess_columns(headings),
        needs=[gettext(label) for label in declared.needs.values()],
        sample=[
            SampleLine(
                key=case.source_key.split(":", 2)[2],
                need_label=gettext(declared.needs[case.need]),
                urgency=case.urgency,
                opened_on=case.opened_at.astimezone(LONDON).date(),
                due_on=case.due_on,
            )
            for case in left[:SAMPLE]
        ],
        rejects=[
            RejectLine(one.line, one.column, one.reason, gettext(REMEDIES.get(one.column, ""))) for one in rejects
        ],
    )


def _line(row: Backlog) -> BacklogLine:
    fields = ("id", "file_name", "state", "at", "by", "lines", "rejected", "done", "opened")
    return BacklogLine(title=gettext(kind(row.service).title), **{name: getattr(row, name) for name in fields})
