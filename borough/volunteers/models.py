from django.db import models
from django.utils.translation import gettext_noop as _

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

OFFER_STATES = StateTable(
    name="offer",
    labels={
        "offered": _("Waiting for an answer"),
        "accepted": _("Accepted"),
        "declined": _("Declined"),
        "expired": _("No answer in time"),
        "withdrawn": _("Taken back"),
        "done": _("Done"),
        "could_not": _("Could not be done"),
    },
    allowed={
        "offered": frozenset({"accepted", "declined", "expired", "withdrawn"}),
        "accepted": frozenset({"done", "could_not", "withdrawn"}),
        "declined": frozenset(),
        "expired": frozenset(),
        "withdrawn": frozenset(),
        "done": frozenset(),
        "could_not": frozenset(),
    },
)
LIVE = ("offered", "accepted")


def new_volunteer_id() -> str:
    return mint_id("V")


def new_offer_id() -> str:
    return mint_id("O")


def new_nonce() -> str:
    return mint_id("", 8)


class Volunteer(models.Model):
    """One volunteer. `skills` and `languages` are lists of words, `radius_km` how far they go from their postcode.

    `import_key` names them in the file that they came from, so that the next file brings them up to date.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_volunteer_id)
    import_key = models.CharField(max_length=300, unique=True)
    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    postcode = models.CharField(max_length=8)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    skills = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    radius_km = models.FloatField(default=3)
    capacity = models.PositiveSmallIntegerField(default=1)
    dbs_expires_on = models.DateField(null=True)
    organisation = models.CharField(max_length=160, blank=True)
    active = models.BooleanField(default=True)

    personal_data = PersonalData(
        keep="2 years after their last task",
        fields={
            "import_key": "contact",
            "name": "identity",
            "phone": "contact",
            "email": "contact",
            "postcode": "address",
            "lat": "address",
            "lon": "address",
            "languages": "special",
            "dbs_expires_on": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(email=""), name="volunteer_can_be_reached"
            ),
            models.CheckConstraint(condition=models.Q(radius_km__gt=0), name="volunteer_goes_somewhere"),
        ]

    def __str__(self) -> str:
        return self.id


class Offer(models.Model):
    """One case offered to one volunteer.

    `nonce` is part of the link, so that a new link closes the old one. `area` is the postcode district of the
    person, all that the volunteer sees before accepting. `reasons` says why this volunteer: see matching.Match.
    `wrong_proofs` counts wrong answers to "is this link yours?".
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_offer_id)
    case_id = models.CharField(max_length=20, db_index=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OFFER_STATES.choices, default="offered")
    purpose = models.CharField(max_length=40)
    service = models.CharField(max_length=40)
    need_label = models.CharField(max_length=120)
    area = models.CharField(max_length=8, blank=True)
    nonce = models.CharField(max_length=8, default=new_nonce)
    wrong_proofs = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=dict)
    by = models.CharField(max_length=160)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="as long as the case",
        fields={"case_id": "circumstances", "need_label": "circumstances", "area": "address", "by": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(OFFER_STATES.labels)), name="offer_state_is_in_the_table"
            ),
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(state__in=LIVE), name="offer_one_live_for_a_case"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("offered_at")), name="offer_expires_after_it_is_made"
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="offer_by_volunteer")]

    def __str__(self) -> str:
        return self.id


class VolunteerReject(models.Model):
    """A line of an imported file that could not be taken in, kept whole."""

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    row = models.TextField()
    at = models.DateTimeField()

    personal_data = PersonalData(keep="1 year", fields={"row": "contact"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "line"], name="volunteer_reject_once")]

    def __str__(self) -> str:
        return f"reject {self.pk}"
