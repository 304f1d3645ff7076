from django.db import models

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData, not_personal
from borough.common.states import StateTable

LOAD_STATES = StateTable(
    name="load",
    labels={
        "reading": "Reading",
        "merging": "Merging",
        "held": "Held",
        "done": "Done",
        "failed": "Failed",
        "stopped": "Stopped",
    },
    allowed={
        "reading": frozenset({"merging", "failed", "stopped"}),
        "merging": frozenset({"done", "failed", "held"}),
        # When somebody has looked: it was taken in by another load, or is not to be.
        "held": frozenset({"stopped"}),
        "done": frozenset(),
        "failed": frozenset(),
        "stopped": frozenset(),
    },
)


class Source(models.Model):
    """A council system. `mapping` is its mapping file, as read; `mapping_version` 16 hex digits of its hash."""

    code = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=100)
    owner = models.CharField(max_length=100)
    refresh = models.CharField(max_length=40)
    mapping = models.JSONField()
    mapping_version = models.CharField(max_length=16)
    confirmed_by = models.CharField(max_length=160)
    confirmed_at = models.DateTimeField()

    personal_data = PersonalData(keep="as long as the source is used", fields={"confirmed_by": "staff"})

    def __str__(self) -> str:
        return self.code


class Load(models.Model):
    """One extract taken in. The same file under the same mapping is taken in once."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="loads")
    mapping_version = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=LOAD_STATES.choices, default="reading")
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    # How many records the source holds after it.
    records = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    # Cells left out because they cannot be what the mapping says, by column: {"NI number": 12}.
    warnings = models.JSONField(default=dict)
    # Columns of the file that the mapping does not read.
    unread_columns = models.JSONField(default=list)
    # How many accepted rows fill each standard field: {"dob": 11873}.
    filled = models.JSONField(default=dict, db_default={})
    # What looked wrong with the file as a whole (see file_findings.py).
    checks = models.JSONField(default=list, db_default=[])
    by = models.CharField(max_length=160)

    personal_data = PersonalData(keep="6 years", since="finished_at", fields={"by": "staff"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256", "mapping_version"],
                condition=models.Q(state="done"),
                name="load_same_file_once",
            ),
        ]

    def __str__(self) -> str:
        return f"load {self.pk}"


class Reject(models.Model):
    """A row that could not be taken in, kept whole (to 20,000 characters) so that nothing is lost."""

    id = models.BigAutoField(primary_key=True)
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    row = models.TextField()
    # What stands in the key columns, where that can be told: this person is in the extract, so has not left.
    key = models.CharField(max_length=120, blank=True)

    personal_data = PersonalData(
        keep="until the next load of the source, at most 1 year",
        since="load__started_at",
        fields={"row": "special", "key": "identity"},
    )

    def __str__(self) -> str:
        return f"reject {self.pk}"


class Fields(models.Model):
    """The standard fields of a person in a source. Empty is "" for text and null for dates and identifiers."""

    title = models.CharField(max_length=40, blank=True)
    forename = models.CharField(max_length=80, blank=True)
    middle_names = models.CharField(max_length=120, blank=True)
    surname = models.CharField(max_length=80, blank=True)
    previous_surname = models.CharField(max_length=80, blank=True)
    dob = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    nino = models.CharField(max_length=9, null=True)
    nhs_number = models.CharField(max_length=10, null=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=250, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    uprn = models.CharField(max_length=12, blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    deceased_on = models.DateField(null=True)
    # What else the mapping keeps of the row, by fact name: {"rent_balance": 312.5}.
    facts = models.JSONField(default=dict)

    class Meta:
        abstract = True


class StagedRecord(Fields):
    """A row of an extract that is being read. Emptied when the load ends."""

    id = models.BigAutoField(primary_key=True)
    # Without a constraint: a check for each row, of what the loader wrote from the load in its hand.
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    row_hash = models.CharField(max_length=32)

    personal_data = PersonalData(
        keep="until the load ends",
        fields={
            "title": "identity",
            "forename": "identity",
            "middle_names": "identity",
            "surname": "identity",
            "previous_surname": "identity",
            "dob": "identity",
            "sex": "identity",
            "nino": "identity",
            "nhs_number": "special",
            "phone": "contact",
            "email": "contact",
            "language": "special",
            "address": "address",
            "postcode": "address",
            "uprn": "address",
            "started_on": "circumstances",
            "ended_on": "circumstances",
            "deceased_on": "circumstances",
            "facts": "special",
        },
    )

    class Meta:
        indexes = [models.Index(fields=["load", "key"], name="staged_by_key")]

    def __str__(self) -> str:
        return f"staged {self.pk}"


class Household(models.Model):
    """The residents at one property. `shared`: a house in multiple occupation, care home or hostel, not a family.

    `began_on` is when the first of them came, `ended_on` when the last had left. A family that moves together goes on
    as the same household at its new property.
    """

    id = models.CharField(primary_key=True, max_length=20)
    uprn = models.CharField(max_length=12)
    size = models.PositiveIntegerField(default=0)
    shared = models.BooleanField(default=False)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    personal_data = PersonalData(
        keep="as long as its residents",
        fields={"uprn": "address", "began_on": "circumstances", "ended_on": "circumstances"},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uprn"], condition=models.Q(ended_on=None), name="household_one_at_a_property"
            ),
        ]

    def __str__(self) -> str:
        return self.id


def new_resident_id() -> str:
    return mint_id("R")


class Resident(models.Model):
    """One person. The fields are the best that their records say, kept here for search and lists.

    An id is minted once. When two residents prove to be one, the smaller is retired and points to the other.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_resident_id)
    household = models.ForeignKey(Household, null=True, on_delete=models.SET_NULL, related_name="residents")
    forename = models.CharField(max_length=80, blank=True)
    surname = models.CharField(max_length=80, blank=True)
    dob = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=250, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    uprn = models.CharField(max_length=12, blank=True)
    small_area = models.CharField(max_length=12, blank=True)
    # When the first of their records at this address began.
    home_since = models.DateField(null=True)
    # In none of the sources as living here now: moved away or died.
    left_on = models.DateField(null=True)
    minted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    personal_data = PersonalData(
        keep="6 years after the last source drops them",
        since="left_on",
        fields={
            "forename": "identity",
            "surname": "identity",
            "dob": "identity",
            "sex": "identity",
            "phone": "contact",
            "email": "contact",
            "language": "special",
            "address": "address",
            "postcode": "address",
            "uprn": "address",
            "small_area": "address",
            "home_since": "circumstances",
            "left_on": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=False) | models.Q(retired_into__isnull=True),
                name="resident_redirects_only_when_retired",
            ),
        ]
        indexes = [
            models.Index(fields=["postcode"], name="resident_by_postcode"),
            models.Index(fields=["dob"], name="resident_by_dob"),
            models.Index(fields=["phone"], name="resident_by_phone"),
            models.Index(fields=["small_area"], name="resident_by_area"),
            models.Index(fields=["uprn"], name="resident_by_uprn"),
        ]

    def __str__(self) -> str:
        return self.id


class Record(Fields):
    """What a source holds of one person. Who that is stands in its membership, not here.

    `pending`: new, changed or gone since records were last linked.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records", db_index=False)
    key = models.CharField(max_length=120)
    row_hash = models.CharField(max_length=32)
    # Without constraints, as in StagedRecord: on PostgreSQL they take longer than the merge itself.
    first_load = models.ForeignKey(
        Load, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    last_load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    gone_at = models.DateTimeField(null=True)
    pending = models.BooleanField(db_default=True)

    personal_data = PersonalData(
        keep="6 years after the source drops it", since="gone_at", fields=StagedRecord.personal_data.fields
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="record_key_once_in_source"),
        ]
        indexes = [
            models.Index(fields=["nino"], name="record_by_nino", condition=models.Q(nino__isnull=False)),
            models.Index(
                fields=["nhs_number"],
                name="record_by_nhs_number",
                condition=models.Q(nhs_number__isnull=False),
            ),
            models.Index(fields=["id"], name="record_pending", condition=models.Q(pending=True)),
            models.Index(fields=["ended_on"], name="record_by_end", condition=models.Q(ended_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class Comparable(models.Model):
    """A record's values made comparable: one row of the table `people` of residents/linkage/standardise.py.

    Kept so that one person can be looked up by index, and a night's changes be linked without reading all the rest.
    """

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.CASCADE, db_constraint=False)
    source = models.CharField(max_length=40)
    forename = models.CharField(max_length=80, null=True)
    middle_name = models.CharField(max_length=120, null=True)
    surname = models.CharField(max_length=80, null=True)
    previous_surname = models.CharField(max_length=80, null=True)
    forename_full = models.CharField(max_length=80, null=True)
    forename_sound = models.CharField(max_length=80, null=True)
    surname_full = models.CharField(max_length=80, null=True)
    surname_sound = models.CharField(max_length=80, null=True)
    initial = models.CharField(max_length=1, null=True)
    surname_start = models.CharField(max_length=3, null=True)
    dob = models.CharField(max_length=10, null=True)
    sex = models.CharField(max_length=1, null=True)
    nino = models.CharField(max_length=9, null=True)
    nhs_number = models.CharField(max_length=10, null=True)
    phone = models.CharField(max_length=20, null=True)
    email = models.CharField(max_length=254, null=True)
    address = models.CharField(max_length=250, null=True)
    house_number = models.CharField(max_length=20, null=True)
    postcode = models.CharField(max_length=8, null=True)
    outcode = models.CharField(max_length=8, null=True)
    uprn = models.CharField(max_length=12, null=True)
    home = models.CharField(max_length=260, null=True)
    both_names = models.CharField(max_length=161, null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    turned_on = models.DateField(null=True)
    rare_names = models.CharField(max_length=161, null=True)
    namesakes = models.FloatField(null=True)
    tf_forename = models.FloatField(null=True)
    tf_surname = models.FloatField(null=True)
    tf_dob = models.FloatField(null=True)

    personal_data = PersonalData(
        keep="as long as the record",
        fields={
            "forename": "identity",
            "forename_full": "identity",
            "forename_sound": "identity",
            "initial": "identity",
            "middle_name": "identity",
            "surname": "identity",
            "surname_full": "identity",
            "surname_sound": "identity",
            "surname_start": "identity",
            "previous_surname": "identity",
            "both_names": "identity",
            "rare_names": "identity",
            "dob": "identity",
            "sex": "identity",
            "nino": "identity",
            "nhs_number": "special",
            "phone": "contact",
            "email": "contact",
            "address": "address",
            "house_number": "address",
            "postcode": "address",
            "outcode": "address",
            "uprn": "address",
            "home": "address",
            "started_on": "circumstances",
            "ended_on": "circumstances",
            "turned_on": "circumstances",
        },
    )

    class Meta:
        indexes = [
            models.Index(fields=["nino"], name="comparable_nino", condition=models.Q(nino__isnull=False)),
            models.Index(fields=["nhs_number"], name="comparable_nhs", condition=models.Q(nhs_number__isnull=False)),
            models.Index(fields=["phone"], name="comparable_phone", condition=models.Q(phone__isnull=False)),
            models.Index(fields=["email"], name="comparable_email", condition=models.Q(email__isnull=False)),
            models.Index(fields=["rare_names"], name="comparable_rare", condition=models.Q(rare_names__isnull=False)),
            # Those below hold all columns of the blocking rules that begin with their first (linkage/training.py), so
            # that of the many records of a day or a postcode only those are read that are asked for.
            models.Index(
                fields=[
                    "dob",
                    "initial",
                    "surname_start",
                    "forename",
                    "surname",
                    "forename_full",
                    "forename_sound",
                    "surname_sound",
                    "postcode",
                ],
                name="comparable_dob_and_rest",
                condition=models.Q(dob__isnull=False),
            ),
            models.Index(
                fields=["uprn", "initial", "forename_full", "both_names", "dob"],
                name="comparable_uprn_and_rest",
                condition=models.Q(uprn__isnull=False),
            ),
            models.Index(
                fields=["postcode", "initial", "surname_start", "forename"],
                name="comparable_postcode_and_rest",
                condition=models.Q(postcode__isnull=False),
            ),
            models.Index(
                fields=["address", "initial"],
                name="comparable_address_and_rest",
                condition=models.Q(address__isnull=False),
            ),
            models.Index(
                fields=["turned_on", "surname", "initial"],
                name="comparable_turned_and_surname",
                condition=models.Q(turned_on__isnull=False),
            ),
            models.Index(
                fields=["turned_on", "both_names"],
                name="comparable_turned_and_names",
                condition=models.Q(turned_on__isnull=False),
            ),
            models.Index(fields=["home", "both_names"], name="comparable_home", condition=models.Q(home__isnull=False)),
            models.Index(
                fields=["both_names", "home"], name="comparable_names", condition=models.Q(both_names__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"comparable {self.pk}"


class HomeTie(models.Model):
    """What a home would share with another (residents/linkage/moves.py), so that a night's changes find the homes that
    have to do with theirs by index. `key` is 63 bits of the hash of two full names, or of who is known for sure."""

    id = models.BigAutoField(primary_key=True)
    home = models.CharField(max_length=260)
    key = models.BigIntegerField()
    initial = models.CharField(max_length=1)
    bits = models.FloatField()
    sure = models.BooleanField()

    personal_data = PersonalData(keep="as long as the records of the home", fields={"home": "address"})

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="home_tie_by_key"),
            models.Index(fields=["home"], name="home_tie_by_home"),
        ]

    def __str__(self) -> str:
        return f"tie {self.pk}"


class LinkageModel(models.Model):
    """What was learnt of how much each agreement is worth (residents/linkage/model.py), once for many linkings.

    `records`: how many it learnt from; `engine`: a hash of how the code compares, which a release may change. The
    newest is in use; earlier ones are kept, without their statistics.
    """

    id = models.BigAutoField(primary_key=True)
    trained_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    records = models.PositiveIntegerField()
    engine = models.CharField(max_length=16)
    parameters = models.TextField()

    personal_data = PersonalData(keep="6 years", since="trained_at", fields={"by": "staff"})

    def __str__(self) -> str:
        return f"model {self.pk}"


class Statistic(models.Model):
    """How common a value is, as the model in use learnt it: the share of records with a surname, and the like."""

    id = models.BigAutoField(primary_key=True)
    model = models.ForeignKey(LinkageModel, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=400)
    number = models.FloatField()

    personal_data = PersonalData(keep="until the next model", fields={"value": "identity"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "kind", "value"], name="statistic_once")]

    def __str__(self) -> str:
        return f"statistic {self.pk}"


class Pair(models.Model):
    """Two records with evidence that they are one person. `low` and `high` are record ids, low < high.

    `weight` in bits (Splink match weight, against strangers and people of one home); `rule` the blocking rule that
    found them, by its place in the model; `refused` what forbade to join them where their weight would have.
    """

    REFUSED = [
        ("", "Not refused"),
        ("nino", "Different National Insurance numbers"),
        ("nhs_number", "Different NHS numbers"),
        ("dob", "Different dates of birth"),
        ("forename", "Different first names"),
        ("decision", "A person decided so"),
    ]

    id = models.BigAutoField(primary_key=True)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    weight = models.FloatField()
    rule = models.SmallIntegerField()
    refused = models.CharField(max_length=10, choices=REFUSED, blank=True)
    # What a person's decision of it would be worth (worth.py); null where there is nothing to decide.
    worth = models.FloatField(null=True)

    personal_data = not_personal("as long as both records")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["high"], name="pair_by_high"),
            models.Index(fields=["-worth"], name="pair_by_worth", condition=models.Q(worth__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"


class Decision(models.Model):
    """What a person decided of two records: append-only. The newest of a pair counts; `undoes` takes one back.

    `act` is one reference for all the pairs of one merge, split or move. A decision that `needs_second` counts once
    another person has decided the same.
    """

    SAYS = [("same", "Same person"), ("different", "Different people"), ("unsure", "Not sure")]
    KINDS = [
        ("review", "Review"),
        ("merge", "Merge"),
        ("split", "Split"),
        ("move", "Move of a record"),
        ("undo", "Undo"),
    ]

    id = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=20)
    kind = models.CharField(max_length=6, choices=KINDS)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    says = models.CharField(max_length=9, choices=SAYS)
    why = models.CharField(max_length=500, blank=True)
    needs_second = models.BooleanField(default=False)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    by = models.CharField(max_length=160)
    at = models.DateTimeField()

    personal_data = PersonalData(keep="as long as both records", fields={"by": "staff", "why": "special"})

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="decision_in_order"),
            models.UniqueConstraint(fields=["undoes"], name="decision_undone_once"),
        ]
        indexes = [
            models.Index(fields=["low", "high"], name="decision_by_pair"),
            models.Index(fields=["high"], name="decision_by_high"),
            models.Index(fields=["act"], name="decision_by_act"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Membership(models.Model):
    """Which resident a record is taken to be of, from `began_at` until `ended_at` (null: today).

    `natural_id`: who it would be without people's decisions, where that is another.
    """

    id = models.BigAutoField(primary_key=True)
    # Without constraints: a million rows are written at once, of records and residents that the linker has in hand.
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="memberships", db_constraint=False)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="memberships", db_index=False, db_constraint=False
    )
    natural_id = models.CharField(max_length=20, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal_data = not_personal("6 years after it ended", since="ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(ended_at=None), name="membership_one_resident_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["resident"], name="membership_now", condition=models.Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class LinkRun(models.Model):
    """One linking, and what came of it. `kind`: of all records, of what had changed, or after a person's decision."""

    KINDS = [("full", "All records"), ("changes", "What had changed"), ("decision", "After a decision")]

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=KINDS)
    # Null where the records were too few to learn from.
    model = models.ForeignKey(LinkageModel, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    records = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    residents = models.PositiveIntegerField()
    minted = models.PositiveIntegerField()
    retired = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    seconds = models.JSONField(default=dict)
    by = models.CharField(max_length=160)

    personal_data = PersonalData(keep="6 years", since="at", fields={"by": "staff"})

    def __str__(self) -> str:
        return f"linking {self.pk}"


class Quality(models.Model):
    """The figures of the quality page, counted after records were linked: none of them is of one person."""

    id = models.BigAutoField(primary_key=True)
    as_of = models.DateTimeField()
    figures = models.JSONField()

    personal_data = not_personal("6 years", since="as_of")

    def __str__(self) -> str:
        return f"quality {self.pk}"


class ErasedRecord(models.Model):
    """A record that was erased, by a hash of its key, so that the next extract does not bring it back."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    key_hash = models.CharField(max_length=32)
    erased_at = models.DateTimeField()

    personal_data = not_personal("as long as the source is used")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key_hash"], name="erased_record_once")]

    def __str__(self) -> str:
        return f"erased {self.pk}"


class CorrectedField(models.Model):
    """What a field of a record should be, by the resident's right, until its source says so itself."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=254)

    personal_data = PersonalData(
        keep="until the source has put it right, or refused", fields={"key": "identity", "value": "identity"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key", "field"], name="corrected_field_once")]

    def __str__(self) -> str:
        return f"corrected {self.pk}"


class SearchTerm(models.Model):
    """What a resident is found by, in capitals without accents: each name, phone and e-mail that any record knows, and
    the address from its beginning, from its house number and from its street. Looked up by its beginning."""

    KINDS = [("name", "Name"), ("phone", "Phone"), ("email", "Email"), ("address", "Address")]

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=7, choices=KINDS)
    term = models.CharField(max_length=80)
    # Without a constraint: terms are made anew from the residents, and checking a million of them takes half the time.
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    personal_data = PersonalData(keep="as long as the resident", fields={"term": "identity"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "term", "resident"], name="search_term_once")]

    def __str__(self) -> str:
        return f"term {self.pk}"


class ResidentEvent(models.Model):
    """What happened to an id: minted, retired into another, split from another, or back again. Never changed."""

    KINDS = [("minted", "Minted"), ("retired", "Retired"), ("split", "Split"), ("revived", "Revived")]

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=KINDS)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="events")
    other = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")

    personal_data = not_personal("as long as the resident")

    def __str__(self) -> str:
        return f"event {self.pk}"
