from django.db import models
from django.utils.translation import gettext_noop as _

from borough.cases.kinds import URGENCIES
from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

CASE_STATES = StateTable(
    name="case",
    labels={
        "new": _("New"),
        "in_hand": _("In hand"),
        "offered": _("Offered to a volunteer"),
        "matched": _("Volunteer found"),
        "referred": _("Referred to a service"),
        "delivered": _("Help given"),
        "met": _("Need met"),
        "reopened": _("Need not met, reopened"),
        "could_not_help": _("Could not help"),
        "cancelled": _("Cancelled"),
    },
    allowed={
        "new": frozenset({"in_hand", "offered", "referred", "delivered", "could_not_help", "cancelled"}),
        "in_hand": frozenset({"offered", "referred", "delivered", "could_not_help", "cancelled"}),
        "offered": frozenset({"matched", "in_hand", "cancelled"}),
        "matched": frozenset({"delivered", "in_hand", "cancelled"}),
        "referred": frozenset({"delivered", "in_hand", "cancelled"}),
        "delivered": frozenset({"met", "reopened"}),
        "met": frozenset({"reopened"}),
        "reopened": frozenset({"in_hand", "offered", "referred", "delivered", "could_not_help", "cancelled"}),
        "could_not_help": frozenset({"reopened"}),
        "cancelled": frozenset(),
    },
)
CLOSED = ("met", "could_not_help", "cancelled")
# Nobody is helping yet, so a volunteer may be looked for.
WAITING = ("new", "in_hand", "reopened")

REFERRAL_STATES = StateTable(
    name="referral",
    labels={
        "requested": _("Waiting for the service"),
        "accepted": _("Accepted"),
        "declined": _("Declined"),
        "done": _("Help given"),
    },
    allowed={
        "requested": frozenset({"accepted", "declined"}),
        "accepted": frozenset({"done", "declined"}),
        "declined": frozenset(),
        "done": frozenset(),
    },
)

ANSWERS = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}


def new_case_id() -> str:
    return mint_id("C")


class Case(models.Model):
    """One person's request to one council service.

    `resident_id` is empty for somebody who asked in public and is not known to be a resident yet; the asker's own
    words for reaching them are then all there is. `source_key` names what opened the case, so that the same message
    or form opens one case however often it arrives. `version` grows with each change: a stale page is refused.
    `deliveries` counts how often help was given, so that an old feedback link answers no later question.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_case_id)
    reference = models.CharField(max_length=16, unique=True)
    service = models.CharField(max_length=40)
    resident_id = models.CharField(max_length=20, blank=True, db_index=True)
    need = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10, choices=list(URGENCIES.items()))
    state = models.CharField(max_length=16, choices=CASE_STATES.choices, default="new")
    channel = models.CharField(max_length=20)
    source_key = models.CharField(max_length=120, unique=True)
    text = models.TextField(blank=True)
    # Answers to the service's own questions, by question name.
    answers = models.JSONField(default=dict)
    asker_name = models.CharField(max_length=160, blank=True)
    asker_phone = models.CharField(max_length=20, blank=True)
    asker_email = models.CharField(max_length=254, blank=True)
    asker_postcode = models.CharField(max_length=8, blank=True)
    assigned_to = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    deliveries = models.PositiveSmallIntegerField(default=0)
    need_met = models.CharField(max_length=6, choices=list(ANSWERS.items()), blank=True)
    concern = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    personal_data = PersonalData(
        keep="6 years after it is closed",
        fields={
            "resident_id": "identity",
            "need": "circumstances",
            "text": "special",
            "answers": "special",
            "asker_name": "identity",
            "asker_phone": "contact",
            "asker_email": "contact",
            "asker_postcode": "address",
            "assigned_to": "staff",
            "outcome": "circumstances",
            "need_met": "circumstances",
            "concern": "special",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(CASE_STATES.labels)), name="case_state_is_in_the_table"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, closed_at__isnull=False)
                | (~models.Q(state__in=CLOSED) & models.Q(closed_at__isnull=True)),
                name="case_closed_when_its_state_says_so",
            ),
            models.CheckConstraint(
                condition=~models.Q(resident_id="") | ~models.Q(asker_phone="") | ~models.Q(asker_email=""),
                name="case_can_be_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="met") | models.Q(need_met="yes"), name="case_met_says_the_person"
            ),
        ]
        indexes = [
            models.Index(fields=["service", "state", "due_on"], name="case_queue"),
            models.Index(fields=["assigned_to", "state"], name="case_by_worker"),
        ]

    def __str__(self) -> str:
        return self.id


class CaseStep(models.Model):
    """A change of state: who, when, from what to what. Never changed."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    old = models.CharField(max_length=16, blank=True)
    new = models.CharField(max_length=16)
    reason = models.TextField(blank=True)

    personal_data = PersonalData(keep="as long as the case", fields={"by": "staff", "reason": "circumstances"})

    def __str__(self) -> str:
        return f"step {self.pk}"


class CaseNote(models.Model):
    """What somebody wrote on a case. `flagged`: somebody is worried about the person."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    text = models.TextField()
    flagged = models.BooleanField(default=False)

    personal_data = PersonalData(keep="as long as the case", fields={"by": "staff", "text": "special"})

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="case_note_says_something")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Referral(models.Model):
    """A case handed to a service of the directory. `consent`: what the person agreed to, in words."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    service_id = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=REFERRAL_STATES.choices, default="requested")
    consent = models.TextField()
    consent_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    answered_at = models.DateTimeField(null=True)

    personal_data = PersonalData(keep="as long as the case", fields={"consent": "circumstances", "by": "staff"})

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(consent=""), name="referral_has_consent"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=["requested", "accepted"]),
                name="referral_one_live_for_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"
