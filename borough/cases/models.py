from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from borough.cases.kinds import URGENCIES
from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData
from borough.common.rejects import LineReject
from borough.common.states import StateTable

CASE_STATES = StateTable(
    name="case",
    labels={
        "new": _("New"),
        "in_hand": _("In hand"),
        "offered": _("Offered to a volunteer"),
        "matched": _("Volunteer found"),
        "referred": _("Referred to a service"),
        "delivered": _("Help given"),
        "met": _("Need met"),
        "unanswered": _("Help given, not answered"),
        "reopened": _("Need not met, reopened"),
        "could_not_help": _("Could not help"),
        "cancelled": _("Cancelled"),
    },
    allowed={
        "new": frozenset({"in_hand", "offered", "referred", "delivered", "could_not_help", "cancelled"}),
        # The last thing that held a case of several tasks back may end, so it may come to what the others are.
        "in_hand": frozenset({"offered", "matched", "referred", "delivered", "could_not_help", "cancelled"}),
        "offered": frozenset({"matched", "referred", "in_hand", "delivered", "could_not_help", "cancelled"}),
        "matched": frozenset({"delivered", "in_hand", "could_not_help", "cancelled"}),
        "referred": frozenset({"matched", "delivered", "in_hand", "could_not_help", "cancelled"}),
        "delivered": frozenset({"met", "reopened", "unanswered"}),
        "met": frozenset({"reopened"}),
        # They may still answer, late.
        "unanswered": frozenset({"met", "reopened"}),
        "reopened": frozenset(
            {"in_hand", "offered", "matched", "referred", "delivered", "could_not_help", "cancelled"}
        ),
        "could_not_help": frozenset({"reopened"}),
        "cancelled": frozenset(),
    },
)
CLOSED = ("met", "unanswered", "could_not_help", "cancelled")
# Help was given, and the person has not said yet whether it met their need.
ASKED = ("delivered", "unanswered")
# Nobody is helping yet, so a volunteer may be looked for.
WAITING = ("new", "in_hand", "reopened")

# The states of FHIR R4's Task that the house needs, by their names there.
TASK_STATES = StateTable(
    name="task",
    labels={
        "requested": _("Asked"),
        "accepted": _("Accepted"),
        "rejected": _("Not taken on"),
        "in_progress": _("Under way"),
        "completed": _("Done"),
        "failed": _("Could not be done"),
        "cancelled": _("Not needed any more"),
    },
    allowed={
        "requested": frozenset({"accepted", "rejected", "in_progress", "completed", "failed", "cancelled"}),
        # Asked of the next, or taken in hand by the team.
        "rejected": frozenset({"requested", "accepted", "in_progress", "completed", "failed", "cancelled"}),
        # "requested" from here on: handed back.
        "accepted": frozenset({"requested", "in_progress", "completed", "failed", "cancelled"}),
        "in_progress": frozenset({"requested", "completed", "failed", "cancelled"}),
        # Reopened: it did not meet the need, or is tried again.
        "completed": frozenset({"requested"}),
        "failed": frozenset({"requested"}),
        "cancelled": frozenset(),
    },
)
TASK_ENDED = ("completed", "failed", "cancelled")
OWNER_KINDS = {
    "team": _("The team"),
    "person": _("A member of staff"),
    "organisation": _("An organisation"),
    "volunteer": _("A volunteer"),
}
# Those outside the team, who have to be asked.
HELPERS = ("organisation", "volunteer")

REFERRAL_STATES = StateTable(
    name="referral",
    labels={
        "requested": _("Waiting for the service"),
        "accepted": _("Accepted"),
        "declined": _("Declined"),
        "no_answer": _("No answer in time"),
        "withdrawn": _("Taken back"),
        "done": _("Help given"),
        "could_not": _("The service could not help"),
    },
    allowed={
        "requested": frozenset({"accepted", "declined", "no_answer", "withdrawn"}),
        "accepted": frozenset({"done", "could_not", "withdrawn"}),
        "declined": frozenset(),
        "no_answer": frozenset(),
        "withdrawn": frozenset(),
        "done": frozenset(),
        "could_not": frozenset(),
    },
)
REFERRAL_LIVE = ("requested", "accepted")
# How the person's consent was taken, and what it covers.
CONSENT_HOW = {
    "phone": _("On the phone"),
    "in_person": _("In person"),
    "writing": _("In writing"),
    "online": _("On our web page"),
}
CONSENT_COVERS = {"this": _("This service alone"), "similar": _("This and similar services")}

ANSWERS = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No")}


# How a person is asked once more who has not answered.
CHASES = {
    "message": _("By another message"),
    "phone": _("By phone"),
    "letter": _("By letter"),
    "nobody": _("There is no way to ask"),
}
CHASED_BY_HAND = ("phone", "letter")
PHASES = {"before": _("Before the help"), "after": _("After the help")}


def new_case_id() -> str:
    return mint_id("C")


def new_task_id() -> str:
    return mint_id("T")


class Case(models.Model):
    """One person's request to one council service.

    `resident_id` is empty for somebody who asked in public and is not known to be a resident yet; the asker's own
    words for reaching them are then all there is. `source_key` names what opened the case, so that the same message
    or form opens one case however often it arrives. `version` grows with each change: a stale page is refused.
    `deliveries` counts how often help was given, so that an old feedback link answers no later question. `state`
    follows from the tasks (policies.state_of) unless a person closed the case by hand. `flags`: see policies.FLAGS.
    From `waiting_since` on the clock stands, because we wait for the person. `team` is the role that
    the service's routes send it to, empty for all.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_case_id)
    reference = models.CharField(max_length=16, unique=True)
    service = models.CharField(max_length=40)
    resident_id = models.CharField(max_length=20, blank=True, db_index=True)
    need = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10, choices=list(URGENCIES.items()))
    state = models.CharField(max_length=16, choices=CASE_STATES.choices, default="new")
    channel = models.CharField(max_length=20)
    source_key = models.CharField(max_length=120, unique=True)
    text = models.TextField(blank=True)
    # Answers to the service's own questions, by question name.
    answers = models.JSONField(default=dict)
    asker_name = models.CharField(max_length=160, blank=True)
    asker_phone = models.CharField(max_length=20, blank=True)
    asker_email = models.CharField(max_length=254, blank=True)
    asker_postcode = models.CharField(max_length=8, blank=True)
    assigned_to = models.CharField(max_length=20, blank=True)
    team = models.CharField(max_length=20, blank=True, db_default="")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    deliveries = models.PositiveSmallIntegerField(default=0)
    need_met = models.CharField(max_length=6, choices=list(ANSWERS.items()), blank=True)
    concern = models.BooleanField(default=False)
    flags = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    waiting_since = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="duplicates")
    version = models.PositiveIntegerField(default=1)
    # What is personal was emptied then: it was opened for a referral alone, whose time is over.
    forgotten_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="6 years after it is closed",
        since="closed_at",
        fields={
            "resident_id": "identity",
            "need": "circumstances",
            "text": "special",
            "answers": "special",
            "asker_name": "identity",
            "asker_phone": "contact",
            "asker_email": "contact",
            "asker_postcode": "address",
            "assigned_to": "staff",
            "outcome": "circumstances",
            "need_met": "circumstances",
            "concern": "special",
            "flags": "special",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(CASE_STATES.labels)), name="case_state_is_in_the_table"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, closed_at__isnull=False)
                | (~models.Q(state__in=CLOSED) & models.Q(closed_at__isnull=True)),
                name="case_closed_when_its_state_says_so",
            ),
            models.CheckConstraint(
                condition=~models.Q(resident_id="")
                | ~models.Q(asker_phone="")
                | ~models.Q(asker_email="")
                | models.Q(forgotten_at__isnull=False),
                name="case_can_be_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="met") | models.Q(need_met="yes"), name="case_met_says_the_person"
            ),
        ]
        indexes = [
            models.Index(fields=["service", "state", "due_on"], name="case_queue"),
            models.Index(fields=["assigned_to", "state"], name="case_by_worker"),
            models.Index(fields=["team"], condition=models.Q(closed_at__isnull=True), name="case_open_of_team"),
            # In the order of the queue, so that a page of it costs the same however many cases there are.
            models.Index(
                fields=["-concern", "due_on", "opened_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_open_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Task(models.Model):
    """Who does what is asked: one for each need of a case (FHIR R4 Task, as the case is its ServiceRequest).

    `owner_id` is a user, volunteer or service by `owner_kind`; empty for the team. `companion_id` is the volunteer who
    goes with the one of `owner_id`, where nobody is to go alone; `one_missing` while the second is still to be found.
    `starts_at` to `ends_at` is when help is wanted, where it matters. `answered_at` is empty until whoever was asked
    last has answered; `reopened` counts how often it was asked again after it had ended.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_task_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    need = models.CharField(max_length=40)
    owner_kind = models.CharField(max_length=12, choices=list(OWNER_KINDS.items()), default="team")
    owner_id = models.CharField(max_length=60, blank=True)
    companion_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    one_missing = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=12, choices=TASK_STATES.choices, default="requested")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    personal_data = PersonalData(
        keep="as long as the case", fields={"need": "circumstances", "owner_id": "staff", "companion_id": "staff"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(TASK_STATES.labels)), name="task_state_is_in_the_table"
            ),
            models.CheckConstraint(
                condition=models.Q(companion_id="", one_missing=False)
                | (
                    models.Q(owner_kind="volunteer")
                    & ~models.Q(owner_id=models.F("companion_id"))
                    & (models.Q(companion_id="") | models.Q(one_missing=False))
                ),
                name="task_of_two_has_two_volunteers",
            ),
            models.CheckConstraint(
                condition=models.Q(owner_kind__in=list(OWNER_KINDS)), name="task_is_asked_of_somebody_we_know"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TASK_ENDED, finished_at__isnull=False)
                | (~models.Q(state__in=TASK_ENDED) & models.Q(finished_at__isnull=True)),
                name="task_finished_when_its_state_says_so",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="task_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "owner_kind", "due_on"], name="task_queue"),
            models.Index(fields=["owner_kind", "owner_id", "state"], name="task_by_owner"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def volunteers(self) -> list[str]:
        """Who was asked and has not said no: one, two where nobody is to go alone, or none."""
        return [one for one in (self.owner_id, self.companion_id) if one and self.owner_kind == "volunteer"]


class CaseStep(models.Model):
    """A change of state: who, when, from what to what. Never changed.

    Of the case, or where `task` is given of that task, with whom it was asked of then.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="steps")
    old = models.CharField(max_length=16, blank=True)
    new = models.CharField(max_length=16)
    owner_kind = models.CharField(max_length=12, blank=True, db_default="")
    owner_id = models.CharField(max_length=60, blank=True, db_default="")
    reason = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="as long as the case", fields={"by": "staff", "owner_id": "staff", "reason": "circumstances"}
    )

    def __str__(self) -> str:
        return f"step {self.pk}"


class CaseNote(models.Model):
    """What somebody wrote on a case. `flagged`: somebody is worried about the person."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    text = models.TextField()
    flagged = models.BooleanField(default=False)

    personal_data = PersonalData(keep="as long as the case", fields={"by": "staff", "text": "special"})

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="case_note_says_something")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Feedback(models.Model):
    """What the person was asked after a delivery of help, how they were asked once more, and what they said.

    `chased_at` is set once, `chased_by` when it is known how; `asked_by_hand_at` when staff called or wrote.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="feedback")
    delivery = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True)
    chased_by = models.CharField(max_length=7, choices=list(CHASES.items()), blank=True)
    asked_by_hand_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    arrived = models.CharField(max_length=6, choices=list(ANSWERS.items()), blank=True)
    what_else = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="as long as the case", fields={"arrived": "circumstances", "what_else": "special"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "delivery"], name="feedback_once_a_delivery"),
            models.CheckConstraint(
                condition=models.Q(chased_by="") | models.Q(chased_at__isnull=False), name="feedback_chased_has_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(answered_at__isnull=True), name="feedback_not_answered"
            )
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class Wellbeing(models.Model):
    """How the person said they were, before help or after it: the answers by item of the instrument (wellbeing.py)."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="wellbeing")
    phase = models.CharField(max_length=6, choices=list(PHASES.items()))
    instrument = models.CharField(max_length=10)
    answers = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    personal_data = PersonalData(keep="as long as the case", fields={"answers": "special", "by": "staff"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "phase"], name="wellbeing_once_a_phase")]

    def __str__(self) -> str:
        return f"wellbeing {self.pk}"


UNDOABLE = {
    "state": _("The change of state"),
    "assign": _("Who the case was given to"),
    "due": _("The change of the day it is due"),
    "merge": _("The merge of two cases"),
    "split": _("The split into two cases"),
    "identify": _("Who the person is"),
}


class Change(models.Model):
    """A step that can be undone. `undone_at` is set once, by a counter-step; the step itself stays in the history."""

    id = models.BigAutoField(primary_key=True)
    what = models.CharField(max_length=8, choices=list(UNDOABLE.items()))
    at = models.DateTimeField()
    by_id = models.CharField(max_length=40)
    undone_at = models.DateTimeField(null=True)

    personal_data = PersonalData(keep="1 year", since="at", fields={"by_id": "staff"})

    def __str__(self) -> str:
        return f"change {self.pk}"


class ChangedCase(models.Model):
    """A case as it was before a change, with its tasks (undoing.py says how), and its version after it.

    `before` is empty for a case that the change made.
    """

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    personal_data = PersonalData(keep="as long as the change", fields={"before": "special"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "case"], name="changed_case_once")]

    def __str__(self) -> str:
        return f"changed case {self.pk}"


CHANNELS = {
    "phone": _("Phone"),
    "visit": _("Visit"),
    "letter": _("Letter"),
    "sms": _("Text message"),
    "email": _("Email"),
}
CONTACT_OUTCOMES = {
    "reached": _("Spoke to them"),
    "no_answer": _("No answer"),
    "voicemail": _("Left a message"),
    "wrong_number": _("Wrong number or address"),
    "language": _("No language in common"),
    "not_now": _("Asked us to try another time"),
    "refused": _("Did not want to talk to us"),
}


class ContactAttempt(models.Model):
    """Somebody tried to reach the person: by which way, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    channel = models.CharField(max_length=10, choices=list(CHANNELS.items()))
    outcome = models.CharField(max_length=12, choices=list(CONTACT_OUTCOMES.items()))
    text = models.TextField(blank=True)

    personal_data = PersonalData(
        keep="as long as the case", fields={"by": "staff", "outcome": "circumstances", "text": "special"}
    )

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class CaseFile(models.Model):
    """A file that hangs on a case, checked by what is in it (attachments.check_content).

    In the database, not in a folder: it goes with the case, into the same backup and out by the same deletion.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    personal_data = PersonalData(
        keep="as long as the case", fields={"by": "staff", "name": "special", "content": "special"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="case_file_once")]

    def __str__(self) -> str:
        return f"file {self.pk}"


class CaseReject(LineReject):
    """A line of an imported backlog that could not be taken in, kept whole."""

    personal_data = PersonalData(keep="1 year", since="at", fields={"row": "special"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "line"], name="case_reject_once")]


def new_standing_id() -> str:
    return mint_id("S")


class Standing(models.Model):
    """Help that is wanted again and again: a case of its own for each day, like the case that it was made from.

    `case` is the newest of them. `weekdays`: 0 is Monday; every `every_weeks` weeks counted from `starts_on`.
    `from_time` to `to_time` is London's time on the day, whatever the clocks do. `opened_until`: the last day for
    which a case is open already.
    """

    id = models.CharField(primary_key=True, max_length=20, default=new_standing_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="standing")
    weekdays = models.JSONField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    until = models.DateField(null=True)
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    opened_until = models.DateField(null=True)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="as long as the case",
        fields={"weekdays": "circumstances", "from_time": "circumstances", "by": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every_weeks__gte=1), name="standing_comes_again"),
            models.CheckConstraint(
                condition=models.Q(from_time__isnull=True, to_time__isnull=True)
                | models.Q(to_time__gt=models.F("from_time")),
                name="standing_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class SavedView(models.Model):
    """A filter of the queue under a name. `team`: the role that sees it too; empty for its owner alone."""

    id = models.BigAutoField(primary_key=True)
    owner_id = models.CharField(max_length=20)
    team = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60)
    query = models.JSONField()
    at = models.DateTimeField()

    personal_data = PersonalData(keep="as long as its owner works here", fields={"owner_id": "staff", "name": "staff"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return f"view {self.pk}"


class Presence(models.Model):
    """When a member of staff last had this case open."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    viewer_id = models.CharField(max_length=20)
    viewer_name = models.CharField(max_length=160)
    seen_at = models.DateTimeField()

    personal_data = PersonalData(keep="1 day", since="seen_at", fields={"viewer_id": "staff", "viewer_name": "staff"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "viewer_id"], name="presence_once_a_viewer")]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class Referral(models.Model):
    """A task handed to a service of the directory, with the consent of the person whom it is about.

    `consent` says what they agreed to, `consent_by` who took it. `area` and `age_band` are what a service decides by:
    until it accepts it reads nothing else of the person; then also `message`, which was written for it. `words` are its
    own: why it said no, or what came of it. `follows` is the referral that this one came of, when its
    service could not take it. `reminders` counts how often the service was reminded. `forgotten_at`: what is personal
    was emptied then, as the agreement says; the outcome stays for counting.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="referrals")
    service_id = models.CharField(max_length=60)
    organization_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=REFERRAL_STATES.choices, default="requested")
    need = models.CharField(max_length=40, blank=True, default="", db_default="")
    area = models.CharField(max_length=8, blank=True, default="", db_default="")
    age_band = models.CharField(max_length=12, blank=True, default="", db_default="")
    consent = models.TextField()
    consent_at = models.DateTimeField()
    consent_by = models.CharField(max_length=160, blank=True, default="", db_default="")
    consent_how = models.CharField(
        max_length=10, choices=list(CONSENT_HOW.items()), blank=True, default="", db_default=""
    )
    covers = models.CharField(max_length=8, choices=list(CONSENT_COVERS.items()), default="this", db_default="this")
    by = models.CharField(max_length=160)
    asked_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=160, blank=True, default="", db_default="")
    starts_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True, default="", db_default="")
    words = models.TextField(blank=True, default="", db_default="")
    follows = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="followed_by")
    forgotten_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        keep="6 months after it is over, if the agreement for referrals names no other time; then its outcome alone",
        since="finished_at",
        fields={
            "need": "circumstances",
            "area": "address",
            "age_band": "identity",
            "consent": "circumstances",
            "consent_by": "staff",
            "by": "staff",
            "answered_by": "staff",
            "message": "special",
            "words": "circumstances",
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(consent="") | models.Q(forgotten_at__isnull=False), name="referral_has_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=list(REFERRAL_STATES.labels)), name="referral_state_is_in_the_table"
            ),
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True) | ~models.Q(state__in=REFERRAL_LIVE),
                name="referral_is_forgotten_when_it_is_over",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(state__in=REFERRAL_LIVE),
                name="referral_one_live_for_a_task",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "state", "answer_by"], name="referral_inbox"),
            models.Index(fields=["state", "answer_by"], name="referral_by_deadline"),
            models.Index(fields=["service_id", "state"], name="referral_by_service"),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


# Django finds tables here; these stand with their verbs.
from borough.cases.backlogs.models import Backlog  # noqa: E402, F401
from borough.cases.planning.models import Plan, PlanStep  # noqa: E402, F401
from borough.cases.referrals.models import ReferralLink  # noqa: E402, F401
