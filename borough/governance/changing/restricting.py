"""Restriction (UK GDPR Article 18): what is held stays, and is used for nothing but what the Article leaves open."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import Problem
from borough.common.events import announce
from borough.governance.changing.models import Restriction
from borough.governance.door import log_write, open_door
from borough.governance.rights.events import Objected
from borough.governance.rights.ports import people

if TYPE_CHECKING:
    from django.db.models import QuerySet


def restrict_use(*, by: Viewer, purpose: str, resident_id: str, because: str) -> None:
    """From now on nobody finds nor opens them in the index; looking for who needs help leaves them out."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.restrict_use")
    if not because.strip():
        raise Problem(_("A restriction needs a reason."), _("Say which ground of Article 18 there is."))
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.restrict_use", residents=[resident_id])
        there = set(_open(people().ids_of(resident_id)).values_list("resident_id", flat=True))
        # Each id that stands for them: the database's own door knows none of the redirects.
        Restriction.objects.bulk_create(
            Restriction(resident_id=each, since=clock.now(), because=because.strip()[:500], set_by=by.name)
            for each in sorted(set(people().ids_of(resident_id)) - there)
        )
        announce(Objected(resident_id))


def lift_restriction(*, by: Viewer, purpose: str, resident_id: str, because: str) -> None:
    """It may be used again. The resident reads why (Article 18(3): they are told before it is lifted)."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.lift_restriction")
    if not because.strip():
        raise Problem(_("Lifting a restriction needs a reason."), _("Say what was found."))
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.lift_restriction", residents=[resident_id])
        _open(people().ids_of(resident_id)).update(ended_at=clock.now(), ended_because=because.strip()[:500])


def own_restriction(*, viewer: Viewer) -> datetime | None:
    """Since when what we hold of the resident who asks is not used; None where it is."""
    check_may_work_as(viewer, RESIDENT)
    return _open(people().ids_of(viewer.id)).order_by("since").values_list("since", flat=True).first()


def who_is_restricted() -> frozenset[str]:
    """Every id of everybody whose data is not to be used. Ids only."""
    return frozenset(Restriction.objects.filter(ended_at=None).values_list("resident_id", flat=True))


def _open(ids: Collection[str]) -> "QuerySet[Restriction]":
    return Restriction.objects.filter(resident_id__in=ids, ended_at=None)
