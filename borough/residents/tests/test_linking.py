"""Linking into the tables: ids that last, homes, moves, and who may ask for it. On a small rehearsal."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count, Min

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.queries import list_ledger
from borough.residents import gathering, touched_homes
from borough.residents.actions import LinkReport, link_records
from borough.residents.forgetting import forget_records
from borough.residents.linking import relink
from borough.residents.measuring import measure_index
from borough.residents.models import (
    Comparable,
    HomeTie,
    Household,
    LinkageModel,
    Load,
    Membership,
    Pair,
    Record,
    Resident,
    ResidentEvent,
    SearchTerm,
)
from borough.residents.queries import who_was_who

PURPOSE = "residents-index"
Address = apps.get_model("places", "Address")


State = dict[str, list[tuple[object, ...]]]


def state() -> State:
    """All that linking writes, as it stands: not how it came about."""
    current = Membership.objects.filter(ended_at=None).order_by("record")
    pairs = Pair.objects.order_by("low", "high")
    return {
        "memberships": list(current.values_list("record", "resident", "natural_id")),
        "residents": list(Resident.objects.filter(retired_at=None).order_by("id").values_list()),
        "households": list(Household.objects.filter(ended_on=None).order_by("id").values_list()),
        "pairs": list(pairs.values_list("low", "high", "weight", "rule", "refused", "worth")),
        "ties": sorted(HomeTie.objects.values_list("home", "key", "initial", "bits", "sure")),
        "comparable": list(Comparable.objects.order_by("record").values_list()),
        "terms": list(SearchTerm.objects.order_by("kind", "term", "resident").values_list("kind", "term", "resident")),
    }


def differences(before: State, after: State) -> list[tuple[str, object]]:
    return [(name, row) for name in before for row in set(before[name]) ^ set(after[name])]


def link(by: Viewer, **options: bool) -> LinkReport:
    return link_records(by=by, purpose=PURPOSE, **options)


def resident_of(record: int) -> str:
    return Membership.objects.get(record=record, ended_at=None).resident_id


def records_of(resident: Resident) -> list[int]:
    return list(resident.memberships.filter(ended_at=None).order_by("record").values_list("record", flat=True))


def change(ids: Iterable[int], **values: object) -> None:
    """As a load would: the records change and wait to be linked."""
    Record.objects.filter(id__in=list(ids)).update(**values, pending=True)


@pytest.mark.django_db(transaction=True)
def test_a_borough_is_linked_and_again_without_a_change(loaded: Viewer, rehearsal: Path, ig_officer: Viewer):
    steps: list[tuple[int, int]] = []
    report = link_records(by=loaded, purpose=PURPOSE, progress=lambda done, total: steps.append((done, total)))
    figures = measure_index(rehearsal / "truth" / "records.csv", viewer=loaded, purpose=PURPOSE)
    assert figures.f1 > 0.9, figures
    assert (report.kind, report.records) == ("full", Record.objects.count())
    assert report.residents == report.minted == Resident.objects.count()
    assert Membership.objects.count() == Record.objects.count() == Comparable.objects.count()
    assert not Record.objects.filter(pending=True).exists()
    assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))
    entry = next(look for look in list_ledger(viewer=ig_officer) if look.verb == "residents.link_records")
    assert (entry.kind, entry.people) == ("write", report.residents)

    # Homes: as many as it says, of those who live there now.
    counted = dict(Resident.objects.filter(left_on=None).values_list("household").annotate(n=Count("id")).order_by())
    counted.pop(None, None)
    assert counted == dict(Household.objects.values_list("id", "size"))
    assert Resident.objects.exclude(small_area="").count() > 0.9 * report.residents

    before = state()
    for again in (link(loaded), link(loaded, everything=True)):
        assert (again.minted, again.retired) == (0, 0)
        assert differences(before, state()) == []
    assert LinkageModel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_nights_changes_lead_where_linking_all_does(linked: Viewer):
    """New, changed, gone and returned records, linked by themselves and then all over again: nothing moves."""
    ids = list(Record.objects.order_by("row_hash").values_list("id", flat=True))
    change(ids[:30], gone_at=clock.now())
    assert link(linked).kind == "changes"
    change(ids[:20], gone_at=None)
    change(ids[20:40], uprn="", address="")
    change(ids[40:50], forename="Zebedee", surname="Quux")
    change(ids[50:60], nino="AB123456C")
    change(ids[60:70], gone_at=clock.now())
    report = link(linked)
    assert (report.kind, report.records < 1_000) == ("changes", True)
    before, started = state(), Membership.objects.order_by("-id").first()
    whole = link(linked, everything=True)
    assert (whole.kind, whole.minted, whole.retired) == ("full", 0, 0)
    assert differences(before, state()) == []
    assert Membership.objects.order_by("-id").first() == started


@pytest.mark.django_db(transaction=True)
def test_of_a_home_where_another_record_says_the_same_no_ties_are_worked_out(
    linked: Viewer, monkeypatch: pytest.MonkeyPatch
):
    """Of two records of one person at one home one goes, comes back and goes again; then the other goes, too."""
    said = ("home", "both_names", "forename", "surname", "forename_full", "dob", "nino", "nhs_number")
    twins: dict[tuple[object, ...], list[int]] = {}
    for record, *values in Comparable.objects.exclude(home=None).order_by("record").values_list("record", *said):
        twins.setdefault(tuple(values), []).append(record)
    (first, second), *_ = [records for records in twins.values() if len(records) == 2]
    asked: list[list[tuple[str]]] = []
    find = touched_homes._stirred_homes
    monkeypatch.setattr(touched_homes, "_stirred_homes", lambda con: asked.append(find(con)) or asked[-1])
    change([first], gone_at=clock.now())
    change([second], phone="+447700900456")
    link(linked)
    change([first], gone_at=None)
    link(linked)
    change([first], gone_at=clock.now())
    link(linked)
    change([second], gone_at=clock.now())
    link(linked)
    assert [len(homes) for homes in asked] == [0, 0, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_the_property_of_an_address_is_looked_for_once_and_anew_where_the_address_waits(
    linked: Viewer, monkeypatch: pytest.MonkeyPatch
):
    alone = Resident.objects.annotate(n=Count("memberships")).filter(n=1, left_on=None).exclude(uprn="")
    written = alone.filter(memberships__record__uprn="").order_by("id")[0]
    (record,) = records_of(written)
    asked: list[int] = []
    find = gathering.find_uprns
    monkeypatch.setattr(gathering, "find_uprns", lambda pairs: asked.append(len(pairs)) or find(pairs))
    change([record], phone="+447700900456")
    link(linked)
    assert asked == [1, 0]
    assert Resident.objects.get(pk=written.pk).uprn == written.uprn
    # As a decision meets a record that was loaded and not linked yet.
    change([record], address="1 Nowhere Row")
    con = duckdb.connect()
    gathering.bring_loaded(con, [record], comparable=True)
    assert con.execute("select address, uprn from loaded").fetchall() == [("1 Nowhere Row", "")]


@pytest.mark.django_db(transaction=True)
def test_who_is_forgotten_ties_no_home_to_another(linked: Viewer):
    shared = HomeTie.objects.values("key").annotate(n=Count("home", distinct=True)).filter(n__gt=1).values("key")
    homes = sorted(set(HomeTie.objects.filter(key__in=shared).values_list("home", flat=True)))[:6]
    ids = [
        Comparable.objects.filter(home=home).order_by("record").values_list("record", flat=True)[0] for home in homes
    ]
    ids += Comparable.objects.filter(home=homes[0]).values_list("record", flat=True)
    forget_records(sorted(set(ids)))
    # Not even a hash of their names lasts until then; who is left gets a telephone meanwhile, which ties no home.
    assert not HomeTie.objects.filter(home__in=homes).exists()
    change(Record.objects.filter(pending=True).values_list("id", flat=True), phone="+447700900456")
    assert link(linked).kind == "changes"
    assert HomeTie.objects.filter(home__in=homes[1:]).exists()
    before = state()
    link(linked, everything=True)
    assert [(name, row) for name, row in differences(before, state()) if name in ("ties", "pairs", "comparable")] == []


@pytest.mark.django_db(transaction=True)
def test_a_telephone_that_many_come_to_share_joins_nobody(linked: Viewer):
    """As a night's extract brings a default number: half of its rows before the limit is reached, half after."""
    ids = list(Record.objects.filter(gone_at=None).order_by("row_hash").values_list("id", flat=True))
    before = dict(Membership.objects.filter(ended_at=None).values_list("record", "resident"))
    for part in (ids[:40], ids[40:120]):
        change(part, phone="+447700900123")
        assert link(linked).kind == "changes"
    assert not Comparable.objects.filter(phone="+447700900123").exists()
    after = dict(Membership.objects.filter(ended_at=None).values_list("record", "resident"))
    joined = {(before[one], before[other]) for one in ids[:120] for other in ids[:120] if after[one] == after[other]}
    assert len({pair for pair in joined if pair[0] < pair[1]}) <= 2
    state_before = state()
    link(linked, everything=True)
    assert differences(state_before, state()) == []


@pytest.mark.django_db(transaction=True)
def test_the_index_can_be_asked_who_was_who_on_a_day(linked: Viewer):
    moments, states = [clock.now()], [dict(Membership.objects.filter(ended_at=None).values_list("record", "resident"))]
    ids = list(Record.objects.order_by("row_hash").values_list("id", flat=True))
    for turn in range(3):
        change(ids[turn * 20 : turn * 20 + 20], forename=f"Zebedee{turn}", nino=None, nhs_number=None, dob=None)
        link(linked)
        moments.append(clock.now())
        states.append(dict(Membership.objects.filter(ended_at=None).values_list("record", "resident")))
    assert states[0] != states[-1]
    for moment, then in zip(moments, states, strict=True):
        assert who_was_who(moment, viewer=linked, purpose=PURPOSE) == then


@pytest.mark.django_db(transaction=True)
def test_ids_go_on_split_retire_and_leave(linked: Viewer):
    counted = Resident.objects.annotate(n=Count("memberships"), first=Min("memberships__record"))
    settled = counted.exclude(household=None).filter(n__gte=4).order_by("first")
    doubled, doubling, other, gone, dead, ended = settled[:6]
    everyone = {one.id: records_of(one) for one in settled[:6]}
    firsts = [everyone[one.id][0] for one in (doubling, other)]

    # One person has two ids; one of the two also holds a record that has gone.
    twin = Resident.objects.create(minted_at=clock.now())
    moved, kept = everyone[doubled.id][:2]
    Membership.objects.filter(record=moved).update(resident=twin)
    # Two people have one id.
    Membership.objects.filter(resident=other).update(resident=doubling)
    ResidentEvent.objects.filter(resident=other).delete()
    other.delete()
    # Three have left: no source has the first, the second died, the last record of the third has ended.
    change(everyone[gone.id], gone_at=clock.now())
    change(everyone[dead.id], deceased_on=date(2026, 2, 3))
    change(everyone[ended.id], ended_on=date(2026, 1, 31), started_on=date(2019, 1, 1))
    # A record that has gone stays with its person, whoever that is by now.
    passed = everyone[gone.id][0]
    Membership.objects.filter(record=passed).update(resident=twin)
    change([moved, everyone[doubling.id][0]])
    report = link(linked)

    twin.refresh_from_db()
    assert twin.retired_into_id == doubled.id
    assert twin.retired_at is not None
    assert resident_of(moved) == resident_of(kept) == resident_of(passed) == doubled.id
    assert ResidentEvent.objects.get(kind="retired", resident=twin).other_id == doubled.id
    assert not SearchTerm.objects.filter(resident=twin).exists()
    assert report.retired >= 1

    apart = {resident_of(record) for record in firsts}
    assert doubling.id in apart
    (new,) = apart - {doubling.id}
    assert ResidentEvent.objects.get(kind="split", resident=new).other_id == doubling.id

    for resident in (gone, dead, ended):
        resident.refresh_from_db()
        assert resident.household_id is None
        assert resident.retired_at is None
    assert abs((gone.left_on - clock.today()).days) <= 1
    assert dead.left_on == date(2026, 2, 3)
    assert ended.left_on == date(2026, 1, 31)


@pytest.mark.django_db(transaction=True)
def test_a_family_that_moves_together_stays_one_household(linked: Viewer):
    empty = Address.objects.exclude(uprn__in=Household.objects.values("uprn")).exclude(kind__in=("hmo",)).first()
    home = Household.objects.filter(size=3, shared=False).order_by("id")[0]
    family = list(Resident.objects.filter(household=home, left_on=None))
    moved = [record for one in family for record in records_of(one)]
    change(moved, uprn=empty.uprn, address=empty.address, postcode=empty.postcode)
    link(linked)
    home.refresh_from_db()
    assert (home.uprn, home.ended_on) == (empty.uprn, None)
    assert len({one.id for one in family} & set(home.residents.values_list("id", flat=True))) >= 2


@pytest.mark.django_db(transaction=True)
def test_without_an_agreement_nothing_is_linked(charlie: Viewer, analyst: Viewer, ig_officer: Viewer):
    with pytest.raises(NotAllowed):
        link(charlie)
    with pytest.raises(NotAllowed):
        link_records(by=analyst, purpose="")
    assert [look.kind for look in list_ledger(viewer=ig_officer)] == ["denied"]


@pytest.mark.django_db(transaction=True)
def test_an_empty_index_is_linked_into_nobody(system: Viewer):
    report = link(system)
    assert (report.records, report.residents, report.households) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_what_a_load_changes_meanwhile_waits_for_the_next_linking(linked: Viewer):
    record = Record.objects.order_by("id")[0]
    under_way = Load.objects.create(
        source_id=record.source_id, mapping_version="1", file_name="x.csv", sha256="0", size_bytes=1,
        started_at=clock.now(), by="Test", state="merging",
    )  # fmt: skip
    change([record.id], last_load=under_way)
    link(linked, everything=True)
    assert Record.objects.get(pending=True).id == record.id
    Load.objects.filter(id=under_way.id).update(state="done")
    link(linked, everything=True)
    assert not Record.objects.filter(pending=True).exists()


# At a borough's size these hold a million rows and more.
LARGE = (Comparable, Membership, Pair, Record, Resident, SearchTerm)


class Plans:
    """Asks SQLite, before each statement, which large tables it would read from end to end."""

    def __init__(self) -> None:
        self.scans: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        reads = sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE", "CREATE TEMP TABLE worth"))
        # Whether there is a resident, and how many, is asked of an index, once.
        if reads and not sql.startswith("SELECT COUNT(*)") and not sql.endswith("LIMIT 1"):
            connection = context["connection"].connection
            asked = [value.isoformat() if hasattr(value, "isoformat") else value for value in params or ()]
            plan = connection.execute("EXPLAIN QUERY PLAN " + sql.replace("%s", "?").replace("%%", "%"), asked)
            for *_, detail in plan.fetchall():
                self._note(sql, detail)
        return execute(sql, params, many, context)

    def _note(self, sql: str, detail: str) -> None:
        scanned = re.match(r"SCAN (\w+)", detail)
        # The index of what waits holds nothing else.
        if not scanned or "record_pending" in detail:
            return
        tables = [model._meta.db_table for model in LARGE]
        called = {table for table in tables if re.search(rf'\b{table}"? (AS )?"?{scanned[1]}\b', sql)}
        if scanned[1] in tables or called:
            self.scans.append(f"{detail}: {' '.join(sql.split())[:300]}")


@pytest.mark.django_db(transaction=True)
def test_a_change_or_a_decision_reads_no_large_table_from_end_to_end(linked: Viewer):
    if connection.vendor != "sqlite":
        return
    pair = Pair.objects.filter(worth__isnull=False).order_by("-worth")[0]
    change([pair.low], forename="Zebedee")
    plans = Plans()
    with connection.execute_wrapper(plans):
        relink([pair.low, pair.high], by=linked, purpose=PURPOSE)
        link(linked)
    assert plans.scans == []
