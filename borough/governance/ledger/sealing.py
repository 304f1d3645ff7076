"""Seals what was written since the last seal, and says when that has not been done for too long.

PostgreSQL numbers an entry when it is written, and shows it when its transaction ends: an entry may appear after
entries with higher ids are sealed. Each run therefore looks again at every transaction that had not ended by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from borough.common.errors import Problem
from borough.governance.ledger.hashing import BEGINNING, head_of, root_of
from borough.governance.ledger.reading import leaves_of, runs_of, without
from borough.governance.models import LedgerEntry, Seal

BATCH = 1_000
STALLED_AFTER = timedelta(minutes=15)
# A worker seals this often, so that an entry is sealed within ten seconds.
EVERY_S = 5.0
# How long a process takes it that sealing goes on, before it looks again.
_LOOK_EVERY_S = 5.0
_looked_at = -_LOOK_EVERY_S
# The same number for all that seal.
_LOCK = 7_053_411


class LedgerStalled(Problem):
    """Entries wait for their seal for too long: the door is closed until they have it."""


@dataclass(frozen=True)
class _Span:
    """What to look at: entries after the floor, of the transactions from `since` to before `ceiling`; 0 is no bound."""

    floor: int
    since: int = 0
    ceiling: int = 0


def seal_ledger() -> int:
    """Seal every entry that is there and not sealed yet. Returns how many. Waits while another seals."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Seal.objects.order_by("-number").first() or Seal(number=0, head=BEGINNING, last_id=0)
        look, next_look = _spans(last)
        ids = without(_entries_in(look), _sealed_in(look))
        sealed = 0
        while batch := list(islice(ids, BATCH)):
            last = _seal(batch, last, next_look)
            sealed += len(batch)
    return sealed


def is_stalled() -> bool:
    """Whether an entry has waited for its seal for longer than it may, by the database's clock."""
    newest = Seal.objects.order_by("-number").values_list("last_id", flat=True).first() or 0
    waiting = LedgerEntry.objects.filter(id__gt=newest).order_by("id").values_list("id")[:1]
    return LedgerEntry.objects.filter(id__in=waiting, written_at__lt=Now() - STALLED_AFTER).exists()


def check_sealing() -> None:
    """Raise LedgerStalled where sealing has stopped. A rehearsal that runs no worker seals here instead."""
    global _looked_at
    if monotonic() - _looked_at < _LOOK_EVERY_S:
        return
    if is_stalled():
        if not settings.REHEARSAL:
            raise LedgerStalled(
                "Nobody's record can be opened: what was looked at has not been sealed for 15 minutes.",
                "Ask whoever runs this service to start its worker, borough work, or to run borough ledger seal.",
            )
        seal_ledger()
    _looked_at = monotonic()


def _seal(ids: list[int], last: Seal, next_look: _Span) -> Seal:
    runs = runs_of(ids)
    root = root_of(leaves_of(runs))
    return Seal.objects.create(
        number=last.number + 1,
        runs=runs,
        entries=len(ids),
        last_id=max(last.last_id, ids[-1]),
        root=root,
        previous=last.head,
        head=head_of(last.head, root, len(ids)),
        horizon=next_look.since,
        ceiling=next_look.ceiling,
        floor=next_look.floor,
    )


def _spans(last: Seal) -> tuple[_Span, _Span]:
    """What to look at now; and, as the seals of now are to keep it, from where the next run looks."""
    if connection.vendor != "postgresql":
        # One writer at a time: ids appear in their order.
        return _Span(last.last_id), _Span(last.last_id)
    with connection.cursor() as cursor:
        cursor.execute(
            # What this very transaction wrote before is there to be sealed too.
            "SELECT pg_snapshot_xmin(s)::text::bigint, greatest(pg_snapshot_xmax(s)::text::bigint, "
            "1 + pg_current_xact_id_if_assigned()::text::bigint) FROM pg_current_snapshot() s"
        )
        horizon, ceiling = cursor.fetchone()
        if last.ceiling <= ceiling:
            return _Span(last.floor, last.horizon, ceiling), _Span(last.floor, horizon, ceiling)
        # Restored onto a server that counts its transactions from lower down: what came along will not change.
        cursor.execute("SELECT max(id) FROM governance_ledgerentry WHERE xact >= %s::text::xid8", [str(ceiling)])
        came_along = cursor.fetchone()[0] or 0
    return _Span(0), _Span(max(last.last_id, came_along), horizon, ceiling)


def _entries_in(span: _Span) -> Iterator[int]:
    if not span.ceiling:
        entries = LedgerEntry.objects.filter(id__gt=span.floor).order_by("id")
        return iter(entries.values_list("id", flat=True).iterator(chunk_size=10_000))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM governance_ledgerentry "
            "WHERE id > %s AND xact >= %s::text::xid8 AND xact < %s::text::xid8 ORDER BY id",
            [span.floor, str(span.since), str(span.ceiling)],
        )
        return iter([row[0] for row in cursor.fetchall()])


def _sealed_in(span: _Span) -> list[list[int]]:
    """Runs of the entries in this span that are sealed already."""
    if not span.ceiling and span.floor:
        return []
    seals = Seal.objects.filter(last_id__gt=span.floor, ceiling__gt=span.since)
    return sorted(run for runs in seals.values_list("runs", flat=True) for run in runs)
