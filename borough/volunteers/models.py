from django.db import models
from django.utils.translation import gettext_noop as _

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.rejects import LineReject
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

TRAVEL = {"walk": _("On foot"), "bike": _("By bike"), "car": _("By car")}
DBS_LEVELS = {"basic": _("Basic"), "standard": _("Standard"), "enhanced": _("Enhanced")}
NO_LIST = models.Value([], models.JSONField())

PROPOSAL_STATES = StateTable(
    name="proposal",
    labels={"open": _("Waiting for a coordinator"), "sent": _("Sent"), "dropped": _("Not sent")},
    allowed={"open": frozenset({"sent", "dropped"}), "sent": frozenset(), "dropped": frozenset()},
)

APPLICATION_STATES = StateTable(
    name="application",
    labels={
        "applied": _("Not confirmed yet"),
        "confirmed": _("Waiting for a coordinator"),
        "approved": _("Approved"),
        "declined": _("Declined"),
    },
    allowed={
        "applied": frozenset({"confirmed"}),
        "confirmed": frozenset({"approved", "declined"}),
        "approved": frozenset(),
        "declined": frozenset(),
    },
)
OPEN_APPLICATION = ("applied", "confirmed")


def new_volunteer_id() -> str:
    return mint_id("V")


def new_offer_id() -> str:
    return mint_id("O")


def new_application_id() -> str:
    return mint_id("A")


def new_nonce() -> str:
    return mint_id("", 8)


def new_proposal_id() -> str:
    return mint_id("P")


class Volunteer(models.Model):
    """One volunteer. `skills` and `languages` are lists of words, `rather_not` the skills for which they are asked only
    where nobody else could, `radius_km` how far they go from their postcode, `capacity` the most tasks in a week,
    `hours` their week (availability.week_of; none: daytime). Of a check we keep its level and its last day, not its
    number. Who is not `on_duty` said so, and is asked nothing.

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
    dbs_level = models.CharField(max_length=10, choices=list(DBS_LEVELS.items()), blank=True, db_default="")
    drives_expires_on = models.DateField(null=True)
    travel = models.CharField(max_length=4, choices=list(TRAVEL.items()), default="walk", db_default="walk")
    hours = models.JSONField(default=list, db_default=NO_LIST)
    on_duty = models.BooleanField(default=True, db_default=True)
    rather_not = models.JSONField(default=list, db_default=NO_LIST)
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
            "dbs_level": "circumstances",
            "drives_expires_on": "circumstances",
            "hours": "circumstances",
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


class Away(models.Model):
    """Days on which a volunteer is not there, first and last."""

    id = models.BigAutoField(primary_key=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="away")
    first = models.DateField()
    last = models.DateField()

    personal_data = PersonalData(
        keep="as long as the volunteer", fields={"first": "circumstances", "last": "circumstances"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="away_ends_after_it_begins"),
            models.UniqueConstraint(fields=["volunteer", "first", "last"], name="away_once"),
        ]

    def __str__(self) -> str:
        return f"away {self.pk}"


class KeptApart(models.Model):
    """A volunteer and a resident who are not to be matched again, whichever of them said so. No reason is kept."""

    id = models.BigAutoField(primary_key=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="apart")
    resident_id = models.CharField(max_length=20, db_index=True)
    by = models.CharField(max_length=160)
    at = models.DateTimeField()

    personal_data = PersonalData(keep="as long as the volunteer", fields={"resident_id": "identity", "by": "staff"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "resident_id"], name="kept_apart_once")]

    def __str__(self) -> str:
        return f"apart {self.pk}"


class Offer(models.Model):
    """One task of a case offered to one volunteer.

    `nonce` is part of the link, so that a new link closes the old one. `area` is the postcode district of the
    person, all that the volunteer sees before accepting. `reasons` says why this volunteer: see matching.Match.
    `wrong_proofs` counts wrong answers to "is this link yours?". `day` is the day of the task, with `starts_at` and
    `ends_at` where it has an hour of its own. `answer_minutes`: asked live, so that the next is asked after as many;
    empty leaves it to the urgency. `place`: 1, or 2 for the second of two volunteers who go together. `passed_on`: not
    accepted, and the next was looked for. `on_my_way_at`: the person was told that the volunteer is on the way.
    `minutes`: what the volunteer says it took.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_offer_id)
    case_id = models.CharField(max_length=20, db_index=True)
    task_id = models.CharField(max_length=20, blank=True, db_default="", db_index=True)
    resident_id = models.CharField(max_length=20, blank=True, db_default="")
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
    day = models.DateField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    passed_on = models.BooleanField(default=False, db_default=False)
    answer_minutes = models.PositiveSmallIntegerField(null=True)
    place = models.PositiveSmallIntegerField(default=1, db_default=1)
    on_my_way_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    need_met = models.BooleanField(default=False, db_default=False)

    personal_data = PersonalData(
        keep="6 years after it was made, and while it is not answered or finished",
        since="offered_at",
        fields={
            "case_id": "circumstances",
            "task_id": "circumstances",
            "resident_id": "identity",
            "need_label": "circumstances",
            "area": "address",
            "need_met": "circumstances",
            "by": "staff",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(OFFER_STATES.labels)), name="offer_state_is_in_the_table"
            ),
            models.CheckConstraint(condition=models.Q(place__in=(1, 2)), name="offer_is_one_of_two_at_most"),
            models.UniqueConstraint(
                fields=["task_id", "place"],
                condition=models.Q(state__in=LIVE) & ~models.Q(task_id=""),
                name="offer_one_live_for_a_place",
            ),
            models.UniqueConstraint(
                fields=["task_id", "volunteer"],
                condition=models.Q(state__in=LIVE) & ~models.Q(task_id=""),
                name="offer_two_are_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("offered_at")), name="offer_expires_after_it_is_made"
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="offer_by_volunteer")]

    def __str__(self) -> str:
        return self.id


class Proposal(models.Model):
    """A matching that a coordinator looks through before anybody is asked. `unplaced`: why, by task id."""

    id = models.CharField(primary_key=True, max_length=20, default=new_proposal_id)
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=PROPOSAL_STATES.choices, default="open")
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    gap_minutes = models.FloatField(default=0)
    unplaced = models.JSONField(default=dict)

    personal_data = PersonalData(keep="90 days", since="at", fields={"by": "staff", "unplaced": "circumstances"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(PROPOSAL_STATES.labels)), name="proposal_state_is_in_the_table"
            )
        ]

    def __str__(self) -> str:
        return self.id


class ProposedMatch(models.Model):
    """One task and whom the proposal gives it to, or one of the two; `reasons` as of an offer.

    `left_out`: not to be asked now.
    """

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="matches")
    task_id = models.CharField(max_length=20)
    case_id = models.CharField(max_length=20)
    need_label = models.CharField(max_length=120)
    area = models.CharField(max_length=8, blank=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE)
    reasons = models.JSONField(default=dict)
    left_out = models.BooleanField(default=False)

    personal_data = PersonalData(
        keep="as long as the proposal",
        fields={
            "task_id": "circumstances",
            "case_id": "circumstances",
            "need_label": "circumstances",
            "area": "address",
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "task_id", "volunteer"], name="proposed_volunteer_once")
        ]

    def __str__(self) -> str:
        return f"proposed match {self.pk}"


class VolunteerApplication(models.Model):
    """Somebody who wants to be a volunteer, and agreed that we get in touch: without that nothing is stored.

    Columns as of Volunteer. `reason`: why it was declined, in the words that they were told. One who has not been
    decided about has one application, whichever way they gave to reach them.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_application_id)
    state = models.CharField(max_length=9, choices=APPLICATION_STATES.choices, default="applied")
    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    postcode = models.CharField(max_length=8)
    skills = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    travel = models.CharField(max_length=4, choices=list(TRAVEL.items()))
    radius_km = models.FloatField()
    capacity = models.PositiveSmallIntegerField()
    applied_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    personal_data = PersonalData(
        keep="90 days",
        since="applied_at",
        fields={
            "name": "identity",
            "phone": "contact",
            "email": "contact",
            "postcode": "address",
            "languages": "special",
            "decided_by": "staff",
            "reason": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(APPLICATION_STATES.labels)), name="application_state_is_in_the_table"
            ),
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(email=""), name="applicant_can_be_reached"
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(state__in=OPEN_APPLICATION) & ~models.Q(phone=""),
                name="application_one_open_for_a_phone",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(state__in=OPEN_APPLICATION) & ~models.Q(email=""),
                name="application_one_open_for_an_email",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class VolunteerReject(LineReject):
    """A line of an imported file that could not be taken in, kept whole."""

    personal_data = PersonalData(keep="1 year", since="at", fields={"row": "contact"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "line"], name="volunteer_reject_once")]
