"""Bad input through load and link: what misleads is contained, so that no stranger becomes anybody else."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from borough.accounts.policies import Viewer
from borough.residents.actions import LoadReport, add_source, link_records, load_extract
from borough.residents.models import Membership, Record
from borough.residents.quality_view import read_quality
from borough.residents.tests.conftest import changed, row, write_csv

pytestmark = pytest.mark.django_db

PURPOSE = "residents-index"
FORENAMES = (
    "Ann", "Bola", "Chen", "Dariusz", "Ewa", "Farah", "Gita", "Hugo", "Ines", "Jamal", "Kofi", "Leyla", "Mona", "Nils",
    "Olu", "Priya", "Qasim", "Rosa", "Sven", "Tariq", "Uma", "Vera", "Wanda", "Xin", "Yusuf", "Zoe",
)  # fmt: skip
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va")
PEOPLE = 700

TakeAs = Callable[..., LoadReport]


@pytest.fixture
def take_as(system: Viewer, tmp_path: Path) -> TakeAs:
    def load(source: str, rows: Sequence[Sequence[str]], **options: Any) -> LoadReport:
        add_source(by=system, mapping=changed(source=source, title=source.replace("_", " ").capitalize()))
        path = write_csv(tmp_path / f"{source}.csv", rows)
        return load_extract(by=system, purpose=PURPOSE, source=source, path=path, **options)

    return load


def person(n: int, key: str, **cells: str) -> list[str]:
    """The n-th of 700 different people, each in a home of their own."""
    surname = "".join(SYLLABLES[n // 16**place % 16] for place in range(3)).capitalize()
    own = {
        "First": FORENAMES[n * 7 % 26],
        "Last": surname,
        "DOB": f"{1 + n * 5 % 28:02d}/{1 + n * 11 % 12:02d}/{1935 + n * 13 % 80}",
        "NI": f"AB{100_000 + n * 137:06d}C" if n % 2 else "",
        "Phone": f"07700 9{n:05d}",
        "Flat": "",
        "No": str(1 + n % 90),
        "Street": f"{surname} Road",
        "PC": f"NW{1 + n % 9} {n // 9 % 9 + 1}{'ABDEFGHJLN'[n % 10]}{'PQRSTUWXYZ'[n // 10 % 10]}",
        "UPRN": str(100_000_000 + n),
    }
    return row(f"{key}{n}", **{**own, **cells})


def link(by: Viewer) -> tuple[list[int], int]:
    """Link everything: how many records each resident has, the most first, and pairs of records of two people that
    were joined. Whose a record is stands in the number of its key."""
    link_records(by=by, purpose=PURPOSE, everything=True, retrain=True)
    who = Membership.objects.filter(ended_at=None).values_list("resident", "record__key")
    sizes = Counter(resident for resident, _ in who)
    people: dict[str, set[str]] = {}
    for resident, key in who:
        people.setdefault(resident, set()).add(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return sorted(sizes.values(), reverse=True), sum(len(found) - 1 for found in people.values())


def two_sources(take_as: TakeAs, **cells: str) -> None:
    """700 people in both sources; in the second, 300 of them have these cells."""
    take_as("council_tax", [person(n, "C") for n in range(PEOPLE)])
    take_as("rents", [person(n, "R", **(cells if n < 300 else {})) for n in range(PEOPLE)])


def test_without_bad_input_nobody_is_joined_to_a_stranger(take_as: TakeAs, system: Viewer) -> None:
    two_sources(take_as)
    sizes, wrong = link(system)
    assert (len(sizes), sizes[0], wrong) == (PEOPLE, 2, 0)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        # What a system writes where it knows no date, and no mapping says so.
        ({"DOB": "02/01/1901"}, "300 of 700 dates of birth are 2 January 1901"),
        ({"Phone": "07700 800800"}, "Phone: one value stands on 300 rows"),
        ({"UPRN": "100023336956", "No": "1", "Street": "Town Hall", "PC": "NW1 2DB"}, ""),
    ],
    ids=["one date of birth", "one telephone", "the town hall"],
)
def test_one_value_on_very_many_rows_makes_nobody_of_strangers(
    take_as: TakeAs, system: Viewer, cells: dict[str, str], words: str
) -> None:
    two_sources(take_as, **cells)
    sizes, wrong = link(system)
    assert wrong == 0
    assert sizes[0] == 2
    # And the people who are in both sources are still found, nearly all.
    assert len(sizes) <= PEOPLE * 1.05
    view = read_quality(viewer=system)
    assert view is not None
    said = [sentence for source in view.sources for sentence in source.findings]
    assert any(sentence.startswith(words) for sentence in said) if words else said == []


def test_the_town_hall_on_more_rows_than_any_home_is_said(take_as: TakeAs) -> None:
    report = take_as("rents", [person(n, "R", UPRN="100023336956") for n in range(450)])
    assert [(check["kind"], check["field"], check["rows"]) for check in report.checks] == [("shared", "uprn", 450)]


def test_identifiers_moved_by_a_row_join_nobody_even_when_they_are_accepted(take_as: TakeAs, system: Viewer) -> None:
    take_as("council_tax", [person(n, "C") for n in range(PEOPLE)])
    rows = [person(n, "B") for n in range(300)]
    numbers = [one[4] for one in rows]
    moved = [[*one[:4], number, *one[5:]] for one, number in zip(rows, [numbers[-1], *numbers[:-1]], strict=True)]
    take_as("benefits", moved, accept=True)
    sizes, wrong = link(system)
    assert wrong <= 3
    assert sizes[0] <= 3


def test_one_person_in_two_boroughs_extracts_is_one_resident_with_both_addresses(
    take_as: TakeAs, system: Viewer
) -> None:
    from django.apps import apps

    two_sources(take_as)
    elsewhere = {"No": "5", "Street": "Mare Street", "PC": "E8 1EA", "UPRN": "200000000001"}
    take_as("next_borough", [person(n, "N", **elsewhere) for n in (1, 3)])
    Address = apps.get_model("places", "Address")
    homes = Record.objects.exclude(postcode="E8 1EA").values_list("uprn", "postcode").distinct()
    Address.objects.bulk_create(
        Address(
            uprn=uprn, address="x", postcode=postcode, lat=51, lon=0, small_area="", kind="dwelling", match_key=uprn
        )
        for uprn, postcode in homes
    )
    sizes, wrong = link(system)
    assert (sizes[:3], wrong) == ([3, 3, 2], 0)
    assert set(Record.objects.filter(source="next_borough").values_list("postcode", flat=True)) == {"E8 1EA"}
    view = read_quality(viewer=system)
    assert view is not None
    assert view.here_and_there == 2
    assert {one.code: one.outside for one in view.sources} == {"council_tax": 0, "rents": 0, "next_borough": 2}
