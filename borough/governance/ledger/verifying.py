"""Finds what was edited, deleted, inserted or put in another order after it was sealed, and names its batch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from borough.governance.ledger.hashing import BEGINNING, LEAF, head_of, root_of
from borough.governance.ledger.reading import Run, ids_in, leaves_of, micros, without
from borough.governance.ledger.witnessing import Signed, all_signed, faults_of_signatures
from borough.governance.models import LedgerEntry, Seal

Leaves = Callable[[Sequence[Run]], list[list[Any]]]

# An entry appears when its transaction ends. No transaction of the house lasts this long.
LATEST = timedelta(hours=1)
_WRITTEN_AT = LEAF.index("written_at")


@dataclass(frozen=True)
class Sealed:
    """What a seal says, from the database or from an export."""

    number: int
    sealed_at: datetime
    runs: Sequence[Run]
    entries: int
    last_id: int
    root: str
    previous: str
    head: str


SEAL_FIELDS = ("number", "sealed_at", "runs", "entries", "last_id", "root", "previous", "head")


@dataclass(frozen=True)
class Verdict:
    """`faults` in words, each naming its batch; `head` of the chain as it was found; `unsealed` wait for their seal.

    `co_signed`: (witness, its key) → the newest batch that it signed.
    """

    seals: int
    entries: int
    unsealed: int
    head: str
    faults: list[str]
    co_signed: dict[tuple[str, str], int] = field(default_factory=dict)


def verify_ledger(show: Callable[[int], None] = lambda entries: None) -> Verdict:
    """Compute every hash of the ledger again. `show` is told how many entries are done."""
    verdict = verify_chain(sealed(), leaves_of, show, all_signed())
    waiting, inserted = _unsealed()
    return replace(verdict, unsealed=waiting, faults=verdict.faults + inserted)


def sealed() -> Iterator[Sealed]:
    """All seals, in their order."""
    rows = Seal.objects.order_by("number").values_list(*SEAL_FIELDS)
    return (Sealed(*row) for row in rows.iterator(chunk_size=200))


def verify_chain(
    seals: Iterable[Sealed],
    leaves: Leaves,
    show: Callable[[int], None] = lambda entries: None,
    signed: Iterable[Signed] = (),
) -> Verdict:
    """Whether each batch still hashes to its seal, each seal follows the one before, and each co-signature is of one.

    `signed` is read after the seals.
    """
    heads: dict[int, str] = {}
    head, number, entries, last_id = BEGINNING, 0, 0, 0
    faults: list[str] = []
    for seal in seals:
        number += 1
        if seal.number != number:
            faults.append(f"batch {number}: its seal is missing; the next that is there is that of batch {seal.number}")
            number = seal.number
        elif seal.previous != head:
            faults.append(f"batch {seal.number}: does not follow the one before it")
        faults += (f"batch {seal.number}: {fault}" for fault in _faults_of(seal, leaves(seal.runs), last_id))
        head, last_id = seal.head, seal.last_id
        heads[seal.number] = head
        entries += seal.entries
        show(entries)
    witnessed = list(signed)
    faults += faults_of_signatures(witnessed, heads)
    co_signed = {(one.witness, one.key): one.number for one in sorted(witnessed, key=lambda one: one.number)}
    return Verdict(number, entries, 0, head, faults, co_signed)


def _faults_of(seal: Sealed, found: list[list[Any]], last_id: int) -> Iterator[str]:
    if head_of(seal.previous, seal.root, seal.entries) != seal.head:
        yield "its seal was changed"
    gone = set(ids_in(seal.runs)) - {leaf[0] for leaf in found}
    if gone:
        yield f"deleted: {_listed(gone)}"
    elif len(found) != seal.entries:
        yield f"its seal says {seal.entries} entries, and names {len(found)}"
    elif root_of(found) != seal.root:
        yield f"edited, or in another order: one or more of entries {found[0][0]} to {found[-1][0]}"
    too_old = micros(seal.sealed_at - LATEST)
    late = {leaf[0] for leaf in found if leaf[0] <= last_id and leaf[_WRITTEN_AT] < too_old}
    if late:
        yield f"inserted later than any transaction lasts: {_listed(late)}"


def _unsealed() -> tuple[int, list[str]]:
    """How many entries wait for their seal; and a fault for each that no seal would ever take."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return LedgerEntry.objects.count(), []
    runs = sorted(run for runs in Seal.objects.values_list("runs", flat=True).iterator() for run in runs)
    ids = set(without(LedgerEntry.objects.order_by("id").values_list("id", flat=True).iterator(), runs))
    # Of ids that were passed by, some may still come: those of transactions that have not ended.
    passed = sorted(number for number in ids if number <= last.last_id)
    inserted = passed if connection.vendor != "postgresql" else _no_longer_to_come(passed, last)
    faults = []
    for number in inserted:
        batch = Seal.objects.filter(last_id__gte=number).order_by("number").values_list("number", flat=True).first()
        faults.append(f"batch {batch}: inserted after it was sealed: entry {number}")
    return len(ids) - len(inserted), faults


def _no_longer_to_come(ids: list[int], last: Seal) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM governance_ledgerentry "
            "WHERE id = ANY(%s) AND (id <= %s OR xact < %s::text::xid8) ORDER BY id",
            [ids, last.floor, str(last.horizon)],
        )
        return [row[0] for row in cursor.fetchall()]


def _listed(ids: Iterable[int]) -> str:
    few = sorted(ids)[:10]
    return "entries " + ", ".join(map(str, few)) + (" and more" if len(few) == 10 else "")
