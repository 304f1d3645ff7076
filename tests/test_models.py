"""Every model says what it holds of a person and how long; nothing personal is in its name."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from borough.common.personal_data import PersonalData
from borough.governance.keeping.rules import names_a_time
from borough.governance.rights.holdings import accounted_for

HOUSE = [model for model in apps.get_models() if model.__module__.startswith("borough.")]


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_a_model_declares_its_personal_data_and_how_long_it_is_kept(model: type[models.Model]) -> None:
    declared: Any = getattr(model, "personal_data", None)
    assert isinstance(declared, PersonalData), "declare personal_data = PersonalData(...) or not_personal()"
    assert declared.keep
    columns = {name for field in model._meta.get_fields() for name in (field.name, getattr(field, "attname", ""))}
    assert set(declared.fields) <= columns


# Their words name a time, and it is not the night that ends it.
ENDED_OTHERWISE = {
    "SubjectCopy": "emptied within the hour by forget_copies",
    "Volunteer": "their offers stay as long as the case",
}


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_a_model_that_names_a_time_says_from_which_column_it_counts(model: Any) -> None:
    declared = model.personal_data
    assert names_a_time(declared.keep) == bool(declared.since or model.__name__ in ENDED_OTHERWISE), (
        "declare since=… in personal_data: the night deletes by it"
    )


@pytest.mark.parametrize("model", HOUSE, ids=lambda model: model.__name__)
def test_what_a_model_holds_of_a_resident_is_in_a_copy_of_their_data_or_says_why_not(model: Any) -> None:
    if set(model.personal_data.fields.values()) - {"staff"}:
        assert model in accounted_for(), "register a holding in the room's holdings.py, or give_reason(…)"


PERSONAL_NAMES = {"forename", "surname", "name", "dob", "email", "phone", "address", "postcode", "nino", "nhs_number"}
# Names of things, not of people.
OTHER_NAMES = {
    ("ApiKey", "name"),
    ("Purpose", "name"),
    ("Area", "name"),
    ("Address", "address"),
    ("Address", "postcode"),
    ("MatchedAddress", "address"),
    ("MatchedAddress", "postcode"),
    ("Organisation", "name"),
    ("Witness", "name"),
    ("Witness", "address"),
    ("Organization", "name"),
    ("Organization", "email"),
    ("Service", "name"),
    ("Service", "email"),
    ("Service", "phone"),
    ("Location", "name"),
    ("TaxonomyTerm", "name"),
    ("Taxonomy", "name"),
    ("Facet", "name"),
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
