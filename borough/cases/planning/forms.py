"""Forms of a plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from borough.cases.forms import LONGEST_TEXT
from borough.common.fields import DatePartsField


class PlanForm(forms.Form):
    what_matters = forms.CharField(
        label=_("What matters to this person"),
        help_text=_("In their own words, if you can. They get a copy."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what matters to the person")},
    )
    goals = forms.CharField(
        label=_("Goals"),
        help_text=_("One on each line, for example: see my daughter every week."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_on = DatePartsField(label=_("When do you look at it together again?"))
    next_contact_on = DatePartsField(label=_("When are you in touch next?"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class StepForm(forms.Form):
    what = forms.CharField(
        label=_("A small step"),
        help_text=_("For example: ring the walking group."),
        max_length=300,
        error_messages={"required": _("Write what the step is")},
    )
    who = forms.CharField(label=_("Who does it"), max_length=160, error_messages={"required": _("Write who does it")})
    by_when = DatePartsField(label=_("By when"), required=False)


class ContactForm(forms.Form):
    next_contact_on = DatePartsField(label=_("When are you in touch next?"))
