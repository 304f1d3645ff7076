"""Erasure (UK GDPR Article 17), by walking the registry that a copy of data is made from; and its tombstones.

A tombstone stands in the table and in a file beside the database. A backup that is restored has the one no more: a
worker then finds it in the file, and erases again.
"""

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.errors import Problem
from borough.common.ids import mint_reference
from borough.governance.changing.models import Erasure
from borough.governance.door import log_write, open_door
from borough.governance.keeping.models import LegalHold
from borough.governance.keeping.nightly import PURPOSE as DELETION
from borough.governance.models import Agreement
from borough.governance.rights.holdings import all_holdings
from borough.governance.rights.ports import people


@dataclass(frozen=True)
class Fate:
    """What becomes of one holding when its resident is erased: `stays` says why it is kept; empty where it goes."""

    title: str
    stays: str


def fates() -> list[Fate]:
    """Of each holding, for the officer who decides and the resident who is told."""
    return [Fate(str(holding.title), str(holding.stays)) for holding in all_holdings()]


def erase_resident(*, by: Viewer, purpose: str, resident_id: str, because: str) -> dict[str, int]:
    """Delete all that no duty has us keep. Returns holding → rows. Raises Problem under a legal hold.

    No extract brings the records back: hashes of their keys stay. It cannot be undone.
    """
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.erase_resident")
    if not because.strip():
        raise Problem(_("Erasing needs a reason."), _("Say which ground of Article 17 there is."))
    ids = sorted(people().ids_of(resident_id))
    if LegalHold.objects.filter(ended_at=None, resident_id__in=["", *ids]).exists():
        raise Problem(
            _("A legal hold keeps what we hold of this resident."),
            _("End the hold first, or answer that it cannot be deleted yet, and why."),
        )
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.erase_resident", residents=[resident_id])
        records = people().keep_away(ids)
        Erasure.objects.create(
            reference=mint_reference("ER"),
            ids=ids,
            records=records,
            at=clock.now(),
            by=by.name,
            because=because.strip()[:500],
        )
        return _erase(ids)


def keep_tombstones() -> None:
    """Write to the file what it lacks, and erase again what only the file knows: a worker does it each minute."""
    path = settings.TOMBSTONES
    known = {}
    if path.exists():
        with path.open(encoding="utf-8") as file:
            known = {row["reference"]: row for row in map(json.loads, file)}
    there = set(Erasure.objects.values_list("reference", flat=True))
    for row in Erasure.objects.filter(written=False).order_by("at"):
        if row.reference not in known:
            _append(row)
        Erasure.objects.filter(pk=row.pk).update(written=True)
    forgotten = [row for reference, row in known.items() if reference not in there]
    if forgotten and _may_delete():
        erase_again(forgotten, by=system_viewer("restored"))


def erase_again(rows: Iterable[dict[str, Any]], *, by: Viewer) -> int:
    """Erase whom these tombstones name, of whom a restored database knows nothing. Returns how many."""
    done = 0
    for row in rows:
        open_door(viewer=by, purpose=DELETION, verb="governance.delete_what_is_over")
        with transaction.atomic():
            log_write(by=by, purpose=DELETION, verb="governance.delete_what_is_over", residents=row["ids"])
            away = people().keep_away(row["ids"])
            known = {tuple(each) for each in row["records"]}
            people().keep_away_hashes(known)
            Erasure.objects.create(
                reference=row["reference"],
                ids=row["ids"],
                records=sorted(known | set(away)),
                at=datetime.fromisoformat(row["at"]),
                by=row["by"],
                because=row["because"],
                written=True,
            )
            _erase(row["ids"])
        done += 1
    return done


def _may_delete() -> bool:
    today = clock.today()
    live = Agreement.objects.filter(purpose=DELETION, state="live", starts_on__lte=today, review_on__gt=today)
    return live.exists()


def _erase(ids: Collection[str]) -> dict[str, int]:
    return {holding.code: holding.erase(ids) for holding in all_holdings() if holding.erase}


def _append(row: Erasure) -> None:
    line = {
        "reference": row.reference,
        "ids": row.ids,
        "records": row.records,
        "at": row.at.isoformat(),
        "by": row.by,
        "because": row.because,
    }
    with settings.TOMBSTONES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
