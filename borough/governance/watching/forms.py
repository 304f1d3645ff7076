from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from borough.common.identifiers import clean_postcode
from borough.governance.watching.rules import FLAG_STATES


class JudgeForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What do you make of it?"),
        choices=[(code, _(FLAG_STATES.labels[code])) for code in ("explained", "investigate")],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you make of it")},
    )
    finding = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Enter why")},
    )


class HomeForm(forms.Form):
    surname = forms.CharField(
        label=_("Your surname"), max_length=80, error_messages={"required": _("Enter your surname")}
    )
    postcode = forms.CharField(
        label=_("Your home's postcode"), max_length=10, error_messages={"required": _("Enter your postcode")}
    )

    def clean_postcode(self) -> str:
        postcode = clean_postcode(str(self.cleaned_data["postcode"]))
        if postcode is None:
            raise ValidationError(_("Enter a full postcode, such as SW1A 1AA"))
        return postcode


class ProtectForm(forms.Form):
    resident_id = forms.CharField(
        label=_("Resident id"), max_length=20, error_messages={"required": _("Enter the resident's id")}
    )
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Such as: a councillor"),
        max_length=200,
        error_messages={"required": _("Enter why")},
    )
