"""Rectification (UK GDPR Articles 16 and 19): what should be where, told to every source that holds the resident.

Until the source has put it right, or refused with a reason, the correction lies over what its extracts say.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.accounts.policies import IG_OFFICER, RESIDENT, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.changing.models import CORRECTION_STATES, Correction
from borough.governance.declared import all_sources
from borough.governance.door import log_write, open_door
from borough.governance.rights.ports import people

FIELDS = {
    "forename": gettext_lazy("First name"),
    "surname": gettext_lazy("Last name"),
    "dob": gettext_lazy("Date of birth"),
    "phone": gettext_lazy("Phone number"),
    "email": gettext_lazy("Email address"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
}
BY_THE_EXTRACT = gettext_lazy("Its own extract")


@dataclass(frozen=True)
class CorrectionView:
    """One correction as the officer sees it, or, without its key, the resident."""

    reference: str
    source: str
    owner: str
    key: str
    field: str
    should_be: str
    state: str
    state_label: str
    sent_at: datetime
    why_refused: str


def correct_record(*, by: Viewer, purpose: str, resident_id: str, field: str, should_be: str) -> list[str]:
    """Correct this field wherever a source holds them, at once and until the source has. Returns the references.

    Raises Problem for a value that is none, or where no source holds them.
    """
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.correct_record")
    if field not in FIELDS:
        raise Problem(_("There is no such field."), _("Choose one from the list."))
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.correct_record", residents=[resident_id])
        value, held = people().correct(people().ids_of(resident_id), field, should_be)
        if not held:
            raise Problem(_("No source holds this resident any more."), _("There is nothing to correct."))
        for source, key in held:
            Correction.objects.filter(source=source, key=key, field=field, state="sent").update(
                state="refused", why_refused=_("Corrected again"), ended_at=clock.now(), ended_by=by.name
            )
        made = [
            Correction(
                resident_id=resident_id,
                source=source,
                key=key,
                field=field,
                should_be=value,
                sent_at=clock.now(),
                sent_by=by.name,
            )
            for source, key in held
        ]
        return [one.reference for one in Correction.objects.bulk_create(made)]


def list_corrections(*, viewer: Viewer, purpose: str, waiting: bool = True) -> list[CorrectionView]:
    """The outbox of each source, the oldest first: what its owner is to put right."""
    check_may_work_as(viewer, IG_OFFICER)
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.list_corrections")
    rows = Correction.objects.order_by("source", "sent_at")
    shown = list((rows.filter(state="sent") if waiting else rows)[:2000])
    opening.saw(row.resident_id for row in shown)
    return [_view(row) for row in shown]


def acknowledge_correction(*, by: Viewer, purpose: str, reference: str, refused: str = "") -> None:
    """The source has put it right, or refuses for this reason: then its own word holds again."""
    check_may_work_as(by, IG_OFFICER)
    open_door(viewer=by, purpose=purpose, verb="governance.acknowledge_correction")
    with transaction.atomic():
        row = Correction.objects.filter(pk=reference).select_for_update().first()
        if row is None:
            raise NotFound(_("There is no such correction."), _("Choose one from the list."))
        log_write(by=by, purpose=purpose, verb="governance.acknowledge_correction", residents=[row.resident_id])
        state = "refused" if refused.strip() else "done"
        CORRECTION_STATES.check_change(row.state, state)
        _end(row, state, by.name, refused.strip()[:500])
        if state == "refused":
            people().let_go(row.source, row.key, row.field)


def note_corrected(source: str, key: str, field: str) -> None:
    """The source's own extract says now what the correction says. Called by the event of it."""
    for row in Correction.objects.filter(source=source, key=key, field=field, state="sent"):
        _end(row, "done", str(BY_THE_EXTRACT), "")


def own_corrections(*, viewer: Viewer) -> list[CorrectionView]:
    """Theirs, newest first, for the resident who asks."""
    check_may_work_as(viewer, RESIDENT)
    rows = Correction.objects.filter(resident_id__in=people().ids_of(viewer.id)).order_by("-sent_at")
    return [_view(row, key=False) for row in rows[:50]]


def _end(row: Correction, state: str, by: str, why: str) -> None:
    row.state, row.ended_at, row.ended_by, row.why_refused = state, clock.now(), by, why
    row.save(update_fields=["state", "ended_at", "ended_by", "why_refused"])


def _view(row: Correction, *, key: bool = True) -> CorrectionView:
    source = all_sources().get(row.source)
    return CorrectionView(
        reference=row.reference,
        source=source.title if source else row.source,
        owner=source.owner if source else "",
        key=row.key if key else "",
        field=str(FIELDS[row.field]),
        should_be=row.should_be,
        state=row.state,
        state_label=_(CORRECTION_STATES.labels[row.state]),
        sent_at=row.sent_at,
        why_refused=row.why_refused,
    )
