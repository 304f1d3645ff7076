from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from borough.common.fields import DatePartsField


class Born(forms.Form):
    born = DatePartsField(label="Born", required=False)


def filled(day: str, month: str, year: str) -> Born:
    return Born({"born-day": day, "born-month": month, "born-year": year})


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_goes_through(value: date) -> None:
    form = filled(str(value.day), str(value.month), str(value.year))
    assert form.is_valid()
    assert form.cleaned_data["born"] == value


@pytest.mark.parametrize(
    "parts", [("31", "2", "1980"), ("1", "13", "1980"), ("1", "1", "80"), ("x", "1", "1980"), ("1", "", "1980")]
)
def test_what_is_no_date_is_refused(parts: tuple[str, str, str]) -> None:
    assert filled(*parts).errors == {"born": ["Enter a real date, such as 27 3 2026"]}


def test_nothing_typed_is_no_date() -> None:
    form = filled("", " ", "")
    assert form.is_valid()
    assert form.cleaned_data["born"] is None


def test_a_required_date_is_asked_for() -> None:
    class Must(forms.Form):
        born = DatePartsField(label="Born")

    assert Must({}).errors == {"born": ["Enter a date"]}
