from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from borough.common.ids import mint_id, mint_reference
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable
from borough.governance.rights.exemptions import EXEMPTION_STATES

REQUEST_STATES = StateTable(
    name="request",
    labels={
        "received": "Received",
        "looking": "Being looked into",
        "answered": "Answered",
        "withdrawn": "Taken back",
    },
    allowed={
        "received": frozenset({"looking", "answered", "withdrawn"}),
        "looking": frozenset({"answered", "withdrawn"}),
        "answered": frozenset(),
        "withdrawn": frozenset(),
    },
)


def new_link_id() -> str:
    return mint_id("OL", 14)


def new_reference() -> str:
    return mint_reference("DR")


class OwnLink(models.Model):
    """A link to a resident's own record, from asking for it to its end.

    Until a job has found whose it is, `contact` holds what was typed; then it is emptied.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_link_id, editable=False)
    channel = models.CharField(max_length=5, choices=[("sms", "Text message"), ("email", "Email")], blank=True)
    contact = models.CharField(max_length=254, blank=True)
    resident_id = models.CharField(max_length=20, blank=True)
    offered_by = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    # When it was made for somebody; null where nobody, or more than one, has the contact.
    made_at = models.DateTimeField(null=True)
    wrong_dates = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="90 days",
        since="asked_at",
        fields={"contact": "contact", "resident_id": "identity", "offered_by": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(ends_at__isnull=False), name="own_link_opened_has_an_end"
            ),
            models.CheckConstraint(condition=Q(made_at__isnull=True) | Q(contact=""), name="own_link_forgets_contact"),
        ]
        indexes = [models.Index(fields=["resident_id", "made_at"], name="own_link_by_resident")]

    def __str__(self) -> str:
        return self.id


class RightsRequest(models.Model):
    """What a resident asks of us about their data. `entry` is the look in the ledger that it is about, if one.

    `name` and `contact` are what somebody wrote who did not come by their own link.
    """

    KINDS = [
        ("why", "Why did somebody look?"),
        ("complaint", "Complaint"),
        ("access", "A copy of all that we hold"),
        ("correct", "A correction"),
        ("erase", "Deletion"),
        ("restrict", "Not to be used for now"),
    ]

    reference = models.CharField(primary_key=True, max_length=14, default=new_reference, editable=False)
    kind = models.CharField(max_length=14, choices=KINDS)
    resident_id = models.CharField(max_length=20, blank=True)
    entry = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    words = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=REQUEST_STATES.choices, default="received")
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField()
    answer_by = models.DateField()
    taken_by = models.CharField(max_length=160, blank=True)
    taken_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=160, blank=True)
    answered_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="6 years after it is answered, or taken back",
        since="answered_at",
        fields={
            "resident_id": "identity",
            "name": "identity",
            "contact": "contact",
            "words": "special",
            "answer": "special",
            "taken_by": "staff",
            "answered_by": "staff",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="request_answered_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__gte=models.F("received_at")), name="request_acknowledged_after"
            ),
        ]
        indexes = [
            models.Index(fields=["resident_id", "-received_at"], name="request_by_resident"),
            models.Index(fields=["answer_by"], condition=Q(answered_at__isnull=True), name="request_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference


def new_exemption_id() -> str:
    return mint_reference("EX")


class Exemption(models.Model):
    """A rule of law applied to one resident: what it delays, who says so and why, until when, and who agreed."""

    id = models.CharField(primary_key=True, max_length=14, default=new_exemption_id, editable=False)
    rule = models.CharField(max_length=20)
    resident_id = models.CharField(max_length=20, db_index=True)
    why = models.TextField()
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=EXEMPTION_STATES.choices, default="set")
    set_at = models.DateTimeField()
    # The day, so that a quarter is counted in the database.
    set_on = models.DateField()
    set_by = models.CharField(max_length=40)
    set_by_name = models.CharField(max_length=160)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=160, blank=True)

    personal_data = PersonalData(
        keep="6 years after it ends",
        since="until",
        fields={
            "resident_id": "identity",
            "why": "criminal",
            "set_by": "staff",
            "set_by_name": "staff",
            "decided_by": "staff",
            "decided_by_name": "staff",
            "ended_by_name": "staff",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("set_by")), name="exemption_decided_by_another"
            ),
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="exemption_has_a_span"),
        ]
        indexes = [models.Index(fields=["rule", "set_on"], name="exemption_by_quarter")]

    def __str__(self) -> str:
        return self.id


COPY_STATES = StateTable(
    name="copy",
    labels={
        "gathering": "Being put together",
        "to_review": "To be looked through",
        "released": "Ready to download",
        "over": "Downloaded, or too old",
    },
    allowed={
        "gathering": frozenset({"to_review"}),
        "to_review": frozenset({"released", "gathering"}),
        "released": frozenset({"over"}),
        "over": frozenset({"gathering"}),
    },
)


class SubjectCopy(models.Model):
    """A copy of all that we hold of a resident, from asking for it to its end. `parts` is emptied when it is over."""

    request = models.OneToOneField(RightsRequest, primary_key=True, on_delete=models.CASCADE, related_name="copy")
    state = models.CharField(max_length=10, choices=COPY_STATES.choices, default="gathering")
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    parts = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(null=True)
    left_out = models.PositiveIntegerField(default=0)
    why_left_out = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=160, blank=True)
    ends_at = models.DateTimeField(null=True)
    downloaded_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="until it is downloaded, at most 7 days after it is released",
        fields={"parts": "special", "released_by": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | Q(ends_at__isnull=False), name="copy_released_has_an_end"
            ),
            models.CheckConstraint(condition=~Q(state="over") | Q(parts=[]), name="copy_over_is_empty"),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(state="released"), name="copy_to_end")]

    def __str__(self) -> str:
        return f"copy {self.pk}"


class Objection(models.Model):
    """A resident says no to being looked for, until they take it back or it is overruled with a reason."""

    id = models.BigAutoField(primary_key=True)
    resident_id = models.CharField(max_length=20, db_index=True)
    since = models.DateTimeField()
    said_to = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    # Why it was overruled; empty where the resident took it back.
    ended_because = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="6 years after it ends",
        since="ended_at",
        fields={"resident_id": "identity", "said_to": "staff", "ended_because": "circumstances"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_because=""), name="objection_overruled_has_ended"
            ),
        ]
        indexes = [models.Index(fields=["resident_id"], condition=Q(ended_at__isnull=True), name="objection_open")]

    def __str__(self) -> str:
        return f"objection {self.pk}"
