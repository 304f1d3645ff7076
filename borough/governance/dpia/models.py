from django.db import models
from django.db.models import Q

from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

DPIA_STATES = StateTable(
    name="impact assessment",
    labels={"draft": "Draft", "signed": "Signed off", "replaced": "Replaced"},
    allowed={"draft": frozenset({"signed"}), "signed": frozenset({"replaced"}), "replaced": frozenset()},
)


class Dpia(models.Model):
    """One version of an impact assessment of a purpose. What was signed is not changed: a new version is made."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.ForeignKey("governance.Purpose", on_delete=models.PROTECT, related_name="dpias")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=DPIA_STATES.choices, default="draft")
    due_on = models.DateField()
    # Steps 1 to 4, in words: {"need": …, "nature": …}.
    says = models.JSONField(default=dict)
    # Steps 5 and 6: [{"risk", "likelihood", "severity", "measure", "effect", "residual"}].
    risks = models.JSONField(default=list)
    # Step 7. Posts or names of those who answer for it.
    measures_approved_by = models.CharField(max_length=160, blank=True)
    residual_approved_by = models.CharField(max_length=160, blank=True)
    dpo_advice = models.TextField(blank=True)
    advice_accepted = models.BooleanField(null=True)
    overruled_because = models.TextField(blank=True)
    ico_consulted = models.TextField(blank=True)
    review_on = models.DateField(null=True)
    written_by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=160, blank=True)
    signed_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="as long as the purpose, and 6 years",
        fields={
            "measures_approved_by": "staff",
            "residual_approved_by": "staff",
            "written_by": "staff",
            "signed_by": "staff",
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="dpia_version_once"),
            models.UniqueConstraint(fields=["purpose"], condition=Q(state="draft"), name="dpia_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | ~Q(measures_approved_by="")
                & ~Q(residual_approved_by="")
                & ~Q(dpo_advice="")
                & Q(advice_accepted__isnull=False),
                name="dpia_signed_by_all",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(advice_accepted=True) | ~Q(overruled_because=""),
                name="dpia_overruled_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.version}"
