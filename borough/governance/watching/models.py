from django.db import models
from django.db.models import F, Q

from borough.common.personal_data import PersonalData
from borough.governance.watching.rules import FLAG_STATES, FLAGS


class StaffHome(models.Model):
    """Where a member of staff lives, as they told us."""

    user_id = models.CharField(primary_key=True, max_length=20)
    surname = models.CharField(max_length=80)
    postcode = models.CharField(max_length=8)
    told_at = models.DateTimeField()

    personal_data = PersonalData(
        keep="while they work here", fields={"user_id": "staff", "surname": "staff", "postcode": "staff"}
    )

    def __str__(self) -> str:
        return "home of a member of staff"


class ProtectedPerson(models.Model):
    """A resident at whom each look is judged."""

    resident_id = models.CharField(primary_key=True, max_length=20)
    why = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=160)

    personal_data = PersonalData(
        keep="until they need it no more",
        fields={"resident_id": "identity", "why": "circumstances", "added_by": "staff"},
    )

    def __str__(self) -> str:
        return f"protected {self.pk}"


class OddLook(models.Model):
    """A flag. `window` is the day, or for "many" the Monday, that it is for: a night run twice raises it once."""

    id = models.BigAutoField(primary_key=True)
    flag = models.CharField(max_length=10, choices=list(FLAGS.items()))
    viewer_id = models.CharField(max_length=40)
    viewer_name = models.CharField(max_length=160)
    # Empty for "many".
    resident_id = models.CharField(max_length=20, blank=True)
    window = models.DateField()
    looks = models.PositiveIntegerField()
    # For "many": the median of those in the same role.
    peers = models.FloatField(null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=FLAG_STATES.choices, default="new")
    judged_by = models.CharField(max_length=40, blank=True)
    judged_by_name = models.CharField(max_length=160, blank=True)
    judged_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="2 years after it is judged",
        since="judged_at",
        fields={
            "viewer_id": "staff",
            "viewer_name": "staff",
            "resident_id": "identity",
            "judged_by": "staff",
            "judged_by_name": "staff",
            "finding": "staff",
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flag", "viewer_id", "resident_id", "window"], name="odd_look_once"),
            models.CheckConstraint(
                condition=Q(judged_by="") | ~Q(judged_by=F("viewer_id")), name="odd_look_judged_by_another"
            ),
            models.CheckConstraint(condition=Q(state="new") | ~Q(finding=""), name="odd_look_judged_with_words"),
        ]
        indexes = [models.Index(fields=["raised_at"], condition=Q(state="new"), name="odd_look_to_judge")]

    def __str__(self) -> str:
        return f"flag {self.pk}"
