from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from borough.common.fields import DatePartsField
from borough.common.identifiers import clean_email, clean_phone
from borough.governance.rights.exemptions import Rule


class AskLinkForm(forms.Form):
    contact = forms.CharField(
        label=_("Your mobile number or email address"),
        help_text=_("The one that the council already has for you"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "on", "spellcheck": "false"}),
        error_messages={"required": _("Enter your mobile number or email address")},
    )

    def clean_contact(self) -> tuple[str, str]:
        """(channel, contact) in its standard form."""
        typed = str(self.cleaned_data["contact"])
        if email := clean_email(typed):
            return "email", email
        if phone := clean_phone(typed):
            return "sms", phone
        raise ValidationError(_("Enter a phone number like 07700 900982, or an email address like name@example.com"))


class BornForm(forms.Form):
    born_on = DatePartsField(
        label=_("Your date of birth"),
        help_text=_("For example, 27 3 1946"),
        error_messages={"required": _("Enter your date of birth")},
    )


class WhyForm(forms.Form):
    words = forms.CharField(
        label=_("Is there anything that you want to tell us?"),
        help_text=_("You can leave this empty."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=5000,
    )


class ComplaintForm(forms.Form):
    words = forms.CharField(
        label=_("What went wrong?"),
        help_text=_("In your own words. A few lines are enough."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        error_messages={"required": _("Tell us what went wrong")},
    )


class OpenComplaintForm(ComplaintForm):
    """For those who did not come by their own link."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    contact = forms.CharField(
        label=_("How we can reach you"),
        help_text=_("A phone number, an email address or a postal address"),
        max_length=254,
        error_messages={"required": _("Enter how we can reach you")},
    )
    field_order = ("words", "name", "contact")


class ExemptionForm(forms.Form):
    rule = forms.ChoiceField(
        label=_("Which rule of law applies?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the rule of law that applies")},
    )
    resident_id = forms.CharField(
        label=_("Resident id"),
        help_text=_("It stands on the resident's page, such as R7K2M9QXTB4V6W8Y0"),
        max_length=20,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        error_messages={"required": _("Enter the resident's id")},
    )
    why = forms.CharField(
        label=_("Why is its test met for this person, now?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Enter why the test is met")},
    )
    since = DatePartsField(label=_("Looks from which day on"), help_text=_("The day that the enquiry began"))
    until = DatePartsField(
        label=_("Until which day at the latest"),
        help_text=_("What was delayed shows from then on. It can be set anew."),
    )

    def __init__(self, *args: Any, rules: Sequence[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        field.choices = [(one.code, one.title) for one in rules]  # type: ignore[attr-defined]
        field.choice_hints = {one.code: f"{one.test} ({one.provision})" for one in rules}  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("In plain words: what you found, and what happens next. The resident reads exactly this."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5000,
        error_messages={"required": _("Enter your answer")},
    )


class RequestsForm(forms.Form):
    show = forms.ChoiceField(
        label=_("Show"), choices=[("", _("Waiting for an answer")), ("all", _("All"))], required=False
    )

    def chosen(self) -> Any:
        return self.cleaned_data["show"] if self.is_valid() else ""


class ReleaseForm(forms.Form):
    why = forms.CharField(
        label=_("If you leave something out: which provision lets us?"),
        help_text=_("Such as: Data Protection Act 2018, Schedule 2, paragraph 16, it tells of another person"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
