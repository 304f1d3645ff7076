"""Forms of cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.kinds import CaseKind
from borough.cases.models import ANSWERS
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.common.ids import mint_id

LONGEST_TEXT = 4000


class AskForm(forms.Form):
    """Ask for help: the need, the service's own questions, and how to answer. `website` is a trap for robots."""

    need = forms.ChoiceField(
        label=_("What do you need help with?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what you need help with")},
    )
    text = forms.CharField(
        label=_("Tell us more"),
        help_text=_("For example, what you need and when. Do not give bank or card details."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Give a phone number, an email address or both, so that we can answer."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("Email address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("So that we can find somebody near you, for example NW1 2DB."),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"required": _("Enter your postcode")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    form_key = forms.CharField(max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, service: CaseKind, **kwargs: Any) -> None:
        # One key for one form on one screen: sending it twice opens one case.
        kwargs.setdefault("initial", {"form_key": mint_id("F")})
        super().__init__(*args, **kwargs)
        choices = [(code, gettext(label)) for code, label in service.needs.items()]
        self.fields["need"].choices = choices  # type: ignore[attr-defined]
        self.own = [question.name for question in service.questions]
        for question in service.questions:
            self.fields[question.name] = _field(question.label, question.hint, question)
        order = ["need", "text", *self.own, "name", "phone", "email", "postcode"]
        self.order_fields(order)

    def clean_phone(self) -> str:
        return _cleaned(self.cleaned_data["phone"], clean_phone, gettext("Enter a phone number, like 020 7946 0123"))

    def clean_email(self) -> str:
        return _cleaned(
            self.cleaned_data["email"], clean_email, gettext("Enter an email address, like name@example.com")
        )

    def clean_postcode(self) -> str:
        return _cleaned(self.cleaned_data["postcode"], clean_postcode, gettext("Enter a full postcode, like NW1 2DB"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wrong = {"phone", "email"} & set(self.errors)
        if not wrong and not data.get("phone") and not data.get("email"):
            self.add_error("phone", gettext("Enter a phone number or an email address"))
        return data

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.own}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Add a note"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a note first")},
    )
    flagged = forms.BooleanField(label=_("I am worried about this person"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("One or two sentences. They stay on the case."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class AnswerForm(forms.Form):
    """Was your need met?"""

    answer = forms.ChoiceField(
        label=_("Was your need met?"),
        choices=[(code, _(label)) for code, label in ANSWERS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select yes, partly or no")},
    )
    text = forms.CharField(
        label=_("Is there anything you want to tell us?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReferForm(forms.Form):
    consent = forms.CharField(
        label=_("What did the person agree to?"),
        help_text=_("For example: agreed on the phone that we give their name, number and need to this service."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the person agreed to")},
    )


def _field(label: str, hint: str, question: Any) -> forms.Field:
    words: dict[str, Any] = {"label": gettext(label), "help_text": gettext(hint) if hint else ""}
    words["required"] = question.required
    if question.kind == "choice":
        choices = [(code, gettext(text)) for code, text in question.choices.items()]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    widget = forms.Textarea(attrs={"rows": 3}) if question.kind == "textarea" else forms.TextInput()
    return forms.CharField(max_length=LONGEST_TEXT, widget=widget, **words)


def _cleaned(text: str, clean: Any, error: str) -> str:
    if not text:
        return ""
    cleaned = clean(text)
    if cleaned is None:
        raise forms.ValidationError(error)
    return str(cleaned)
