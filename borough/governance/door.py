"""The door: every read or write of people passes here, is checked, and is in the ledger before it is shown.

A read:

    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_resident")
    row = …
    opening.saw([row.id])            # committed here, or an error and nothing is shown
    return … only the fields for which opening.shows(field)

A write calls `log_write` inside its own transaction, so that row and ledger stand or fall together.

Where the database holds the door itself (governance/enforcing), opening it leaves an entry and gives this connection a
pass, without which it gets no row; elsewhere what stands here is all there is.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.bulk import fill_table
from borough.common.errors import NotAllowed, Problem
from borough.governance import policies
from borough.governance.changing.holding_back import forbids
from borough.governance.enforcing import passes
from borough.governance.enforcing.tables import WITHOUT_THE_DOOR
from borough.governance.glass import live as glass
from borough.governance.ledger.sealing import check_sealing
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject

# A revocation closes a running export within a second.
LOOK_AGAIN_S = 0.5
# From so many residents on, their rows of the ledger are written as a table is filled.
MANY = 500

# Where a statement reads a table of which there is a view that anybody may read.
_VIEWED = re.compile(rf'\b(FROM|JOIN) "({"|".join(WITHOUT_THE_DOOR)})"')

Row = TypeVar("Row")


@dataclass(frozen=True)
class Opening:
    """What a live agreement opens to this viewer for this purpose. `token` is PostgreSQL's pass, where it holds the
    door itself."""

    viewer: Viewer
    purpose: str
    verb: str
    agreement: str
    fields: frozenset[str]
    sources: frozenset[str]
    token: str = field(default="", repr=False)

    def shows(self, field: str) -> bool:
        if field not in policies.FIELDS:
            raise KeyError(f"{field!r} is not one of {', '.join(policies.FIELDS)}")
        return "*" in self.fields or field in self.fields

    def shows_source(self, source: str) -> bool:
        return "*" in self.sources or source in self.sources

    def saw(self, resident_ids: Iterable[str]) -> None:
        """Write the read to the ledger and commit it. Refuses inside a transaction that could roll it back."""
        ids = list(resident_ids)
        glass.check_within(self.viewer, self.purpose, ids)
        if not self.token and forbids(self.verb, self.purpose, ids):
            # It reads as if no agreement opened it.
            with transaction.atomic():
                _write_entry("denied", self.viewer, self.purpose, self.verb, "", ids)
            raise closed_door()
        self._log_read(ids)

    def saw_everyone(self, people: int) -> None:
        """As `saw`, for a job that reads all residents: one row, shown to each of them."""
        self._log_read((), everyone=True, people=people)

    def wrote(self, resident_ids: Iterable[str] = (), *, everyone: bool = False, people: int = 0) -> None:
        """Write the ledger row of a write, in its own transaction: they stand or fall together."""
        if not connection.in_atomic_block:
            raise RuntimeError(f"{self.verb}: a write and its ledger row belong in one transaction")
        self._log("write", resident_ids, everyone, people)

    def check_still_open(self) -> None:
        """Raise NotAllowed, and log the refusal, where the agreement was revoked or has run out since."""
        if open_door(viewer=self.viewer, purpose=self.purpose, verb=self.verb).agreement != self.agreement:
            raise closed_door()

    def while_open(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, for what takes long to hand over: from half a second after the door closed on there are none.

        Raises NotAllowed then, in the midst of them: say so to whoever has the rest.
        """
        looked = monotonic()
        for row in rows:
            if monotonic() - looked >= LOOK_AGAIN_S:
                self.check_still_open()
                looked = monotonic()
            yield row

    def _log_read(self, resident_ids: Iterable[str], everyone: bool = False, people: int = 0) -> None:
        # durable=True raises RuntimeError when nested: a read that is rolled back would leave no trace.
        if self.token:
            _check_durable()
            self._log("read", resident_ids, everyone, people)
            return
        with transaction.atomic(durable=True):
            self._log("read", resident_ids, everyone, people)

    def _log(self, kind: str, resident_ids: Iterable[str], everyone: bool, people: int) -> None:
        ids = list(dict.fromkeys(resident_ids))
        people = people or len(ids)
        if self.token:
            try:
                passes.log(self.token, kind, ids, everyone=everyone, people=people)
            except DatabaseError as error:
                if passes.is_closed(error):
                    raise closed_door() from error
                raise
            return
        _write_entry(kind, self.viewer, self.purpose, self.verb, self.agreement, ids, everyone=everyone, people=people)


def open_door(*, viewer: Viewer, purpose: str, verb: str) -> Opening:
    """Find the live agreement for this viewer and purpose.

    Raises NotAllowed, and logs the refusal, where there is none: no purpose, no agreement, wrong role, out of date, or
    a verb of a room that the purpose has nothing to do with.
    """
    check_sealing()
    if passes.is_installed():
        let_through = glass.lets_through(viewer, purpose, verb)
        # Whom something else than an agreement holds back asks without a role: then the refusal is in the ledger.
        granted = passes.ask(viewer if let_through else replace(viewer, roles=frozenset()), purpose, verb)
        if granted is None:
            raise closed_door()
        return Opening(viewer, purpose, verb, granted.agreement, granted.fields, granted.sources, granted.token)
    agreement = _agreement_for(viewer, purpose, verb)
    if agreement is None:
        # Not durable: a refusal inside somebody's transaction is still a refusal.
        with transaction.atomic():
            _write_entry("denied", viewer, purpose, verb, "", ())
        raise closed_door()
    return Opening(
        viewer, purpose, verb, agreement.reference, frozenset(agreement.fields), frozenset(agreement.sources)
    )


def open_door_without_account(*, viewer: Viewer, purpose: str, verb: str) -> Opening:
    """As `open_door`, for somebody who comes by a link or a public page: they have no role to sign in with, so what
    they read of a closed door is whom to call."""
    try:
        return open_door(viewer=viewer, purpose=purpose, verb=verb)
    except NotAllowed as error:
        raise Problem(_("We cannot do this online at the moment."), _("Call us, and we will help you.")) from error


def open_letterbox(*, by: Viewer, verb: str) -> None:
    """Open messages alone, where no agreement may be live: for what must go on all the same. A "no" is kept, whoever
    writes is heard, and an officer is alerted.

    Where the database holds the door this leaves an entry; elsewhere there is nothing to open. What is then read of
    anybody is theirs, or goes to whom it is addressed: for whatever else, open the door.
    """
    if passes.is_installed():
        passes.ask_letterbox(by, verb)


def log_write(
    *,
    by: Viewer,
    purpose: str,
    verb: str,
    residents: Iterable[str] = (),
    everyone: bool = False,
    people: int = 0,
) -> Opening:
    """Check the purpose and write the ledger row of a write. Call it inside the transaction of the write.

    `everyone` is for a job over all residents, `people` its count: one row, shown to each of them. A write that reads
    first opens the door first, and says `opening.wrote(…)` once it knows of whom.
    """
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    opening.wrote(residents, everyone=everyone, people=people)
    return opening


def read_without_the_door(table: str) -> str:
    """Where to read what anybody may of a guarded table (enforcing/tables.py): the table, or its view where the
    database holds the door."""
    return f"door.{table}" if passes.is_installed() else table


@contextmanager
def without_the_door() -> Iterator[None]:
    """Queries here read of guarded tables what anybody may (enforcing/tables.py): for what must be known before it is
    known whose door to open, and for counts. A column that nobody may read so is refused where the database holds the
    door. Take the rows within it."""
    if not passes.is_installed():
        yield
        return
    with connection.execute_wrapper(_from_views):
        yield


def is_closed_door(error: Exception) -> bool:
    """Whether this is the database's own refusal of a row to whom the door is not open."""
    return passes.is_closed(error)


def closed_door() -> NotAllowed:
    """What a person reads where no agreement opens the door to them."""
    return NotAllowed(
        "No agreement lets you see this for the purpose you chose.",
        "Choose another purpose, or ask the information governance team.",
    )


def _from_views(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    # The view has the table's name, so that its columns are found.
    return execute(_VIEWED.sub(r'\1 "door"."\2"', sql), params, many, context)


def _check_durable() -> None:
    """As atomic(durable=True), without the two statements of a transaction of its own."""
    if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("A read is logged outside of any transaction, which could roll its row back.")


def _agreement_for(viewer: Viewer, purpose: str, verb: str) -> Agreement | None:
    if not glass.lets_through(viewer, purpose, verb):
        return None
    today = clock.today()
    live = (
        Agreement.objects.filter(purpose=purpose, state="live", starts_on__lte=today, review_on__gt=today)
        .select_related("purpose")
        .order_by("reference")
    )
    fitting = (each for each in live if policies.serves(each, verb) and policies.opens(each, viewer, today))
    return next(fitting, None)


def _write_entry(
    kind: str,
    viewer: Viewer,
    purpose: str,
    verb: str,
    agreement: str,
    ids: Collection[str],
    *,
    everyone: bool = False,
    people: int = 0,
) -> None:
    entry = LedgerEntry.objects.create(
        at=clock.now(),
        kind=kind,
        viewer_kind=viewer.kind,
        viewer_id=viewer.id,
        viewer_name=viewer.name,
        purpose=purpose,
        agreement=agreement,
        verb=verb,
        people=people,
        everyone=everyone,
    )
    if len(ids) > MANY:
        rows = ((entry.pk, resident_id) for resident_id in ids)
        fill_table(LedgerSubject._meta.db_table, ("entry_id", "resident_id"), rows)
    elif ids:
        LedgerSubject.objects.bulk_create([LedgerSubject(entry=entry, resident_id=resident_id) for resident_id in ids])
