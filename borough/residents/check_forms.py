"""What a check must be told, as a form: made from what it asks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.residents.checks.kind import Ask, Check

LARGEST_FILE = 500_000
# What is in it is looked at when it is read as an area.
_check_name = FileExtensionValidator(
    ["geojson", "json"], message=gettext_lazy("The file's name must end in .geojson or .json")
)


class CheckForm(forms.Form):
    """`sources`: the (code, title) pairs to choose a system from."""

    def __init__(
        self, check: Check, data: Any = None, files: Any = None, *, sources: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, files)
        self.asks = check.asks
        for ask in check.asks:
            self.fields[ask.name] = _field(ask, sources)

    def answers(self) -> dict[str, str]:
        """What was answered, by the names of what was asked; a file as its text."""
        given = {ask.name: self.cleaned_data.get(ask.name) for ask in self.asks}
        return {name: _text(value) for name, value in given.items() if value}

    @property
    def area_id(self) -> str:
        """The id of the field that takes the file of an area; empty where none does."""
        return next((str(self[ask.name].id_for_label) for ask in self.asks if ask.kind == "area"), "")


def _field(ask: Ask, sources: Sequence[tuple[str, str]]) -> forms.Field:
    common: dict[str, Any] = {"label": ask.label, "help_text": ask.hint, "required": ask.required}
    if ask.kind == "source":
        return forms.ChoiceField(choices=[("", _("Every system")), *sources], **common)
    if ask.kind == "area":
        return forms.FileField(validators=[_check_name, _check_size], **common)
    if ask.kind == "number":
        wrong = {"invalid": _("Enter a whole number"), "min_value": _("Enter a number above 0")}
        return forms.IntegerField(min_value=1, error_messages=wrong, **common)
    wrong = {"required": _("Enter what the list is about")}
    return forms.CharField(max_length=250, error_messages=wrong, **common)


def _check_size(file: "UploadedFile[bytes]") -> None:
    if (file.size or 0) > LARGEST_FILE:
        raise forms.ValidationError(_("The file is larger than 500 kB. Simplify the area."))


def _text(value: Any) -> str:
    return value.read().decode("utf-8-sig", "replace") if isinstance(value, UploadedFile) else str(value)
