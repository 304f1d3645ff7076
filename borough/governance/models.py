from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from borough.common.personal_data import PersonalData, not_personal
from borough.common.states import StateTable

# Where Django looks for a room's tables.
from borough.governance.changing import models as changing  # noqa: F401
from borough.governance.glass import models as glass  # noqa: F401
from borough.governance.keeping import models as keeping  # noqa: F401
from borough.governance.ledger import models as ledger  # noqa: F401
from borough.governance.rights import models as rights  # noqa: F401
from borough.governance.watching import models as watching  # noqa: F401

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


class Organisation(models.Model):
    """Somebody who can be a party to an agreement. `roles` are those that only its people hold.

    `ours` is the council itself. `contact` is a post, not a person.
    """

    KINDS = {
        "council": _("Council"),
        "health": _("NHS or other health body"),
        "authority": _("Other public authority"),
        "charity": _("Charity or community group"),
        "company": _("Company"),
    }
    PUBLIC_KINDS = frozenset({"council", "health", "authority"})

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    ico_number = models.CharField(max_length=12, blank=True)
    contact = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    ours = models.BooleanField(default=False)

    personal_data = not_personal()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ours"], condition=models.Q(ours=True), name="organisation_one_is_ours")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_public(self) -> bool:
        return self.kind in self.PUBLIC_KINDS


def _words(most: int = 2000) -> models.TextField:  # type: ignore[type-arg]
    # The default stands in the database too: code of before the column goes on writing rows.
    return models.TextField(blank=True, default="", db_default="", max_length=most)


def _code(most: int = 10) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(max_length=most, blank=True, default="", db_default="")


class Agreement(models.Model):
    """A decision that opens fields of sources to roles, for one purpose. `sources` or `fields` of ["*"] open all.

    The terms are those of the data sharing request and decision forms in the ICO's data sharing code. Grounds of law
    are codes of `register.grounds`; `article_10` is a paragraph of Schedule 1, or "none".
    """

    CONTROLLERS = {
        "sole": _("The council alone"),
        "joint": _("Joint controllers: the parties decide together"),
        "separate": _("Separate controllers: each decides for its own use"),
        "processor": _("The others only do what the council tells them (processors)"),
    }

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
    parties = models.ManyToManyField(Organisation, related_name="agreements")
    controllers = _code()
    necessity = _words()
    annex_1 = _code()
    legal_power = _words(500)
    article_9 = _code()
    schedule_1 = _code()
    article_10 = _code()
    policy_document = _code(200)
    dpia = _words(500)
    retention = _words(500)
    security = _words()
    rights = _words()
    frequency = _words(200)
    # Set when it is approved, from what the sources then declared.
    special = models.BooleanField(default=False, db_default=False)
    drafted_by = _code(160)
    drafted_by_id = _code(40)
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewals")

    personal_data = PersonalData(
        keep="6 years after its review day",
        since="review_on",
        fields={"decided_by": "staff", "drafted_by": "staff", "drafted_by_id": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(decided_by=""),
                name="agreement_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("starts_on")), name="agreement_review_after_start"
            ),
            # UK GDPR Article 9: prohibited unless a condition holds.
            models.CheckConstraint(
                condition=~models.Q(state="live") | models.Q(special=False) | ~models.Q(article_9=""),
                name="agreement_special_names_its_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


# After that a batch of the ledger goes whole, and its seal stays (ledger/letting_go.py).
LEDGER_KEPT = "6 years"


class LedgerEntry(models.Model):
    """One look, write or refusal. Rows are never changed, nor deleted before their time: the database refuses.

    Where the database itself holds the door, "opened" stands before every read, and names nobody: the read that
    says whom refers to it by `opening`. One that no read refers to was opened by somebody who never said whom they saw.
    """

    KINDS = [("opened", "Opened"), ("read", "Read"), ("write", "Write"), ("denied", "Denied")]

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
    opening = models.BigIntegerField(null=True)
    # The database's own clock: a web server's may be wrong, and a rehearsal's is set.
    written_at = models.DateTimeField(db_default=Now())

    personal_data = PersonalData(
        keep=LEDGER_KEPT, since="written_at", fields={"viewer_id": "staff", "viewer_name": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="denied") | ~models.Q(agreement=""), name="ledger_names_its_agreement"
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=models.Q(everyone=True), name="ledger_of_everyone")]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


class LedgerSubject(models.Model):
    """A resident whom a ledger entry is about. The id alone: the ledger holds nothing else of them."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="subjects")
    resident_id = models.CharField(max_length=20)

    personal_data = PersonalData(keep="as long as its entry", fields={"resident_id": "identity"})

    class Meta:
        indexes = [models.Index(fields=["resident_id", "entry"], name="ledger_who_saw_me")]

    def __str__(self) -> str:
        return str(self.pk)


class Seal(models.Model):
    """A batch of ledger entries under one hash, chained to the batch before. Never changed: the database refuses. It
    stays when the entries are let go."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField(db_default=Now())
    # Which entries: runs of ids, [[first, last], …].
    runs = models.JSONField()
    entries = models.PositiveIntegerField()
    # The highest id in this batch and all before it.
    last_id = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64, unique=True)
    # PostgreSQL's numbers of transactions. Each one below the horizon had ended, and all it wrote is sealed; nothing
    # of one from the ceiling on is in this batch or before it. Up to the floor, an id, all is sealed, whatever number
    # its transaction had on a server that this database was restored from.
    horizon = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(default=0, db_index=True)
    floor = models.BigIntegerField(default=0)

    personal_data = not_personal("as long as the ledger")

    def __str__(self) -> str:
        return f"seal {self.number}"


# Django finds tables here; those of decisions stand with their verbs.
from borough.governance.decisions.models import Decision, DecisionAnswer, DecisionReview, DecisionRule  # noqa: E402, F401
from borough.governance.dpia.models import Dpia  # noqa: E402, F401
