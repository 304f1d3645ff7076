"""Published reads of messaging."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext

from borough.accounts.policies import STAFF_ROLES, SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.common.errors import NotFound
from borough.governance.door import open_door, open_letterbox, without_the_door
from borough.messaging.duty import DutyAlert, duty_alerts, duty_contacts
from borough.messaging.models import CAMPAIGN_STATES, MESSAGE_STATES, PROBLEMS, Campaign, Message
from borough.messaging.policies import CHANNELS, hide_own_link
from borough.messaging.sending import allowed_channels, common_values
from borough.messaging.wording import Wording, count_segments
from borough.residents import queries as residents

__all__ = ["DutyAlert", "duty_alerts", "duty_contacts"]

PAGE_SIZE = 50
# Whose name stands in a preview: nobody's.
PREVIEW_NAME = "Margaret"


@dataclass(frozen=True)
class Counts:
    """A campaign in figures. Messages out by state and channel; people who answered, each counted once."""

    people: int = 0
    by_text: int = 0
    by_email: int = 0
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    cancelled: int = 0
    no_contact: int = 0
    replied: int = 0
    asked_for_help: int = 0
    said_no: int = 0
    said_stop: int = 0


@dataclass(frozen=True)
class CampaignView:
    """A campaign, without the people in it."""

    id: str
    title: str
    service: str
    state: str
    state_label: str
    created_at: datetime
    created_by: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None
    ended_because: str
    wording: Wording
    said_no_before: int
    gone: int
    counts: Counts
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """A message as a made-up resident would get it. `segments`: how many texts it costs each; 0 for e-mail."""

    channel: str
    subject: str
    body: str
    segments: int


@dataclass(frozen=True)
class MessageView:
    """One message. `text` is closed ("") unless the agreement shows contact."""

    id: str
    direction: str
    channel: str
    channel_label: str
    state: str
    state_label: str
    problem: str
    resident_id: str
    about: str
    campaign_id: str
    campaign_title: str
    service: str
    subject: str
    text: str
    reading: str
    at: datetime
    answers: str
    dealt_with_by: str
    name: str = ""


@dataclass(frozen=True)
class Reach:
    """Somebody in a campaign whom no message reached. `phone` may be a landline."""

    resident_id: str
    name: str
    phone: str
    why: str


def list_campaigns(*, viewer: Viewer, limit: int = 200) -> list[CampaignView]:
    """The newest campaigns, with their figures; no people."""
    _check_staff(viewer)
    rows = Campaign.objects.order_by("-created_at", "-id")[:limit]
    counts = _count([row.id for row in rows])
    return [_view(row, counts.get(row.id, Counts())) for row in rows]


def read_campaign(campaign_id: str, *, viewer: Viewer) -> CampaignView:
    """One campaign with its figures; no people. Raises NotFound."""
    _check_staff(viewer)
    try:
        row = Campaign.objects.get(pk=campaign_id)
    except Campaign.DoesNotExist as error:
        raise NotFound("There is no such campaign.", "Open it from the list of campaigns.") from error
    return _view(row, _count([row.id]).get(row.id, Counts()))


def preview_wording(wording: Wording, values: Mapping[str, str]) -> list[Preview]:
    """The message in each of its channels, to a made-up name."""
    # Not a real link: opening it would keep a preference of nobody.
    filled = {**common_values(values), "forename": PREVIEW_NAME, "stop_link": f"{settings.BASE_URL}/…"}
    previews = []
    for channel in CHANNELS:
        if channel in wording.channels:
            subject, body = wording.with_stop_line().fill(channel, filled)
            previews.append(Preview(channel, subject, body, count_segments(body) if channel == "sms" else 0))
    return previews


def read_message(message_id: str, *, viewer: Viewer, purpose: str) -> MessageView:
    """One message, in or out. Raises NotFound."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="messaging.read_message")
    row = Message.objects.filter(pk=int(message_id)).select_related("campaign").first()
    if row is None:
        raise NotFound("There is no such message.")
    opening.saw(filter(None, [row.resident_id]))
    return _message(row, shows=opening.shows("contact"))


def list_messages(
    *, viewer: Viewer, purpose: str, resident_id: str = "", about: str = "", limit: int = 100
) -> list[MessageView]:
    """The messages to and from a resident, or about a reference such as a case's, newest first."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="messaging.list_messages")
    same = list(residents.ids_of([resident_id])[resident_id]) if resident_id else []
    rows = Message.objects.filter(Q(resident_id__in=same) if resident_id else Q(about=about) & ~Q(about=""))
    if about:
        rows = rows.filter(about=about)
    found = list(
        rows.exclude(state="queued", campaign__state="draft").select_related("campaign").order_by("-id")[:limit]
    )
    opening.saw({row.resident_id for row in found if row.resident_id} | ({resident_id} if resident_id else set()))
    return [_message(row, shows=opening.shows("contact")) for row in found]


def keys_sent(keys: Iterable[str]) -> set[str]:
    """Those of these keys whose message was made before: for whoever has opened the door to those it is about."""
    return set(Message.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def count_inbox() -> int:
    """How many replies wait for a person."""
    with without_the_door():
        return Message.objects.filter(waits_since__isnull=False).count()


def list_inbox(*, viewer: Viewer, purpose: str, page: int = 1) -> "Page[Any]":
    """The replies that wait for a person, oldest first: a page of MessageView with names where they may be shown."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="messaging.list_inbox")
    waiting = Message.objects.filter(waits_since__isnull=False).select_related("campaign").order_by("id")
    shown: Page[Any] = Paginator(waiting, PAGE_SIZE).get_page(page)
    rows: list[Message] = list(shown.object_list)
    ids = {row.resident_id for row in rows if row.resident_id}
    names = residents.list_contacts(ids, viewer=viewer, purpose=purpose) if ids else {}
    opening.saw(ids)
    shown.object_list = [
        _message(
            row, shows=opening.shows("contact"), name=names[row.resident_id].name if row.resident_id in names else ""
        )
        for row in rows
    ]
    return shown


def count_texts(campaign: CampaignView) -> int:
    """How many text messages the network will bill for the whole campaign, by the preview."""
    each = sum(preview.segments for preview in preview_wording(campaign.wording, campaign.values))
    return each * campaign.counts.by_text


def list_not_reached(campaign_id: str, *, viewer: Viewer, purpose: str, page: int = 1) -> "Page[Any]":
    """The people of a campaign whom no message reached, to be telephoned: a page of Reach."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="messaging.list_not_reached")
    missed = Message.objects.filter(campaign_id=campaign_id, direction="out", state__in=["no_contact", "failed"])
    shown: Page[Any] = Paginator(missed.order_by("id"), PAGE_SIZE).get_page(page)
    rows: list[Message] = list(shown.object_list)
    contacts = (
        residents.list_contacts({row.resident_id for row in rows}, viewer=viewer, purpose=purpose) if rows else {}
    )
    opening.saw(row.resident_id for row in rows)
    shown.object_list = [
        Reach(
            resident_id=row.resident_id,
            name=contact.name if contact else "",
            phone=contact.phone if contact else "",
            why=str(PROBLEMS.get(row.problem) or gettext(MESSAGE_STATES.labels[row.state])),
        )
        for row in rows
        for contact in [contacts.get(row.resident_id)]
    ]
    return shown


def read_preferences(resident_id: str, *, viewer: Viewer, purpose: str) -> dict[str, bool]:
    """Whether we may use each channel; True where they said nothing."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="messaging.read_preferences")
    told = _preferences(resident_id)
    opening.saw([resident_id])
    return told


def own_preferences(resident_id: str) -> dict[str, bool]:
    """As `read_preferences`, for the resident themselves behind their signed link."""
    open_letterbox(by=system_viewer("preferences by link"), verb="messaging.own_preferences")
    return _preferences(resident_id)


def _preferences(resident_id: str) -> dict[str, bool]:
    told = allowed_channels([resident_id]).get(resident_id, {})
    return {channel: told.get(channel, True) for channel in CHANNELS}


def _check_staff(viewer: Viewer) -> None:
    check_may_work_as(viewer, SYSTEM, *STAFF_ROLES)


def _count(campaign_ids: list[str]) -> dict[str, Counts]:
    """The figures of each campaign, all in one query."""
    out, back = Q(direction="out"), Q(direction="in")
    rows = (
        Message.objects.filter(campaign_id__in=campaign_ids)
        .values("campaign_id")
        .annotate(
            people=Count("id", filter=out),
            by_text=Count("id", filter=out & Q(channel="sms")),
            by_email=Count("id", filter=out & Q(channel="email")),
            waiting=Count("id", filter=out & Q(state__in=["queued", "sending"])),
            sent=Count("id", filter=out & Q(state="sent")),
            failed=Count("id", filter=out & Q(state="failed")),
            in_doubt=Count("id", filter=out & Q(problem="may_have_been_sent")),
            cancelled=Count("id", filter=out & Q(state="cancelled")),
            no_contact=Count("id", filter=out & Q(state="no_contact")),
            # Each has one message of a campaign, and answers it however often.
            replied=Count("answers_id", filter=back, distinct=True),
            asked_for_help=Count("answers_id", filter=back & Q(reading="help"), distinct=True),
            said_no=Count("answers_id", filter=back & Q(reading="no"), distinct=True),
            said_stop=Count("answers_id", filter=back & Q(reading="stop"), distinct=True),
        )
    )
    with without_the_door():
        figures: list[dict[str, Any]] = [dict(row) for row in rows]
    return {row.pop("campaign_id"): Counts(**row) for row in figures}


def _view(row: Campaign, counts: Counts) -> CampaignView:
    return CampaignView(
        id=row.id,
        title=row.title,
        service=row.service,
        state=row.state,
        state_label=gettext(CAMPAIGN_STATES.labels[row.state]),
        created_at=row.created_at,
        created_by=row.created_by,
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        ended_because=row.ended_because,
        wording=Wording(row.sms, row.email_subject, row.email_body),
        said_no_before=row.said_no_before,
        gone=row.gone,
        counts=counts,
        values=row.values,
    )


def _message(row: Message, *, shows: bool, name: str = "") -> MessageView:
    return MessageView(
        id=str(row.pk),
        direction=row.direction,
        channel=row.channel,
        channel_label=str(CHANNELS.get(row.channel, "")),
        state=row.state,
        state_label=gettext(MESSAGE_STATES.labels[row.state]),
        problem=PROBLEMS.get(row.problem, ""),
        resident_id=row.resident_id,
        about=row.about,
        campaign_id=row.campaign_id or "",
        campaign_title=row.campaign.title if row.campaign else "",
        service=row.campaign.service if row.campaign else "",
        subject=row.subject if shows else "",
        text=hide_own_link(row.body) if shows else "",
        reading=row.reading,
        at=row.sent_at or row.at,
        answers=str(row.answers_id or ""),
        dealt_with_by=row.dealt_with_by,
        name=name,
    )
