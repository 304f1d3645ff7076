"""Each system's file: readable as its mapping says, and as good or bad as that system is."""

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from borough.common.identifiers import clean_nhs_number, clean_nino, clean_phone, clean_postcode, clean_uprn
from borough.synthetic.area_files import SYSTEMS
from borough.synthetic.tests.conftest import read

Extract = Callable[[str], list[dict[str, Any]]]
CODES = [system.code for system in SYSTEMS]
FACTS = {
    "council_tax": {"discount", "balance", "support"},
    "housing_rents": {"relationship", "rent_balance", "weekly_rent", "payment_method"},
    "housing_benefit": {"weekly_award", "reason"},
    "adult_social_care": {"primary_need", "package", "lives_alone", "next_of_kin"},
    "children_schools": {"school", "free_school_meals", "send"},
    "libraries": {"last_visit", "computer_use"},
    "parking_permits": {"blue_badge", "vehicle"},
    "electoral_roll": {"attainer"},
}


def mapping_of(rehearsal: Path, source: str) -> dict[str, Any]:
    return tomllib.loads((rehearsal / "mappings" / f"{source}.toml").read_text(encoding="utf-8"))


def columns_of(rule: dict[str, Any]) -> list[str]:
    return rule.get("columns") or [rule["column"]]


def filled(rows: list[dict[str, Any]], column: str) -> float:
    return sum(bool(row[column]) for row in rows) / len(rows)


@pytest.mark.parametrize("source", CODES)
def test_the_mapping_speaks_of_columns_that_are_there(rehearsal: Path, extract: Extract, source: str) -> None:
    mapping = mapping_of(rehearsal, source)
    assert mapping["source"] == source
    assert set(mapping["facts"]) == FACTS[source]
    header = set(extract(source)[0])
    used = {column for rules in ("fields", "facts") for rule in mapping[rules].values() for column in columns_of(rule)}
    assert used | set(mapping["key"]) <= header


@pytest.mark.parametrize("source", CODES)
def test_all_rows_but_the_damaged_ones_read_as_the_mapping_says(rehearsal: Path, extract: Extract, source: str) -> None:
    mapping = mapping_of(rehearsal, source)
    checks = {
        "nino": clean_nino,
        "nhs_number": clean_nhs_number,
        "phone": clean_phone,
        "postcode": clean_postcode,
        "uprn": clean_uprn,
    }
    listed = {row["key"] for row in read(rehearsal / "truth" / "records.csv") if row["source"] == source}
    seen = set()
    for row in extract(source):
        key = "|".join(row[column] or "" for column in mapping["key"])
        if key not in listed:
            continue
        seen.add(key)
        for name, rule in mapping["fields"].items():
            text = row[columns_of(rule)[0]]
            assert text is not None
            if text and "format" in rule:
                datetime.strptime(text, rule["format"])  # noqa: DTZ007
            elif text and name in checks:
                assert checks[name](text), (name, text)
    assert seen == listed


@pytest.mark.parametrize("source", CODES)
def test_no_two_systems_are_laid_out_alike(source: str) -> None:
    columns = {system.code: set(system.columns) for system in SYSTEMS}
    others = [columns[code] for code in CODES if code != source]
    assert all(len(columns[source] & other) < len(columns[source]) / 2 for other in others)


def test_encodings_delimiters_and_formats_differ(rehearsal: Path) -> None:
    mappings = [mapping_of(rehearsal, code) for code in CODES]
    assert {mapping.get("delimiter", ",") for mapping in mappings} == {",", ";", "|"}
    assert {"cp1252", "utf-8-sig"} <= {mapping.get("encoding") for mapping in mappings}
    formats = {rule["format"] for mapping in mappings for rule in mapping["fields"].values() if "format" in rule}
    assert {"%d/%m/%Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d", "%Y-%m-%d"} <= formats
    orders = {mapping["fields"]["name"]["order"] for mapping in mappings if "name" in mapping["fields"]}
    assert orders == {"surname, forename", "forename surname", "title forename surname"}
    assert (rehearsal / "extracts" / "council_tax.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (rehearsal / "extracts" / "housing_rents.csv").read_bytes().decode("cp1252")


def test_who_holds_a_date_of_birth(extract: Extract) -> None:
    assert 0.05 < filled(extract("council_tax"), "DOB") < 0.11
    roll = extract("electoral_roll")
    assert 0.01 < filled(roll, "Elector DOB") < 0.06
    assert all(row["Elector DOB"] == "" or row["Elector DOB"][-4:] >= "2007" for row in roll if row["Elector DOB"])
    assert filled(extract("housing_benefit"), "DOB") > 0.99
    assert 0.5 < filled(extract("libraries"), "Date of birth") < 0.85


def test_who_holds_an_identifier(extract: Extract) -> None:
    benefit = [row for row in extract("housing_benefit") if row["ROLE"] in ("CLAIMANT", "PARTNER")]
    assert filled(benefit, "NINO") > 0.97
    adults = [row for row in extract("housing_rents") if row["Relationship"] and row["Relationship"] != "Occupant"]
    assert 0.6 < filled(adults, "NINO") < 0.75
    assert filled(extract("adult_social_care"), "NHS Number") > 0.75
    assert 0.25 < filled(extract("children_schools"), "NHS No") < 0.45
    for source in ("council_tax", "libraries", "parking_permits", "electoral_roll"):
        assert not {"NINO", "NHS Number", "NHS No"} & set(extract(source)[0])


def test_missing_births_are_the_first_of_january(extract: Extract) -> None:
    rents = Counter(row["DOB"] for row in extract("housing_rents") if row["DOB"])
    assert rents["01/01/1900"] > 10
    january = sum(count for born, count in rents.items() if born.startswith("01/01/") and born != "01/01/1900")
    assert january > 1.5 * rents.total() / 365


def test_the_same_person_is_written_differently(
    rehearsal: Path, extract: Extract, everybody: list[dict[str, str]]
) -> None:
    of = {row["person"]: row for row in everybody}
    whose = {
        row["key"]: of[row["person"]]
        for row in read(rehearsal / "truth" / "records.csv")
        if row["source"] == "libraries"
    }
    other_name = other_home = swapped = 0
    rows = [row for row in extract("libraries") if row["Borrower"] in whose]
    for row in rows:
        person = whose[row["Borrower"]]
        name = f"{person['forename']} {person['surname']}"
        other_name += row["Name"] != name
        swapped += row["Name"] == f"{person['surname']} {person['forename']}"
        born = person["dob"]
        other_home += bool(row["Date of birth"]) and row["Date of birth"] == f"{born[:5]}{born[8:]}-{born[5:7]}" != born
    assert 0.08 < other_name / len(rows) < 0.35
    assert swapped > 3
    assert other_home > 0


def test_some_are_still_at_the_address_before(
    rehearsal: Path, extract: Extract, everybody: list[dict[str, str]]
) -> None:
    of = {row["person"]: row["uprn"] for row in everybody}
    at = {row["uprn"]: row["postcode"].replace(" ", "") for row in read(rehearsal / "addresses.csv")}
    whose = {
        row["key"]: row["person"] for row in read(rehearsal / "truth" / "records.csv") if row["source"] == "libraries"
    }
    rows = [row for row in extract("libraries") if row["Borrower"] in whose and row["Postcode"]]
    moved = sum(row["Postcode"].replace(" ", "").upper() != at[of[whose[row["Borrower"]]]] for row in rows)
    assert 0.05 < moved / len(rows) < 0.35


def test_maiden_names_are_kept_by_some(extract: Extract) -> None:
    rows = extract("housing_rents")
    former = [row for row in rows if row["Former Surname"]]
    assert len(former) > 20
    assert all(row["Sex"] == "F" for row in former)


def test_damaged_rows_are_of_each_kind(rehearsal: Path, extract: Extract) -> None:
    impossible = nameless = torn = 0
    for system in SYSTEMS:
        for row in extract(system.code):
            impossible += row[system.dob_column] == system.impossible_dob
            nameless += row[system.key[0]] == ""
            torn += row[system.columns[-1]] is None
    assert min(impossible, nameless, torn) > 0
