"""Forms to start a case, and to go through a conversation."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.forms import LONGEST_TEXT
from borough.cases.kinds import CaseKind
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.common.ids import mint_id

PERSON = ("name", "phone", "email", "postcode")


class StartForm(forms.Form):
    """Which service and need, and who: left out where the resident is known. `need` is "service:need"."""

    need = forms.ChoiceField(
        label=_("What do they need?"), widget=forms.Select, error_messages={"required": _("Select what they need")}
    )
    text = forms.CharField(
        label=_("What did they say?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = forms.CharField(label=_("Their name"), max_length=160, error_messages={"required": _("Enter their name")})
    phone = forms.CharField(
        label=_("Their phone number"), required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("Their email address"), required=False, widget=forms.EmailInput)
    postcode = forms.CharField(label=_("Their postcode"), required=False, max_length=10)
    form_key = forms.CharField(max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[CaseKind], known: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"form_key": mint_id("F")})
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["need"].choices = [("", gettext("Choose")), *_needs(kinds)]  # type: ignore[attr-defined]
        for field in PERSON if known else ():
            del self.fields[field]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.known:
            return data
        cleaners = (
            ("phone", clean_phone, gettext("Enter a phone number, like 020 7946 0123")),
            ("email", clean_email, gettext("Enter an email address, like name@example.com")),
            ("postcode", clean_postcode, gettext("Enter a full postcode, like NW1 2DB")),
        )
        for field, cleaner, error in cleaners:
            if typed := data.get(field):
                data[field] = cleaner(typed) or ""
                if not data[field]:
                    self.add_error(field, error)
        if not self.errors and not (data.get("phone") or data.get("email")):
            self.add_error("phone", gettext("Enter a phone number or an email address"))
        return data


class TalkForm(forms.Form):
    """A conversation: what applies under each topic, and what the person said."""

    def __init__(self, *args: Any, service: CaseKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in service.conversation:
            self.fields[topic.need] = forms.MultipleChoiceField(
                label=gettext("What applies?"),
                choices=[(code, gettext(words)) for code, words in topic.signs.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.fields["text"] = forms.CharField(
            label=gettext("What did the person say?"),
            help_text=gettext("Only what whoever helps needs to know."),
            required=False,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.topics = service.conversation

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(topic.need) for topic in self.topics):
            raise forms.ValidationError(gettext("Tick at least one thing that applies"))
        return data


def _needs(kinds: list[CaseKind]) -> list[tuple[str, str]]:
    return [
        (f"{kind.code}:{need}", f"{gettext(kind.title)}: {gettext(label)}")
        for kind in kinds
        for need, label in kind.needs.items()
    ]
