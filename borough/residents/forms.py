from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name, date of birth, address, phone, email or reference"),
        help_text=_("For example, Okafor 14/03/1952, or 14 High Street, or AB123456C"),
        max_length=200,
        error_messages={"required": _("Enter what you know of the person")},
    )
