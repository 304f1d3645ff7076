"""Tables of the directory. `document` is an object as its publisher wrote it, in Open Referral UK; the columns beside
it are what search and pages need of it, worked out anew whenever it changes (`reading.py`). What has a row of its own
stands in a document as its id alone."""

from django.db import models

from borough.common.ids import mint_id
from borough.common.mailbox_links import BOUND_TO_A_BROWSER, MailboxLink
from borough.common.personal_data import PersonalData, not_personal
from borough.common.states import StateTable

SUGGESTION_STATES = StateTable(
    name="suggestion for the directory",
    labels={"waiting": "Waiting", "approved": "Approved", "declined": "Declined"},
    allowed={
        "waiting": frozenset({"approved", "declined"}),
        "approved": frozenset(),
        "declined": frozenset(),
    },
)
# Who it comes from: the public about a new service or about a mistake, a service's own people, staff.
SUGGESTION_KINDS = {
    "new": "New service",
    "wrong": "Something is wrong",
    "owner": "From the service",
    "staff": "Changed by staff",
}


class Organization(models.Model):
    """As in Open Referral UK `organization`."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    email = models.CharField(max_length=254, blank=True)
    document = models.JSONField(default=dict)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.id


class Taxonomy(models.Model):
    """A list of terms, such as the needs of residents. One that is only named by its terms gets an id of ours."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120, db_index=True)
    document = models.JSONField(default=dict)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.id


class TaxonomyTerm(models.Model):
    """What a service is for, such as "Food" in a taxonomy of needs."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120)
    taxonomy = models.CharField(max_length=120, blank=True)
    within = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, null=True, related_name="terms")
    document = models.JSONField(default=dict)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.id


class Location(models.Model):
    """As in Open Referral UK `location`, with its first address. Latitude and longitude in degrees, WGS 84."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    document = models.JSONField(default=dict)

    personal_data = not_personal()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="location_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Service(models.Model):
    """As in Open Referral UK `service`.

    `active`: it runs, and is still in the list that it came from. `left_at`: when it was no longer in the newest file
    of its `feed`. `source_sha`: of what its publisher sent last, so that the same again undoes no later edit.
    `confirmed_at`: when somebody who knows it last said that it is right. `remote`: by phone, online or at home.
    `step_free`: somebody in a wheelchair gets in. `free`: None where nothing is said of the cost. Ages in years, None
    where there is no limit. `found_by` is not read any more; `words` took its place.
    """

    id = models.CharField(primary_key=True, max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    eligibility = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    hours = models.TextField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    last_modified = models.DateTimeField(null=True)
    imported_at = models.DateTimeField()
    terms = models.ManyToManyField(TaxonomyTerm, related_name="services")
    locations = models.ManyToManyField(Location, through="ServiceAtLocation", related_name="services")
    found_by = models.TextField(blank=True, default="")
    document = models.JSONField(default=dict)
    feed = models.CharField(max_length=60, blank=True, db_index=True)
    left_at = models.DateTimeField(null=True)
    source_sha = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, db_index=True)
    minimum_age = models.FloatField(null=True)
    maximum_age = models.FloatField(null=True)
    free = models.BooleanField(null=True)
    remote = models.BooleanField(default=False)
    step_free = models.BooleanField(default=False)

    personal_data = PersonalData(
        keep="as long as the service is listed, checked every 6 months",
        fields={"email": "contact", "phone": "contact", "document": "contact"},
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="service_has_a_name")]

    def __str__(self) -> str:
        return self.id


class ServiceAtLocation(models.Model):
    """As in Open Referral UK `service_at_location`; `reference` is its id there."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=60, default="", db_index=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")

    personal_data = not_personal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "reference"], name="service_at_location_once")]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


class Opening(models.Model):
    """A weekday on which a service may be open, from one of its schedules: 0 is Monday. `rule` says on which of them,
    as `schedules.is_on` reads it; `until`: the last day, None where it goes on."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    until = models.DateField(null=True)
    rule = models.JSONField(default=dict)

    personal_data = not_personal()

    class Meta:
        indexes = [models.Index(fields=["weekday", "closes_at"])]
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="opening_on_a_weekday")]

    def __str__(self) -> str:
        return f"opening {self.pk}"


class Facet(models.Model):
    """What a service offers by name: a "language" that is spoken, an "access" that its place has. An "area" that it
    serves is named by its key, as `policies.area_key` makes it; a service without one serves everybody."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)

    personal_data = not_personal()

    class Meta:
        indexes = [models.Index(fields=["kind", "name"])]
        constraints = [models.UniqueConstraint(fields=["service", "kind", "name"], name="facet_once")]

    def __str__(self) -> str:
        return f"facet {self.pk}"


class ServiceWord(models.Model):
    """A word that finds a service, and how much it says of it (`policies.WEIGHTS`, added up)."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField()

    personal_data = not_personal()

    class Meta:
        indexes = [models.Index(fields=["word", "service", "weight"])]
        constraints = [models.UniqueConstraint(fields=["service", "word"], name="word_once")]

    def __str__(self) -> str:
        return f"word {self.pk}"


class ServiceReject(models.Model):
    """An entry of an imported file that could not be taken in, kept whole: which field is wrong and what to do.

    `taken` where the entry went in all the same, without what this field would have said.
    """

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    field = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300, blank=True)
    taken = models.BooleanField(default=False)
    entry = models.TextField()
    at = models.DateTimeField()

    personal_data = PersonalData(keep="1 year", since="at", fields={"entry": "contact"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "position"], name="service_reject_once")]

    def __str__(self) -> str:
        return f"reject {self.pk}"


class ServiceFigures(models.Model):
    """How referrals to a service went, counted by the room that makes them. Days are medians; counts are exact here,
    and protected wherever they are shown."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    referred = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    answer_days = models.FloatField(null=True)
    waiting_days = models.FloatField(null=True)
    asked = models.PositiveIntegerField(default=0)
    met = models.PositiveIntegerField(default=0)
    as_at = models.DateTimeField()

    personal_data = not_personal()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(accepted__lte=models.F("referred")), name="accepted_of_referred"),
            models.CheckConstraint(condition=models.Q(met__lte=models.F("asked")), name="met_of_asked"),
        ]

    def __str__(self) -> str:
        return f"figures of {self.pk}"


class Gap(models.Model):
    """How often a word was searched for in a small area on a day, and nothing found. Each word by itself: no row says
    what one person wrote. `small_area` is "" where no postcode of the borough was given."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    word = models.CharField(max_length=40)
    small_area = models.CharField(max_length=9, blank=True)
    times = models.PositiveIntegerField(default=1)

    personal_data = not_personal("1 year", since="day")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "word", "small_area"], name="gap_once_a_day")]

    def __str__(self) -> str:
        return f"gap {self.pk}"


def mint_confirmation_id() -> str:
    return mint_id("K")


class Confirmation(models.Model):
    """That a service's own people were asked whether its listing is still right, at this mailbox."""

    id = models.CharField(primary_key=True, max_length=17, default=mint_confirmation_id)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="confirmations")
    email = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    personal_data = PersonalData(keep="2 years", since="asked_at", fields={"email": "contact"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(answered_at=None), name="confirmation_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.id


class ConfirmationLink(MailboxLink):
    """An address that was sent to a service's mailbox, to ask whether its listing is still right."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.CASCADE, related_name="links")

    personal_data = not_personal("as long as the question that it asks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["confirmation"],
                condition=models.Q(closed_at__isnull=True),
                name="confirmation_link_one_is_open",
            ),
            models.CheckConstraint(condition=BOUND_TO_A_BROWSER, name="confirmation_link_bound_to_a_browser"),
        ]

    def __str__(self) -> str:
        return f"confirmation link {self.pk}"


def mint_suggestion_id() -> str:
    return mint_id("G")


class Suggestion(models.Model):
    """What should be otherwise in the directory. `changes` and `before` map fields to text, as `policies.FIELDS` names
    them; a mistake that somebody saw is in `text` alone. `service` is None for a new one until it is approved."""

    id = models.CharField(primary_key=True, max_length=17, default=mint_suggestion_id)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=list(SUGGESTION_KINDS.items()))
    state = models.CharField(max_length=10, choices=SUGGESTION_STATES.choices, default="waiting", db_index=True)
    changes = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    personal_data = PersonalData(
        keep="6 years", since="made_at", fields={"text": "contact", "changes": "contact", "decided_by": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at=None)
                | models.Q(state__in=["approved", "declined"], decided_at__isnull=False),
                name="suggestion_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return self.id
