"""Finds what was edited, deleted, inserted or put in another order after it was sealed, and names its batch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from borough.governance.ledger.hashing import BEGINNING, LEAF, head_of, root_of
from borough.governance.ledger.letting_go import over_since
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

    `let_go`: of the `seals`, those whose entries went when their time was over; they are not among `entries`.
    `co_signed`: (witness, its key) → the newest batch that it signed.
    """

    seals: int
    entries: int
    unsealed: int
    head: str
    faults: list[str]
    co_signed: dict[tuple[str, str], int] = field(default_factory=dict)
    let_go: int = 0


def verify_ledger(show: Callable[[int], None] = lambda entries: None) -> Verdict:
    """Compute every hash of the ledger again. `show` is told how many entries are done."""
    oldest = LedgerEntry.objects.order_by("id").values_list("id", flat=True).first()

    def leaves(runs: Sequence[Run]) -> list[list[Any]]:
        # Of what was let go there are only seals, and more of them each day.
        return leaves_of(runs) if runs and oldest and runs[-1][1] >= oldest else []

    verdict = verify_chain(sealed(), leaves, show, all_signed())
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
    over, before = over_since(), datetime.min.replace(tzinfo=UTC)
    gone: set[int] = set()
    faults: list[str] = []
    for seal in seals:
        number += 1
        if seal.number != number:
            faults.append(f"batch {number}: its seal is missing; the next that is there is that of batch {seal.number}")
            number = seal.number
        elif seal.previous != head:
            faults.append(f"batch {seal.number}: does not follow the one before it")
        if seal.sealed_at + LATEST < before:
            faults.append(f"batch {seal.number}: its seal says that it is older than the batch before it")
        found = leaves(seal.runs)
        if not found and seal.sealed_at < over:
            gone.add(seal.number)
            faults += (f"batch {seal.number}: {fault}" for fault in _faults_of_seal(seal))
        else:
            faults += (f"batch {seal.number}: {fault}" for fault in _faults_of(seal, found, last_id))
            entries += seal.entries
        head, last_id, before = seal.head, seal.last_id, seal.sealed_at
        heads[seal.number] = head
        show(entries)
    witnessed = list(signed)
    faults += faults_of_signatures(witnessed, heads)
    # Its own seal can be made to say that it is old; what another borough signed cannot.
    faults += (
        f"batch {one.number}: deleted before its time: {one.witness} signed it on {one.at}"
        for one in witnessed
        if one.number in gone and one.holds() and datetime.fromisoformat(one.at) >= over
    )
    co_signed = {(one.witness, one.key): one.number for one in sorted(witnessed, key=lambda one: one.number)}
    return Verdict(number, entries, 0, head, faults, co_signed, len(gone))


def _faults_of_seal(seal: Sealed) -> Iterator[str]:
    if head_of(seal.previous, seal.root, seal.entries) != seal.head:
        yield "its seal was changed"


def _faults_of(seal: Sealed, found: list[list[Any]], last_id: int) -> Iterator[str]:
    yield from _faults_of_seal(seal)
    gone = set(ids_in(seal.runs)) - {leaf[0] for leaf in found}
    if gone:
        yield f"deleted: {_listed(gone)}"
    elif len(found) != seal.entries:
        yield f"its seal says {seal.entries} entries, and names {len(found)}"
    elif root_of(found) != seal.root:
        yield f"edited, or in another order: one or more of entries {found[0][0]} to {found[-1][0]}"
    newest = max((leaf[_WRITTEN_AT] for leaf in found), default=0)
    if newest > micros(seal.sealed_at + LATEST):
        yield "its seal says that it is older than what it holds"
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
