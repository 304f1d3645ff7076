"""Form fields that Django has not: a date in three parts, as GOV.UK asks for dates; languages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")


class DateParts(forms.Widget):
    """Reads `name-day`, `name-month`, `name-year`; gives one text "day month year" to its field."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> tuple[str, ...]:
        return tuple(str(data.get(f"{name}-{part}", "")).strip() for part in PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> Any:
        """The three parts of what the form holds: what was typed, or a date."""
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return value or ("", "", "")


class DatePartsField(forms.Field):
    """A date typed as day, month and year. Cleans to a `date`, or None when empty and not required."""

    widget = DateParts
    default_error_messages = {
        "invalid": _("Enter a real date, such as 27 3 2026"),
        "required": _("Enter a date"),
    }

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = tuple(value)
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            if year < 1000:
                raise ValueError("a year has four digits")
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value: date | None) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")


class LanguagesField(forms.CharField):
    """Languages as a person types them, with commas between. Cleans to a list, each once."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Languages you speak"),
            help_text=_("With commas between them, for example English, Somali."),
            required=False,
            max_length=200,
        )

    def clean(self, value: Any) -> list[str]:
        words = str(super().clean(value)).replace(";", ",").split(",")
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value
