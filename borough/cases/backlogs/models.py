from django.db import models
from django.utils.translation import gettext_noop as _

from borough.common.personal_data import PersonalData
from borough.common.states import StateTable

BACKLOG_STATES = StateTable(
    name="backlog",
    labels={
        "columns": _("Columns to be named"),
        "read": _("Read, nothing opened"),
        "opening": _("Opening"),
        "stopped": _("Stopped"),
        "done": _("Opened"),
    },
    allowed={
        "columns": frozenset({"read"}),
        "read": frozenset({"read", "opening"}),
        "opening": frozenset({"stopped", "done"}),
        "stopped": frozenset({"opening"}),
        "done": frozenset(),
    },
)


class Backlog(models.Model):
    """A file of cases that somebody uploaded. `content` is emptied when its cases are open.

    `lines` could be taken in, of which `done` are dealt with and `opened` made a case; the others were open before.
    `rejected` could not be. `mapping`: heading in the file → our column, "" for one that is left out; empty where the
    file uses our names.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    state = models.CharField(max_length=8, choices=BACKLOG_STATES.choices, default="read")
    at = models.DateTimeField()
    by_id = models.CharField(max_length=20)
    by = models.CharField(max_length=160)
    lines = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)

    personal_data = PersonalData(
        keep="7 days", since="at", fields={"content": "special", "by_id": "staff", "by": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(BACKLOG_STATES.labels)), name="backlog_state_is_in_the_table"
            ),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("lines")), name="backlog_ends_at_its_end"),
        ]

    def __str__(self) -> str:
        return f"backlog {self.pk}"
