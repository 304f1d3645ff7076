"""Takes an extract in: reads it to a staging table, then merges it in one transaction.

A load that is killed leaves its staged rows and a load in the state "reading" or "merging"; the next load of the source
clears both away and begins again. Nothing is merged by halves.
"""

import errno
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.bulk import fill_table
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.door import log_write, open_door
from borough.residents.correcting import Corrected
from borough.residents.erasure import Erased
from borough.residents.file_findings import Finding, HeldLoad, hold, look_over
from borough.residents.mapping import Mapping, mapping_from
from borough.residents.merging import analyse_staging, merge_staged
from borough.residents.models import LOAD_STATES, Load, Reject, Source, StagedRecord
from borough.residents.reading import Extract, RejectedRow, Row

Progress = Callable[[int, int], None]

_STAGED = StagedRecord._meta.db_table
_STAGED_COLUMNS = ("load_id", *Row._fields)

BATCH = 10_000
# So many rows, none of them accepted: the mapping is wrong, and a million rejects would help nobody.
ALL_WRONG = 1_000
# A file that was cut short must not empty a source.
LARGEST_DROP = 0.5
SMALLEST_SOURCE_TO_GUARD = 10


@dataclass(frozen=True)
class LoadReport:
    """What a load did. `already`: this file was taken in before, so nothing changed."""

    load_id: int
    state: str
    already: bool = False
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    unread_columns: list[str] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)


def add_source(*, by: Viewer, mapping: Mapping) -> str:
    """Confirm, in the name of `by`, that this mapping is right: adds the source or changes it. Returns its code."""
    check_may_work_as(by, ANALYST, SYSTEM)
    same = Source.objects.filter(code=mapping.source, mapping_version=mapping.version).exists()
    if not same:
        Source.objects.update_or_create(
            code=mapping.source,
            defaults={
                "title": mapping.title,
                "owner": mapping.owner,
                "refresh": mapping.refresh,
                "mapping": mapping.as_dict(),
                "mapping_version": mapping.version,
                "confirmed_by": by.name,
                "confirmed_at": clock.now(),
            },
        )
    return mapping.source


def load_extract(
    *,
    by: Viewer,
    purpose: str,
    source: str,
    path: Path,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    accept_drop: bool = False,
    accept: bool = False,
    part: bool = False,
) -> LoadReport:
    """Take the file in as the newest extract of the source, or as a `part` of it: then records that are not in it stay.

    `progress(done, total)` counts bytes (CSV) or rows. `should_stop` is asked between batches: the load then ends as
    "stopped" and changes nothing. A full extract without more than half of the source's records is held unless
    `accept_drop`, and one that looks wrong as a whole (see file_findings) unless `accept`: it raises HeldLoad and is
    kept as "held". Raises Problem for a file that cannot be taken in: its load is kept as "failed" with the reason.
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    open_door(viewer=by, purpose=purpose, verb="residents.load_extract")
    mapping = confirmed_mapping(source)
    if not path.is_file():
        raise Problem(f"There is no file {path}.", "Check the name and the folder.")
    with _only_loader_of(source):
        _clear_interrupted(source)
        # What a part says may be said again, after something else was said meanwhile.
        digest = file_digest(path) if not part else secrets.token_hex(32)
        before = Load.objects.filter(
            source=source, sha256=digest, mapping_version=mapping.version, state="done"
        ).first()
        if before:
            return _report(before, already=True)
        load = Load.objects.create(
            source_id=source,
            mapping_version=mapping.version,
            file_name=path.name[-200:],
            sha256=digest,
            size_bytes=path.stat().st_size,
            started_at=clock.now(),
            by=by.name,
        )
        try:
            corrected = Corrected(source)
            if not _stage(load, path, mapping, corrected, progress, should_stop):
                _end(load, "stopped", "Stopped before the end: nothing was changed.")
                return _report(load)
            full = mapping.extract == "full" and not part
            checks = {"full": full, "accept_drop": accept_drop, "accept": accept}
            _merge(load, mapping, path, corrected, by=by, purpose=purpose, **checks)
        except HeldLoad as held:
            # By this the same is known when it comes again.
            load.sha256, held.load_id = file_digest(path), load.pk
            _end(load, "held", str(held))
            raise
        except Problem as problem:
            _end(load, "failed", str(problem))
            raise
        except (DatabaseError, OSError) as error:
            if not _means_disk_full(error):
                _end(load, "failed", f"{type(error).__name__} while {load.state}")
                raise
            no_room = Problem(
                "The disk is full: the load ended and nothing was changed.",
                "Free some space, about three times the size of the file, and load it again.",
            )
            _end(load, "failed", str(no_room))
            raise no_room from error
        except BaseException as error:
            _end(load, "failed", f"{type(error).__name__} while {load.state}")
            raise
        return _report(load)


def reject_load(*, by: Viewer, source: str, load_id: int) -> None:
    """Somebody has looked at a held file or batch of this source, and it is not to be taken in. Nothing of it was."""
    check_may_work_as(by, ANALYST, SYSTEM)
    settle_held(find_held(source, load_id), f"Held, looked at by {by.name} and not taken in.")


def find_held(source: str, load_id: int) -> Load:
    load = Load.objects.filter(pk=load_id, source=source).first()
    if load is None:
        raise NotFound(f"{source} has no load {load_id}.", "Use the number that you were told when it was held.")
    if load.state != "held":
        raise WrongState(f"Load {load_id} does not wait for anybody.", "Ask for the load to see what came of it.")
    return load


def settle_held(load: Load, what_came: str) -> None:
    LOAD_STATES.check_change(load.state, "stopped")
    load.state, load.problem = "stopped", what_came
    load.save(update_fields=["state", "problem"])


def confirmed_mapping(source: str) -> Mapping:
    """The mapping of this source that somebody confirmed. Raises NotFound where nobody did."""
    row = Source.objects.filter(code=source).first()
    if row is None:
        raise NotFound(
            f"There is no source {source}: nobody has confirmed a mapping for it.",
            'Check its mapping file, then: borough source add FILE --confirm "Your name"',
        )
    return mapping_from(row.mapping, where=f"mapping of {source}")


def _stage(
    load: Load,
    path: Path,
    mapping: Mapping,
    corrected: Corrected,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> bool:
    """Read the file to the staging table, and its rejects to theirs. False if asked to stop."""
    extract = Extract(path, mapping)
    erased = Erased(load.source_id)
    returned = 0
    try:
        rows = iter(extract)
        load.unread_columns = extract.unread_columns
        last_shown = 0.0
        start = (load.pk,)
        while batch := list(islice(rows, BATCH)):
            if should_stop and should_stop():
                return False
            rejects = [item for item in batch if isinstance(item, RejectedRow)]
            accepted = [item for item in batch if isinstance(item, Row)]
            if erased:
                back = {row.line for row in accepted if erased.has(row.key)}
                returned += len(back)
                # Neither the row nor its key is kept: it was erased.
                rejects += [
                    RejectedRow(row.line, "", "This record was erased.", "") for row in accepted if row.line in back
                ]
                accepted = [row for row in accepted if row.line not in back]
            if corrected:
                accepted = [corrected.lay_over(row) for row in accepted]
            load.rows += len(batch)
            load.accepted += len(accepted)
            load.rejected += len(rejects)
            if load.rows >= ALL_WRONG and not load.accepted:
                first = rejects[0]
                where = f", column {first.column}" if first.column else ""
                raise Problem(
                    f"{path.name}: none of the first {load.rows:,} rows can be read. "
                    f"Line {first.line}{where}: {first.reason}",
                    "Mend the mapping file and confirm it again.",
                )
            with transaction.atomic():
                fill_table(_STAGED, _STAGED_COLUMNS, [start + row for row in accepted])
                keep_rejects(load, rejects)
            if progress and time.monotonic() - last_shown > 0.1:
                last_shown = time.monotonic()
                progress(extract.file.done, extract.file.total)
        load.warnings = extract.warnings
        if returned:
            load.checks = [Finding("erased", rows=returned, of=load.rows).as_dict()]
        if progress:
            progress(extract.file.total, extract.file.total)
        return not (should_stop and should_stop())
    finally:
        extract.close()


def keep_rejects(load: Load, rejects: list[RejectedRow]) -> None:
    Reject.objects.bulk_create(
        [
            Reject(
                load=load, line=row.line, column=row.column[:200], reason=row.reason[:300], row=row.text, key=row.key
            )
            for row in rejects
        ],
        batch_size=1_000,
    )


def _merge(
    load: Load,
    mapping: Mapping,
    path: Path,
    corrected: Corrected,
    *,
    by: Viewer,
    purpose: str,
    full: bool,
    accept_drop: bool,
    accept: bool,
) -> None:
    LOAD_STATES.check_change(load.state, "merging")
    load.state = "merging"
    load.save()
    analyse_staging()
    findings = look_over(load)
    load.checks += [finding.as_dict() for finding in findings]
    if any(finding.holds for finding in findings) and not accept:
        raise hold(path.name, findings)
    with transaction.atomic():
        counts = merge_staged(load, full=full)
        too_many = counts.gone > counts.before * LARGEST_DROP and counts.before >= SMALLEST_SOURCE_TO_GUARD
        if (too_many or counts.gone == counts.before > 0) and not accept_drop:
            load.checks.append(Finding("drop", rows=counts.gone, of=counts.before).as_dict())
            raise HeldLoad(
                f"{path.name} lacks {counts.gone:,} of the {counts.before:,} records that {load.source_id} holds now: "
                "it may be cut short.",
                "Check the export. If so many have really left, load it with --accept-drop.",
            )
        if counts.doubled:
            keep_rejects(load, _doubled_rows(path, mapping, counts.doubled))
        load.accepted -= len(counts.doubled)
        load.rejected += len(counts.doubled)
        load.added, load.changed, load.gone = counts.added, counts.changed, counts.gone
        load.records = counts.after
        load.unchanged = load.accepted - counts.added - counts.changed
        log_write(by=by, purpose=purpose, verb="residents.load_extract", everyone=True, people=load.accepted)
        corrected.settle(load)
        load.state = "done"
        load.finished_at = clock.now()
        load.save()


def _doubled_rows(path: Path, mapping: Mapping, doubled: dict[int, int]) -> list[RejectedRow]:
    """The rows at these lines, whose key stands in an earlier line, as rejects."""
    extract = Extract(path, mapping)
    try:
        return [
            RejectedRow(
                item.line,
                ", ".join(mapping.key),
                f"The same key as line {doubled[item.line]}.",
                extract.file.row_text(),
                item.key,
            )
            for item in extract
            if item.line in doubled and isinstance(item, Row)
        ]
    finally:
        extract.close()


def _end(load: Load, state: str, problem: str) -> None:
    """Write down how the load ended, and empty its staging. A full disk may refuse even this: the next load will."""
    load.state = state
    load.problem = problem
    load.finished_at = clock.now()
    try:
        with transaction.atomic():
            load.save()
            StagedRecord.objects.filter(load=load).delete()
    except DatabaseError as error:
        if not _means_disk_full(error):
            raise


def _clear_interrupted(source: str) -> None:
    """Loads that neither ended nor are running (we hold the lock) were killed: say so, and empty their staging."""
    with transaction.atomic():
        killed = Load.objects.filter(source=source, state__in=("reading", "merging"))
        StagedRecord.objects.filter(load__in=killed).delete()
        killed.update(
            state="failed",
            finished_at=clock.now(),
            problem="Its process ended before the load did: nothing was changed.",
        )
        StagedRecord.objects.filter(load__source=source).delete()


@contextmanager
def _only_loader_of(source: str) -> Iterator[None]:
    """Hold the source for this process. The lock goes with the process, so a killed load frees it."""
    busy = Problem(f"Another load of {source} is running.", "Wait until it ends, then load again.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('residents.load'), hashtext(%s))", [source])
            if not cursor.fetchone()[0]:
                raise busy
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('residents.load'), hashtext(%s))", [source])
    else:
        import fcntl

        with (settings.HOME / f"load-{source}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise busy from error
            yield


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _means_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
    text = str(error).lower()
    # SQLite says "database or disk is full", and "disk I/O error" where its log file cannot grow; PostgreSQL 53100.
    sqlstate = getattr(error.__cause__, "sqlstate", "")
    return "disk is full" in text or "disk i/o error" in text or sqlstate == "53100"


def _report(load: Load, *, already: bool = False) -> LoadReport:
    return LoadReport(
        load_id=load.pk,
        state=load.state,
        already=already,
        rows=load.rows,
        accepted=load.accepted,
        rejected=load.rejected,
        added=load.added,
        changed=load.changed,
        unchanged=load.unchanged,
        gone=load.gone,
        warnings=dict(load.warnings),
        unread_columns=list(load.unread_columns),
        checks=list(load.checks),
    )
