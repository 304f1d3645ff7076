"""Forms of volunteers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProofForm(forms.Form):
    """Is this link yours? Asked once on each phone before an address is shown."""

    answer = forms.CharField(max_length=254, error_messages={"required": _("Enter what we ask for")})

    def __init__(self, *args: object, asks_digits: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["answer"]
        if asks_digits:
            field.label = _("The last 4 digits of your phone number")
            field.help_text = _("So that only you see where to go, should somebody else open this link.")
            field.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            field.max_length = 4  # type: ignore[attr-defined]
        else:
            field.label = _("Your email address")
            field.help_text = _("So that only you see where to go, should somebody else open this link.")
            field.widget = forms.EmailInput()


class CouldNotForm(forms.Form):
    text = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WorryForm(forms.Form):
    text = forms.CharField(
        label=_("What worries you?"),
        help_text=_("We read it first thing. If somebody is in danger now, call 999."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what worries you")},
    )
