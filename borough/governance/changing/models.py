from django.db import models
from django.db.models import Q

from borough.common.ids import mint_reference
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

CORRECTION_STATES = StateTable(
    name="correction",
    labels={"sent": "With the source", "done": "Put right by the source", "refused": "Refused by the source"},
    allowed={"sent": frozenset({"done", "refused"}), "done": frozenset(), "refused": frozenset()},
)


def new_correction_reference() -> str:
    return mint_reference("CR")


class Correction(models.Model):
    """One field of a resident's record in one source, for the source to put right."""

    reference = models.CharField(primary_key=True, max_length=14, default=new_correction_reference, editable=False)
    resident_id = models.CharField(max_length=20, db_index=True)
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    field = models.CharField(max_length=20)
    should_be = models.CharField(max_length=250)
    state = models.CharField(max_length=10, choices=CORRECTION_STATES.choices, default="sent")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    # Who said so for the source: a person, or its own extract.
    ended_by = models.CharField(max_length=160, blank=True)
    why_refused = models.CharField(max_length=500, blank=True)

    personal_data = PersonalData(
        keep="6 years after it ends",
        since="ended_at",
        fields={
            "resident_id": "identity",
            "key": "identity",
            "should_be": "identity",
            "sent_by": "staff",
            "ended_by": "staff",
            "why_refused": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(why_refused=""), name="correction_refused_says_why"
            ),
            models.UniqueConstraint(
                fields=["source", "key", "field"], condition=Q(state="sent"), name="correction_one_open_for_a_field"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Erasure(models.Model):
    """That a resident was erased: ids and hashes of keys alone, to do it again after a restore."""

    reference = models.CharField(primary_key=True, max_length=14)
    ids = models.JSONField()
    # [[source, hash of the record's key], …]: records that no extract brings back.
    records = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    because = models.CharField(max_length=500)
    # Whether the file outside of the database has it.
    written = models.BooleanField(default=False)

    personal_data = PersonalData(
        keep="as long as a backup from before it may be restored", fields={"ids": "identity", "by": "staff"}
    )

    def __str__(self) -> str:
        return self.reference


class Restriction(models.Model):
    """What is held of a resident is not used, from then until it ends."""

    id = models.BigAutoField(primary_key=True)
    resident_id = models.CharField(max_length=20)
    since = models.DateTimeField()
    because = models.CharField(max_length=500)
    set_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=500, blank=True)

    personal_data = PersonalData(
        keep="6 years after it ends",
        since="ended_at",
        fields={
            "resident_id": "identity",
            "because": "circumstances",
            "set_by": "staff",
            "ended_because": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""), name="restriction_ended_says_why"
            ),
        ]
        indexes = [models.Index(fields=["resident_id"], condition=Q(ended_at__isnull=True), name="restriction_open")]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
