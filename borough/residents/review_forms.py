"""Forms of the pages on which people decide who is who."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_WHY = 500
_WHY = {"required": gettext_lazy("Say why")}
_AREA = forms.Textarea(attrs={"rows": 2})


class DecideForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Needed where you override the index or somebody else. Whoever looks later reads it."),
        max_length=LONGEST_WHY,
        required=False,
        widget=_AREA,
    )


class MergeForm(forms.Form):
    other_id = forms.CharField(
        label=gettext_lazy("Id of the other resident"),
        help_text=gettext_lazy("It stands on their page, for example R7K2M9QXT4W8ZB3CD"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the id of the other resident")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why are they one person?"), max_length=LONGEST_WHY, widget=_AREA, error_messages=_WHY
    )

    def clean_other_id(self) -> str:
        return str(self.cleaned_data["other_id"]).strip().upper()


class MoveForm(forms.Form):
    to = forms.CharField(
        label=gettext_lazy("Id of the resident whose record it is"),
        help_text=gettext_lazy("Leave it empty where the record is of nobody in the index yet."),
        max_length=20,
        required=False,
    )
    why = forms.CharField(
        label=gettext_lazy("Why is it not this resident's?"), max_length=LONGEST_WHY, widget=_AREA, error_messages=_WHY
    )

    def clean_to(self) -> str:
        return str(self.cleaned_data["to"]).strip().upper()


class SplitForm(forms.Form):
    """Which person each record is of; `records` are (record id, what it is called, what it holds)."""

    PEOPLE = 4

    def __init__(self, records: Sequence[tuple[int, str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.records = [record for record, _title, _holds in records]
        choices = [(str(number), _("Person %(number)s") % {"number": number}) for number in range(1, self.PEOPLE + 1)]
        for record, title, holds in records:
            field = forms.ChoiceField(label=title, help_text=holds, choices=choices, initial="1")
            self.fields[f"record_{record}"] = field
        self.fields["why"] = forms.CharField(
            label=_("Why are they several people?"), max_length=LONGEST_WHY, widget=_AREA, error_messages=_WHY
        )

    def groups(self) -> list[list[int]]:
        """The records of each person, those that nobody was given left out."""
        people: dict[str, list[int]] = {}
        for record in self.records:
            people.setdefault(self.cleaned_data[f"record_{record}"], []).append(record)
        return [people[number] for number in sorted(people)]
