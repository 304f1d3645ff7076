"""Published reads of cases. Whoever reads a case reads about a person: each takes a viewer and a purpose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, VOLUNTEER, Viewer, check_may_work_as, may_work_as
from borough.accounts.queries import staff_names
from borough.cases.kinds import CaseKind, all_kinds, kind
from borough.cases.models import CASE_STATES, CLOSED, WAITING, Case, CaseStep
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound
from borough.common.links import make_token, read_token
from borough.directory.queries import ServiceView, read_services
from borough.governance.door import open_door
from borough.residents.queries import ids_of

FEEDBACK_KEPT = timedelta(days=28)
QUEUE_LIMIT = 500


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `resident_id` is empty for an asker who is not known to be a resident."""

    id: str
    reference: str
    service: str
    resident_id: str
    need: str
    urgency: str
    state: str
    assigned_to: str
    assigned_name: str
    opened_at: datetime
    due_on: date
    overdue: bool
    concern: bool
    channel: str

    @property
    def title(self) -> str:
        return gettext(kind(self.service).title)

    @property
    def need_label(self) -> str:
        return gettext(kind(self.service).needs.get(self.need, self.need))


@dataclass(frozen=True)
class StepView:
    at: datetime
    by: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class NoteView:
    at: datetime
    by: str
    text: str
    flagged: bool


@dataclass(frozen=True)
class ReferralView:
    id: int
    service: ServiceView
    state: str
    consent: str
    consent_at: datetime


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


@dataclass(frozen=True)
class WaitingCase:
    """What matching needs to know of a case that nobody is helping with."""

    id: str
    service: str
    resident_id: str
    postcode: str
    need: str
    urgency: str
    due_on: date


@dataclass(frozen=True)
class Answered:
    """A case as the person behind a feedback link may see it."""

    id: str
    reference: str
    service: str
    need_label: str


def list_queue(
    *,
    viewer: Viewer,
    purpose: str,
    show: str = "all",
    need: str = "",
    state: str = "",
    limit: int = QUEUE_LIMIT,
) -> list[CaseLine]:
    """The open cases that this viewer works on, most pressing first: those with a worry, then by the day they are due.

    `show`: all, mine, unassigned, overdue, concern. `state` may name a closed state too.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_queue")
    cases = _worked_by(viewer, purpose)
    cases = cases.filter(state=state) if state else cases.exclude(state__in=CLOSED)
    if need:
        cases = cases.filter(need=need)
    cases = _shown(cases, show, viewer)
    rows = list(cases.order_by("-concern", "due_on", "opened_at")[:limit])
    names = staff_names({case.assigned_to for case in rows if case.assigned_to})
    opening.saw([case.resident_id for case in rows if case.resident_id])
    return [CaseLine(**_line(case, names)) for case in rows]


def read_case(case_id: str, *, viewer: Viewer, purpose: str) -> CaseView:
    """One case with its notes, steps and referrals. A case of a service they do not work on is "not found"."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_case")
    case = _worked_by(viewer, purpose).filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference, or choose another purpose."))
    steps = [StepView(s.at, s.by, s.old, s.new, s.reason) for s in case.steps.order_by("id")]
    notes = [NoteView(n.at, n.by, n.text, n.flagged) for n in case.notes.order_by("-id")]
    handed = list(case.referrals.order_by("-id"))
    services = read_services({referral.service_id for referral in handed})
    referrals = [ReferralView(r.pk, services[r.service_id], r.state, r.consent, r.consent_at) for r in handed]
    names = staff_names({case.assigned_to} if case.assigned_to else set())
    opening.saw([case.resident_id] if case.resident_id else [])
    reach = opening.shows("contact")
    return CaseView(
        **_line(case, names),
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
    )


def find_case(reference: str, *, viewer: Viewer, purpose: str) -> str | None:
    """The id of the case with this reference, if the viewer works on such cases. Tells nothing else of it."""
    open_door(viewer=viewer, purpose=purpose, verb="cases.find_case")
    wanted = reference.strip().upper()
    return _worked_by(viewer, purpose).filter(reference=wanted).values_list("id", flat=True).first()


def list_waiting(*, viewer: Viewer, purpose: str, service: str | None = None) -> list[WaitingCase]:
    """The cases of services fulfilled by volunteers that nobody is helping with yet, the first due first."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_waiting")
    codes = [one.code for one in _kinds_of(viewer, purpose) if one.fulfilled_by == "volunteer"]
    cases = Case.objects.filter(service__in=codes, state__in=WAITING)
    if service is not None:
        cases = cases.filter(service=service)
    fields = ("id", "service", "resident_id", "asker_postcode", "need", "urgency", "due_on")
    rows = list(cases.order_by("due_on", "opened_at", "id").values_list(*fields))
    opening.saw([resident_id for _id, _service, resident_id, *_rest in rows if resident_id])
    return [WaitingCase(*row) for row in rows]


@dataclass(frozen=True)
class TaskView:
    """What somebody who helps needs to know. The asker's own words for reaching them, where no resident is known."""

    case_id: str
    reference: str
    resident_id: str
    need_label: str
    text: str
    answers: Mapping[str, str]
    asker_name: str
    asker_phone: str
    asker_postcode: str


def read_task(case_id: str, *, viewer: Viewer, purpose: str) -> TaskView:
    """A case as the volunteer who accepted it sees it; only while they are helping."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_task")
    check_may_work_as(viewer, VOLUNTEER)
    case = Case.objects.filter(pk=case_id, state="matched").first()
    if case is None or kind(case.service).purpose != purpose:
        raise NotFound(_("This task is not yours any more."), _("Call us if you think that is wrong."))
    labels = {question.name: gettext(question.label) for question in kind(case.service).questions}
    opening.saw([case.resident_id] if case.resident_id else [])
    return TaskView(
        case_id=case.id,
        reference=case.reference,
        resident_id=case.resident_id,
        need_label=gettext(kind(case.service).needs[case.need]),
        text=case.text,
        answers={labels.get(name, name): answer for name, answer in case.answers.items() if answer},
        asker_name=case.asker_name if opening.shows("name") else "",
        asker_phone=case.asker_phone if opening.shows("contact") else "",
        asker_postcode=case.asker_postcode if opening.shows("address") else "",
    )


def read_waiting(case_id: str, *, viewer: Viewer, purpose: str) -> WaitingCase | None:
    """As `list_waiting`, for one case; None when somebody is helping already."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_waiting")
    case = _worked_by(viewer, purpose).filter(pk=case_id, state__in=WAITING).first()
    if case is None:
        return None
    opening.saw([case.resident_id] if case.resident_id else [])
    return WaitingCase(
        case.id, case.service, case.resident_id, case.asker_postcode, case.need, case.urgency, case.due_on
    )


def list_cases_of(resident_ids: Collection[str], *, viewer: Viewer, purpose: str) -> list[CaseLine]:
    """The cases of these residents, newest first, open and closed."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.list_cases_of")
    same = {one for ids in ids_of(resident_ids).values() for one in ids}
    rows = list(_worked_by(viewer, purpose).filter(resident_id__in=same).order_by("-opened_at"))
    names = staff_names({case.assigned_to for case in rows if case.assigned_to})
    opening.saw({case.resident_id for case in rows})
    return [CaseLine(**_line(case, names)) for case in rows]


def count_by_state(service: str | None = None) -> dict[str, int]:
    """How many cases are in each state. Counts of all cases, for staff: not for publication."""
    cases = Case.objects.all() if service is None else Case.objects.filter(service=service)
    counted = dict(cases.values_list("state").annotate(Count("id")).order_by())
    return {state: counted.get(state, 0) for state in CASE_STATES.labels}


@dataclass(frozen=True)
class Outcomes:
    """How many cases got how far: `matched` had a volunteer who said yes, `met` the person's yes."""

    opened: int
    matched: int
    delivered: int
    met: int


def count_outcomes(*, service: str) -> Outcomes:
    """How far the cases of a service got. Counts of all cases, for staff: not for publication."""
    cases = Case.objects.filter(service=service)
    counted = cases.aggregate(
        opened=Count("id"), delivered=Count("id", filter=Q(deliveries__gt=0)), met=Count("id", filter=Q(need_met="yes"))
    )
    matched = CaseStep.objects.filter(case__service=service, new="matched").values("case").distinct().count()
    return Outcomes(matched=matched, **counted)


def count_queue(*, viewer: Viewer, purpose: str) -> dict[str, int]:
    """How many open cases wait for what: all, mine, unassigned, overdue, concern. One query."""
    return _worked_by(viewer, purpose).aggregate(
        **{
            show: Count("id", filter=condition & ~Q(state__in=CLOSED))
            for show, condition in _conditions(viewer).items()
        }
    )


def needs_in_queue(*, viewer: Viewer, purpose: str) -> list[tuple[str, str]]:
    """(code, label) of the needs of the services that this viewer works on, for a filter."""
    needs = {code: label for one in _kinds_of(viewer, purpose) for code, label in one.needs.items()}
    return [(code, gettext(label)) for code, label in needs.items()]


def case_behind(token: str) -> Answered:
    """The case that a feedback link is about. Raises NotFound, in words for its reader, when it opens nothing."""
    case_id, _dot, delivery = read_token("cases:feedback", token, keep=FEEDBACK_KEPT).partition(".")
    case = Case.objects.filter(pk=case_id).first()
    if case is None or str(case.deliveries) != delivery or case.state != "delivered":
        raise NotFound(
            _("This question was answered already."),
            _("Thank you. If you still need help, call us or ask for help again."),
        )
    return Answered(case.id, case.reference, case.service, gettext(kind(case.service).needs[case.need]))


def feedback_link(case: Case) -> str:
    """The address where the person says whether their need was met, for the latest delivery."""
    token = make_token("cases:feedback", f"{case.id}.{case.deliveries}")
    return settings.BASE_URL.rstrip("/") + reverse("cases:feedback", args=[token])


def _kinds_of(viewer: Viewer, purpose: str) -> list[CaseKind]:
    return [one for one in all_kinds() if one.purpose == purpose and may_work_as(viewer, SYSTEM, *one.roles)]


def _worked_by(viewer: Viewer, purpose: str) -> QuerySet[Case]:
    codes = [one.code for one in _kinds_of(viewer, purpose)]
    if not codes:
        raise NotAllowed(
            _("You cannot see these cases."), _("Choose another purpose, or ask your team's administrator.")
        )
    return Case.objects.filter(service__in=codes)


def _conditions(viewer: Viewer) -> dict[str, Q]:
    return {
        "all": Q(),
        "mine": Q(assigned_to=viewer.id),
        "unassigned": Q(assigned_to="", state__in=WAITING),
        "overdue": Q(due_on__lt=clock.today()) & ~Q(state="delivered"),
        "concern": Q(concern=True),
    }


def _shown(cases: QuerySet[Case], show: str, viewer: Viewer) -> QuerySet[Case]:
    return cases.filter(_conditions(viewer).get(show, Q()))


def _line(case: Case, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": case.id,
        "reference": case.reference,
        "service": case.service,
        "resident_id": case.resident_id,
        "need": case.need,
        "urgency": case.urgency,
        "state": case.state,
        "assigned_to": case.assigned_to,
        "assigned_name": names.get(case.assigned_to, ""),
        "opened_at": case.opened_at,
        "due_on": case.due_on,
        "overdue": case.due_on < clock.today() and case.state not in (*CLOSED, "delivered"),
        "concern": case.concern,
        "channel": case.channel,
    }
