"""How waiting messages go out: claim, hand to the sender, record. Survives kill -9 without sending anything twice.

A message is marked `sending`, with a lease, and committed before the sender gets it. After a crash, one whose lease
has run out is sent again only by a sender that promises to carry the same key once. With any other it is failed as
"may have been sent", for a person to decide: one message missing costs a call, the same message twice costs trust.
For the same reason such a sender is given one message at a time, so that a crash leaves one in doubt at most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from borough.accounts.policies import system_viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.common.links import make_token
from borough.governance.door import open_letterbox
from borough.governance.queries import who_objects
from borough.messaging.models import Campaign, Message, Preference
from borough.messaging.policies import MAX_ATTEMPTS, Told, choose_channel, combine, is_quiet, next_allowed, retry_at
from borough.messaging.ports import (
    MessageSender,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
    load_sender,
)
from borough.messaging.wording import Wording
from borough.residents import queries as residents
from borough.residents.shapes import Contact

LEASE = timedelta(minutes=5)
CLAIM = 100
# A job has 15 minutes before the reaper takes it for dead; a slow carrier must not reach that.
STINT = timedelta(minutes=8)
_OUTCOME = ["state", "problem", "leased_until", "sent_at", "due_at", "channel", "address", "subject", "body"]
_OUTCOME += ["provider_id", "attempts"]
SENDER_NAME = "message sender"
PREFERENCES_LINK = "messaging.preferences"

# What every wording may use, beside the values that its campaign gives.
PERSONAL = ("forename", "stop_link")


@dataclass(frozen=True)
class _Result:
    """What became of one message."""

    message: Message
    state: str
    problem: str = ""
    due_at: datetime | None = None


def send_due(*, campaign_id: str, first: int, last: int) -> datetime | None:
    """Send what is due among the messages `first` to `last` of a campaign ("" for messages of none).

    Returns when to come back for what is left, or None when nothing is left.
    """
    # Whom a campaign goes to, and whether it still may, is for the door (residents.list_contacts).
    open_letterbox(by=system_viewer(SENDER_NAME), verb="messaging.send_due")
    waiting = Message.objects.filter(id__gte=first, id__lte=last, direction="out", campaign_id=campaign_id or None)
    campaign = Campaign.objects.get(pk=campaign_id) if campaign_id else None
    sender = load_sender()
    try:
        _recover(waiting, sender)
        _send_stint(waiting, campaign, sender)
    except NotAllowed:
        # The agreement ended between the start and now: nothing more goes out under it.
        _give_up(campaign_id)
    finally:
        sender.close()
    if campaign is not None:
        finish_campaign(campaign.id)
    return _next_visit(waiting)


def finish_campaign(campaign_id: str) -> None:
    """Mark a campaign as sent once none of its messages waits."""
    left = Message.objects.filter(campaign_id=campaign_id, state__in=["queued", "sending"])
    if not left.exists():
        Campaign.objects.filter(pk=campaign_id, state="sending").update(state="done", ended_at=clock.now())


def common_values(values: Mapping[str, str]) -> dict[str, str]:
    return {"council": settings.AUTHORITY.name, **values}


def stop_link(resident_id: str) -> str:
    return settings.BASE_URL + reverse("messaging:preferences", args=[make_token(PREFERENCES_LINK, resident_id)])


def allowed_channels(resident_ids: Iterable[str]) -> dict[str, dict[str, bool]]:
    """What each resident told us, by channel, under whichever id they had; nothing for those who told us nothing."""
    known = residents.ids_of(resident_ids)
    told: dict[str, list[tuple[str, bool, datetime]]] = {}
    # In slices: SQLite takes 250,000 parameters at most, and a borough has more residents.
    ids = sorted({one for same in known.values() for one in same})
    for start in range(0, len(ids), 10_000):
        rows = Preference.objects.filter(resident_id__in=ids[start : start + 10_000])
        for resident_id, channel, may, at in rows.values_list("resident_id", "channel", "allowed", "at"):
            told.setdefault(resident_id, []).append((channel, may, at))
    allowed: dict[str, dict[str, bool]] = {}
    for asked, same in known.items():
        words: dict[str, list[Told]] = {}
        for one, retired_at in same.items():
            for channel, may, at in told.get(one, ()):
                words.setdefault(channel, []).append(Told(may, at, retired_at))
        combined = {channel: combine(said) for channel, said in words.items()}
        if combined:
            allowed[asked] = {channel: bool(may) for channel, may in combined.items()}
    return allowed


def _send_stint(waiting: QuerySet[Message], campaign: Campaign | None, sender: MessageSender) -> None:
    ids = list(waiting.filter(state="queued", due_at__lte=clock.now()).values_list("resident_id", flat=True).distinct())
    if not ids:
        return
    purpose = campaign.purpose if campaign else "offer-help"
    contacts = residents.list_contacts(ids, viewer=system_viewer(SENDER_NAME), purpose=purpose) if campaign else {}
    allowed = allowed_channels(ids)
    objects = who_objects() if campaign else frozenset()
    until = clock.now() + STINT
    while clock.now() < until:
        _postpone_if_quiet(waiting)
        claimed = _claim(waiting, CLAIM if sender.idempotent else 1)
        if not claimed:
            return
        results = []
        for message in claimed:
            if message.resident_id in objects:
                results.append(_Result(message, "cancelled", "said_no"))
                continue
            outgoing = _prepare(message, campaign, contacts, allowed, sender)
            results.append(outgoing if isinstance(outgoing, _Result) else _hand_over(message, outgoing, sender))
        _record(results)


def _claim(waiting: QuerySet[Message], most: int) -> list[Message]:
    """Mark up to `most` due messages as being sent, and commit that."""
    now = clock.now()
    with transaction.atomic():
        due = waiting.filter(state="queued", due_at__lte=now).order_by("id")
        claimed = list(due.select_for_update(skip_locked=True)[:most])
        Message.objects.filter(id__in=[message.id for message in claimed]).update(
            state="sending", leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    for message in claimed:
        message.attempts += 1
    return claimed


def _prepare(
    message: Message,
    campaign: Campaign | None,
    contacts: Mapping[str, Contact],
    allowed: Mapping[str, Mapping[str, bool]],
    sender: MessageSender,
) -> Outgoing | _Result:
    """The words and the address of now: both may have changed since the campaign was made."""
    if campaign is None:
        may = allowed.get(message.resident_id, {})
        if not may.get(message.channel, True) and not message.at_any_hour:
            return _Result(message, "cancelled", "said_no")
    else:
        contact = contacts.get(message.resident_id)
        if contact is None:
            return _Result(message, "no_contact", "gone")
        may = allowed.get(message.resident_id, {})
        wording = Wording(campaign.sms, campaign.email_subject, campaign.email_body)
        channel = choose_channel(
            phone=contact.phone, email=contact.email, allowed=may, usable=wording.channels & sender.channels
        )
        if channel == "declined":
            return _Result(message, "cancelled", "said_no")
        if channel == "none":
            return _Result(message, "no_contact")
        message.channel = channel
        message.address = contact.phone if channel == "sms" else contact.email
        try:
            message.subject, message.body = fill_for(contact, wording, channel, campaign.values)
        except Problem:
            return _Result(message, "failed", "wording")
    return Outgoing(
        key=message.key,
        channel=message.channel,
        to=message.address,
        body=message.body,
        subject=message.subject,
        stop_link=stop_link(message.resident_id) if message.channel == "email" and message.resident_id else "",
    )


def personal_values(forename: str, resident_id: str, values: Mapping[str, str]) -> dict[str, str]:
    """The value of each placeholder for one person. Without a name a message greets a "resident"."""
    return {**common_values(values), "forename": forename or "resident", "stop_link": stop_link(resident_id)}


def fill_for(contact: Contact, wording: Wording, channel: str, values: Mapping[str, str]) -> tuple[str, str]:
    """(subject, body) for one resident."""
    words = wording.in_language(contact.language).with_stop_line()
    return words.fill(channel, personal_values(contact.forename, contact.resident_id, values))


def _hand_over(message: Message, outgoing: Outgoing, sender: MessageSender) -> _Result:
    try:
        message.provider_id = sender.send(outgoing).provider_id
    except PermanentFailure as failure:
        return _Result(message, "failed", failure.code)
    except UncertainFailure:
        return _Result(message, "failed", "may_have_been_sent")
    except TemporaryFailure:
        if message.attempts >= MAX_ATTEMPTS:
            return _Result(message, "failed", "no_carrier")
        return _Result(message, "queued", due_at=retry_at(clock.now(), message.attempts))
    return _Result(message, "sent")


def _record(results: list[_Result]) -> None:
    """Write what became of the messages."""
    now = clock.now()
    changed = []
    for result in results:
        message = result.message
        message.state, message.problem, message.leased_until = result.state, result.problem, None
        message.sent_at = now if result.state == "sent" else None
        message.due_at = result.due_at or message.due_at
        changed.append(message)
    # An upsert of rows that exist: a tenth of the time of bulk_update's CASE for each field.
    Message.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=_OUTCOME)


def _recover(waiting: QuerySet[Message], sender: MessageSender) -> None:
    """Take back what a killed worker held."""
    abandoned = waiting.filter(state="sending", leased_until__lt=clock.now())
    if sender.idempotent:
        abandoned.filter(attempts__lt=MAX_ATTEMPTS).update(state="queued", leased_until=None)
    abandoned.update(state="failed", problem="may_have_been_sent", leased_until=None)


def _postpone_if_quiet(waiting: QuerySet[Message]) -> None:
    now = clock.now()
    if is_quiet(now):
        due = waiting.filter(state="queued", due_at__lte=now, at_any_hour=False)
        due.update(due_at=next_allowed(now))


def _give_up(campaign_id: str) -> None:
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign_id, state="sending").update(
            state="stopped", ended_at=clock.now(), ended_because="No agreement lets these messages go out any more."
        )
        Message.objects.filter(campaign_id=campaign_id, state="queued").update(state="cancelled", problem="stopped")


def _next_visit(waiting: QuerySet[Message]) -> datetime | None:
    left = waiting.filter(Q(state="queued") | Q(state="sending")).values_list("state", "due_at", "leased_until")
    times = [due_at if state == "queued" else leased_until for state, due_at, leased_until in left]
    return min((moment for moment in times if moment is not None), default=None)
