"""What forms have in common that anybody may send without signing in: how to reach a person, and a limit."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common import clock
from borough.common.errors import Problem
from borough.common.identifiers import clean_email, clean_phone, clean_postcode

WINDOW_S = 3600


class ReachForm(forms.Form):
    """Who somebody is and how to reach them: a name, a phone number or an e-mail address, a postcode.

    A form of this kind says in `help_text` what each is for. `website` is a trap for robots: no person sees it.
    """

    name = forms.CharField(
        label=_("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("Email address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"required": _("Enter your postcode")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        return self._read("phone", clean_phone, gettext("Enter a phone number, like 020 7946 0123"))

    def clean_email(self) -> str:
        return self._read("email", clean_email, gettext("Enter an email address, like name@example.com"))

    def clean_postcode(self) -> str:
        return self._read("postcode", clean_postcode, gettext("Enter a full postcode, like NW1 2DB"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wrong = {"phone", "email"} & set(self.errors)
        if "phone" in self.fields and not wrong and not data.get("phone") and not data.get("email"):
            self.add_error("phone", gettext("Enter a phone number or an email address"))
        return data

    def _read(self, name: str, clean: Any, error: str) -> str:
        text = self.cleaned_data[name]
        cleaned = clean(text) if text else ""
        if cleaned is None:
            raise forms.ValidationError(error)
        return str(cleaned)


def count_sending(request: HttpRequest, what: str, *, most: int, problem: str, remedy: str) -> None:
    """Raise Problem where this browser has sent `what` `most` times within an hour: a script does, people do not."""
    now = int(clock.now().timestamp())
    recent = [at for at in request.session.get(what, []) if at > now - WINDOW_S]
    if len(recent) >= most:
        raise Problem(problem, remedy)
    request.session[what] = [*recent, now]
