from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.kinds import CaseKind


class BacklogForm(forms.Form):
    """A file of cases, and the service whose they are. `kinds` are those that the reader works on."""

    service = forms.ChoiceField(
        label=_("For which service?"), widget=forms.RadioSelect, error_messages={"required": _("Select a service")}
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file in UTF-8, up to 5 MB and 20,000 lines."),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty")},
    )

    def __init__(self, *args: Any, kinds: list[CaseKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, gettext(one.title)) for one in kinds]
        self.fields["service"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["service"].initial = choices[0][0]
