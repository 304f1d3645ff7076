"""Forms of messaging."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from borough.messaging.policies import CHANNELS
from borough.messaging.wording import Wording, missing, placeholders


class WordingForm(forms.Form):
    """The words of a draft. `channels` are those it has: a campaign keeps them, since they say who is reached."""

    sms = forms.CharField(
        label=_("Text message"),
        help_text=_("Say how to stop: “Reply STOP for no more texts.”"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=918,
    )
    email_subject = forms.CharField(label=_("Subject of the email"), max_length=200)
    email_body = forms.CharField(
        label=_("Email"),
        help_text=_("A line with a link to stop these emails is put at the end."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=10_000,
    )

    def __init__(self, *args: Any, known: frozenset[str], channels: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        for name in ("sms", "email_subject", "email_body"):
            if name.split("_")[0] not in channels:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, words in list(cleaned.items()):
            for placeholder in placeholders(words):
                if placeholder not in self.known:
                    problem = missing(placeholder, self.known)
                    self.add_error(name, f"{problem.message} {problem.remedy}")
                    break
        return cleaned

    def wording(self) -> Wording:
        return Wording(**{name: words.replace("\r\n", "\n") for name, words in self.cleaned_data.items()})


class StopForm(forms.Form):
    reason = forms.CharField(label=_("Why are you stopping it?"), max_length=200)


class PreferencesForm(forms.Form):
    """What a resident allows, on their own page."""

    allowed = forms.ChoiceField(
        label=_("Which messages may we send you?"),
        widget=forms.RadioSelect,
        choices=[
            ("", _("No messages")),
            ("sms", _("Text messages only")),
            ("email", _("Emails only")),
            ("sms email", _("Text messages and emails")),
        ],
        required=False,
    )

    def chosen(self) -> dict[str, bool]:
        """Whether each channel is allowed."""
        wanted = self.cleaned_data["allowed"].split()
        return {channel: channel in wanted for channel in CHANNELS}
