"""The steps that every change of a referral is made of. Each works on rows that its caller has locked."""

from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import PARTNER, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds, kind
from borough.cases.models import REFERRAL_STATES, Case, CaseNote, Referral, Task
from borough.cases.moving import move_tasks
from borough.cases.referrals.rules import PURPOSE
from borough.common import clock
from borough.common.errors import NotFound
from borough.governance.door import open_door, without_the_door

FINISHED = ("declined", "no_answer", "withdrawn", "done", "could_not")


def purpose_of(referral_id: int) -> str:
    """For what purpose the door to a referral and its case opens to the house: read before it does. Raises NotFound."""
    with without_the_door():
        service = Referral.objects.filter(pk=referral_id).values_list("case__service", flat=True).first()
    if service is None:
        raise _none()
    return kind(service).purpose


def lock_referral(referral_id: int) -> tuple[Case, Referral]:
    """The case and its referral, locked in the order in which everybody locks them."""
    case_id = Referral.objects.filter(pk=referral_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise _none()
    case = Case.objects.select_for_update().get(pk=case_id)
    return case, Referral.objects.select_for_update(of=("self",)).select_related("task").get(pk=referral_id)


def lock_own(referral_id: int, *, by: Viewer, verb: str) -> tuple[Case, Referral]:
    """As `lock_referral`, for a partner: one of another organisation is "not found"."""
    check_may_work_as(by, PARTNER)
    opening = open_door(viewer=by, purpose=PURPOSE, verb=verb)
    if not own_referrals(by).filter(pk=referral_id).exists():
        raise _none()
    case, referral = lock_referral(referral_id)
    opening.wrote([case.resident_id] if case.resident_id else [])
    return case, referral


def own_referrals(by: Viewer) -> QuerySet[Referral]:
    """What was referred to the organisation that this partner answers for, by services that are switched on."""
    if not by.organization:
        return Referral.objects.none()
    offered = [one.code for one in all_kinds()]
    return Referral.objects.filter(organization_id=by.organization, case__service__in=offered)


def change_referral(referral: Referral, to: str, *, by: Viewer, words: str = "") -> None:
    REFERRAL_STATES.check_change(referral.state, to)
    now = clock.now()
    if referral.state == "requested" and to not in ("withdrawn", "no_answer"):
        referral.answered_at, referral.answered_by = now, by.name
    referral.state = to
    if to in FINISHED:
        referral.finished_at = now
        referral.links.filter(closed_at__isnull=True).update(closed_at=now)
    if words.strip():
        referral.words = words.strip()
    referral.save()


def give_back(case: Case, task: Task | None, *, by: Viewer, reason: str, goes_on: bool = False) -> None:
    """The service does not help: the team looks again. One that was only asked goes on as "not taken on", and so does
    one that was accepted where `goes_on`."""
    if task is None or task.owner_kind != "organisation":
        return
    if task.state == "requested":
        move_tasks([case], [task], "rejected", by=by, reason=reason)
    elif task.state in ("accepted", "in_progress") and goes_on:
        move_tasks([case], [task], "requested", by=by)
        move_tasks([case], [task], "rejected", by=by, reason=reason)
    elif task.state in ("accepted", "in_progress"):
        task.owner_kind, task.owner_id = "team", ""
        move_tasks([case], [task], "requested", by=by, reason=reason)


def note_for_worker(case: Case, text: str, *, by: Viewer) -> None:
    CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text)


def enqueue(job: str, *arguments: object) -> None:
    """Store a job in the caller's transaction. Jobs stand above verbs, so a verb names its job."""
    import_string(f"borough.cases.referrals.jobs.{job}").enqueue(*arguments)


def _none() -> NotFound:
    return NotFound(_("There is no such referral."), _("Open it from your list."))
