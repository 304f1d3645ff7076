from django.db import models

from borough.common.personal_data import PersonalData, not_personal
from borough.common.states import StateTable

AGREEMENT_STATES = StateTable(
    name="agreement",
    labels={"draft": "Draft", "live": "Live", "revoked": "Revoked"},
    allowed={"draft": frozenset({"live"}), "live": frozenset({"revoked"}), "revoked": frozenset()},
)


class Purpose(models.Model):
    """Why personal data is used. `dpv` is the term of the W3C Data Privacy Vocabulary.

    `rooms` are the rooms, or single verbs, that serve it: for any other verb the purpose is the wrong one.
    """

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=100)
    explanation = models.TextField()
    dpv = models.CharField(max_length=80)
    rooms = models.JSONField(default=list)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.code


class Agreement(models.Model):
    """A decision that opens fields of sources to roles, for one purpose. `sources` or `fields` of ["*"] open all."""

    reference = models.SlugField(primary_key=True, max_length=60)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=200)
    lawful_basis = models.CharField(max_length=200)
    roles = models.JSONField()
    fields = models.JSONField()
    sources = models.JSONField()
    state = models.CharField(max_length=10, choices=AGREEMENT_STATES.choices, default="draft")
    starts_on = models.DateField()
    review_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    personal_data = PersonalData(keep="6 years after it ends", fields={"decided_by": "staff"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(decided_by=""),
                name="agreement_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("starts_on")), name="agreement_review_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class LedgerEntry(models.Model):
    """One look, write or refusal. Rows are never changed nor deleted: the database refuses."""

    KINDS = [("read", "Read"), ("write", "Write"), ("denied", "Denied")]

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=6, choices=KINDS)
    viewer_kind = models.CharField(max_length=10)
    viewer_id = models.CharField(max_length=40, db_index=True)
    viewer_name = models.CharField(max_length=160)
    purpose = models.CharField(max_length=40)
    agreement = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=80)
    people = models.PositiveIntegerField(default=0)
    # A nightly job that reads every resident: one row that all of them see, not one for each.
    everyone = models.BooleanField(default=False)

    personal_data = PersonalData(keep="6 years", fields={"viewer_id": "staff", "viewer_name": "staff"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="denied") | ~models.Q(agreement=""), name="ledger_names_its_agreement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


class LedgerSubject(models.Model):
    """A resident whom a ledger entry is about. The id alone: the ledger holds nothing else of them."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="subjects")
    resident_id = models.CharField(max_length=20)

    personal_data = PersonalData(keep="6 years", fields={"resident_id": "identity"})

    class Meta:
        indexes = [models.Index(fields=["resident_id", "entry"], name="ledger_who_saw_me")]

    def __str__(self) -> str:
        return str(self.pk)
