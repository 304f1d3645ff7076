from django.db import models
from django.db.models import Q

from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData, not_personal
from borough.common.states import StateTable

COHORT_STATES = StateTable(
    name="cohort",
    labels={"draft": "Draft", "frozen": "Frozen", "used": "Used for messages"},
    allowed={"draft": frozenset({"frozen"}), "frozen": frozenset({"used"}), "used": frozenset()},
)


class ScoreRun(models.Model):
    """One computing of all indicators. `skipped` are those whose sources no agreement opened."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    residents = models.PositiveIntegerField()
    values = models.PositiveIntegerField()
    skipped = models.JSONField(default=list)
    by = models.CharField(max_length=160)

    personal_data = PersonalData(keep="6 years", since="finished_at", fields={"by": "staff"})

    def __str__(self) -> str:
        return f"run {self.pk}"


class ScoredResident(models.Model):
    """A resident as the newest run saw them. Rebuilt by each run."""

    resident_id = models.CharField(primary_key=True, max_length=20)
    small_area = models.CharField(max_length=20, blank=True)

    personal_data = PersonalData(keep="until the next run", fields={"resident_id": "identity", "small_area": "address"})

    class Meta:
        indexes = [models.Index(fields=["small_area"], name="scored_by_area")]

    def __str__(self) -> str:
        return self.resident_id


class ResidentIndicator(models.Model):
    """A sign and how strong it is, in the indicator's unit. No row stands for nought. Rebuilt by each run."""

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        ScoredResident, on_delete=models.CASCADE, related_name="indicators", db_index=False, db_constraint=False
    )
    indicator = models.CharField(max_length=40)
    value = models.FloatField()

    personal_data = PersonalData(
        keep="until the next run", fields={"resident_id": "identity", "indicator": "special", "value": "special"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "indicator"], name="indicator_once_a_resident"),
            models.CheckConstraint(condition=Q(value__gt=0), name="indicator_is_more_than_nought"),
        ]
        indexes = [models.Index(fields=["indicator", "value", "resident"], name="indicator_by_value")]

    def __str__(self) -> str:
        return f"indicator {self.pk}"


class AreaFigure(models.Model):
    """How many residents of a small area show an indicator. Exact: a page shows it through `disclosure` only."""

    id = models.BigAutoField(primary_key=True)
    area = models.CharField(max_length=20)
    indicator = models.CharField(max_length=40)
    counted = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    as_of = models.DateTimeField()

    personal_data = not_personal("until the next run")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "area"], name="figure_once_an_area"),
            models.CheckConstraint(condition=Q(counted__lte=models.F("population")), name="figure_within_population"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.area}"


def new_cohort_id() -> str:
    return mint_id("C")


class Cohort(models.Model):
    """Residents chosen by a rule. `size` is counted when it is defined, and again when it is frozen."""

    id = models.CharField(primary_key=True, max_length=20, default=new_cohort_id)
    title = models.CharField(max_length=120)
    rule = models.JSONField()
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=6, choices=COHORT_STATES.choices, default="draft")
    size = models.PositiveIntegerField()
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=160, blank=True)
    frozen_at = models.DateTimeField(null=True)
    service = models.CharField(max_length=40, blank=True)
    campaign_id = models.CharField(max_length=20, blank=True)

    personal_data = PersonalData(keep="6 years", since="made_at", fields={"made_by": "staff", "frozen_by": "staff"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", frozen_at__isnull=True) | ~Q(state="draft") & Q(frozen_at__isnull=False),
                name="cohort_frozen_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="used") & ~Q(campaign_id="") | ~Q(state="used") & Q(campaign_id=""),
                name="cohort_used_names_its_campaign",
            ),
        ]
        indexes = [models.Index(fields=["-made_at"], name="cohort_newest_first")]

    def __str__(self) -> str:
        return self.id


class CohortMember(models.Model):
    """A resident who was in the cohort when it was frozen."""

    id = models.BigAutoField(primary_key=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="members", db_index=False)
    # Plain, not a foreign key: a resident who is merged into another is found through the redirect.
    resident_id = models.CharField(max_length=20)

    personal_data = PersonalData(
        keep="2 years after the cohort is frozen", since="cohort__frozen_at", fields={"resident_id": "special"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "resident_id"], name="cohort_member_once")]

    def __str__(self) -> str:
        return f"member {self.pk}"


class HelpFigure(models.Model):
    """Cases of one need that were opened in one quarter, in one place, helped by one organisation, as counts. Rebuilt
    by each count.

    `quarter` is its first day, `cell` a hexagon (places/hexagons.py), both places empty where the address is unknown.
    `organisation`: a name, "team", "volunteers" for those whom none brought, empty where help has not been given.
    `also`: the same cases once more, for a further organisation that helped with them; they count for its own figures
    alone. `days` adds up the days until help was there. Exact: a page shows it through `disclosure` only.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    need = models.CharField(max_length=40)
    quarter = models.DateField()
    cell = models.CharField(max_length=16, blank=True)
    small_area = models.CharField(max_length=20, blank=True)
    organisation = models.CharField(max_length=160, blank=True, db_default="")
    also = models.BooleanField(default=False, db_default=False)
    as_of = models.DateTimeField()
    requests = models.PositiveIntegerField()
    unmet = models.PositiveIntegerField()
    helped = models.PositiveIntegerField(db_default=0)
    in_time = models.PositiveIntegerField(db_default=0)
    days = models.PositiveIntegerField(db_default=0)
    answered = models.PositiveIntegerField(db_default=0)
    met = models.PositiveIntegerField(db_default=0)
    chased = models.PositiveIntegerField(db_default=0)
    unanswered = models.PositiveIntegerField(db_default=0)

    personal_data = not_personal("until the next count")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "need", "quarter", "cell", "small_area", "organisation", "also"],
                name="help_figure_once_a_place",
            ),
            models.CheckConstraint(condition=Q(unmet__lte=models.F("requests")), name="help_unmet_within_requests"),
            models.CheckConstraint(condition=Q(met__lte=models.F("answered")), name="help_met_within_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.need} in {self.cell}"


class WellbeingFigure(models.Model):
    """How wellbeing changed with help: the people who answered before and after, and the sums that mean and interval
    come from. Rebuilt by each count; keyed as HelpFigure, by `measure` of an instrument (cases/wellbeing.py)."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    need = models.CharField(max_length=40)
    quarter = models.DateField()
    small_area = models.CharField(max_length=20, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    also = models.BooleanField(default=False, db_default=False)
    measure = models.CharField(max_length=20)
    people = models.PositiveIntegerField()
    before = models.FloatField()
    change = models.FloatField()
    squares = models.FloatField()

    personal_data = not_personal("until the next count")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "need", "quarter", "small_area", "organisation", "also", "measure"],
                name="wellbeing_figure_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.need}"


class VolunteerFigure(models.Model):
    """Volunteers with a skill who set out from one place. No skill stands for all volunteers. Rebuilt by each count."""

    id = models.BigAutoField(primary_key=True)
    skill = models.CharField(max_length=60, blank=True)
    cell = models.CharField(max_length=16, blank=True)
    small_area = models.CharField(max_length=20, blank=True)
    volunteers = models.PositiveIntegerField()
    capacity = models.PositiveIntegerField()

    personal_data = not_personal("until the next count")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "cell", "small_area"], name="volunteer_figure_once_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.skill} in {self.cell}"
