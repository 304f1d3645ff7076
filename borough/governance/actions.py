"""Published writes of governance."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.models import AGREEMENT_STATES, Agreement, Purpose
from borough.governance.policies import FIELDS


def register_purpose(*, by: Viewer, code: str, name: str, explanation: str, dpv: str, rooms: Collection[str]) -> None:
    """Add a purpose, or change how it is explained and which rooms' verbs serve it."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    Purpose.objects.update_or_create(
        code=code, defaults={"name": name, "explanation": explanation, "dpv": dpv, "rooms": sorted(rooms)}
    )


def draft_agreement(
    *,
    by: Viewer,
    reference: str,
    purpose: str,
    title: str,
    lawful_basis: str,
    roles: Collection[str],
    fields: Collection[str],
    sources: Collection[str],
    starts_on: date,
    review_on: date,
) -> str:
    """Write down a proposed agreement. It opens nothing until somebody approves it. Returns the reference."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    unknown = set(fields) - set(FIELDS) - {"*"}
    if unknown:
        raise Problem(f"There is no field {', '.join(sorted(unknown))}.", f"Choose from {', '.join(FIELDS)}.")
    Agreement.objects.create(
        reference=reference,
        purpose_id=purpose,
        title=title,
        lawful_basis=lawful_basis,
        roles=sorted(roles),
        fields=sorted(fields),
        sources=sorted(sources),
        starts_on=starts_on,
        review_on=review_on,
    )
    return reference


def approve_agreement(*, by: Viewer, reference: str, reason: str) -> None:
    """Make a draft live: from its start date it opens the door."""
    _change_agreement(by, reference, "live", reason)


def revoke_agreement(*, by: Viewer, reference: str, reason: str) -> None:
    """Close every door that this agreement opens, at once."""
    _change_agreement(by, reference, "revoked", reason)


def _change_agreement(by: Viewer, reference: str, state: str, reason: str) -> None:
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    if not reason.strip():
        raise Problem("A decision needs a reason.", "Write in a sentence why this is right.")
    with transaction.atomic():
        try:
            agreement = Agreement.objects.select_for_update().get(pk=reference)
        except Agreement.DoesNotExist as error:
            raise NotFound("There is no such agreement.") from error
        AGREEMENT_STATES.check_change(agreement.state, state)
        agreement.state = state
        agreement.reason = reason
        if state == "live":
            agreement.decided_by, agreement.decided_at = by.name, clock.now()
        else:
            agreement.revoked_at = clock.now()
        agreement.save()
