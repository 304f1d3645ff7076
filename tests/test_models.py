"""Every model says what it holds of a person and how long; nothing personal is in its name."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from borough.common.personal_data import PersonalData

HOUSE = [model for model in apps.get_models() if model.__module__.startswith("borough.")]


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_a_model_declares_its_personal_data_and_how_long_it_is_kept(model: type[models.Model]) -> None:
    declared: Any = getattr(model, "personal_data", None)
    assert isinstance(declared, PersonalData), "declare personal_data = PersonalData(...) or not_personal()"
    assert declared.keep
    columns = {name for field in model._meta.get_fields() for name in (field.name, getattr(field, "attname", ""))}
    assert set(declared.fields) <= columns


PERSONAL_NAMES = {"forename", "surname", "name", "dob", "email", "phone", "address", "postcode", "nino", "nhs_number"}
# Names of things, not of people.
OTHER_NAMES = {
    ("ApiKey", "name"),
    ("Purpose", "name"),
    ("Area", "name"),
    ("Address", "address"),
    ("Address", "postcode"),
    ("Organization", "name"),
    ("Organization", "email"),
    ("Service", "name"),
    ("Service", "email"),
    ("Service", "phone"),
    ("Location", "name"),
    ("TaxonomyTerm", "name"),
    ("Location", "address"),
    ("Location", "postcode"),
}


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_a_field_named_like_personal_data_is_declared_as_such(model: type[models.Model]) -> None:
    declared = set(model.personal_data.fields)  # type: ignore[attr-defined]
    for field in model._meta.get_fields():
        if field.name in PERSONAL_NAMES and (model.__name__, field.name) not in OTHER_NAMES:
            assert field.name in declared, f"{model.__name__}.{field.name}: of which category is it?"


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_a_row_written_to_a_log_does_not_name_a_person(model: type[models.Model]) -> None:
    # An id of our own minting says nothing of a person.
    told = set(model.personal_data.fields) - {"resident_id", "case_id"}  # type: ignore[attr-defined]
    filled = {name: f"SECRET-{name}" for name in told}
    row = model(**{name: value for name, value in filled.items() if _is_text(model, name)})
    assert "SECRET" not in str(row)


def _is_text(model: type[models.Model], name: str) -> bool:
    return isinstance(model._meta.get_field(name), models.CharField | models.TextField)
