"""Published writes of messaging. Reads of contact details are committed first, so none of these runs in a transaction
of the caller."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    LINK_WORKER,
    SYSTEM,
    Viewer,
    check_may_work_as,
)
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.door import log_write, open_door, open_letterbox
from borough.governance.queries import who_objects
from borough.messaging.models import CAMPAIGN_STATES, Campaign, Message
from borough.messaging.policies import CHANNELS, choose_channel, next_allowed
from borough.messaging.ports import load_sender
from borough.messaging.receiving import keep_no_after_split, keep_preferences, receive_message
from borough.messaging.sending import PERSONAL, allowed_channels, common_values, fill_for, finish_campaign
from borough.messaging.wording import Wording
from borough.residents import queries as residents
from borough.residents.shapes import Contact

__all__ = [
    "create_campaign",
    "deal_with_reply",
    "edit_wording",
    "keep_no_after_split",
    "receive_message",
    "send_message",
    "send_to_address",
    "set_preference",
    "start_campaign",
    "stop_campaign",
]

BATCH = 500
SENDS = (ANALYST, CONTACT_WORKER, LINK_WORKER, COORDINATOR, SYSTEM)


def create_campaign(
    *,
    by: Viewer,
    purpose: str,
    title: str,
    service: str,
    wording: Wording,
    residents: Iterable[str],
    values: Mapping[str, str] | None = None,
) -> str:
    """Draft a campaign to these residents, one message each. Nothing is sent. Returns its id.

    Those who said no are left out; those without a mobile or an e-mail address are kept as "could not be reached", so
    that somebody can telephone. `values` are for placeholders that are the same for all, such as {"link": "https…"}.
    """
    check_may_work_as(by, *SENDS)
    title = title.strip()
    if not title:
        raise Problem(_("The campaign has no title."), _("Say in a few words whom it is for and why."))
    values = dict(values or {})
    wording.check(known=[*PERSONAL, *common_values(values)])
    opening = open_door(viewer=by, purpose=purpose, verb="messaging.create_campaign")
    asked = list(dict.fromkeys(residents))
    contacts = {each.resident_id: each for each in _contacts(asked, by, purpose).values()}
    allowed = allowed_channels(contacts)
    usable = wording.channels & load_sender().channels
    now = clock.now()
    campaign = Campaign(
        title=title,
        service=service,
        purpose=purpose,
        sms=wording.sms,
        email_subject=wording.email_subject,
        email_body=wording.email_body,
        values=values,
        created_at=now,
        created_by=by.name,
    )
    messages = []
    objects = who_objects()
    for resident_id, contact in contacts.items():
        if resident_id in objects:
            campaign.said_no_before += 1
            continue
        channel = choose_channel(
            phone=contact.phone, email=contact.email, allowed=allowed.get(resident_id, {}), usable=usable
        )
        if channel == "declined":
            campaign.said_no_before += 1
            continue
        messages.append(
            Message(
                campaign=campaign,
                direction="out",
                state="no_contact" if channel == "none" else "queued",
                channel=channel,
                resident_id=resident_id,
                key=f"{campaign.id}:{resident_id}",
                at=now,
                # Not before somebody starts it: that sets the real time.
                due_at=None if channel == "none" else now,
            )
        )
    campaign.gone = len(asked) - len(contacts)
    with transaction.atomic():
        campaign.save(force_insert=True)
        Message.objects.bulk_create(messages, batch_size=2000)
        opening.wrote(each.resident_id for each in messages)
    return campaign.id


def edit_wording(*, by: Viewer, campaign_id: str, wording: Wording) -> None:
    """Change the words of a draft."""
    check_may_work_as(by, *SENDS)
    with transaction.atomic():
        campaign = _locked(campaign_id)
        if campaign.state != "draft":
            raise Problem(
                _("This campaign has started, so its words cannot change."), _("Stop it and make another one.")
            )
        wording.check(known=[*PERSONAL, *common_values(campaign.values)])
        before = Wording(campaign.sms, campaign.email_subject, campaign.email_body)
        if wording.channels != before.channels:
            raise Problem(
                _("These words would change who can be reached."),
                _("Keep a text message and an email as they were, or make another campaign."),
            )
        campaign.sms, campaign.email_subject = wording.sms, wording.email_subject
        campaign.email_body = wording.email_body
        campaign.save(update_fields=["sms", "email_subject", "email_body"])


def start_campaign(*, by: Viewer, campaign_id: str) -> datetime:
    """Let it go out, from now or from the end of quiet hours. Returns when the first message is due."""
    check_may_work_as(by, *SENDS)
    now = clock.now()
    due = next_allowed(now)
    with transaction.atomic():
        campaign = _locked(campaign_id)
        CAMPAIGN_STATES.check_change(campaign.state, "sending")
        campaign.state, campaign.started_at, campaign.started_by = "sending", now, by.name
        campaign.save(update_fields=["state", "started_at", "started_by"])
        opening = open_door(viewer=by, purpose=campaign.purpose, verb="messaging.start_campaign")
        waiting = Message.objects.filter(campaign=campaign, state="queued")
        waiting.update(due_at=due)
        ids = list(waiting.order_by("id").values_list("id", flat=True))
        opening.wrote(people=len(ids))
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            _send_batch(due if due > now else None).enqueue(campaign.id, batch[0], batch[-1])
    finish_campaign(campaign_id)
    return due


def stop_campaign(*, by: Viewer, campaign_id: str, reason: str = "") -> int:
    """Send nothing more of it. Returns how many messages were held back; a message on its way cannot be."""
    check_may_work_as(by, *SENDS)
    with transaction.atomic():
        campaign = _locked(campaign_id)
        CAMPAIGN_STATES.check_change(campaign.state, "stopped")
        campaign.state, campaign.ended_at = "stopped", clock.now()
        campaign.ended_because = reason.strip()[:200] or _("Stopped by %(name)s") % {"name": by.name}
        campaign.save(update_fields=["state", "ended_at", "ended_because"])
        opening = open_door(viewer=by, purpose=campaign.purpose, verb="messaging.stop_campaign")
        waiting = Message.objects.filter(campaign=campaign, state="queued")
        held = waiting.update(state="cancelled", problem="stopped")
        opening.wrote(people=held)
    return held


def send_message(
    *,
    by: Viewer,
    purpose: str,
    resident_id: str,
    wording: Wording,
    about: str = "",
    key: str,
    values: Mapping[str, str] | None = None,
    at_once: bool = False,
    unlike: str = "",
) -> str | None:
    """Send one message to one resident, outside quiet hours. Returns its id, or None where they cannot be reached or
    said no: then telephone.

    The same `key` again sends nothing and returns the first message's id. `about` is a reference such as a case's.
    `at_once`: what they have asked for this minute goes out at any hour, and though they want no other messages.
    `unlike`: the key of an earlier message that was not answered; this one goes by another channel or not at all.
    """
    opening = open_door(viewer=by, purpose=purpose, verb="messaging.send_message")
    if (sent := _by_key(key)) is not None:
        return sent
    values = dict(values or {})
    wording.check(known=[*PERSONAL, *common_values(values)])
    contact = next(iter(_contacts([resident_id], by, purpose).values()), None)
    if contact is None:
        raise NotFound(_("There is no such resident."))
    channel = choose_channel(
        phone=contact.phone,
        email=contact.email,
        allowed={} if at_once else allowed_channels([contact.resident_id]).get(contact.resident_id, {}),
        usable=_usable(wording, unlike),
    )
    if channel in ("none", "declined"):
        return None
    subject, body = fill_for(contact, wording, channel, values)
    address = contact.phone if channel == "sms" else contact.email
    with transaction.atomic():
        message, is_new = _queue(key, channel, address, subject, body, about, contact.resident_id, at_once=at_once)
        if is_new:
            opening.wrote([contact.resident_id])
    return str(message.id)


def send_to_address(
    *,
    by: Viewer,
    name: str,
    phone: str,
    email: str,
    wording: Wording,
    about: str = "",
    key: str,
    values: Mapping[str, str] | None = None,
    at_once: bool = False,
    language: str = "",
    unlike: str = "",
) -> str | None:
    """As `send_message`, to somebody who is in no residents index, such as a volunteer. `name` fills ((forename)).

    `language` is the reader's own, by name or code, if they said which.
    """
    check_may_work_as(by, *SENDS)
    # An officer is alerted whether or not an agreement is live.
    open_letterbox(by=by, verb="messaging.send_to_address")
    if (sent := _by_key(key)) is not None:
        return sent
    filled = {**common_values(values or {}), "forename": name}
    wording.check(known=filled)
    channel = choose_channel(phone=phone, email=email, allowed={}, usable=_usable(wording, unlike))
    if channel in ("none", "declined"):
        return None
    subject, body = wording.in_language(language).fill(channel, filled)
    with transaction.atomic():
        message, _is_new = _queue(
            key, channel, phone if channel == "sms" else email, subject, body, about, at_once=at_once
        )
    return str(message.id)


def set_preference(*, by: Viewer, purpose: str, resident_id: str, channel: str, allowed: bool) -> None:
    """Write down what a resident told us about a channel. A "no" also takes back what waits to go out."""
    if channel not in CHANNELS:
        raise Problem(_("There is no channel %(channel)s.") % {"channel": channel}, ", ".join(CHANNELS))
    resident_id = residents.current_id(resident_id)
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="messaging.set_preference", residents=[resident_id])
        keep_preferences({(resident_id, channel): allowed}, how="staff")


def deal_with_reply(*, by: Viewer, purpose: str, message_id: str) -> None:
    """Take a reply out of the inbox: somebody has read it and done what it asks. Twice is the same as once."""
    with transaction.atomic():
        opening = open_door(viewer=by, purpose=purpose, verb="messaging.deal_with_reply")
        message = Message.objects.filter(pk=int(message_id), direction="in").select_for_update().first()
        if message is None:
            raise NotFound(_("There is no such message."))
        opening.wrote(filter(None, [message.resident_id]))
        if message.dealt_with_at is None:
            message.waits_since, message.dealt_with_at, message.dealt_with_by = None, clock.now(), by.name
            message.save(update_fields=["waits_since", "dealt_with_at", "dealt_with_by"])


def _locked(campaign_id: str) -> Campaign:
    campaign = Campaign.objects.filter(pk=campaign_id).select_for_update().first()
    if campaign is None:
        raise NotFound(_("There is no such campaign."), _("Open it from the list of campaigns."))
    return campaign


def _queue(
    key: str,
    channel: str,
    address: str,
    subject: str,
    body: str,
    about: str,
    resident_id: str = "",
    *,
    at_once: bool = False,
) -> tuple[Message, bool]:
    """Store one message and the job that sends it, once for each key. Returns (message, whether it is new)."""
    now = clock.now()
    due = now if at_once else next_allowed(now)
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "direction": "out",
            "state": "queued",
            "channel": channel,
            "resident_id": resident_id,
            "address": address,
            "about": about,
            "subject": subject[:200],
            "body": body,
            "at": now,
            "due_at": due,
            "at_any_hour": at_once,
        },
    )
    if is_new:
        _send_batch(due if due > now else None).enqueue("", message.id, message.id)
    return message, is_new


def _usable(wording: Wording, unlike: str) -> frozenset[str]:
    """The channels that the words are for and the sender has, but for that of the message `unlike`."""
    used = Message.objects.filter(key=unlike).values_list("channel", flat=True) if unlike else ()
    return (wording.channels & load_sender().channels) - set(used)


def _by_key(key: str) -> str | None:
    found = Message.objects.filter(key=key).values_list("id", flat=True).first()
    return None if found is None else str(found)


def _contacts(ids: list[str], by: Viewer, purpose: str) -> dict[str, Contact]:
    return residents.list_contacts(ids, viewer=by, purpose=purpose)


def _send_batch(run_after: datetime | None) -> Any:
    # Jobs stand above verbs and import them, so a verb names its job instead of importing it.
    return import_string("borough.messaging.tasks.send_batch").using(run_after=run_after)
