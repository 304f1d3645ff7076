"""The form that searches the directory."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common.identifiers import clean_postcode


class SearchForm(forms.Form):
    need = forms.CharField(
        label=_("What do you need?"),
        help_text=_("In your own words, for example food, debt or somebody to talk to."),
        required=False,
        max_length=200,
    )
    near = forms.CharField(
        label=_("Your postcode"),
        help_text=_("To show the nearest first, for example NW1 2DB."),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )

    def clean_near(self) -> str:
        text = str(self.cleaned_data["near"])
        if not text:
            return ""
        postcode = clean_postcode(text)
        if postcode is None:
            raise forms.ValidationError(gettext("Enter a full postcode, like NW1 2DB"))
        return postcode
