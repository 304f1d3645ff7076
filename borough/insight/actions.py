"""Published writes of insight."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.bulk import empty_table, fill_table
from borough.common.errors import Problem
from borough.governance.door import log_write, open_door
from borough.governance.queries import check_rule_is_on, who_objects
from borough.insight.help_figures import count_help
from borough.insight.indicators import FACTS, INDICATORS, SCORE
from borough.insight.models import COHORT_STATES, Cohort, ResidentIndicator, ScoreRun
from borough.insight.need_rule import RULE
from borough.insight.queries import check_cohort_rule, member_ids, size_cohort, small_areas_of
from borough.insight.rules import compile_rule
from borough.insight.scoring import Facts, facts_of
from borough.insight.service_figures import count_services
from borough.messaging.actions import create_campaign
from borough.messaging.policies import Wording
from borough.residents.queries import export_facts, ids_of

# What this room publishes from its other modules, beside what stands here.
__all__ = ["count_help", "count_services"]

Progress = Callable[[int, int], None]
# One scoring at a time on PostgreSQL; SQLite has one writer anyway. Any number that no other lock uses.
SCORING_LOCK = 7_462_001
# What a resident's objection is kept for, and what follows from it.
OBJECTED = "answer-rights"


def forget_signs(resident_id: str) -> None:
    """Somebody objects: what was worked out about them goes now, not with the next scoring."""
    open_door(viewer=system_viewer("objections"), purpose=OBJECTED, verb="governance.object_to_use")
    for one in ids_of([resident_id])[resident_id]:
        ResidentIndicator.objects.filter(resident=one).delete()


@dataclass(frozen=True)
class ScoreReport:
    """`values` counts the indicators that residents show, the score among them. `skipped`: sources not opened."""

    residents: int
    values: int
    skipped: tuple[str, ...]


def score_residents(*, by: Viewer, purpose: str, progress: Progress | None = None) -> ScoreReport:
    """Compute all indicators of all residents anew, and the figures of the small areas, in place of the last run's.

    Indicators are computed where the agreement opens records of a source that they need; the others are skipped.
    The read and the write are logged as ones of everybody. `progress` gets (steps done, steps).
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    opening = open_door(viewer=by, purpose=purpose, verb="insight.score_residents")
    check_rule_is_on(RULE.code)
    open_sources = {source for source in FACTS if opening.shows("records") and opening.shows_source(source)}
    skipped = [
        code
        for code, indicator in INDICATORS.items()
        if indicator.needs_sources and open_sources.isdisjoint(indicator.needs_sources)
    ]
    codes = [code for code in INDICATORS if code != SCORE and code not in skipped]
    started = clock.now()
    step = _steps(progress, 4)
    # Only this process reads the folder (mode 700), and it goes with the block, also after an error.
    with TemporaryDirectory(prefix="borough-facts-") as folder:
        export_facts(Path(folder), viewer=by, purpose=purpose)
        step()
        with facts_of(Path(folder), today=clock.today()) as facts:
            facts.leave_out(who_objects())
            facts.compute(codes)
            step()
            people = facts.count_people()
            with transaction.atomic():
                # First: what was opened for an analyst may have run out while the facts were computed.
                log_write(by=by, purpose=purpose, verb="insight.score_residents", everyone=True, people=people)
                values = _replace_scores(facts)
                step()
                ScoreRun.objects.create(
                    started_at=started,
                    finished_at=clock.now(),
                    residents=people,
                    values=values,
                    skipped=skipped,
                    by=by.name,
                )
            step()
    return ScoreReport(residents=people, values=values, skipped=tuple(skipped))


def _replace_scores(facts: Facts) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCORING_LOCK])
    for table in ("insight_residentindicator", "insight_scoredresident", "insight_areafigure"):
        empty_table(table)
    fill_table("insight_scoredresident", ("resident_id", "small_area"), facts.people())
    values = fill_table("insight_residentindicator", ("resident_id", "indicator", "value"), facts.values())
    as_of = clock.now()
    fill_table(
        "insight_areafigure",
        ("area", "indicator", "counted", "population", "as_of"),
        ((*row, as_of) for row in facts.figures()),
    )
    return values


def _steps(progress: Progress | None, steps: int) -> Callable[[], None]:
    done = iter(range(1, steps + 1))

    def step() -> None:
        if progress:
            progress(next(done), steps)

    return step


def define_cohort(*, by: Viewer, purpose: str, title: str, rule: Any) -> str:
    """Keep a rule as a draft cohort with its size. Nobody is listed. Returns its id; raises Problem on a bad rule."""
    check_may_work_as(by, ANALYST, SYSTEM)
    title = title.strip()
    if not 0 < len(title) <= 120:
        raise Problem(_("A cohort needs a title of up to 120 characters."), _("Say in a few words whom it is for."))
    checked = check_cohort_rule(rule)
    size = size_cohort(checked, viewer=by).size
    with transaction.atomic():
        cohort = Cohort.objects.create(
            title=title, rule=checked, purpose=purpose, size=size, made_by=by.name, made_at=clock.now()
        )
        log_write(by=by, purpose=purpose, verb="insight.define_cohort", people=size)
    return cohort.id


def freeze_cohort(*, by: Viewer, purpose: str, cohort_id: str) -> int:
    """Write down who is in the cohort now. From here its members may be listed. Returns how many there are."""
    check_may_work_as(by, ANALYST, SYSTEM)
    with transaction.atomic():
        opening = open_door(viewer=by, purpose=purpose, verb="insight.freeze_cohort")
        cohort = _locked(cohort_id)
        COHORT_STATES.check_change(cohort.state, "frozen")
        chosen = compile_rule(cohort.rule, small_areas=small_areas_of(cohort.rule))
        ids = list(chosen.order_by("pk").values_list("pk", flat=True))
        if not ids:
            raise Problem(_("Nobody is in this cohort now."), _("Define one with a wider rule."))
        fill_table("insight_cohortmember", ("cohort_id", "resident_id"), ((cohort.id, one) for one in ids))
        cohort.state, cohort.size = "frozen", len(ids)
        cohort.purpose, cohort.frozen_by, cohort.frozen_at = purpose, by.name, clock.now()
        cohort.save(update_fields=["state", "size", "purpose", "frozen_by", "frozen_at"])
        opening.wrote(ids)
    return len(ids)


def start_cohort_campaign(
    *, by: Viewer, purpose: str, cohort_id: str, service: str, title: str, wording: Wording
) -> str:
    """Draft a campaign of this council service to a frozen cohort. Nothing is sent yet. Returns the campaign's id."""
    check_may_work_as(by, ANALYST, SYSTEM)
    residents = member_ids(cohort_id, viewer=by, purpose=purpose)
    COHORT_STATES.check_change(Cohort.objects.values_list("state", flat=True).get(pk=cohort_id), "used")
    # It commits its own reads, so it cannot stand in our transaction: asked twice at once, one draft is left over.
    campaign_id = create_campaign(
        by=by, purpose=purpose, title=title, service=service, wording=wording, residents=residents
    )
    with transaction.atomic():
        cohort = _locked(cohort_id)
        COHORT_STATES.check_change(cohort.state, "used")
        cohort.state, cohort.service, cohort.campaign_id = "used", service, campaign_id
        cohort.save(update_fields=["state", "service", "campaign_id"])
        log_write(by=by, purpose=purpose, verb="insight.start_cohort_campaign", people=len(residents))
    return campaign_id


def _locked(cohort_id: str) -> Cohort:
    try:
        return Cohort.objects.select_for_update().get(pk=cohort_id)
    except Cohort.DoesNotExist as error:
        raise Problem(_("There is no such cohort."), _("Go back to the list of cohorts.")) from error
