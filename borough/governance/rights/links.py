"""Links to a resident's own record: asked for, made for one person, opened once."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from borough.accounts.policies import RESIDENT, Viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.events import announce
from borough.common.links import make_token, read_token
from borough.governance import policies
from borough.governance.door import log_write
from borough.governance.models import Agreement
from borough.governance.rights.events import OwnLinkAsked
from borough.governance.rights.exempting import is_hidden
from borough.governance.rights.models import OwnLink
from borough.governance.rights.ports import people
from borough.governance.rights.rules import (
    LINK_WORKS_FOR,
    LINKS_A_DAY,
    PAGE_STAYS_OPEN,
    WRONG_DATES_ALLOWED,
    link_works,
)

LINK = "governance.own_record"
PURPOSE = "answer-rights"
OFFER = "governance.offer_own_link"


@dataclass(frozen=True)
class AskedLink:
    """A link that was asked for: by whoever has this contact, or by a worker for this resident."""

    channel: str
    contact: str
    resident_id: str


def ask_for_own_link(*, channel: str, contact: str) -> None:
    """Somebody asks to see their own record. A job finds whose contact it is, so that the answer, and how long it
    takes, tells nobody whether we hold it."""
    with transaction.atomic():
        link = OwnLink.objects.create(channel=channel, contact=contact, asked_at=clock.now())
        announce(OwnLinkAsked(link.id))


def offer_own_link(*, by: Viewer, purpose: str, resident_id: str) -> None:
    """Send a resident a link to their own record, at the contact we hold. Nobody can name another address."""
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb=OFFER, residents=[resident_id])
        link = OwnLink.objects.create(resident_id=resident_id, offered_by=by.name, asked_at=clock.now())
        announce(OwnLinkAsked(link.id))


def may_offer_own_link(viewer: Viewer, purpose: str) -> bool:
    """Whether `offer_own_link` is open to them, for drawing its button."""
    live = Agreement.objects.filter(purpose=purpose, state="live").select_related("purpose")
    today = clock.today()
    return any(policies.serves(each, OFFER) and policies.opens(each, viewer, today) for each in live)


def read_asked_link(link_id: str) -> AskedLink | None:
    """What was asked, for the job that answers; None once it is opened."""
    link = OwnLink.objects.filter(pk=link_id, opened_at=None).first()
    return AskedLink(link.channel, link.contact, link.resident_id) if link else None


def make_own_link(link_id: str, *, resident_id: str) -> str:
    """Make the link for this resident, or for nobody (""), and forget the contact. Returns its token, "" for none.

    The same again gives the same link. More than three a day are not made: a telephone is not to be flooded.
    """
    now = clock.now()
    with transaction.atomic():
        link = OwnLink.objects.select_for_update().get(pk=link_id)
        if link.made_at is None:
            recent = OwnLink.objects.filter(resident_id=resident_id, made_at__gt=now - timedelta(days=1)).count()
            link.contact = ""
            link.resident_id = resident_id
            may_go = resident_id and recent < LINKS_A_DAY and not is_hidden(resident_id)
            link.made_at = now if may_go else None
            link.save(update_fields=["contact", "resident_id", "made_at"])
    return make_token(LINK, link.id) if link.made_at else ""


def open_own_link(token: str, *, born_on: date) -> str:
    """Open the link with the date of birth that we hold. Returns the link's id; raises Problem when it is wrong."""
    link_id = _working(token).id
    with transaction.atomic():
        link = OwnLink.objects.select_for_update().get(pk=link_id)
        if not _works(link):
            raise _gone()
        resident_id = link.resident_id
        # Counted before it is compared: whoever guesses cannot guess often by being quick.
        OwnLink.objects.filter(pk=link_id).update(wrong_dates=F("wrong_dates") + 1)
    held = people().born_on(resident_id, viewer=_viewer(resident_id), purpose=PURPOSE)
    if held != born_on:
        left = WRONG_DATES_ALLOWED - link.wrong_dates - 1
        raise Problem(
            _("That is not the date of birth that we hold."),
            _("You can try %(left)s more times. Or call us: our date may be wrong.") % {"left": left}
            if left
            else _("This link does not work any more. Call us, or ask for another link."),
        )
    now = clock.now()
    opened = OwnLink.objects.filter(pk=link_id, opened_at=None)
    if not opened.update(opened_at=now, ends_at=now + PAGE_STAYS_OPEN):
        raise _gone()
    return link_id


def check_own_link(token: str) -> None:
    """Raise NotFound, in words for its reader, unless the link still works. Opening a page uses nothing up: the
    programs that look at links before a person does would spend them."""
    _working(token)


def close_own_link(link_id: str) -> None:
    """The resident has finished: the page is shut in every browser."""
    OwnLink.objects.filter(pk=link_id).update(ends_at=clock.now())


def viewer_of_link(link_id: str) -> Viewer | None:
    """The resident who opened this link, while their page stays open."""
    link = OwnLink.objects.filter(pk=link_id, opened_at__isnull=False, ends_at__gt=clock.now()).first()
    return _viewer(link.resident_id) if link and not is_hidden(link.resident_id) else None


def _viewer(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))


def _working(token: str) -> OwnLink:
    link = OwnLink.objects.filter(pk=read_token(LINK, token, keep=LINK_WORKS_FOR)).first()
    if link is None or not _works(link):
        raise _gone()
    return link


def _works(link: OwnLink) -> bool:
    in_time = link_works(made_at=link.made_at, opened_at=link.opened_at, wrong_dates=link.wrong_dates, now=clock.now())
    return in_time and not is_hidden(link.resident_id)


def _gone() -> NotFound:
    return NotFound(_("This link was used, or is too old."), _("Ask for another one: it takes a minute."))
