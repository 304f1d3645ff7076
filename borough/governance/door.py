"""The door: every read or write of people passes here, is checked, and is in the ledger before it is shown.

A read:

    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_resident")
    row = …
    opening.saw([row.id])            # committed here, or an error and nothing is shown
    return … only the fields for which opening.shows(field)

A write calls `log_write` inside its own transaction, so that row and ledger stand or fall together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance import policies
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject


@dataclass(frozen=True)
class Opening:
    """What a live agreement opens to this viewer for this purpose."""

    viewer: Viewer
    purpose: str
    verb: str
    agreement: str
    fields: frozenset[str]
    sources: frozenset[str]

    def shows(self, field: str) -> bool:
        if field not in policies.FIELDS:
            raise KeyError(f"{field!r} is not one of {', '.join(policies.FIELDS)}")
        return "*" in self.fields or field in self.fields

    def shows_source(self, source: str) -> bool:
        return "*" in self.sources or source in self.sources

    def saw(self, resident_ids: Iterable[str]) -> None:
        """Write the read to the ledger and commit it. Refuses inside a transaction that could roll it back."""
        # durable=True raises RuntimeError when nested: a read that is rolled back would leave no trace.
        with transaction.atomic(durable=True):
            _write_entry("read", self.viewer, self.purpose, self.verb, self.agreement, resident_ids)

    def saw_everyone(self, people: int) -> None:
        """As `saw`, for a job that reads all residents: one row, shown to each of them."""
        with transaction.atomic(durable=True):
            _write_entry("read", self.viewer, self.purpose, self.verb, self.agreement, (), everyone=True, people=people)


def open_door(*, viewer: Viewer, purpose: str, verb: str) -> Opening:
    """Find the live agreement for this viewer and purpose.

    Raises NotAllowed, and logs the refusal, where there is none: no purpose, no agreement, wrong role, out of date, or
    a verb of a room that the purpose has nothing to do with.
    """
    agreement = _agreement_for(viewer, purpose, verb)
    if agreement is None:
        # Not durable: a refusal inside somebody's transaction is still a refusal.
        with transaction.atomic():
            _write_entry("denied", viewer, purpose, verb, "", ())
        raise NotAllowed(
            "No agreement lets you see this for the purpose you chose.",
            "Choose another purpose, or ask the information governance team.",
        )
    return Opening(
        viewer=viewer,
        purpose=purpose,
        verb=verb,
        agreement=agreement.reference,
        fields=frozenset(agreement.fields),
        sources=frozenset(agreement.sources),
    )


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

    `everyone` is for a job over all residents, `people` its count: one row, shown to each of them.
    """
    opening = open_door(viewer=by, purpose=purpose, verb=verb)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb}: a write and its ledger row belong in one transaction")
    _write_entry("write", by, purpose, verb, opening.agreement, residents, everyone=everyone, people=people)
    return opening


def _agreement_for(viewer: Viewer, purpose: str, verb: str) -> Agreement | None:
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
    resident_ids: Iterable[str],
    *,
    everyone: bool = False,
    people: int = 0,
) -> None:
    ids = list(dict.fromkeys(resident_ids))
    entry = LedgerEntry.objects.create(
        at=clock.now(),
        kind=kind,
        viewer_kind=viewer.kind,
        viewer_id=viewer.id,
        viewer_name=viewer.name,
        purpose=purpose,
        agreement=agreement,
        verb=verb,
        people=people or len(ids),
        everyone=everyone,
    )
    LedgerSubject.objects.bulk_create(
        [LedgerSubject(entry=entry, resident_id=resident_id) for resident_id in ids], batch_size=5000
    )
