"""What a service's own people say of their listing: by a link to its mailbox, opened with a code from there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from borough.accounts.policies import system_viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import announce
from borough.common.identifiers import clean_email
from borough.common.mailbox_links import (
    address_of,
    ask_code,
    check_may_renew,
    check_proved,
    check_works,
    close_links,
    code_of,
    genuine_link,
    is_code_sent,
    masked,
    prove_link,
    token_of,
)
from borough.directory.editing import apply_changes, fields_of, other_times_of
from borough.directory.events import ConfirmationDue, ListingCodeAsked
from borough.directory.models import Confirmation, ConfirmationLink, Service, Suggestion
from borough.directory.policies import LINK_KEPT, NEEDS_APPROVAL, PURPOSE, differing
from borough.governance.door import open_door_without_account

LINK = "directory.still_right"


@dataclass(frozen=True)
class ListingLink:
    """What a link shows before it is proved: whose mailbox the code goes to, and nothing of the listing."""

    sent_to: str
    proved: bool
    code_sent: bool


@dataclass(frozen=True)
class Asked:
    """What the holder of a proved link is asked about."""

    service_id: str
    name: str
    fields: dict[str, str]
    other_times: list[str]


@dataclass(frozen=True)
class Letter:
    """What the message that asks needs."""

    email: str
    service: str
    link: str


def mailbox_of(own: str, organization: str) -> str:
    """The address on record of a service, else of who runs it; "" where there is none."""
    return clean_email(own) or clean_email(organization) or ""


def confirmation_letter(confirmation_id: str) -> Letter | None:
    """The address, and the link, of what is to be asked; None once it is answered."""
    link = _links().filter(confirmation=confirmation_id, confirmation__answered_at=None, closed_at=None).first()
    if link is None or not (email := _mailbox(link)):
        return None
    path = reverse("directory:still_right", args=[token_of(LINK, link)])
    return Letter(email, link.confirmation.service.name, address_of(path))


def listing_code(link_id: int, number: int) -> tuple[str, str] | None:
    """The mailbox and the code of this number; None where a later code took its place, or the link is over."""
    link = _links().filter(pk=link_id, codes_sent=number, closed_at=None, bound_at=None).first()
    email = _mailbox(link) if link else ""
    return (email, code_of(link, number)) if link and email else None


def read_listing_link(token: str, secrets_held: Mapping[str, str]) -> ListingLink:
    """What a link is, in the browser that holds these secrets. Raises NotFound or LinkOver in words for its reader."""
    link = _working(token, secrets_held)
    return ListingLink(masked(_mailbox_on_record(link)), link.bound_at is not None, is_code_sent(link))


def send_listing_code(token: str, secrets_held: Mapping[str, str]) -> None:
    """Have a code for this link mailed to the service's address on record. The code before it is worth nothing then."""
    link = _working(token, secrets_held)
    _mailbox_on_record(link)
    with transaction.atomic():
        announce(ListingCodeAsked(link.pk, ask_code(link)))


def prove_listing_link(token: str, secrets_held: Mapping[str, str], *, code: str) -> tuple[str, str]:
    """Bind the link to this browser by the code from the mailbox. Returns (name, secret) for the browser to hold."""
    return prove_link(_working(token, secrets_held), code)


def ask_for_new_listing_link(token: str) -> None:
    """Have a new link sent to the service's address on record, to nobody else. The old one opens nothing then."""
    old = _genuine(token)
    _mailbox_on_record(old)
    with transaction.atomic():
        row = Confirmation.objects.select_for_update().get(pk=old.confirmation_id)
        if row.answered_at is not None:
            raise _used()
        check_may_renew(row.links.all())
        close_links(row.links.all())
        link = ConfirmationLink.objects.create(confirmation=row, made_at=clock.now())
        announce(ConfirmationDue(row.pk, f"again {link.pk}"))


def confirmation_behind(token: str, secrets_held: Mapping[str, str]) -> Asked:
    """The listing that a proved link is about. Raises NotFound for one that opens nothing in this browser."""
    row = _proved(token, secrets_held).confirmation
    return Asked(row.service_id, row.service.name, fields_of(row.service_id), other_times_of(row.service_id))


def confirm_service(token: str, secrets_held: Mapping[str, str], changes: Mapping[str, str] | None = None) -> bool:
    """By a proved link alone: the listing is right, or is once these fields say so. The link is used up by it.

    What residents choose and reach a service by waits for a directory editor; the rest is shown at once. Returns
    whether anything waits.
    """
    row = _proved(token, secrets_held).confirmation
    open_door_without_account(viewer=system_viewer("still right?"), purpose=PURPOSE, verb="directory.confirm_service")
    with transaction.atomic():
        now = clock.now()
        # Two at once: one of them finds it answered.
        if not Confirmation.objects.filter(pk=row.pk, answered_at=None).update(answered_at=now):
            raise _used()
        before = fields_of(row.service_id)
        changed = differing(before, changes or {})
        waits = {name: text for name, text in changed.items() if name in NEEDS_APPROVAL}
        at_once = {name: text for name, text in changed.items() if name not in waits}
        if at_once:
            apply_changes(row.service_id, at_once)
        for part, state in ((waits, "waiting"), (at_once, "approved")):
            if part:
                Suggestion.objects.create(
                    service_id=row.service_id,
                    kind="owner",
                    state=state,
                    changes=part,
                    before={name: before[name] for name in part},
                    made_at=now,
                    decided_at=now if state == "approved" else None,
                )
        Service.objects.filter(pk=row.service_id).update(confirmed_at=now)
    return bool(waits)


def _links() -> QuerySet[ConfirmationLink]:
    held = ConfirmationLink.objects.select_related("confirmation__service__organization")
    return held.defer("confirmation__service__document", "confirmation__service__organization__document")


def _genuine(token: str) -> ConfirmationLink:
    link = genuine_link(LINK, token, _links())
    if link.confirmation.answered_at is not None:
        raise _used()
    return link


def _working(token: str, secrets_held: Mapping[str, str]) -> ConfirmationLink:
    link = _genuine(token)
    check_works(link, secrets_held, kept=LINK_KEPT)
    return link


def _proved(token: str, secrets_held: Mapping[str, str]) -> ConfirmationLink:
    link = _working(token, secrets_held)
    check_proved(link)
    return link


def _mailbox(link: ConfirmationLink) -> str:
    service = link.confirmation.service
    return mailbox_of(service.email, service.organization.email)


def _mailbox_on_record(link: ConfirmationLink) -> str:
    email = _mailbox(link)
    if not email:
        raise Problem(
            _("We hold no email address of this service any more."), _("Call us, and tell us what has changed.")
        )
    return email


def _used() -> NotFound:
    return NotFound(
        _("This link was used already, or is not needed any more."),
        _("If something has changed since, open the page of the service and choose “Something is wrong here”."),
    )
