from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.backlogs.importing import NEEDED
from borough.cases.kinds import CaseKind

# By our column: what it is called on a page, and what to know of it.
COLUMN_WORDS: dict[str, tuple[Any, Any]] = {
    "key": (_("Number of the case in the other system"), _("Each line must have one of its own.")),
    "need": (_("What is needed"), ""),
    "text": (_("What the person said, or notes"), ""),
    "name": (_("Name"), ""),
    "phone": (_("Phone number"), _("A line needs a phone number or an email address by which we can answer.")),
    "email": (_("Email address"), ""),
    "postcode": (_("Postcode"), ""),
    "opened_on": (_("Day on which they asked"), _("Today, where it is left out.")),
    "urgency": (
        _("How urgent it is"),
        _("Urgent, soon or routine. The service's own rules say, where it is left out."),
    ),
}


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


class ColumnsForm(forms.Form):
    """For each of our columns the heading of the file under which it stands. `needs`: of the service, in words."""

    def __init__(self, *args: Any, headings: Sequence[str], needs: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Not in the file")), *((one, one) for one in dict.fromkeys(headings) if one)]
        for column, (label, help_text) in COLUMN_WORDS.items():
            may_say = gettext("Lines may say: %(needs)s.") % {"needs": "; ".join(needs)}
            self.fields[column] = forms.ChoiceField(
                label=label,
                help_text=may_say if column == "need" else help_text,
                choices=choices,
                required=column in NEEDED,
                error_messages={"required": _("Choose the heading for: %(label)s") % {"label": label}},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for column, heading in list(cleaned.items()):
            if heading and heading in taken:
                words = {"heading": heading, "label": COLUMN_WORDS[taken[heading]][0]}
                self.add_error(column, gettext("%(heading)s is chosen for “%(label)s” already") % words)
            elif heading:
                taken[heading] = column
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Choose the heading for a phone number or an email address"))
        return cleaned
