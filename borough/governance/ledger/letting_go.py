"""After its time a batch goes whole: its entries, and of whom they were. Its seal stays, so that the chain verifies on.

A batch is as old as its seal, which stands on when its rows no longer do. Only what still hashes to its seal goes: no
change is hidden by what time takes away.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from borough.common import clock
from borough.governance.keeping.ending import Rows
from borough.governance.keeping.rules import over_before
from borough.governance.ledger.hashing import root_of
from borough.governance.ledger.reading import ids_in, leaves_of, runs_of, within
from borough.governance.models import LEDGER_KEPT, LedgerEntry, LedgerSubject, Seal

# Six years by the database's own clock, with each leap day that they can hold: a web server's may be wrong.
_LEAST = timedelta(days=6 * 365 + 2)
_AT_A_TIME = 200


def over_since() -> datetime:
    """Batches that were sealed before then are over today."""
    return datetime.combine(over_before(LEDGER_KEPT, clock.today()), time.min, clock.LONDON)


def entries_over(before: datetime) -> Rows:
    """The entries of the batches that were sealed before then."""
    oldest = LedgerEntry.objects.order_by("id").values_list("written_at", flat=True).first()
    # Most nights, for six years: nothing is.
    if oldest is None or oldest >= before:
        return LedgerEntry.objects.none()
    last = Seal.objects.filter(number=_last_over(before)).values_list("last_id", flat=True).first()
    return LedgerEntry.objects.filter(id__lte=last or 0)


def let_go(rows: Rows) -> int:
    """Delete the batches that are over and of which every entry is among `rows`. Returns how many entries went."""
    return sum(_delete(seals) for seals in _to_go(rows))


def _to_go(rows: Rows) -> Iterator[list[Seal]]:
    oldest = LedgerEntry.objects.order_by("id").values_list("id", flat=True).first() or 0
    first, last = _highest(Q(last_id__lt=oldest)) + 1, _last_over(over_since())
    for start in range(first, last + 1, _AT_A_TIME):
        seals = list(Seal.objects.filter(number__gte=start, number__lte=min(start + _AT_A_TIME - 1, last)))
        runs = [run for seal in seals for run in seal.runs]
        if not runs:
            continue
        span = [[min(run[0] for run in runs), max(run[1] for run in runs)]]
        going = set(rows.filter(within(span, "id")).values_list("id", flat=True))
        leaves = {leaf[0]: leaf for leaf in leaves_of(span) if leaf[0] in going}
        yield [seal for seal in seals if _is_whole(seal, leaves)]


def _is_whole(seal: Seal, leaves: dict[int, list[object]]) -> bool:
    ids = list(ids_in(seal.runs))
    return bool(ids) and leaves.keys() >= set(ids) and root_of([leaves[each] for each in ids]) == seal.root


def _delete(seals: list[Seal]) -> int:
    if connection.vendor == "postgresql":
        # The site itself may delete nothing of the ledger (append_only.py).
        with connection.cursor() as cursor:
            cursor.execute("SELECT governance_ledger_let_go(%s)", [[seal.number for seal in seals]])
            return int(cursor.fetchone()[0])
    runs = runs_of(sorted(each for seal in seals for each in ids_in(seal.runs)))
    if not runs:
        return 0
    LedgerSubject.objects.filter(within(runs, "entry")).order_by()._raw_delete(connection.alias)
    return LedgerEntry.objects.filter(within(runs, "id")).order_by()._raw_delete(connection.alias)


def _last_over(before: datetime) -> int:
    return _highest(Q(sealed_at__lt=before) & Q(sealed_at__lt=Now() - _LEAST))


def _highest(fits: Q) -> int:
    """The number of the last seal that fits, of a chain in which those that do come first; 0 where none does. In a few
    dozen look-ups: a borough has millions of seals, and no index but their numbers."""
    low, high = 0, Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    while low < high:
        middle = (low + high + 1) // 2
        if Seal.objects.filter(fits, number=middle).exists():
            low = middle
        else:
            high = middle - 1
    return low
