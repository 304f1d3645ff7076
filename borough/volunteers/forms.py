"""Forms of volunteers."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common.fields import DatePartsField, LanguagesField
from borough.common.public_forms import ReachForm
from borough.volunteers.availability import HOURS
from borough.volunteers.models import TRAVEL
from borough.volunteers.queries import skills_wanted

DAY_WORDS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PART_WORDS = {
    "morning": _("morning, 7am to midday"),
    "afternoon": _("afternoon, midday to 5pm"),
    "evening": _("evening, 5pm to 10pm"),
    "night": _("night, 10pm to 7am"),
}


def _times() -> list[tuple[str, str]]:
    parted = [(one, *one.split("_")) for one in HOURS]
    return [(one, f"{DAY_WORDS[day]} {PART_WORDS[part]}") for one, day, part in parted]


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


class FinishForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("How many minutes did it take?"),
        help_text=_("With the way there and back. We say thank you for your time, and see that nobody does too much."),
        required=False,
        min_value=1,
        max_value=600,
        error_messages={
            "invalid": _("Enter minutes as a whole number, such as 45"),
            "min_value": _("Enter 1 minute or more"),
            "max_value": _("Enter 600 minutes or fewer"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class HoursForm(forms.Form):
    hours = forms.MultipleChoiceField(
        label=_("When can you help?"),
        choices=_times,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one time, or go off duty instead")},
    )


class RatherNotForm(forms.Form):
    rather_not = forms.MultipleChoiceField(
        label=_("What would you rather not do?"),
        help_text=_("We ask you for these only where nobody else can help."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, skills: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(skills_wanted())
        field = cast(forms.MultipleChoiceField, self.fields["rather_not"])
        field.choices = [(one, words[one]) for one in skills if one in words]


class AwayForm(forms.Form):
    first = DatePartsField(label=_("First day away"))
    last = DatePartsField(label=_("Last day away"))


class JoinForm(ReachForm):
    """Become a volunteer."""

    skills = forms.MultipleChoiceField(
        label=_("What could you help people with who need this?"),
        choices=skills_wanted,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one thing that you could help with")},
    )
    languages = LanguagesField()
    travel = forms.ChoiceField(
        label=_("How would you get there?"),
        choices=[(code, _(words)) for code, words in TRAVEL.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how you would get there")},
    )
    radius_km = forms.FloatField(
        label=_("How many kilometres would you go?"),
        help_text=_("From your home, one way. A mile is about 1.6 kilometres."),
        min_value=0.5,
        max_value=50,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Enter kilometres from 0.5 to 50, such as 3")
        ),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    capacity = forms.IntegerField(
        label=_("How many tasks a week, at most?"),
        min_value=1,
        max_value=50,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Enter a whole number from 1 to 50, such as 2")
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    consent = forms.BooleanField(
        label=_("I agree that you contact me about volunteering"),
        error_messages={"required": _("Select that you agree, or we cannot get in touch with you")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = gettext(
            "Give a phone number, an email address or both. We send you a link to confirm it."
        )
        self.fields["postcode"].help_text = gettext("So that we ask you to help people near you, for example NW1 2DB.")


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why can they not volunteer with us?"),
        help_text=_("They are told this, in your words."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why, for them to read")},
    )
