"""Addresses that are not written as the gazetteer has them: one suite for a simple matcher and for the real one."""

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings as real_settings

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.places.actions import load_addresses, match_addresses
from borough.places.queries import find_uprns

BY = system_viewer("test")
REAL = "borough.adapters.uk_address_matcher.UkAddressMatcher"
needs_matcher = pytest.mark.skipif(
    not Path(real_settings.ADDRESS_MATCHER_PYTHON).exists(), reason="uk-address-matcher: make address-matcher"
)


class ByNumbers:
    """The same numbers, and more of the words than any other property has."""

    def match(self, written: Path, gazetteer: Path, found: Path) -> None:
        homes = duckdb.sql(f"select uprn, address from read_parquet('{gazetteer}')").fetchall()
        with written.open() as file, found.open("w") as out:
            out.write("id,uprn\n")
            for row in csv.DictReader(file):
                first, second = sorted(((_alike(row["address"], at), uprn) for uprn, at in homes), reverse=True)[:2]
                if first[0] > second[0]:
                    out.write(f"{row['id']},{first[1]}\n")


def _alike(one: str, other: str) -> int:
    mine, theirs = (set(text.upper().replace(",", " ").split()) for text in (one, other))
    numbers = [{word for word in words if word[0].isdigit()} for words in (mine, theirs)]
    return len(mine & theirs) if numbers[0] and numbers[0] == numbers[1] else 0


@pytest.fixture(params=["simple", pytest.param("real", marks=needs_matcher)])
def matcher(request: Any, settings: Any) -> None:
    chosen = REAL if request.param == "real" else f"{__name__}.ByNumbers"
    settings.ADAPTERS = settings.ADAPTERS | {"addresses": chosen}


@pytest.fixture
def gazetteer(db: None, tmp_path: Path) -> None:
    streets = ("West Place", "Curie Road", "Darwin Street", "Noether Walk", "Franklin Gardens", "Hopper Lane")
    rows = [
        (
            f"990000{place}{house}{flat}",
            f"Flat {flat}, {street.split()[0]} Mansions, {house} {street}, Alderbrook",
            code,
        )
        for place, street in enumerate(streets)
        for code in [f"XA1 {place}AA"]
        for house in (12, 14)
        for flat in range(1, 9)
    ]
    file = tmp_path / "addresses.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("uprn", "address", "postcode", "lat", "lon", "small_area", "kind"))
        writer.writerows((*row, "51.5", "-0.1", "", "flat") for row in rows)
    load_addresses(file, by=BY)


@pytest.mark.usefixtures("matcher", "gazetteer")
def test_an_address_that_is_written_otherwise_is_found_and_known_from_then_on() -> None:
    written = ("Flat 3 West Mansions 12 West Pl Alderbrook", "")
    assert find_uprns([written]) == [None]
    assert match_addresses([written], by=BY) == {written: "9900000123"}
    assert find_uprns([written, ("elsewhere", "XA1 0AA")]) == ["9900000123", None]
    # Asking again changes nothing.
    assert match_addresses([written], by=BY) == {written: "9900000123"}


@pytest.mark.usefixtures("matcher", "gazetteer")
def test_what_several_properties_fit_or_none_is_not_guessed() -> None:
    written = [("Curie Mansions, Curie Road, Alderbrook", ""), ("9 Nowhere Street, Otherton", "ZZ9 9ZZ")]
    assert match_addresses(written, by=BY) == {}
    assert find_uprns(written) == [None, None]


@pytest.mark.usefixtures("gazetteer")
def test_without_a_matcher_it_says_how_to_get_one(settings: Any, tmp_path: Path) -> None:
    settings.ADAPTERS = settings.ADAPTERS | {"addresses": REAL}
    settings.ADDRESS_MATCHER_PYTHON = str(tmp_path / "nowhere")
    with pytest.raises(Problem) as problem:
        match_addresses([("Flat 1", "")], by=BY)
    assert "make address-matcher" in problem.value.remedy


@pytest.mark.usefixtures("gazetteer")
def test_a_matcher_that_fails_changes_nothing_and_tells_no_address(settings: Any, tmp_path: Path) -> None:
    settings.ADAPTERS = settings.ADAPTERS | {"addresses": REAL}
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    settings.ADDRESS_MATCHER_PYTHON = str(broken)
    with pytest.raises(Problem) as problem:
        match_addresses([("Flat 120 Secret Mansions", "XA1 0AA")], by=BY)
    assert "(3)" in str(problem.value) and "Secret" not in str(problem.value)
    assert find_uprns([("Flat 120 Secret Mansions", "XA1 0AA")]) == [None]
