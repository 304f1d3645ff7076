"""Links that are mailed to an organisation's own address, opened with a code from there, and bound to one browser.

Nobody signs in, and whoever holds a forwarded link sees nothing. A room keeps its links in a table of its own, made
from `MailboxLink`; it mails links and codes itself, and says what a proved link opens.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.common.ids import mint_id
from borough.common.links import make_token, read_token

CODE_KEPT = timedelta(minutes=15)
CODE_DIGITS = 6
# A code of 6 digits is guessed once in 200,000 links then.
WRONG_CODES = 5
MOST_CODES = 5
NEW_LINKS_A_DAY = 3
# Long enough to tell an old link from a wrong one; how long a link works is for its room to say.
GENUINE_FOR = timedelta(days=3650)


def new_nonce() -> str:
    return mint_id("", 16)


class MailboxLink(models.Model):
    """An address that was sent to a mailbox. The newest about a thing is the only one that works.

    `code_hash` is of the code that was mailed last, empty once it was used; `browser_hash` of the secret that the one
    browser holds in which the code was typed. `wrong_codes` counts up to the number at which the link closes.
    """

    id = models.BigAutoField(primary_key=True)
    nonce = models.CharField(max_length=24, unique=True, default=new_nonce)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    bound_at = models.DateTimeField(null=True)
    browser_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


# What a table of such links promises beside "one is open": no link is bound to nothing.
BOUND_TO_A_BROWSER = models.Q(bound_at__isnull=True, browser_hash="") | (
    models.Q(bound_at__isnull=False) & ~models.Q(browser_hash="")
)

L = TypeVar("L", bound=MailboxLink)


class LinkOver(NotFound):
    """A link that was genuine and opens nothing. `may_renew`: a new one can be sent to the mailbox."""

    def __init__(self, message: str, remedy: str, *, may_renew: bool = True) -> None:
        self.may_renew = may_renew
        super().__init__(message, remedy)


def token_of(kind: str, link: MailboxLink) -> str:
    return make_token(kind, link.nonce)


def address_of(path: str) -> str:
    """The whole address of a page, for a message."""
    return settings.BASE_URL.rstrip("/") + path


def genuine_link(kind: str, token: str, links: models.QuerySet[L]) -> L:
    """The link of these that the token names, open or not. Raises NotFound for one that was never sent."""
    nonce = read_token(kind, token, keep=GENUINE_FOR)
    link = links.filter(nonce=nonce).first()
    if link is None:
        raise NotFound(_("This link does not work."), _("Check that you opened all of it, or call us."))
    return link


def check_works(link: MailboxLink, secrets_held: Mapping[str, str], *, kept: timedelta) -> None:
    """Raise LinkOver where a link opens nothing, not even a page that asks for a code, in the browser that holds these
    secrets."""
    if link.closed_at is not None:
        raise LinkOver(_("This link was replaced by a newer one."), _("Open the newest message in the mailbox."))
    if link.made_at + kept <= clock.now():
        raise LinkOver(_("This link has expired."), _("Ask for a new one."))
    if link.bound_at is not None and not constant_time_compare(
        link.browser_hash, _digest(secrets_held.get(str(link.pk), ""))
    ):
        raise _elsewhere()
    if link.bound_at is None and link.wrong_codes >= WRONG_CODES:
        raise LinkOver(_("This link is closed after too many wrong codes."), _("Ask for a new one."))


def check_proved(link: MailboxLink) -> None:
    """Raise Problem where no code was typed yet."""
    if link.bound_at is None:
        raise Problem(_("Show first that this link is yours."), _("Ask for a code: it goes to your service's mailbox."))


def is_code_sent(link: MailboxLink) -> bool:
    """Whether a code is in the mailbox that works still."""
    return bool(link.code_hash) and link.code_sent_at is not None and link.code_sent_at + CODE_KEPT > clock.now()


def ask_code(link: MailboxLink) -> int:
    """Count a new code for this link, the only one that works from now. Returns its number, for `code_of`."""
    number = link.codes_sent + 1
    changed = _links(link).filter(pk=link.pk, bound_at__isnull=True, codes_sent=link.codes_sent)
    if number > MOST_CODES or not changed.update(
        code_hash=_hash(link, code_of(link, number)), code_sent_at=clock.now(), codes_sent=F("codes_sent") + 1
    ):
        raise LinkOver(_("Too many codes were asked for with this link."), _("Ask for a new link."))
    return number


def code_of(link: MailboxLink, number: int) -> str:
    """A link's code of this number. It follows from the house's key, so that a job can mail what no job may hold."""
    mac = salted_hmac(f"borough.mailbox.code.{link.nonce}", str(number), algorithm="sha256").digest()
    return f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def prove_link(link: MailboxLink, code: str) -> tuple[str, str]:
    """Bind a link that works to this browser by the code from the mailbox. Returns (name, secret) for it to hold.

    A code works once and for 15 minutes; five wrong ones close the link.
    """
    # Counted before it is compared: whoever guesses cannot guess often by being quick.
    guesses = _links(link).filter(pk=link.pk, bound_at__isnull=True, wrong_codes__lt=WRONG_CODES)
    if not guesses.update(wrong_codes=F("wrong_codes") + 1):
        raise _elsewhere()
    if not is_code_sent(link) or not constant_time_compare(link.code_hash, _hash(link, code)):
        left = WRONG_CODES - link.wrong_codes - 1
        raise Problem(
            _("That code is wrong, or too old."),
            _("Check the newest message, or ask for another code.") if left else _("Ask for a new link."),
        )
    secret = secrets.token_urlsafe(24)
    unbound = _links(link).filter(pk=link.pk, bound_at__isnull=True, code_hash=link.code_hash)
    if not unbound.update(bound_at=clock.now(), browser_hash=_digest(secret), code_hash="", wrong_codes=0):
        raise _elsewhere()
    return str(link.pk), secret


def check_may_renew(links: models.QuerySet[L]) -> None:
    """Raise Problem where several links about one thing were sent within a day. Call it with that thing locked."""
    if links.filter(made_at__gt=clock.now() - timedelta(days=1)).count() > NEW_LINKS_A_DAY:
        raise Problem(_("We sent several links today already."), _("Look in the mailbox, or call us."))


def close_links(links: models.QuerySet[L]) -> None:
    links.filter(closed_at__isnull=True).update(closed_at=clock.now())


def masked(address: str) -> str:
    """h…@hall.example of hello@hall.example, ******0001 of a number: enough to know it by, too little to write to."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else "******" + address[-4:]


def _links(link: MailboxLink) -> Any:
    return type(link)._default_manager


def _elsewhere() -> LinkOver:
    return LinkOver(
        _("This link was opened in another browser, or a while ago."),
        _("It opens nothing here. If you answer for this service, ask for a new one: it goes to its mailbox."),
    )


def _hash(link: MailboxLink, code: str) -> str:
    # A code has few digits: without the house's key its hash would tell it.
    return salted_hmac(f"borough.mailbox.{link.nonce}", code.replace(" ", ""), algorithm="sha256").hexdigest()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
