"""Reads of tasks: those that wait, and one as whoever helps with it sees it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.models import Task
from borough.cases.policies import HELPER_WARNINGS, WANTS_VOLUNTEER, people_of
from borough.cases.scope import kinds_of, worked_by
from borough.common.errors import NotFound
from borough.governance.door import open_door, without_the_door


@dataclass(frozen=True)
class WaitingTask:
    """What matching needs to know of a task that nobody outside the team is asked to do, or does.

    `starts_at` to `ends_at`: when help is wanted, where that is known. `flags`: see policies.FLAGS. `one_missing`: one
    volunteer is asked or said yes, and one more is looked for to go with them.
    """

    id: str
    case_id: str
    service: str
    resident_id: str
    postcode: str
    need: str
    urgency: str
    due_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    flags: tuple[str, ...]
    one_missing: bool

    @property
    def people(self) -> int:
        """How many volunteers are to be found."""
        return 1 if self.one_missing else people_of(self.flags)


@dataclass(frozen=True)
class TaskView:
    """What somebody who helps needs to know. The asker's own words for reaching them, where no resident is known."""

    id: str
    case_id: str
    reference: str
    resident_id: str
    need_label: str
    text: str
    answers: Mapping[str, str]
    flags: tuple[str, ...]
    guidance: list[str]
    starts_at: datetime | None
    ends_at: datetime | None
    asker_name: str
    asker_phone: str
    asker_postcode: str

    @property
    def warnings(self) -> list[str]:
        """What the flags mean for whoever goes there."""
        return [gettext(HELPER_WARNINGS[flag]) for flag in self.flags]


def list_waiting(*, viewer: Viewer, purpose: str, service: str | None = None) -> list[WaitingTask]:
    """The tasks of services fulfilled by volunteers that nobody is helping with yet, the first due first."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_waiting")
    codes = [one.code for one in kinds_of(viewer, purpose) if one.fulfilled_by == "volunteer"]
    if service is not None:
        codes = [code for code in codes if code == service]
    waiting = _waiting(Task.objects.filter(case__service__in=codes))
    opening.saw([task.resident_id for task in waiting if task.resident_id])
    return waiting


def list_waiting_of(case_id: str, *, viewer: Viewer, purpose: str) -> list[WaitingTask]:
    """As `list_waiting`, for one case; empty when somebody is helping with all of it already."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_waiting_of")
    waiting = _waiting(Task.objects.filter(case__in=worked_by(viewer, purpose).filter(pk=case_id)))
    opening.saw([task.resident_id for task in waiting if task.resident_id])
    return waiting


def read_waiting(task_id: str, *, viewer: Viewer, purpose: str) -> WaitingTask | None:
    """As `list_waiting`, for one task; None when somebody is helping already."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_waiting")
    waiting = _waiting(Task.objects.filter(pk=task_id, case__in=worked_by(viewer, purpose)))
    opening.saw([task.resident_id for task in waiting if task.resident_id])
    return waiting[0] if waiting else None


def read_task(task_id: str, *, viewer: Viewer, purpose: str) -> TaskView:
    """A task as the volunteer who accepted it sees it; only while they are helping."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_task")
    check_may_work_as(viewer, VOLUNTEER)
    own = Task.objects.filter(
        Q(owner_id=viewer.id) | Q(companion_id=viewer.id),
        pk=task_id,
        owner_kind="volunteer",
        state__in=("accepted", "in_progress"),
    )
    task = own.select_related("case").first()
    if task is None or kind(task.case.service).purpose != purpose:
        raise NotFound(_("This task is not yours any more."), _("Call us if you think that is wrong."))
    case = task.case
    declared = kind(case.service)
    labels = {question.name: gettext(question.label) for question in declared.questions}
    opening.saw([case.resident_id] if case.resident_id else [])
    return TaskView(
        id=task.id,
        case_id=case.id,
        reference=case.reference,
        resident_id=case.resident_id,
        need_label=gettext(kind(case.service).needs[task.need]),
        text=case.text,
        answers={labels.get(name, name): declared.words_of(name, said) for name, said in case.answers.items() if said},
        flags=tuple(case.flags),
        guidance=[gettext(words) for words in declared.guidance.get(task.need, ())],
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        asker_name=case.asker_name if opening.shows("name") else "",
        asker_phone=case.asker_phone if opening.shows("contact") else "",
        asker_postcode=case.asker_postcode if opening.shows("address") else "",
    )


def ready_pairs(task_ids: Collection[str]) -> dict[str, bool]:
    """Of these tasks those on which two volunteers go together, and whether both have said yes. Tells of no person."""
    two = Task.objects.filter(~Q(companion_id="") | Q(one_missing=True), pk__in=list(task_ids))
    with without_the_door():
        return {task_id: state != "requested" for task_id, state in two.values_list("id", "state")}


def _waiting(tasks: QuerySet[Task]) -> list[WaitingTask]:
    rows = (
        tasks.filter(WANTS_VOLUNTEER)
        .order_by("due_on", "case__opened_at", "id")
        .values_list(
            "id",
            "case_id",
            "case__service",
            "case__resident_id",
            "case__asker_postcode",
            "need",
            "case__urgency",
            "due_on",
            "starts_at",
            "ends_at",
            "case__flags",
            "one_missing",
        )
    )
    return [WaitingTask(*row[:-2], flags=tuple(row[-2]), one_missing=row[-1]) for row in rows]
