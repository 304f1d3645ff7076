"""An uploaded backlog: taken and looked over, then opened by a job that can be stopped and goes on where it was."""

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.accounts.queries import viewer_by_id
from borough.cases.backlogs.importing import BATCH, COLUMNS, open_new, read_lines
from borough.cases.backlogs.models import BACKLOG_STATES, Backlog
from borough.cases.backlogs.naming import mapping_of
from borough.cases.kinds import CaseKind, kind
from borough.cases.models import CaseReject
from borough.cases.policies import check_may_work_on
from borough.cases.scope import check_some, kinds_of
from borough.common import clock
from borough.common.csv_files import headings_of
from borough.common.errors import NotFound, Problem
from borough.governance.door import open_door, without_the_door

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
# A number, a need and a way to answer.
FEWEST_COLUMNS = 3


def take_backlog(*, by: Viewer, purpose: str, service: str, name: str, content: bytes) -> int:
    """Read a CSV file of cases, as `import_cases` does, and keep it. Opens nothing yet. Returns the backlog's id.

    A file that has headings of its own is read once somebody has said what they stand for.
    """
    declared = kind(service)
    check_may_work_on(by, declared, purpose)
    opening = open_door(viewer=by, purpose=purpose, verb="cases.take_backlog")
    if not content or len(content) > MOST_BYTES:
        raise Problem(_("The file is empty or larger than 5 MB."), _("Cut it into several files."))
    headings = headings_of(content, name)
    backlog = Backlog(
        service=service,
        file_name=name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        at=clock.now(),
        by_id=by.id,
        by=by.name,
        state="columns",
        lines=0,
        rejected=0,
    )
    with transaction.atomic():
        if len(headings) < FEWEST_COLUMNS or {one.lower() for one in headings} <= set(COLUMNS):
            _look_over(backlog, declared)
        backlog.save()
        opening.wrote()
    return int(backlog.pk)


def name_backlog_columns(*, by: Viewer, purpose: str, backlog_id: int, columns: Mapping[str, str]) -> None:
    """Say under which heading of the file each of our columns stands, and read it so. For as long as nothing of it is
    opened. A column that is not in the file is left out.

    Raises Problem where key or need is left out, or two columns are under one heading.
    """
    with transaction.atomic():
        backlog = _lock(backlog_id, to="read", by=by, purpose=purpose, verb="cases.name_backlog_columns")
        headings = headings_of(bytes(backlog.content), backlog.file_name)
        chosen = [heading for heading in columns.values() if heading]
        if set(columns) - set(COLUMNS) or set(chosen) - set(headings) or len(set(chosen)) < len(chosen):
            raise Problem(_("Choose a different heading of the file for each column."))
        backlog.mapping = mapping_of(dict(columns), headings)
        # What could not be read of it under other names.
        CaseReject.objects.filter(sha256=backlog.sha256).delete()
        _look_over(backlog, kind(backlog.service))
        backlog.save(update_fields=["state", "mapping", "lines", "rejected"])


def _look_over(backlog: Backlog, declared: CaseKind) -> None:
    """Read the file, keep the lines that are wrong, and count the others. The caller saves."""
    content, name = bytes(backlog.content), backlog.file_name
    cases, rejected = read_lines(content, name, declared=declared, mapping=backlog.mapping)
    if not 0 < len(cases) + len(rejected) <= MOST_LINES:
        raise Problem(
            _("The file has no line, or more than 20,000."), _("Put a line for each case, and cut a long file in two.")
        )
    CaseReject.keep(name, content, rejected)
    backlog.state, backlog.lines, backlog.rejected = "read", len(cases), len(rejected)


def open_backlog(*, by: Viewer, purpose: str, backlog_id: int) -> None:
    """Have the cases of a backlog opened, or go on with one that was stopped. In the name of whoever says so."""
    with transaction.atomic():
        backlog = _lock(backlog_id, to="opening", by=by, purpose=purpose, verb="cases.open_backlog")
        backlog.by_id, backlog.by = by.id, by.name
        backlog.save(update_fields=["state", "by_id", "by"])
        # Jobs stand above verbs, so a verb names its job.
        import_string("borough.cases.tasks.open_backlog_cases").enqueue(backlog.pk)


def stop_backlog(*, by: Viewer, purpose: str, backlog_id: int) -> None:
    """Open no more of its cases. Those that are open stay."""
    with transaction.atomic():
        backlog = _lock(backlog_id, to="stopped", by=by, purpose=purpose, verb="cases.stop_backlog")
        backlog.save(update_fields=["state"])


def continue_backlog(*, by: Viewer, backlog_id: int) -> None:
    """Open what is left of a backlog, `BATCH` lines at a time, for as long as nobody stops it. For the house's job."""
    check_may_work_as(by, SYSTEM)
    with without_the_door():
        asked = Backlog.objects.filter(pk=backlog_id, state="opening").values_list("service", "by_id").first()
    if asked is None:
        return
    declared = kind(asked[0])
    # Whoever asked for it must still be let in, or nothing is opened.
    worker = viewer_by_id(asked[1])
    check_may_work_on(worker, declared, declared.purpose)
    open_door(viewer=worker, purpose=declared.purpose, verb="cases.continue_backlog")
    backlog = Backlog.objects.get(pk=backlog_id)
    content, name = bytes(backlog.content), backlog.file_name
    cases, _rejected = read_lines(content, name, declared=declared, mapping=backlog.mapping)
    while backlog.state == "opening":
        with transaction.atomic():
            opening = open_door(viewer=worker, purpose=declared.purpose, verb="cases.continue_backlog")
            backlog = Backlog.objects.select_for_update().get(pk=backlog_id)
            if backlog.state != "opening":
                return
            backlog.opened += open_new(cases[backlog.done : backlog.done + BATCH], by=worker)
            backlog.done = min(backlog.done + BATCH, len(cases))
            if backlog.done == len(cases):
                backlog.state, backlog.content = "done", b""
            backlog.save(update_fields=["opened", "done", "state", "content"])
            opening.wrote()


def _lock(backlog_id: int, *, to: str, by: Viewer, purpose: str, verb: str) -> Backlog:
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    kinds = kinds_of(by, purpose)
    check_some(kinds)
    services = [one.code for one in kinds]
    backlog = Backlog.objects.select_for_update().filter(pk=backlog_id, service__in=services).first()
    if backlog is None:
        raise NotFound(_("There is no such backlog."), _("It may be over a week old. Upload the file again."))
    BACKLOG_STATES.check_change(backlog.state, to)
    backlog.state = to
    opening.wrote()
    return backlog
