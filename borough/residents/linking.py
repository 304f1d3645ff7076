"""Links records into residents and households: all of them, what changed since, or what a decision touched.

The engine works on a copy in memory; the database gives its rows in batches and takes the result set-wise. What a pair
weighs depends on its two records and the model alone, so that a night's changes lead where linking all would.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from django.db import connection, transaction
from django.db.models import Max

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.bulk import room_for_pages
from borough.common.errors import Problem
from borough.common.events import announce
from borough.governance.door import log_write, open_door
from borough.governance.queries import check_rule_is_on
from borough.residents import changes, gathering, keeping
from borough.residents.deciding import decisions_in_force
from borough.residents.events import ResidentMerged, ResidentsSplit
from borough.residents.linkage.cluster import CLUSTERED, JOIN_FROM, Decision, cluster_pairs
from borough.residents.linkage.corpus import apply_statistics, count_statistics
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import find_movers
from borough.residents.linkage.pipeline import Progress, Stages, open_engine
from borough.residents.linkage.predict import find_pairs, no_pairs, score_pairs
from borough.residents.linkage.scoring import pair_columns
from borough.residents.linkage.standardise import PEOPLE_COLUMNS, standardise
from borough.residents.linkage.training import learn
from borough.residents.linking_rule import RULE
from borough.residents.models import LOAD_STATES, Household, LinkRun, Load, Pair, Record, Resident
from borough.residents.quality import keep_quality
from borough.residents.search import refresh_search, refresh_settled
from borough.residents.settling import Settled, bring_before, settle
from borough.residents.sharing import strike_shared
from borough.residents.touched_homes import bring_pairs_between, find_touched_movers, keep_changed_ties
from borough.residents.transfer import name_rows
from borough.residents.worth import refresh_worth

VERB = "residents.link_records"
# When more of the records than this changed, linking all is quicker.
MOST_CHANGED = 0.2


@dataclass(frozen=True)
class LinkReport:
    """`kind`: full, changes or decision. `records` looked at; `residents` and `households` as they are now; `minted`,
    `retired` ids of this time; `refused` joins that would have made one person of two; `seconds` by stage."""

    kind: str
    records: int
    residents: int
    households: int
    minted: int
    retired: int
    refused: int
    seconds: dict[str, float]


def link_records(
    *, by: Viewer, purpose: str, everything: bool = False, retrain: bool = False, progress: Progress | None = None
) -> LinkReport:
    """Decide which records are one person, and bring residents, households and search up to it.

    Links what is new, changed or gone since last time; all records the first time, after much change, or when asked
    for `everything`. `retrain` learns anew what agreements are worth. Ids last: a resident goes on as the person that
    has most of its records. `progress` is told how many stages are done. Raises NotAllowed without a live agreement.
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    open_door(viewer=by, purpose=purpose, verb=VERB)
    check_rule_is_on(RULE.code)
    _find_ended()
    # As many as there ever were: the newest id says so without a look at all of them.
    held = Record.objects.aggregate(newest=Max("id"))["newest"] or 0
    pending = Record.objects.filter(pending=True).count()
    known = None if retrain else keeping.newest_model()
    with TemporaryDirectory(prefix="borough-link-") as folder, open_engine(Path(folder), held) as con:
        if known is not None and not everything and pending <= held * MOST_CHANGED:
            with room_for_pages(), transaction.atomic():
                return _link_changes(con, known, Stages(total=5, progress=progress), by=by, purpose=purpose)
        stages = Stages(total=9, progress=progress)
        report = _link_all(con, known, stages, by=by, purpose=purpose)
    # When the engine has given its memory back.
    with stages.stage("count"):
        keep_quality()
    return report


def _find_ended() -> None:
    """A record that ended since the last linking says something new without having changed."""
    last = LinkRun.objects.exclude(kind="decision").order_by("-id").values_list("at", flat=True).first()
    if last:
        today = clock.today()
        # Times are kept in UTC, and days are London's: one day more does no harm.
        since = last.date() - timedelta(days=1)
        Record.objects.filter(gone_at=None, ended_on__gt=since, ended_on__lte=today).update(pending=True)


def relink(record_ids: Collection[int], *, by: Viewer, purpose: str) -> LinkReport:
    """Link again what these records touch, as people's decisions now are; in the transaction of the decision."""
    with TemporaryDirectory(prefix="borough-link-") as folder, open_engine(Path(folder)) as con, transaction.atomic():
        _only_linker()
        gathering.bring_people(con, record_ids, CLUSTERED)
        stages = Stages(total=2)
        settled, records, refused = _link_scope(con, set(record_ids), stages, ())
        refresh_worth(settled.records.union(record_ids))
        return _report(con, "decision", settled, records, refused, stages, by=by, purpose=purpose)


def _link_all(
    con: duckdb.DuckDBPyConnection, known: keeping.Kept | None, stages: Stages, *, by: Viewer, purpose: str
) -> LinkReport:
    run_before = LinkRun.objects.order_by("-id").values_list("id", flat=True).first()
    # What other loads have changed by the time that this is written was not looked at.
    seen = list(Load.objects.filter(state__in=LOAD_STATES.final).values_list("id", flat=True))
    with stages.stage("read"):
        records = gathering.bring_loaded(con, None)
        gathering.bring_addresses(con, None)
    with stages.stage("standardise"):
        standard = standardise(con, "loaded")
        if known:
            gathering.bring_statistics(con, known[0], everything=True)
            apply_statistics(con)
        else:
            count_statistics(con)
        find_movers(con, known[1].standard.homes if known else standard.homes)
    with stages.stage("train"):
        model = known[1] if known else learn(con, standard)
    with stages.stage("predict"):
        if model:
            find_pairs(con, model)
        else:
            no_pairs(con)
    with stages.stage("cluster"):
        refused = _cluster(con, decisions_in_force())
    with transaction.atomic():
        _only_linker()
        if LinkRun.objects.order_by("-id").values_list("id", flat=True).first() != run_before:
            raise Problem("Something else was linked meanwhile, so this was not written.", "Link again.")
        with stages.stage("settle"):
            bring_before(con)
            settled = settle(con, at=clock.now())
        with stages.stage("keep"):
            if model and not known:
                keeping.keep_model(con, model, records=records, by=by)
            keeping.keep_all_people(con)
            keeping.keep_all_pairs(con)
            keeping.keep_all_ties(con)
            Record.objects.filter(pending=True, last_load_id__in=seen).update(pending=False)
        with stages.stage("search"):
            refresh_search()
        return _report(con, "full", settled, records, refused, stages, by=by, purpose=purpose)


def _link_changes(
    con: duckdb.DuckDBPyConnection, known: keeping.Kept, stages: Stages, *, by: Viewer, purpose: str
) -> LinkReport:
    _only_linker()
    number, model = known
    changed = _take_pending()
    with stages.stage("read"):
        _bring_changed(con, changed)
        shared = strike_shared(con, number).difference(changed)
        if shared:
            changed = sorted(shared.union(changed))
            _bring_changed(con, changed)
    with stages.stage("standardise"):
        gathering.bring_statistics(con, number, everything=False)
        apply_statistics(con)
        con.execute(
            """create or replace temp table toggled as
            select unique_id as id from former anti join people using (unique_id)
            union all select unique_id from people anti join former using (unique_id)"""
        )
        keeping.keep_changed_people(con)
    with stages.stage("predict"):
        altered, weighed = _weigh_touched(con, model)
    start = altered.union(changed)
    settled, records, refused = _link_scope(con, start, stages, changed)
    refresh_worth(weighed.union(_regrouped(con)))
    return _report(con, "changes", settled, records, refused, stages, by=by, purpose=purpose)


def _take_pending() -> list[int]:
    """The records that wait, who wait no more. One statement: what a load changes from here on waits for next time."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Record._meta.db_table} SET pending = false WHERE pending RETURNING id")
        return sorted(row[0] for row in cursor.fetchall())


def _bring_changed(con: duckdb.DuckDBPyConnection, changed: Collection[int]) -> None:
    """Make `former` and `people`: these records as they were made comparable before, and as they are now. Their ids
    are the database's table `changed`."""
    name_rows("changed", ["id bigint"], [(one,) for one in sorted(changed)], key="id")
    gathering.bring_people(con, changed)
    con.execute("create or replace temp table former as select * from people")
    gathering.bring_loaded(con, changed)
    standardise(con, "loaded")


def _weigh_touched(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[set[int], set[int]]:
    """Keep the pairs that the changed records make, and weigh those again whose homes the change has to do with.

    Returns the records of the pairs that could join people and are not what they were, and of all that are not.
    """
    keep_changed_ties(con, model.standard.homes)
    find_touched_movers(con)
    changes.bring_pairs_of_changed(con)
    bring_pairs_between(con)
    changes.find_candidates(con, model.rules)
    con.execute(
        """create or replace temp table touched as select l, r from candidates union select l, r from former_pairs
        union select l, r from movers"""
    )
    gathering.bring_more_people(con, _ends(con, "touched"), _weighed_columns(model))
    score_pairs(con, model, "touched")
    keeping.replace_pairs(con)
    return set(_ends(con, f"(from altered where weight >= {JOIN_FROM})")), set(_ends(con, "altered"))


def _weighed_columns(model: Model) -> list[str]:
    """The standard values by which pairs are weighed and, later, joined."""
    ruled = {column for rule in model.rules for column in rule}
    wanted = ruled.union(pair_columns(model), CLUSTERED, ("home", "both_names"))
    return [name for name in PEOPLE_COLUMNS if name in wanted]


def _regrouped(con: duckdb.DuckDBPyConnection) -> set[int]:
    """The records of all residents who have got or lost one since."""
    rows = con.execute(
        """
        with ids as (select id from toggled union select id from parted)
        select id from after where resident in (
            select resident from after join ids using (id) union select resident from before join ids using (id)
        )
        """
    ).fetchall()
    return {row[0] for row in rows}


def _ends(con: duckdb.DuckDBPyConnection, table: str) -> list[int]:
    rows = con.execute(f"select l from {table} union select r from {table} order by 1").fetchall()
    return [row[0] for row in rows]


def _link_scope(
    con: duckdb.DuckDBPyConnection, start: set[int], stages: Stages, changed: Collection[int]
) -> tuple[Settled, int, int]:
    """Cluster and settle what these records touch, of which some `changed`.

    Returns what came of it, how many records and refusals that were.
    """
    decisions = decisions_in_force()
    with stages.stage("cluster"):
        scope = changes.close_scope(con, start, [(low, high) for low, high, says in decisions if says == "same"])
        gathering.bring_more_people(con, scope, CLUSTERED)
        refused = _cluster(con, [one for one in decisions if one[0] in scope and one[1] in scope])
        keeping.keep_refusals(con)
    with stages.stage("settle"):
        settled = settle(con, at=clock.now(), changed=changed)
        refresh_settled(con)
    return settled, len(scope), refused


def _cluster(con: duckdb.DuckDBPyConnection, decisions: list[Decision]) -> int:
    """Make `by_evidence` and `clusters`, which differ where people decided. Returns how many joins were refused."""
    found = cluster_pairs(con, [])
    con.execute("create or replace temp table by_evidence as select id, cluster from clusters")
    if decisions:
        found = cluster_pairs(con, decisions)
    return found.refused


def _only_linker() -> None:
    """Two linkings at once would each mint an id for the same new person. SQLite lets nobody else write anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [VERB])


def _report(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    settled: Settled,
    records: int,
    refused: int,
    stages: Stages,
    *,
    by: Viewer,
    purpose: str,
) -> LinkReport:
    """Log the write, keep the run, tell the other rooms whose id changed."""
    residents = Resident.objects.filter(retired_at=None).count()
    households = Household.objects.filter(ended_on=None).count()
    minted, retired = len(settled.minted), len(settled.retired)
    if kind == "full":
        log_write(by=by, purpose=purpose, verb=VERB, everyone=True, people=residents)
    else:
        log_write(by=by, purpose=purpose, verb=VERB, residents=settled.touched, people=len(settled.touched))
    LinkRun.objects.create(
        at=clock.now(),
        kind=kind,
        model_id=keeping.newest_number(),
        records=records,
        pairs=Pair.objects.count() if kind == "full" else 0,
        residents=residents,
        minted=minted,
        retired=retired,
        refused=refused,
        seconds=stages.seconds,
        by=by.name,
    )
    for old, new in settled.retired.items():
        announce(ResidentMerged(old_id=old, new_id=new))
    if settled.split:
        announce(ResidentsSplit(apart=settled.split))
    return LinkReport(
        kind=kind,
        records=records,
        residents=residents,
        households=households,
        minted=minted,
        retired=retired,
        refused=refused,
        seconds=stages.seconds,
    )
