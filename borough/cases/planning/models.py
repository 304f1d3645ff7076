from django.db import models

from borough.common.personal_data import PersonalData


class Plan(models.Model):
    """What a resident and their link worker agreed for one case: what matters, goals, when they look at it again.

    `next_contact_on` is when the link worker gets in touch again. `version` grows with each change of its words.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="plan", primary_key=True)
    what_matters = models.TextField()
    goals = models.TextField(blank=True)
    review_on = models.DateField()
    next_contact_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)

    personal_data = PersonalData(
        keep="as long as the case", fields={"what_matters": "special", "goals": "special", "made_by": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(what_matters=""), name="plan_says_what_matters"),
        ]
        indexes = [
            models.Index(fields=["next_contact_on"], name="plan_next_contact"),
            models.Index(fields=["review_on"], name="plan_review"),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class PlanStep(models.Model):
    """A small step of a plan: what, who does it, by when."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=160)
    by_when = models.DateField(null=True)
    done_on = models.DateField(null=True)

    personal_data = PersonalData(keep="as long as the case", fields={"what": "special", "who": "identity"})

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(what=""), name="plan_step_says_what")]

    def __str__(self) -> str:
        return f"plan step {self.pk}"
