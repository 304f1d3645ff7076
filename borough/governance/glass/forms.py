from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class BreakForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[("one", _("One resident's record")), ("search", _("To search: I do not know who it is"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you need")},
    )
    resident_id = forms.CharField(
        label=_("Resident id, for one resident"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("What has happened?"),
        help_text=_("A few words. The information governance team reads them, and the resident sees that you looked."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Enter what has happened")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == "one" and not cleaned.get("resident_id"):
            self.add_error("resident_id", _("Enter the resident's id"))
        return cleaned

    def resident(self) -> str:
        return self.cleaned_data["resident_id"].strip() if self.cleaned_data["scope"] == "one" else ""


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it was justified")},
    )
    review = forms.CharField(
        label=_("What did you find?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Enter what you found")},
    )
