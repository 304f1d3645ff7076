"""Forms of referrals: for workers, for services, for whoever asks a service for help."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.forms import LONGEST_TEXT, AskForm
from borough.cases.models import CONSENT_COVERS, CONSENT_HOW
from borough.cases.referrals.rules import AGE_BANDS
from borough.common.fields import DatePartsField

# In its own words, so that whoever reads no English finds theirs; the value is how the residents index writes it.
LANGUAGES = {
    "": _("English"),
    "Arabic": "العربية (Arabic)",
    "Bengali": "বাংলা (Bengali)",
    "French": "Français (French)",
    "Polish": "Polski (Polish)",
    "Somali": "Soomaali (Somali)",
}
# No words, so that they are chosen from their tables without one way to say it for all.
SAY_WHICH = _("Select one of the options")


def _radios(label: Any, choices: dict[str, Any], help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=[(code, _(words)) for code, words in choices.items()],
        widget=forms.RadioSelect,
        error_messages={"required": SAY_WHICH},
    )


class ReferForm(forms.Form):
    consent = forms.CharField(
        label=_("What did the person agree to?"),
        help_text=_("For example: that we give their name, number and need to this service."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the person agreed to")},
    )
    consent_how = _radios(_("How did they agree?"), CONSENT_HOW)
    consent_by = forms.CharField(
        label=_("Who asked them?"), help_text=_("Leave it empty if it was you."), max_length=160, required=False
    )
    covers = _radios(
        _("What does it cover?"),
        CONSENT_COVERS,
        _("If this service cannot help, we ask a similar one only with the person's agreement."),
    )
    message = forms.CharField(
        label=_("What should the service know?"),
        help_text=_("It reads this when it has accepted. Write no more than it needs."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SelfReferralForm(AskForm):
    """Ask one service for help. Sending it is the consent, so what it means stands in the form."""

    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=list(LANGUAGES.items()), required=False
    )
    age = forms.ChoiceField(
        label=_("Your age"),
        choices=[("", _("I would rather not say")), *((code, _(words)) for code, words in AGE_BANDS.items())],
        required=False,
    )
    covers = _radios(
        _("If this service cannot help"),
        {
            "similar": _("You may ask a similar service near me"),
            "this": _("Ask me first"),
        },
    )
    agree = forms.BooleanField(
        label=_("I agree that you give this service what I wrote, and how to reach me"),
        error_messages={"required": _("We can only ask the service if you agree")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = gettext("What would you like the service to know?")
        self.order_fields(["need", "text", "name", "phone", "email", "postcode", "language", "age", "covers", "agree"])


class OwnReferralForm(SelfReferralForm):
    """The same for a resident whose own page is open here: who they are is not typed again, and not shown either."""

    KNOWN = ("name", "phone", "email", "postcode", "language", "age")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.KNOWN:
            del self.fields[name]
        self.fields["agree"].label = gettext(
            "I agree that you give this service what I wrote, my name, age group and address, and how to reach me, as "
            "you hold them"
        )


class PartnerReferralForm(AskForm):
    """A partner refers somebody to the council."""

    consent = forms.CharField(
        label=_("What did the person agree to?"),
        help_text=_("For example: that you tell us their name, number and need, and that we call them."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the person agreed to")},
    )
    consent_how = _radios(
        _("How did they agree?"), {code: CONSENT_HOW[code] for code in ("phone", "in_person", "writing")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "need": gettext("What do they need help with?"),
            "text": gettext("What should we know?"),
            "name": gettext("Their name"),
            "phone": gettext("Their phone number"),
            "email": gettext("Their email address"),
            "postcode": gettext("Their postcode"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["need"].error_messages["required"] = gettext("Select what they need help with")
        self.fields["text"].help_text = ""
        self.fields["phone"].help_text = gettext("A phone number, an email address or both.")
        self.fields["postcode"].help_text = ""
        self.order_fields(["need", "text", "name", "phone", "email", "postcode", "consent", "consent_how"])


class AcceptForm(forms.Form):
    starts_on = DatePartsField(
        label=_("When do you start?"),
        help_text=_("If you know it already. The person is told that you will help."),
        required=False,
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why can you not take this on?"),
        help_text=_("One sentence, for example: our waiting list is closed."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )


class StartForm(forms.Form):
    starts_on = DatePartsField(label=_("When do you start?"))


class OutcomeForm(forms.Form):
    outcome = _radios(_("What came of it?"), {"done": _("Help was given"), "could_not": _("We could not help")})
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("What you did, or why you could not. We delete it after a while."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == "could_not" and not data.get("words", "").strip():
            self.add_error("words", gettext("Say why you could not help"))
        return data
