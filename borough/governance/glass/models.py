from django.db import models
from django.db.models import F, Q

from borough.common.ids import mint_reference
from borough.common.personal_data import PersonalData
from borough.governance.glass.rules import BREAK_STATES


def new_break_reference() -> str:
    return mint_reference("BG")


class GlassBreak(models.Model):
    """One emergency access. `resident_id` is empty where they had to search."""

    reference = models.CharField(primary_key=True, max_length=14, default=new_break_reference, editable=False)
    viewer_id = models.CharField(max_length=40)
    viewer_name = models.CharField(max_length=160)
    resident_id = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=BREAK_STATES.choices, default="to_review")
    reviewed_by = models.CharField(max_length=40, blank=True)
    reviewed_by_name = models.CharField(max_length=160, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="6 years after it is reviewed",
        since="reviewed_at",
        fields={
            "viewer_id": "staff",
            "viewer_name": "staff",
            "resident_id": "identity",
            "reason": "special",
            "reviewed_by": "staff",
            "reviewed_by_name": "staff",
            "review": "special",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="break_has_a_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_by="") | ~Q(reviewed_by=F("viewer_id")), name="break_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="to_review") | (~Q(reviewed_by="") & ~Q(review="")), name="break_reviewed_with_words"
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=F("opened_at")), name="break_ends_after_it_opens"),
        ]
        indexes = [
            models.Index(fields=["viewer_id", "ends_at"], name="break_of_viewer"),
            models.Index(fields=["opened_at"], condition=Q(reviewed_at__isnull=True), name="break_to_review"),
        ]

    def __str__(self) -> str:
        return self.reference
