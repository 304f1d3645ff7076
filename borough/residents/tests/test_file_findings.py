"""A file that is wrong as a whole is held or noted before anything of it is merged."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.residents.actions import LoadReport, add_source, load_extract
from borough.residents.erasure import Erased, _hash, remember_erased
from borough.residents.file_findings import HeldLoad
from borough.residents.finding_words import finding_words
from borough.residents.models import ErasedRecord, Load, Record, Reject, Source
from borough.residents.tests.conftest import Take, changed, row, write_csv

pytestmark = pytest.mark.django_db

TakeAs = Callable[..., LoadReport]
FORENAMES = ("Ann", "Bola", "Chen", "Dariusz", "Ewa", "Farah", "Gita", "Hugo", "Ines", "Jamal", "Kofi", "Leyla")


@pytest.fixture
def take_as(system: Viewer, tmp_path: Path) -> TakeAs:
    """Load rows as the newest extract of a source of the same layout as housing_rents."""

    def load(source: str, rows: Sequence[Sequence[str]], **options: Any) -> LoadReport:
        add_source(by=system, mapping=changed(source=source, title=source.replace("_", " ").capitalize()))
        path = write_csv(tmp_path / f"{source}.csv", rows)
        return load_extract(by=system, purpose="residents-index", source=source, path=path, **options)

    return load


def person(n: int, key: str = "T", **cells: str) -> list[str]:
    """The n-th of many different people."""
    own = {
        "First": FORENAMES[n % len(FORENAMES)],
        "Last": f"Surname{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}",
        "DOB": f"{1 + n % 28:02d}/{1 + n % 12:02d}/{1940 + n % 70}",
        "NI": f"AB{100_000 + n:06d}C",
        "Phone": f"07700 {900_000 + n:06d}",
        "UPRN": str(100_000_000 + n),
    }
    return row(f"{key}{n}", **{**own, **cells})


def people(count: int, key: str = "T", **cells: str) -> list[list[str]]:
    return [person(n, key, **cells) for n in range(count)]


def shifted(rows: list[list[str]], column: int = 4) -> list[list[str]]:
    """The rows with one column moved down by a row."""
    cells = [one[column] for one in rows]
    return [[*one[:column], cell, *one[column + 1 :]] for one, cell in zip(rows, [cells[-1], *cells[:-1]], strict=True)]


def kinds(report: LoadReport) -> list[str]:
    return [check["kind"] for check in report.checks]


def test_an_ordinary_file_has_nothing_odd_about_it_and_its_fields_are_counted(take: Take) -> None:
    report = take([*people(300), *people(20, "X", DOB="", NI="")])
    assert report.checks == []
    filled = Load.objects.get().filled
    assert (filled["surname"], filled["dob"], filled["nino"], filled["email"]) == (320, 300, 300, 0)


def test_a_file_where_every_birth_date_is_one_day_is_taken_in_and_said_so(take: Take) -> None:
    report = take(people(60, DOB="02/01/1901"))
    assert report.checks == [
        {"kind": "one_date", "field": "dob", "rows": 60, "of": 60, "values": 1, "line": 2, "value": "1901-01-02"}
    ]
    assert "60 of 60 dates of birth are 2 January 1901" in finding_words(report.checks[0])


def test_the_date_that_the_mapping_calls_unknown_is_not_a_date(take: Take) -> None:
    report = take(people(60, DOB="01/01/1900"))
    assert report.checks == []
    assert Load.objects.get().filled["dob"] == 0


@pytest.mark.parametrize(
    ("column", "value", "field", "count"),
    [("Phone", "07700 900123", "phone", 61), ("UPRN", "100023336956", "uprn", 401)],
)
def test_a_value_on_more_rows_than_a_home_has_people_is_told_by_its_line_alone(
    take: Take, column: str, value: str, field: str, count: int
) -> None:
    report = take([*people(5, "A"), *people(count, **{column: value})])
    (check,) = report.checks
    assert check == {"kind": "shared", "field": field, "rows": count, "of": count + 5, "values": 1, "line": 7}
    assert value not in str(Load.objects.get().checks) and f"{count} rows" in finding_words(check)


def test_identifiers_moved_by_a_row_are_held_by_what_other_sources_know(take: Take, take_as: TakeAs) -> None:
    take(people(60))
    with pytest.raises(HeldLoad, match=r"of 60 that other sources hold too, \d+ belong to somebody.*--accept"):
        take_as("benefits", shifted(people(60, "B")))
    held = Load.objects.latest("id")
    assert (held.state, [check["kind"] for check in held.checks]) == ("held", ["contradicted"])
    assert not Record.objects.filter(source="benefits").exists()
    assert kinds(take_as("benefits", shifted(people(60, "B")), accept=True)) == ["contradicted"]
    assert Record.objects.filter(source="benefits").count() == 60


def test_identifiers_moved_by_a_row_are_held_by_what_the_source_itself_held(take: Take) -> None:
    take(people(60))
    with pytest.raises(HeldLoad, match="of 60 people who had one before, 60 have another now"):
        take(shifted(people(60)))
    assert Record.objects.get(key="T1").nino == "AB100001C"


def test_clerks_slips_do_not_hold_a_file(take: Take, take_as: TakeAs) -> None:
    take(people(60))
    slips = [person(n, "B", **({"First": "Zoe"} if n % 4 == 0 else {"DOB": "05/05/1955"})) for n in range(60)]
    assert take_as("benefits", slips).checks == []


def test_a_file_loaded_under_another_sources_name_is_held_by_its_keys(take: Take, take_as: TakeAs) -> None:
    take(people(60))
    with pytest.raises(HeldLoad, match="looks like a file of housing_rents: of 60 rows looked at, 60 have"):
        take_as("leaseholders", people(60))
    assert not Record.objects.filter(source="leaseholders").exists()
    assert take_as("leaseholders", people(60), accept=True).added == 60
    assert take_as("leaseholders", people(61)).added == 1, "once it is the source's own, nobody asks again"


def test_a_file_loaded_under_another_sources_name_is_held_by_how_full_it_is(take: Take, take_as: TakeAs) -> None:
    bare = {"DOB": "", "NI": "", "Phone": "", "UPRN": "", "PC": ""}
    take(people(60))
    take_as("electors", people(60, "E", **bare))
    with pytest.raises(HeldLoad, match="looks like a file of housing_rents: hardly any key is known"):
        take_as("electors", people(60, "N"), accept_drop=True)
    assert take_as("electors", people(70, "E", **bare)).added == 10


def test_a_key_that_two_systems_happen_to_share_is_nothing_odd(take: Take, take_as: TakeAs) -> None:
    take(people(60))
    others = [person(n, Last=f"Other{chr(97 + n % 26)}", First="Zoe", NI="") for n in range(60)]
    assert take_as("libraries", others).checks == []


def test_a_record_that_was_erased_does_not_come_back(take: Take) -> None:
    take(people(3))
    Record.objects.filter(key="T1").delete()
    remember_erased("housing_rents", ["T1"])
    remember_erased("housing_rents", ["T1"])
    report = take(people(4))
    assert set(Record.objects.values_list("key", flat=True)) == {"T0", "T2", "T3"}
    assert (report.accepted, report.rejected, report.added) == (3, 1, 1)
    assert report.checks == [{"kind": "erased", "rows": 1, "of": 4}]
    reject = Reject.objects.get()
    assert (reject.line, reject.reason, reject.row, reject.key) == (3, "This record was erased.", "", "")


def test_an_erased_record_is_known_after_the_secret_key_was_changed(settings: Any) -> None:
    ErasedRecord.objects.create(
        source=Source.objects.create(code="rents", title="Rents", mapping={}, confirmed_at=clock.now()),
        key_hash=_hash("rents", "T1", "before"),
        erased_at=clock.now(),
    )
    assert not Erased("rents").has("T1")
    settings.KEYS_OF_HASHES = [settings.SECRET_KEY, "before"]
    assert Erased("rents").has("T1")
    assert not Erased("rents").has("T2")


def test_of_an_erased_record_nothing_is_kept_that_names_it(take: Take) -> None:
    remember_erased("housing_rents", ["AB123456C"])
    kept = ErasedRecord.objects.get()
    assert len(kept.key_hash) == 32 and "AB123456C" not in kept.key_hash


def test_an_erased_key_of_one_source_is_free_in_another(take: Take, take_as: TakeAs) -> None:
    remember_erased("housing_rents", ["T1"])
    assert take_as("libraries", people(3)).added == 3
