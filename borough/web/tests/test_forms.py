"""The form adapter: every control is drawn, and every link of an error summary lands on one."""

import re
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.template.loader import get_template

from borough.common.fields import DatePartsField

CHOICES = [("food", "Food"), ("company", "Company")]


class EveryKind(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your letters")
    code = forms.CharField(label="Code", max_length=4)
    email = forms.EmailField(label="Email")
    people = forms.IntegerField(label="People")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    story = forms.CharField(label="Story", widget=forms.Textarea)
    need = forms.ChoiceField(label="Need", choices=CHOICES, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(label="Needs", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(label="Place", choices=[("", "Choose"), *CHOICES])
    agree = forms.BooleanField(label="I agree")
    born = DatePartsField(label="Born")
    file = forms.FileField(label="File")
    note = forms.CharField(label="Note", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def draw(form: forms.Form) -> str:
    source = (
        '{% from "house/forms.html" import error_summary, form_fields %}'
        "{{ error_summary(form) }}{{ form_fields(form) }}"
    )
    return str(engines["jinja2"].from_string(source).render({"form": form}))


def test_every_link_of_the_error_summary_lands_on_a_control() -> None:
    html = draw(EveryKind({}))
    links = re.findall(r'href="#([^"]+)"', html)
    controls = re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', html)
    visible_and_required = len(EveryKind.base_fields) - 2
    assert len(links) == visible_and_required
    assert set(links) <= set(controls)
    assert len(controls) == len(set(controls))


def test_every_label_belongs_to_a_control() -> None:
    html = draw(EveryKind())
    labels = re.findall(r'<label[^>]*\bfor="([^"]+)"', html)
    assert set(labels) <= set(re.findall(r'\bid="([^"]+)"', html))
    assert len(labels) == 9 + 2 + 2 + 1 + 3


def test_what_was_typed_stays_after_an_error() -> None:
    typed: dict[str, Any] = {"name": "Ann <b>", "need": "company", "needs": ["food"], "place": "food", "agree": "on"}
    html = draw(EveryKind(typed | {"born-day": "31", "born-month": "2", "born-year": "1980", "story": "Long"}))
    assert 'value="Ann &lt;b&gt;"' in html
    assert re.search(r'value="company"\s+checked', html)
    assert not re.search(r'type="radio" value="food"\s+checked', html)
    assert re.search(r'type="checkbox" value="food"\s+checked', html)
    assert re.search(r'<option value="food" selected', html)
    assert re.search(r'value="on"\s+checked', html)
    assert re.search(r'name="born-day"[^>]*value="31"', html)
    assert ">Long</textarea>" in html


def test_a_password_does_not_come_back() -> None:
    assert "hunter2" not in draw(EveryKind({"password": "hunter2"}))


def test_optional_is_said_only_where_others_are_required() -> None:
    class AllOptional(forms.Form):
        kind = forms.CharField(label="Kind", required=False)

    assert "Note (optional)" in draw(EveryKind())
    assert "(optional)" not in draw(AllOptional())


def test_an_error_of_the_whole_form_is_in_the_summary() -> None:
    class Whole(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("These two do not fit")

    assert "These two do not fit" in draw(Whole({}))


@pytest.mark.parametrize("name", ["staff.html", "public.html", "problem.html"])
def test_base_templates_compile(name: str) -> None:
    assert get_template(name)
