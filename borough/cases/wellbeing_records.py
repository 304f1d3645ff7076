"""Writes down how a person said they were."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import ASKED, Case, Wellbeing
from borough.cases.moving import lock_case
from borough.cases.reading_feedback import instrument_of
from borough.common import clock
from borough.common.errors import Problem


def record_wellbeing(*, by: Viewer, purpose: str, case_id: str, answers: Mapping[str, int]) -> str:
    """What the person answered to the instrument of their service, by item. Returns the phase it is of: "before" until
    help was given, "after" from then on. Said again, the later answer stays."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.record_wellbeing")
        phase = "after" if case.deliveries or case.state in ASKED else "before"
        keep_wellbeing(case, phase, answers, by=by)
    return phase


def keep_wellbeing(case: Case, phase: str, answers: Mapping[str, int], *, by: Viewer) -> None:
    """Keep the answers of a locked case. Raises Problem where they are none of its instrument."""
    instrument = instrument_of(case.service)
    if instrument is None or instrument.problem_with(answers):
        raise Problem(_("These are not answers to the questions about wellbeing."), _("Go back and answer them again."))
    Wellbeing.objects.update_or_create(
        case=case,
        phase=phase,
        defaults={"instrument": instrument.code, "answers": dict(answers), "at": clock.now(), "by": by.name},
    )
