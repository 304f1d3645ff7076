"""What happens when a resident answers: kept, understood, obeyed, announced, in one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import system_viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.common.events import announce
from borough.common.identifiers import clean_email, clean_phone
from borough.governance.door import log_write, open_letterbox
from borough.messaging.events import HelpAsked, ReplyReceived
from borough.messaging.models import Message, Preference
from borough.messaging.policies import CHANNELS, read_reply, strip_quoted
from borough.messaging.sending import common_values
from borough.messaging.wording import plain_sms
from borough.residents import queries as residents

PURPOSE = "offer-help"
RECEIVER_NAME = "message receiver"
LONGEST = 10_000
SLACK = timedelta(minutes=10)
CONFIRM_AGAIN_AFTER = timedelta(days=1)


class _Answered(NamedTuple):
    """The message of ours that a reply answers."""

    id: int
    resident_id: str
    about: str
    campaign_id: str | None
    service: str | None


def receive_message(*, channel: str, sender: str, text: str, provider_id: str, at: datetime | None = None) -> str:
    """Take in a message from outside. The same `provider_id` again changes nothing. Returns the message's id.

    Whose it is: the resident to whom we last wrote at that address, since a phone may be shared; else the one resident
    who has it; else nobody's, and a person reads it. STOP closes this address for all who have it, and every channel
    for the one who wrote.
    """
    if channel not in CHANNELS:
        raise Problem(f"There is no channel {channel!r}.", f"Use one of {', '.join(CHANNELS)}.")
    _open_letterbox("messaging.receive_message")
    if (known := _received(provider_id)) is not None:
        return known
    address = (clean_phone(sender) if channel == "sms" else clean_email(sender)) or sender.strip()[:254]
    text = text.replace("\x00", "")[:LONGEST]
    reading = read_reply(text)
    answered = _last_to(address, at or clock.now())
    holders = _holders(channel, address) if reading == "stop" or answered is None else []
    if answered is not None:
        resident_id = residents.current_id(answered.resident_id) if answered.resident_id else ""
    else:
        resident_id = holders[0] if len(holders) == 1 else ""
    try:
        with transaction.atomic():
            message = Message.objects.create(
                direction="in",
                state="received",
                channel=channel,
                resident_id=resident_id,
                campaign_id=answered.campaign_id if answered else None,
                about=answered.about if answered else "",
                address=address,
                body=strip_quoted(text) or text if channel == "email" else text,
                at=at or clock.now(),
                key=_key(provider_id),
                provider_id=provider_id,
                waits_since=clock.now(),
                answers_id=answered.id if answered else None,
                reading=reading,
            )
            if resident_id:
                _log_own_word(resident_id, "messaging.receive_message")
            _act_on(message, answered, [each for each in holders if each != resident_id])
    except IntegrityError:
        # Another process took in the same message at this moment.
        if (known := _received(provider_id)) is None:
            raise
        return known
    return str(message.id)


def say_preferences(resident_id: str, choices: Mapping[str, bool]) -> None:
    """Keep what a resident chose on their own page, by channel."""
    resident_id = residents.current_id(resident_id)
    _open_letterbox("messaging.set_preference")
    with transaction.atomic():
        _log_own_word(resident_id, "messaging.set_preference")
        keep_preferences({(resident_id, channel): allowed for channel, allowed in choices.items()}, how="page")


def keep_preferences(choices: Mapping[tuple[str, str], bool], *, how: str) -> None:
    """Write preferences, by (resident, channel), and take back what waits for those who said no."""
    now = clock.now()
    Preference.objects.bulk_create(
        [
            Preference(resident_id=resident_id, channel=channel, allowed=allowed, at=now, how=how)
            for (resident_id, channel), allowed in choices.items()
        ],
        update_conflicts=True,
        unique_fields=["resident_id", "channel"],
        update_fields=["allowed", "at", "how"],
    )
    for (resident_id, channel), allowed in choices.items():
        if not allowed:
            same = residents.ids_of([resident_id])[resident_id]
            waiting = Message.objects.filter(resident_id__in=same, channel=channel, state="queued")
            waiting.filter(at_any_hour=False).update(state="cancelled", problem="said_no")


def keep_no_after_split(apart: Mapping[str, str]) -> None:
    """Some records of residents proved to be of other people, `apart` (new id → the old): a "no" that was told while
    they were taken for one may have been either's, and holds for both. What each said before they were merged stays
    theirs."""
    _open_letterbox("messaging.keep_no_after_split")
    ids = residents.ids_of(set(apart.values()))
    said_no = set(Preference.objects.filter(allowed=False).values_list("resident_id", flat=True).distinct())
    with transaction.atomic():
        for new_id, old_id in apart.items():
            if not said_no.isdisjoint(ids[old_id]):
                _keep_no(new_id, old_id, ids[old_id])


def _keep_no(new_id: str, old_id: str, ids: Collection[str]) -> None:
    since = residents.together_since(new_id, old_id)
    said = Preference.objects.filter(resident_id__in=ids, allowed=False)
    if since is not None:
        said = said.filter(at__gte=since)
    for channel, how in dict(said.order_by("at").values_list("channel", "how")).items():
        keep_preferences({(new_id, channel): False}, how=how)


def _act_on(message: Message, answered: _Answered | None, others: list[str]) -> None:
    reading, resident_id = message.reading, message.resident_id
    if reading == "stop":
        choices = {(resident_id, channel): False for channel in CHANNELS if resident_id}
        choices |= {(other, message.channel): False for other in others}
        keep_preferences(choices, how="reply")
        _confirm_stop(message)
        if choices:
            _done(message)
            return
        # Nobody known has this address, so there is nothing to close: a person looks.
    service = (answered and answered.service) or ""
    if reading == "help" and service and resident_id and not _asked_before(message):
        # It stays in the inbox until whoever opens the case deals with it: a failed job must not hide a cry for help.
        announce(HelpAsked(message_id=str(message.id), resident_id=resident_id, service=service))
    elif reading == "no" and service and not message.about:
        _done(message)
    else:
        announce(
            ReplyReceived(message_id=str(message.id), resident_id=resident_id, about=message.about, reading=reading)
        )


def _done(message: Message) -> None:
    """Nothing for a person to do in the inbox: the house acts on it."""
    message.waits_since, message.dealt_with_at, message.dealt_with_by = None, clock.now(), RECEIVER_NAME
    message.save(update_fields=["waits_since", "dealt_with_at", "dealt_with_by"])


def _asked_before(message: Message) -> bool:
    """They asked in this campaign already: what they add is for the person who has their case."""
    asked = Message.objects.filter(campaign_id=message.campaign_id, direction="in", reading="help")
    same = residents.ids_of([message.resident_id])[message.resident_id]
    return asked.filter(resident_id__in=same).exclude(pk=message.pk).exists()


def _confirm_stop(message: Message) -> None:
    now = clock.now()
    # Two machines that answer each other would go on for ever.
    if Message.objects.filter(address=message.address, at_any_hour=True, at__gt=now - CONFIRM_AGAIN_AFTER).exists():
        return
    body = _("((council)): we will not message you again. If you need help, call us.").replace(
        "((council))", common_values({})["council"]
    )
    confirmation = Message.objects.create(
        direction="out",
        state="queued",
        channel=message.channel,
        resident_id=message.resident_id,
        address=message.address,
        subject=_("You have stopped our messages") if message.channel == "email" else "",
        body=plain_sms(body),
        at=now,
        due_at=now,
        key=f"confirm:{message.id}",
        at_any_hour=True,
    )
    import_string("borough.messaging.tasks.send_batch").enqueue("", confirmation.id, confirmation.id)


def _open_letterbox(verb: str) -> None:
    open_letterbox(by=system_viewer(RECEIVER_NAME), verb=verb)


def _log_own_word(resident_id: str, verb: str) -> None:
    try:
        log_write(by=system_viewer(RECEIVER_NAME), purpose=PURPOSE, verb=verb, residents=[resident_id])
    except NotAllowed:
        # The refusal is in the ledger. A resident's own word is kept all the same: no agreement is needed to say no.
        return


def _holders(channel: str, address: str) -> list[str]:
    try:
        return residents.find_by_contact(
            channel=channel, value=address, viewer=system_viewer(RECEIVER_NAME), purpose=PURPOSE
        )
    except NotAllowed:
        # Without an agreement nobody may be looked up; the message is kept without a name.
        return []


def _last_to(address: str, before: datetime) -> _Answered | None:
    # A little slack: the carrier's clock is not ours.
    sent = Message.objects.filter(direction="out", address=address, sent_at__lte=before + SLACK, at_any_hour=False)
    fields = ("id", "resident_id", "about", "campaign_id", "campaign__service")
    row = sent.order_by("-sent_at", "-id").values_list(*fields).first()
    return _Answered(*row) if row else None


def _key(provider_id: str) -> str:
    return f"in:{provider_id}"


def _received(provider_id: str) -> str | None:
    found = Message.objects.filter(key=_key(provider_id)).values_list("id", flat=True).first()
    return None if found is None else str(found)
