"""One case with all that hangs on it, as those who work on it read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.accounts.queries import staff_names
from borough.cases.kinds import kind
from borough.cases.models import CHANNELS, CONTACT_OUTCOMES, Case
from borough.cases.policies import is_waiting
from borough.cases.reading_feedback import FeedbackView, WellbeingView, feedback_of, wellbeing_of
from borough.cases.reading_queue import CaseLine, done_of, line_of
from borough.cases.scope import worked_by
from borough.cases.undoing import LastStep, last_step_of
from borough.common.errors import NotFound
from borough.directory.queries import ServiceView, read_services
from borough.governance.door import open_door
from borough.messaging.queries import DutyAlert, duty_alerts
from borough.residents.queries import ids_of

REFERRAL_FIELDS: tuple[str, ...] = ("task_id", "state", "consent", "consent_at", "consent_how", "consent_by", "covers")
REFERRAL_FIELDS += ("asked_at", "answer_by", "starts_on", "answered_by", "words")


@dataclass(frozen=True)
class StepView:
    at: datetime
    by: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class TaskLine:
    """A task on its case. `owner_name` is a member of staff, a service, or empty where this room knows no name."""

    id: str
    need: str
    need_label: str
    state: str
    owner_kind: str
    owner_name: str
    due_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    finished_at: datetime | None
    waiting: bool
    one_missing: bool


@dataclass(frozen=True)
class NoteView:
    """`alert`: of a flagged note, whether the contact for safeguarding was told; None where no message was made."""

    at: datetime
    by: str
    text: str
    flagged: bool
    alert: DutyAlert | None = None


@dataclass(frozen=True)
class AttemptView:
    """A try to reach the person. `channel` and `outcome` in words."""

    at: datetime
    by: str
    channel: str
    outcome: str
    text: str


@dataclass(frozen=True)
class FileLine:
    id: int
    at: datetime
    by: str
    name: str
    size: int


@dataclass(frozen=True)
class ReferralView:
    id: int
    task_id: str | None
    service: ServiceView
    state: str
    consent: str
    consent_at: datetime
    consent_how: str
    consent_by: str
    covers: str
    asked_at: datetime
    answer_by: date | None
    starts_on: date | None
    answered_by: str
    words: str
    forgotten: bool


@dataclass(frozen=True)
class CaseView(CaseLine):
    """A whole case. What the agreement does not open is empty: the asker's name, and how to reach them."""

    text: str
    answers: Mapping[str, str]
    asker_name: str
    asker_phone: str
    asker_email: str
    asker_postcode: str
    closed_at: datetime | None
    outcome: str
    need_met: str
    version: int
    steps: list[StepView]
    notes: list[NoteView]
    referrals: list[ReferralView]
    task_lines: list[TaskLine]
    feedback: FeedbackView | None
    wellbeing: list[WellbeingView]
    attempts: list[AttemptView]
    files: list[FileLine]
    waiting_since: date | None
    # (id, reference): what it was merged into, what was merged into it, and the person's other open cases.
    merged_into: tuple[str, str] | None
    duplicates: list[tuple[str, str]]
    others_of_person: list[tuple[str, str]]
    # Where this viewer may undo it and nothing has come after it.
    last_step: LastStep | None


def read_case(case_id: str, *, viewer: Viewer, purpose: str) -> CaseView:
    """One case with its notes, steps and referrals. A case of a service they do not work on is "not found"."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_case")
    case = worked_by(viewer, purpose).filter(pk=case_id).select_related("merged_into").first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference, or choose another purpose."))
    steps = [StepView(s.at, s.by, s.old, s.new, s.reason) for s in case.steps.filter(task=None).order_by("id")]
    written = list(case.notes.order_by("-id"))
    alerts = duty_alerts(worried) if (worried := [note.pk for note in written if note.flagged]) else {}
    notes = [NoteView(n.at, n.by, n.text, n.flagged, alerts.get(n.pk)) for n in written]
    handed = list(case.referrals.order_by("-id"))
    tasks = list(case.tasks.order_by("asked_at", "id"))
    given = {task.owner_id for task in tasks if task.owner_kind == "organisation"}
    services = read_services({referral.service_id for referral in handed} | given)
    referrals = [
        ReferralView(
            id=r.pk,
            service=services[r.service_id],
            forgotten=r.forgotten_at is not None,
            **{name: getattr(r, name) for name in REFERRAL_FIELDS},
        )
        for r in handed
    ]
    staff = {case.assigned_to, *(task.owner_id for task in tasks if task.owner_kind == "person")}
    names = staff_names(staff - {""})
    called = names | {code: f"{service.name}, {service.organization}" for code, service in services.items()}
    opening.saw([case.resident_id] if case.resident_id else [])
    reach = opening.shows("contact")
    return CaseView(
        **line_of(case, names, {case.id: done_of(task.state for task in tasks)}),
        text=case.text,
        answers=case.answers,
        asker_name=case.asker_name if opening.shows("name") else "",
        asker_phone=case.asker_phone if reach else "",
        asker_email=case.asker_email if reach else "",
        asker_postcode=case.asker_postcode if opening.shows("address") else "",
        closed_at=case.closed_at,
        outcome=case.outcome,
        need_met=case.need_met,
        version=case.version,
        steps=steps,
        notes=notes,
        referrals=referrals,
        attempts=[
            AttemptView(a.at, a.by, gettext(CHANNELS[a.channel]), gettext(CONTACT_OUTCOMES[a.outcome]), a.text)
            for a in case.attempts.order_by("-id")
        ],
        files=[FileLine(f.pk, f.at, f.by, f.name, f.size) for f in case.files.defer("content").order_by("-id")],
        waiting_since=case.waiting_since,
        merged_into=(case.merged_into.id, case.merged_into.reference) if case.merged_into else None,
        duplicates=list(case.duplicates.order_by("reference").values_list("id", "reference")),
        others_of_person=_others_of(case),
        last_step=last_step_of(case, viewer),
        task_lines=[
            TaskLine(
                id=task.id,
                need=task.need,
                need_label=gettext(kind(case.service).needs.get(task.need, task.need)),
                state=task.state,
                owner_kind=task.owner_kind,
                owner_name=called.get(task.owner_id, ""),
                due_on=task.due_on,
                starts_at=task.starts_at,
                ends_at=task.ends_at,
                finished_at=task.finished_at,
                waiting=is_waiting(task),
                one_missing=task.one_missing,
            )
            for task in tasks
        ],
        feedback=feedback_of(case),
        wellbeing=wellbeing_of(case),
    )


def _others_of(case: Case) -> list[tuple[str, str]]:
    """The open cases of the same service and person, which may be duplicates."""
    if not case.resident_id:
        return []
    same = ids_of([case.resident_id])[case.resident_id]
    others = Case.objects.filter(resident_id__in=same, service=case.service, closed_at=None).exclude(pk=case.pk)
    return list(others.order_by("opened_at").values_list("id", "reference")[:20])
