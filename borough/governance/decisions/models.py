from django.db import models
from django.db.models import Q

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable
from borough.governance.register.grounds import EXPLICIT_CONSENT, RECOGNISED, SUBSTANTIAL_PUBLIC_INTEREST

RULE_STATES = StateTable(
    name="decision rule",
    labels={"off": "Off", "on": "On", "replaced": "Replaced"},
    allowed={
        "off": frozenset({"on", "replaced"}),
        "on": frozenset({"off", "replaced"}),
        "replaced": frozenset(),
    },
)
DECISION_STATES = StateTable(
    name="decision",
    labels={"proposed": "Waiting for a person", "stands": "Decided", "contested": "Challenged"},
    allowed={
        "proposed": frozenset({"stands"}),
        "stands": frozenset({"contested"}),
        "contested": frozenset({"stands"}),
    },
)


class DecisionRule(models.Model):
    """One version of a rule, as it was registered. A version that decided something is kept, word for word."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    purpose = models.CharField(max_length=40)
    # What it declared: question, logic, cites, owner, inputs, outcomes, human review, and what the public may read.
    says = models.JSONField()
    solely_automated = models.BooleanField()
    significant = models.BooleanField()
    special = models.BooleanField()
    lawful_basis = models.CharField(max_length=10)
    article_9 = models.CharField(max_length=10, blank=True)
    schedule_1 = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=RULE_STATES.choices, default="off")
    registered_at = models.DateTimeField()
    decided_by = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    personal_data = PersonalData(keep="as long as a decision by it is kept", fields={"decided_by": "staff"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="on"), name="rule_one_version_on"),
            # UK GDPR Article 9(1): prohibited unless a condition holds.
            models.CheckConstraint(
                condition=~Q(state="on") | Q(special=False) | ~Q(article_9=""), name="rule_special_names_its_condition"
            ),
            # Article 22B(1) to (3): a significant decision by special-category data is not left to a machine, but by
            # explicit consent, or by law in the substantial public interest.
            models.CheckConstraint(
                condition=~Q(state="on", special=True, significant=True, solely_automated=True)
                | Q(article_9__in=[EXPLICIT_CONSENT, SUBSTANTIAL_PUBLIC_INTEREST]),
                name="rule_alone_on_special_data",
            ),
            # Article 22B(4): nor on the ground of a recognised legitimate interest.
            models.CheckConstraint(
                condition=~Q(state="on", significant=True, solely_automated=True, lawful_basis=RECOGNISED),
                name="rule_alone_not_by_recognised_interest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


def new_decision_id() -> str:
    return mint_id("D")


class Decision(models.Model):
    """One decision about one resident: what went in, what came out and why, as the person was told."""

    id = models.CharField(primary_key=True, max_length=20, default=new_decision_id)
    rule = models.ForeignKey(DecisionRule, on_delete=models.PROTECT, related_name="decisions")
    resident_id = models.CharField(max_length=20, db_index=True)
    # Tells one occasion from the next, so that asking twice decides once.
    key = models.CharField(max_length=80)
    inputs = models.JSONField()
    # What the rule said; what holds now is `outcome`.
    proposed = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    explanation = models.TextField()
    state = models.CharField(max_length=10, choices=DECISION_STATES.choices, db_index=True)
    taken_at = models.DateTimeField()
    # How the person was told of what holds now: sms or email through messaging, or post. Empty until then.
    told_by = models.CharField(max_length=10, blank=True)
    told_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="6 years",
        since="taken_at",
        fields={"resident_id": "identity", "inputs": "special", "explanation": "special"},
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "resident_id", "key"], name="decision_once")]
        indexes = [models.Index(fields=["state", "taken_at"], name="decision_waiting")]

    def __str__(self) -> str:
        return self.id


class DecisionReview(models.Model):
    """A person decided: how long they took, and whether they followed the rule or what was decided before."""

    id = models.BigAutoField(primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviews")
    reviewer_id = models.CharField(max_length=40)
    reviewer_name = models.CharField(max_length=160)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=40)
    overturned = models.BooleanField()
    reason = models.TextField()

    personal_data = PersonalData(
        keep="6 years", since="at", fields={"reviewer_id": "staff", "reviewer_name": "staff", "reason": "circumstances"}
    )

    class Meta:
        indexes = [models.Index(fields=["reviewer_id", "at"], name="review_by_reviewer")]

    def __str__(self) -> str:
        return f"review {self.pk}"


class DecisionAnswer(models.Model):
    """What the person said to a decision: something to take into account, or that it is wrong."""

    KINDS = {"says": "Says something", "person": "Wants a person", "contests": "Contests it"}

    id = models.BigAutoField(primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    text = models.TextField(blank=True)

    personal_data = PersonalData(keep="6 years", since="at", fields={"text": "circumstances"})

    def __str__(self) -> str:
        return f"answer {self.pk}"
