from django.db import models
from django.db.models import Q

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

CAMPAIGN_STATES = StateTable(
    name="campaign",
    labels={"draft": "Draft", "sending": "Sending", "stopped": "Stopped", "done": "Sent"},
    allowed={
        "draft": frozenset({"sending", "stopped"}),
        "sending": frozenset({"done", "stopped"}),
        "stopped": frozenset(),
        "done": frozenset(),
    },
)

MESSAGE_STATES = StateTable(
    name="message",
    labels={
        "queued": "Waiting",
        "sending": "Being sent",
        "sent": "Sent",
        "failed": "Failed",
        "cancelled": "Cancelled",
        "no_contact": "Could not be reached",
        "received": "Received",
    },
    allowed={
        "queued": frozenset({"sending", "cancelled", "no_contact", "failed"}),
        # Back to queued: a temporary failure, or a crash with a sender that sends the same key once only.
        "sending": frozenset({"sent", "failed", "queued", "cancelled", "no_contact"}),
        "sent": frozenset(),
        "failed": frozenset(),
        "cancelled": frozenset(),
        "no_contact": frozenset(),
        "received": frozenset(),
    },
)

# Why a message failed or was cancelled, in words for staff.
PROBLEMS = {
    "may_have_been_sent": "May have been sent: our computer stopped, or the line broke, while it was going out",
    "bad_address": "The number or address does not work",
    "refused": "The carrier refused it",
    "no_carrier": "The carrier could not be reached after several tries",
    "said_no": "They asked for no messages",
    "stopped": "The campaign was stopped",
    "wording": "The message could not be filled in",
    "gone": "They are no longer in the residents index",
}


def new_campaign_id() -> str:
    return mint_id("CM", 14)


class Campaign(models.Model):
    """One message to many residents. `purpose` is why their contact details are read when it goes out."""

    id = models.CharField(primary_key=True, max_length=20, default=new_campaign_id, editable=False)
    title = models.CharField(max_length=200)
    service = models.SlugField(max_length=40)
    purpose = models.CharField(max_length=40)
    sms = models.TextField(blank=True)
    email_subject = models.CharField(max_length=200, blank=True)
    email_body = models.TextField(blank=True)
    # Values for placeholders that are the same for everybody, such as the link to the page for asking for help.
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=CAMPAIGN_STATES.choices, default="draft")
    # Of those asked for: who had said no to messages, and who is no longer in the index.
    said_no_before = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    started_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=160, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    personal_data = PersonalData(
        keep="6 years", since="created_at", fields={"created_by": "staff", "started_by": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CAMPAIGN_STATES.labels)), name="campaign_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(started_at__isnull=False) | Q(state="stopped"),
                name="campaign_started_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Message(models.Model):
    """One text or e-mail, out or in."""

    DIRECTIONS = [("out", "Out"), ("in", "In")]
    CHANNELS = [("sms", "Text message"), ("email", "Email"), ("none", "None")]
    READINGS = [("help", "Asks for help"), ("stop", "Stop"), ("no", "No"), ("other", "Other")]

    id = models.BigAutoField(primary_key=True)
    direction = models.CharField(max_length=3, choices=DIRECTIONS)
    state = models.CharField(max_length=10, choices=MESSAGE_STATES.choices)
    channel = models.CharField(max_length=5, choices=CHANNELS)
    # Plain, not a foreign key: a resident who is merged into another keeps their messages through the redirect.
    resident_id = models.CharField(max_length=20, blank=True)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False)
    about = models.CharField(max_length=40, blank=True)
    # The phone number or e-mail address that it went to or came from.
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    # Ours for what goes out, the carrier's for what comes in, so that doing either twice is the same as once.
    key = models.CharField(max_length=220, unique=True)
    provider_id = models.CharField(max_length=200, blank=True)

    # Out
    due_at = models.DateTimeField(null=True)
    # A confirmation of what they just told us: goes out at any hour, and once more after a "no".
    at_any_hour = models.BooleanField(default=False)
    # Whoever is sending it has until then; after that it was a crash.
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=30, blank=True)

    # In
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies", db_index=False)
    reading = models.CharField(max_length=5, choices=READINGS, blank=True)
    # In the inbox since then; null once somebody, or the house itself, has done what it asks.
    waits_since = models.DateTimeField(null=True)
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.CharField(max_length=160, blank=True)

    personal_data = PersonalData(
        keep="2 years",
        since="at",
        fields={
            "resident_id": "identity",
            "address": "contact",
            "subject": "special",
            "body": "special",
            "dealt_with_by": "staff",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="in", state="received") | Q(direction="out") & ~Q(state="received"),
                name="message_received_is_in",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "sending"]) | Q(due_at__isnull=False), name="message_waiting_is_due"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(leased_until__isnull=False), name="message_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["campaign", "resident_id"], condition=Q(direction="out"), name="message_once_in_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(direction="in") | Q(waits_since__isnull=True), name="message_to_read_is_in"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "resident_id"], name="message_by_campaign"),
            models.Index(fields=["resident_id", "id"], name="message_by_resident"),
            models.Index(fields=["address", "id"], name="message_by_address"),
            models.Index(fields=["about"], name="message_by_subject"),
            # SQLite uses a partial index only where the query says the same without a parameter: IS NOT NULL does.
            models.Index(fields=["id"], condition=Q(waits_since__isnull=False), name="message_to_be_read"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Preference(models.Model):
    """Whether a resident lets us use a channel, and how they told us."""

    HOW = [("reply", "They answered a message"), ("page", "On our page"), ("staff", "They told a member of staff")]

    id = models.BigAutoField(primary_key=True)
    resident_id = models.CharField(max_length=20)
    channel = models.CharField(max_length=5, choices=[("sms", "Text message"), ("email", "Email")])
    allowed = models.BooleanField()
    at = models.DateTimeField()
    how = models.CharField(max_length=5, choices=HOW)

    personal_data = PersonalData(
        keep="as long as the resident: a no is kept so that it is obeyed", fields={"resident_id": "identity"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resident_id", "channel"], name="preference_once_a_channel")]

    def __str__(self) -> str:
        return f"preference {self.pk}"
