"""What cases hold of a resident."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from borough.cases.backlogs.models import Backlog
from borough.cases.models import (
    Case,
    CaseFile,
    CaseNote,
    CaseReject,
    CaseStep,
    ChangedCase,
    ContactAttempt,
    Feedback,
    Referral,
    Standing,
    Task,
    Wellbeing,
)
from borough.cases.planning.models import Plan, PlanStep
from borough.governance.rights.holdings import Holding, give_reason, register_holding, rows_of

CLAIMS = _("What was done for you, for as long as a claim can be made about it (UK GDPR Article 17(3)(e))")
FILE_FIELDS = ("case__reference", "at", "by", "name", "content_type", "size")


def register() -> None:
    register_holding(
        Holding(
            "cases.cases",
            _("Help that you asked for"),
            (Case, Task, CaseStep, Referral, Feedback, Wellbeing, Standing),
            _cases,
            # Whoever asked for them.
            others=frozenset({"asker_name", "asker_phone", "asker_email", "asker_postcode"}),
            check=frozenset({"text", "outcome", "steps__reason", "feedback__what_else", "consent", "message", "words"}),
            stays=CLAIMS,
        )
    )
    register_holding(
        Holding(
            "cases.plans", _("The plan that you made with a link worker"), (Plan, PlanStep), _plans, erase=_erase_plans
        )
    )
    register_holding(
        Holding(
            "cases.notes",
            _("Notes of those who helped you, and their tries to reach you"),
            (CaseNote, ContactAttempt),
            _notes,
            check=frozenset({"text"}),
            stays=CLAIMS,
        )
    )
    register_holding(
        Holding(
            "cases.files",
            _("Files on what you asked for, which you can ask us for"),
            (CaseFile,),
            lambda ids: rows_of(CaseFile.objects.filter(case__resident_id__in=ids), *FILE_FIELDS),
            check=frozenset({"name"}),
            stays=CLAIMS,
        )
    )
    give_reason("A file of a backlog until its cases are open, a week at most; the cases are above.", Backlog)
    give_reason("Lines of a backlog that could not be read; nobody can be found by them.", CaseReject)
    give_reason(
        "A step's case as it was before, for a year, so that it can be undone; the case itself is above.", ChangedCase
    )


def _cases(ids: Collection[str]) -> list[dict[str, Any]]:
    own = Case.objects.filter(resident_id__in=ids)
    told: tuple[str, ...] = (
        "reference",
        "service",
        "need",
        "urgency",
        "state",
        "channel",
        "text",
        "answers",
        "opened_at",
        "closed_at",
    )
    told += ("flags", "outcome", "need_met", "concern", "asker_name", "asker_phone", "asker_email", "asker_postcode")
    steps = CaseStep.objects.filter(case__resident_id__in=ids)
    referrals = Referral.objects.filter(case__resident_id__in=ids)
    feedback = Feedback.objects.filter(case__resident_id__in=ids)
    wellbeing = Wellbeing.objects.filter(case__resident_id__in=ids)
    tasks = Task.objects.filter(case__resident_id__in=ids)
    standing = Standing.objects.filter(case__resident_id__in=ids)
    return [
        *rows_of(own, *told),
        *rows_of(standing, "case__reference", "weekdays", "every_weeks", "starts_on", "until", "from_time", "to_time"),
        *rows_of(tasks, "case__reference", "need", "owner_kind", "state", "due_on", "asked_at", "finished_at"),
        *rows_of(steps, "case__reference", "at", "by", "old", "new", "reason"),
        *rows_of(feedback, "case__reference", "asked_at", "chased_by", "answered_at", "arrived", "what_else"),
        *rows_of(wellbeing, "case__reference", "phase", "instrument", "answers", "at"),
        *rows_of(referrals, "case__reference", *REFERRED),
    ]


REFERRED: tuple[str, ...] = (
    "service_id",
    "need",
    "state",
    "area",
    "age_band",
    "consent",
    "consent_at",
    "consent_how",
    "consent_by",
)
REFERRED += ("consent_by", "covers", "by", "asked_at", "answered_by", "starts_on", "finished_at", "message", "words")
PLANNED = ("what_matters", "goals", "review_on", "next_contact_on", "made_at", "made_by")


def _plans(ids: Collection[str]) -> list[dict[str, Any]]:
    plans = Plan.objects.filter(case__resident_id__in=ids)
    steps = PlanStep.objects.filter(plan__case__resident_id__in=ids)
    return [
        *rows_of(plans, "case__reference", *PLANNED),
        *rows_of(steps, "plan__case__reference", "what", "who", "by_when", "done_on"),
    ]


def _erase_plans(ids: Collection[str]) -> int:
    return Plan.objects.filter(case__resident_id__in=ids).delete()[0]


def _notes(ids: Collection[str]) -> list[dict[str, Any]]:
    rows = CaseNote.objects.filter(case__resident_id__in=ids)
    tries = ContactAttempt.objects.filter(case__resident_id__in=ids)
    return [
        *rows_of(rows, "case__reference", "at", "by", "text", "flagged"),
        *rows_of(tries, "case__reference", "at", "by", "channel", "outcome", "text"),
    ]
