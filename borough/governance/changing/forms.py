from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from borough.governance.changing.correcting import FIELDS


class AskChangeForm(forms.Form):
    """What a resident asks to have changed."""

    kind = forms.ChoiceField(
        label=_("What do you want us to do?"),
        choices=[
            ("correct", _("Put something right that is wrong")),
            ("erase", _("Delete what you hold about me")),
            ("restrict", _("Keep it, but do not use it for now")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want us to do")},
    )
    words = forms.CharField(
        label=_("What is it about?"),
        help_text=_("For example: my name is spelt Okafor, not Okafer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        error_messages={"required": _("Tell us what it is about")},
    )


class CorrectForm(forms.Form):
    field = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[("", _("Choose")), *FIELDS.items()],
        error_messages={"required": _("Choose what is wrong")},
    )
    should_be = forms.CharField(
        label=_("What should it be?"),
        help_text=_("A date of birth as year, month and day, such as 1946-03-27"),
        max_length=250,
        error_messages={"required": _("Enter what it should be")},
    )


class BecauseForm(forms.Form):
    because = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Enter why")},
    )

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].help_text = hint


class EraseForm(BecauseForm):
    sure = forms.BooleanField(
        label=_("I have read what goes and what stays. It cannot be undone."),
        error_messages={"required": _("Confirm that you have read what goes and what stays")},
    )


class AcknowledgeForm(forms.Form):
    refused = forms.CharField(
        label=_("If the source refuses: why?"),
        help_text=_("Leave it empty where the source has put it right."),
        max_length=500,
        required=False,
    )
