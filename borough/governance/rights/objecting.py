"""Saying no to being looked for (UK GDPR Article 21): from that moment scoring, cohorts and campaigns leave them out.

Help that they asked for themselves goes on: it does not rest on looking for them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import Problem
from borough.common.events import announce
from borough.governance.changing.restricting import who_is_restricted
from borough.governance.door import log_write, open_door
from borough.governance.rights.events import Objected
from borough.governance.rights.links import PURPOSE
from borough.governance.rights.models import Objection
from borough.governance.rights.ports import people


def object_to_use(*, by: Viewer) -> None:
    """The resident says no, on their own page. Twice is the same as once."""
    check_may_work_as(by, RESIDENT)
    with transaction.atomic():
        log_write(by=by, purpose=PURPOSE, verb="governance.object_to_use", residents=[by.id])
        _keep(by.id, _("The resident, on their own page"))


def note_objection(*, by: Viewer, purpose: str, resident_id: str) -> None:
    """As `object_to_use`, for a resident who said so by letter, by telephone or to a worker."""
    check_may_work_as(by, IG_OFFICER)
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.object_to_use", residents=[resident_id])
        _keep(resident_id, by.name)


def withdraw_objection(*, by: Viewer) -> None:
    """The resident lets themselves be looked for again."""
    check_may_work_as(by, RESIDENT)
    with transaction.atomic():
        log_write(by=by, purpose=PURPOSE, verb="governance.withdraw_objection", residents=[by.id])
        ids = people().ids_of(by.id)
        Objection.objects.filter(resident_id__in=ids, ended_at=None).update(ended_at=clock.now(), ended_because="")


def overrule_objection(*, by: Viewer, purpose: str, resident_id: str, because: str) -> None:
    """There are compelling grounds (Article 21(1)): the resident reads which."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.overrule_objection")
    if not because.strip():
        raise Problem(_("Overruling an objection needs a reason."), _("Say which compelling grounds there are."))
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.overrule_objection", residents=[resident_id])
        ids = people().ids_of(resident_id)
        open_ones = Objection.objects.filter(resident_id__in=ids, ended_at=None)
        open_ones.update(ended_at=clock.now(), ended_because=because.strip()[:2000])


def own_objection(*, viewer: Viewer) -> tuple[datetime | None, str]:
    """(since when they have objected or None, why their last objection was overruled or "")."""
    check_may_work_as(viewer, RESIDENT)
    rows = Objection.objects.filter(resident_id__in=people().ids_of(viewer.id)).order_by("-since", "-pk")
    newest = rows.first()
    if newest is None:
        return None, ""
    return (newest.since, "") if newest.ended_at is None else (None, newest.ended_because)


def who_objects() -> frozenset[str]:
    """Every id of everybody who is to be left out of being looked for, by objection or restriction. Ids only."""
    listed = list(Objection.objects.filter(ended_at=None).values_list("resident_id", flat=True))
    return (frozenset(people().ids_of_all(listed)) if listed else frozenset()) | who_is_restricted()


def _keep(resident_id: str, said_to: str) -> None:
    if Objection.objects.filter(resident_id__in=people().ids_of(resident_id), ended_at=None).exists():
        return
    Objection.objects.create(resident_id=resident_id, since=clock.now(), said_to=said_to)
    announce(Objected(resident_id))
