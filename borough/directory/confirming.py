"""Keeping listings true: a service's own people are asked whether theirs is right, after six months and at twelve.

How they answer, by a link to their mailbox: answering.py.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.events import announce
from borough.common.mailbox_links import close_links
from borough.directory.answering import mailbox_of
from borough.directory.events import ConfirmationDue
from borough.directory.importing import MAINTAINERS
from borough.directory.models import Confirmation, ConfirmationLink, Service
from borough.directory.policies import ASK_AFTER, CHASE_AFTER

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Unconfirmed:
    service_id: str
    name: str
    organization: str
    confirmed_at: datetime | None
    asked_at: datetime | None
    chased_at: datetime | None
    can_be_asked: bool


def ask_owners(*, by: Viewer) -> int:
    """Ask after every listing that is due: six months after it was last confirmed, and once more at twelve.

    Twice is the same as once. Returns how many were asked or chased.
    """
    check_may_work_as(by, SYSTEM)
    now = clock.now()
    # What was confirmed some other way, as by a new file from its publisher, need not be answered any more.
    Confirmation.objects.filter(answered_at=None, service__confirmed_at__gt=F("asked_at")).update(answered_at=now)
    with transaction.atomic():
        chased = list(
            Confirmation.objects.filter(
                answered_at=None, chased_at=None, service__active=True, service__confirmed_at__lt=now - CHASE_AFTER
            ).exclude(asked_at__gt=now - (CHASE_AFTER - ASK_AFTER))[:MOST_AT_ONCE]
        )
        Confirmation.objects.filter(pk__in=[one.pk for one in chased]).update(chased_at=now)
        waiting = Confirmation.objects.filter(service=OuterRef("pk"), answered_at=None)
        due = Service.objects.filter(~Exists(waiting), active=True, confirmed_at__lt=now - ASK_AFTER)
        rows = due.order_by("confirmed_at", "pk").values_list("pk", "email", "organization__email")[:MOST_AT_ONCE]
        asked = [
            Confirmation(service_id=pk, email=email, asked_at=now)
            for pk, own, organization in rows
            if (email := mailbox_of(own, organization))
        ]
        Confirmation.objects.bulk_create(asked, ignore_conflicts=True)
        kept = Confirmation.objects.filter(pk__in=[one.pk for one in asked]).values_list("pk", flat=True)
        # A chase brings a link of its own: the one before it may be bound to a browser that nobody uses any more.
        again = [one.pk for one in chased]
        close_links(ConfirmationLink.objects.filter(confirmation__in=again))
        ConfirmationLink.objects.bulk_create(
            ConfirmationLink(confirmation_id=pk, made_at=now) for pk in [*kept, *again]
        )
        for pk in kept:
            announce(ConfirmationDue(pk, "asked"))
        for one in chased:
            announce(ConfirmationDue(one.pk, "chased"))
    return len(kept) + len(chased)


def ask_owners_daily() -> None:
    ask_owners(by=system_viewer("still right?"))


def list_unconfirmed(*, viewer: Viewer, most: int) -> list[Unconfirmed]:
    """Listings that nobody confirmed for six months, the oldest first."""
    check_may_work_as(viewer, *MAINTAINERS)
    rows = Service.objects.filter(active=True, confirmed_at__lt=clock.now() - ASK_AFTER).select_related("organization")
    open_ones = {one.service_id: one for one in Confirmation.objects.filter(answered_at=None)}
    return [
        Unconfirmed(
            service_id=row.pk,
            name=row.name,
            organization=row.organization.name,
            confirmed_at=row.confirmed_at,
            asked_at=open_ones[row.pk].asked_at if row.pk in open_ones else None,
            chased_at=open_ones[row.pk].chased_at if row.pk in open_ones else None,
            can_be_asked=bool(mailbox_of(row.email, row.organization.email)),
        )
        for row in rows.defer("document").order_by("confirmed_at", "pk")[:most]
    ]
