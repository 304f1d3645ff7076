"""Linking into the tables: ids that last, homes, moves, and who may ask for it. On a small rehearsal."""

from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count, Min

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.queries import list_ledger
from borough.places.actions import load_addresses, load_areas
from borough.residents.actions import add_source, link_records, load_extract
from borough.residents.mapping import read_mapping
from borough.residents.measuring import measure_index
from borough.residents.models import Household, Record, Resident, ResidentEvent, SearchTerm
from borough.synthetic.rehearsal import write_rehearsal

PURPOSE = "residents-index"


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=1_200, seed=5)
    return folder


@pytest.fixture
def loaded(rehearsal: Path, system: Viewer) -> Viewer:
    load_areas(rehearsal / "areas.geojson", by=system)
    load_addresses(rehearsal / "addresses.csv", by=system)
    for path in sorted((rehearsal / "mappings").glob("*.toml")):
        mapping = read_mapping(path)
        add_source(by=system, mapping=mapping)
        extract = rehearsal / "extracts" / f"{mapping.source}.csv"
        load_extract(by=system, purpose=PURPOSE, source=mapping.source, path=extract)
    return system


def state() -> dict[str, list[tuple[object, ...]]]:
    records = Record.objects.order_by("id").values_list("id", "resident_id", "linked_to", "link_weight", "link_reasons")
    residents = Resident.objects.order_by("id").values_list()
    return {
        "records": list(records),
        "residents": list(residents),
        "households": list(Household.objects.order_by("id").values_list()),
        "events": list(ResidentEvent.objects.order_by("id").values_list()),
        "terms": list(SearchTerm.objects.order_by("kind", "term", "resident").values_list("kind", "term", "resident")),
    }


def link(by: Viewer):
    return link_records(by=by, purpose=PURPOSE)


@pytest.mark.django_db(transaction=True)
def test_a_borough_is_linked_and_again_without_a_change(loaded: Viewer, rehearsal: Path, ig_officer: Viewer):
    steps: list[tuple[int, int]] = []
    report = link_records(by=loaded, purpose=PURPOSE, progress=lambda done, total: steps.append((done, total)))
    figures = measure_index(rehearsal / "truth" / "records.csv", viewer=loaded, purpose=PURPOSE)
    assert figures.f1 > 0.9, figures
    assert report.records == Record.objects.count()
    assert report.residents == report.minted == Resident.objects.count()
    assert not Record.objects.filter(resident=None).exists()
    assert [done for done, _ in steps] == list(range(1, steps[0][1] + 1))
    entry = next(look for look in list_ledger(viewer=ig_officer) if look.verb == "residents.link_records")
    assert (entry.kind, entry.people) == ("write", report.residents)

    # Every reason is in words, and a record says why it is where it is.
    linked = Record.objects.exclude(linked_to=None)
    assert linked.exists()
    for record in linked[:50]:
        assert record.link_weight is not None
        assert {reason["says"] for reason in record.link_reasons}
        other = Record.objects.get(id=record.linked_to)
        assert other.resident_id == record.resident_id

    # Homes: as many as it says, of those who live there now.
    counted = dict(Resident.objects.filter(left_on=None).values_list("household").annotate(n=Count("id")).order_by())
    counted.pop(None, None)
    assert counted == dict(Household.objects.values_list("id", "size"))
    assert Resident.objects.exclude(small_area="").count() > 0.9 * report.residents

    before = state()
    again = link(loaded)
    assert (again.minted, again.retired) == (0, 0)
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_what_has_changed_since_is_brought_up_and_nothing_else(loaded: Viewer):
    late = set(Record.objects.order_by("row_hash").values_list("id", flat=True)[:70])
    Record.objects.filter(id__in=late).update(gone_at=clock.now())
    link(loaded)
    before = dict(Record.objects.exclude(id__in=late).values_list("id", "resident_id"))
    # People whom none of the late records can be about, in an order that no minted id decides.
    names = {name.upper() for name in Record.objects.filter(id__in=late).values_list("surname", flat=True)}
    counted = Resident.objects.annotate(n=Count("records"), first=Min("records")).exclude(household=None)
    settled = [one for one in counted.filter(n__gte=4).order_by("first") if one.surname.upper() not in names]
    doubled, doubling, other, gone, dead, ended = settled[:6]

    # Some records are new.
    Record.objects.filter(id__in=late).update(gone_at=None)
    # One person has two ids; one of the two also holds a record that has gone.
    twin = Resident.objects.create(minted_at=clock.now())
    moved, kept = doubled.records.order_by("id")[:2]
    Record.objects.filter(id=moved.id).update(resident=twin)
    # Two people have one id.
    mine = list(doubling.records.values_list("id", flat=True))
    theirs = list(other.records.values_list("id", flat=True))
    Record.objects.filter(resident=other).update(resident=doubling)
    ResidentEvent.objects.filter(resident=other).delete()
    other.delete()
    # Three have left: no source has the first, the second died, the last record of the third has ended.
    gone.records.update(gone_at=clock.now())
    dead.records.update(deceased_on=date(2026, 2, 3))
    ended.records.update(ended_on=date(2026, 1, 31), started_on=date(2019, 1, 1))
    # A record that has gone stays with its person, whoever that is by now.
    passed = gone.records.order_by("id")[0]
    Record.objects.filter(id=passed.id).update(resident=twin)
    report = link(loaded)

    twin.refresh_from_db()
    assert twin.retired_into_id == doubled.id
    assert twin.retired_at is not None
    assert Record.objects.get(id=moved.id).resident_id == Record.objects.get(id=kept.id).resident_id == doubled.id
    assert Record.objects.get(id=passed.id).resident_id == doubled.id
    assert ResidentEvent.objects.get(kind="retired", resident=twin).other_id == doubled.id
    assert not SearchTerm.objects.filter(resident=twin).exists()
    assert report.retired >= 1

    apart = {Record.objects.get(id=records[0]).resident_id for records in (mine, theirs)}
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

    after = dict(Record.objects.filter(gone_at=None).values_list("id", "resident_id"))
    assert None not in after.values()
    untouched = [record for record in before if record in after and record not in {moved.id, passed.id, *theirs}]
    assert sum(after[record] == before[record] for record in untouched) >= 0.985 * len(untouched)


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
