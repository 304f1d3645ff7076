from django.db import models
from django.db.models import Q

from borough.common.personal_data import PersonalData, not_personal


class LegalHold(models.Model):
    """What is kept although its time is over. Empty `resident_id` or `room`: of everybody, in every room."""

    id = models.BigAutoField(primary_key=True)
    resident_id = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)

    personal_data = PersonalData(
        keep="6 years after it ends",
        since="ended_at",
        fields={"resident_id": "identity", "why": "circumstances", "set_by": "staff", "ended_by": "staff"},
    )

    class Meta:
        indexes = [models.Index(fields=["resident_id"], condition=Q(ended_at__isnull=True), name="legal_hold_open")]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


class DeletionRun(models.Model):
    """One night's deleting: how many rows of each table went, and how many a legal hold kept. No person."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(unique=True)
    at = models.DateTimeField()
    # {"messaging.Message": [deleted, held], …}; tables of which nothing was over are left out.
    counts = models.JSONField(default=dict)

    personal_data = not_personal("6 years", since="at")

    def __str__(self) -> str:
        return f"deletion of {self.day}"
