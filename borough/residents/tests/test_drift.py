"""A figure that jumps from one load to the next is said in words; one that moves a little is not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from borough.residents.drift import drift_between, percent
from borough.residents.models import Load


def load(**fields: Any) -> Load:
    rows = fields.setdefault("rows", 1_000)
    fields.setdefault("accepted", rows)
    fields.setdefault("records", 1_000)
    fields.setdefault("filled", {"surname": 1_000, "dob": 950})
    return Load(**fields)


def test_shares_are_of_the_rows_and_of_what_was_held() -> None:
    drift = drift_between(load(added=100, changed=50, gone=100), load(added=80, changed=40))
    assert (drift.added, drift.changed, drift.gone, drift.words) == (0.1, 0.05, 0.1, [])


def test_a_field_that_empties_is_said() -> None:
    drift = drift_between(load(filled={"surname": 1_000, "dob": 0}), load())
    assert drift.words == ["Date of birth is missing from 100% of the rows; the load before it was 5.0%."]


def test_a_flood_of_new_records_is_said_but_not_of_a_first_load() -> None:
    assert drift_between(load(added=400), load(added=20)).words == [
        "40% of the rows are new; the load before it was 2.0%."
    ]
    assert drift_between(load(added=20), load(added=1_000)).words == []


def test_many_who_have_gone_and_many_rejected_rows_are_said() -> None:
    drift = drift_between(load(gone=400, rejected=100), load())
    assert drift.words == [
        "29% of the records have gone.",
        "10% of the rows were rejected; the load before it was 0%.",
    ]


def test_a_load_without_counted_fields_is_not_compared_by_them() -> None:
    assert drift_between(load(), load(filled={})).words == []


def test_a_handful_of_rows_says_nothing() -> None:
    few = {"surname": 10, "dob": 0}
    assert drift_between(load(rows=10, filled=few, records=10), load(rows=10, records=10)).words == []


@given(st.integers(0, 1_000), st.integers(0, 40))
def test_a_small_move_is_never_said(dated: int, away: int) -> None:
    moved = max(0, dated - away)
    before, now = load(filled={"surname": 1_000, "dob": dated}), load(filled={"surname": 1_000, "dob": moved})
    assert drift_between(now, before).words == []


def test_percentages() -> None:
    assert [percent(share) for share in (0, 0.034, 0.5, 1)] == ["0%", "3.4%", "50%", "100%"]
