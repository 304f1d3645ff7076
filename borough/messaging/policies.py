"""When we may send, by which channel, and what a reply means. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from borough.common.clock import LONDON

# Rooms that write wordings see this room by its policies.
from borough.messaging.wording import Wording as Wording

CHANNELS = {"sms": _("Text message"), "email": _("Email")}

# The council's own promise; bank holidays are days like others.
FIRST_SEND = time(9)
LAST_SEND = time(20)
SUNDAY = 6

MAX_ATTEMPTS = 5

Reading = Literal["help", "stop", "no", "other"]


def is_quiet(moment: datetime) -> bool:
    """Before 9am, from 8pm, or on a Sunday, in London."""
    local = moment.astimezone(LONDON)
    return local.weekday() == SUNDAY or not FIRST_SEND <= local.time() < LAST_SEND


def next_allowed(moment: datetime) -> datetime:
    """`moment` itself, or the next 9am on a day that is not Sunday. Aware in, aware out."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(LONDON)
    day = local.date() if local.time() < FIRST_SEND else local.date() + timedelta(days=1)
    if day.weekday() == SUNDAY:
        day += timedelta(days=1)
    # From the wall clock of that day: adding hours to `moment` would miss 9am when the clocks change.
    return datetime.combine(day, FIRST_SEND, LONDON)


def retry_at(now: datetime, attempts: int) -> datetime:
    """When to try again after `attempts` tries: 1, 4, 16, 64 minutes later, outside quiet hours."""
    return next_allowed(now + timedelta(minutes=4 ** max(attempts - 1, 0)))


def is_mobile(phone: str) -> bool:
    """A British number that takes texts: 071 to 075, 07624, 077 to 079 (Ofcom's National Telephone Numbering Plan)."""
    return bool(re.fullmatch(r"\+447(?:[1-57-9]\d{8}|624\d{6})", phone))


@dataclass(frozen=True)
class Told:
    """What a resident told us about a channel, and when. `retired_at` where it was under an id that is retired."""

    allowed: bool
    at: datetime
    retired_at: datetime | None = None


def combine(told: Iterable[Told]) -> bool | None:
    """What holds of all that one resident told us about a channel, under the id they have now and those merged into
    it; None where they told us nothing.

    A "no" under either id holds for both, until they say yes under the id they have since the merge.
    """
    listed = list(told)
    own = next((each for each in listed if each.retired_at is None), None)
    if own is not None and not own.allowed:
        return False
    for each in listed:
        if each.retired_at is not None and not each.allowed:
            said_yes_since = own is not None and own.at > max(each.at, each.retired_at)
            if not said_yes_since:
                return False
    return True if listed else None


def choose_channel(
    *, phone: str, email: str, allowed: Mapping[str, bool], usable: Collection[str]
) -> Literal["sms", "email", "none", "declined"]:
    """How to reach a person: a text to a mobile, else an e-mail.

    `allowed` is what they told us by channel: no means never; a yes goes before what nothing was said about.
    "none": nothing to reach them at; "declined": they said no to all that would.
    """
    address: dict[Literal["sms", "email"], bool] = {"sms": is_mobile(phone), "email": bool(email)}
    reachable = [channel for channel, has in address.items() if has and channel in usable]
    if not reachable:
        return "declined" if allowed and not any(allowed.values()) else "none"
    open_to_them = [channel for channel in reachable if allowed.get(channel, True)]
    if not open_to_them:
        return "declined"
    return next((channel for channel in open_to_them if allowed.get(channel)), open_to_them[0])


def _plain_words(text: str) -> str:
    """Lower case, no accents nor punctuation, one space between words; apostrophes vanish (don't → dont)."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    text = re.sub(r"['’`]", "", text)
    kinds = [(c, unicodedata.category(c)) for c in text]
    # Mc: the vowel signs of Bengali and Hindi, which are part of the word.
    return " ".join(
        "".join(c if kind[0] in "LN" or kind == "Mc" else " " for c, kind in kinds if kind not in ("Mn", "Cf")).split()
    )


def _words(*texts: str) -> frozenset[str]:
    return frozenset(_plain_words(each) for text in texts for each in text.split(","))


# What people write, in the languages most spoken in the boroughs. These count as the first word of a reply …
STOP_FIRST = _words("stop,stopall,unsubscribe,optout")
HELP_FIRST = _words(
    "help,yes,y,yeah,yep,1,please,sos,urgent",
    "ie,oes,cymorth",  # Welsh
    "tak,pomoc,pomocy",  # Polish
    "da,ajutor",  # Romanian
    "oui,aide",  # French
    "sí,ayuda,sim,ajuda",  # Spanish, Portuguese
    "evet,yardım",  # Turkish
    "haa,caawimaad,caawin",  # Somali
    "po,ndihmë",  # Albanian
    "نعم,مساعدة",  # Arabic
    "ہاں,جی,مدد",  # Urdu
    "হ্যাঁ,সাহায্য",  # Bengali
)
# … and these only as the whole of it: "Cancel my appointment" and "No food in the house" are for a person to read.
STOP_WHOLE = _words("cancel,end,quit,remove,remove me,opt out,arrêt,parar")
NO_WHOLE = _words(
    "no,n,nope,nah,2,no thanks,no thank you,no ta,not now,not needed,no need,no help needed,nothing needed,all good",
    "no im fine,no i am fine,im fine,i am fine,im fine thanks,i am fine thanks,im ok,im ok thanks,no im ok",
    "na,dim diolch,nie,nu,non,não,hayır,maya,jo,لا,نہیں,না",
)
_STOP_SAYING = re.compile(
    r"\b(?:stop|quit) (?:texting|messaging|emailing|contacting|sending|bothering|these|this)\b"
    r"|\b(?:opt me out|take me off|leave me alone|unsubscribe)\b|\bdo(?: not|nt) (?:text|message|email|contact) me\b"
)
_NEEDS_NOTHING = re.compile(r"\b(?:do(?: not|nt)|no longer|not) (?:need|want|require)(?: any| your| some)*(?: help)?\b")
_WANTS_HELP = re.compile(r"\b(?:need|want|like|get|please|some|any) (?:some |any |your )?help\b|\bhelp me\b|\bi need\b")


def read_reply(text: str) -> Reading:
    """What a reply asks of us.

    STOP goes first, because a wrong "stop" is put right by a call while a wrong message cannot be taken back. Where
    the words point both ways ("I don't need food but I need help") it is "other": a person reads it.
    """
    words = _plain_words(strip_quoted(text))
    if not words:
        return "other"
    first = words.split(" ", 1)[0]
    if first in STOP_FIRST or words in STOP_WHOLE or _STOP_SAYING.search(words):
        return "stop"
    rest, refusals = _NEEDS_NOTHING.subn("", words)
    wants = bool(_WANTS_HELP.search(rest))
    if words in NO_WHOLE or refusals:
        return "other" if wants else "no"
    return "help" if wants or first in HELP_FIRST else "other"


def hide_own_link(text: str) -> str:
    """A message as staff may read it: a link that opens its reader's own page is theirs alone."""
    return re.sub(r"\S+/my-record/open/\S+", str(_("(their own link)")), text)


def strip_quoted(text: str) -> str:
    """An e-mail reply without the message that it quotes below."""
    kept: list[str] = []
    for line in text.splitlines():
        if re.match(r"\s*(>|On .{4,200} wrote:|-{2,} ?Original Message|From: |_{10,})", line) and any(kept):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()
