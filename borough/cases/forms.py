"""Forms of cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.kinds import CaseKind
from borough.cases.models import ANSWERS, CHANNELS, CONTACT_OUTCOMES
from borough.cases.policies import FLAGS
from borough.cases.wellbeing import Instrument
from borough.common.fields import DatePartsField
from borough.common.ids import mint_id
from borough.common.public_forms import ReachForm

LONGEST_TEXT = 4000


class AskForm(ReachForm):
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
    form_key = forms.CharField(max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, service: CaseKind, **kwargs: Any) -> None:
        # One key for one form on one screen: sending it twice opens one case.
        kwargs.setdefault("initial", {"form_key": mint_id("F")})
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = gettext(
            "Give a phone number, an email address or both, so that we can answer."
        )
        self.fields["postcode"].help_text = gettext("So that we can find somebody near you, for example NW1 2DB.")
        choices = [(code, gettext(label)) for code, label in service.needs.items()]
        self.fields["need"].choices = choices  # type: ignore[attr-defined]
        self.questions = service.questions
        reveals: dict[str, list[str]] = {}
        for question in service.questions:
            self.fields[question.name] = _field(question.label, question.hint, question)
            if question.need:
                reveals.setdefault(question.need, []).append(question.name)
        self.fields["need"].reveals = reveals  # type: ignore[attr-defined]
        order = [
            "need",
            "text",
            *(question.name for question in service.questions),
            "name",
            "phone",
            "email",
            "postcode",
        ]
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for question in self.questions:
            # A question of one need is asked only of those who have it.
            if question.need and question.required and question.need == data.get("need") and not data[question.name]:
                self.add_error(question.name, gettext("Answer this question"))
        return data

    @property
    def answers(self) -> dict[str, str]:
        """The answers to what was asked of them: questions of other needs are left out."""
        asked = {"", self.cleaned_data["need"]}
        return {each.name: self.cleaned_data[each.name] for each in self.questions if each.need in asked}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Add a note"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a note first")},
    )
    flagged = forms.BooleanField(label=_("I am worried about this person"), required=False)


class AssessmentForm(forms.Form):
    """What an assessment found: further needs of the service, each a task."""

    needs = forms.MultipleChoiceField(
        label=_("Needs that you found"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one need")},
    )
    text = forms.CharField(
        label=_("What did the person tell you?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the person told you")},
    )

    def __init__(self, *args: Any, service: CaseKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].choices = [(code, gettext(label)) for code, label in service.needs.items()]  # type: ignore[attr-defined]


class FlagsForm(forms.Form):
    """What to mind of a person."""

    flags = forms.MultipleChoiceField(
        label=_("What must whoever helps this person mind?"),
        required=False,
        choices=[(code, _(label)) for code, label in FLAGS.items()],
        widget=forms.CheckboxSelectMultiple,
    )


class ContactForm(forms.Form):
    """A try to reach the person."""

    channel = forms.ChoiceField(
        label=_("How did you try to reach them?"),
        choices=[(code, _(label)) for code, label in CHANNELS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how you tried")},
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(code, _(label)) for code, label in CONTACT_OUTCOMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what came of it")},
    )
    text = forms.CharField(
        label=_("Anything to add"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class GiveForm(forms.Form):
    """To whom cases are given. `workers` are (user id, name)."""

    to = forms.ChoiceField(label=_("To whom?"), required=False)

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = ("", gettext("Nobody, back to the team"))
        self.fields["to"].choices = [nobody, *workers]  # type: ignore[attr-defined]


class DueForm(forms.Form):
    due = DatePartsField(label=_("Day due"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class CloseForm(forms.Form):
    to = forms.ChoiceField(
        label=_("How?"),
        choices=[("could_not_help", _("We could not help")), ("cancelled", _("Not needed any more"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how the cases are closed")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("One or two sentences. They stay on each case."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class SplitForm(forms.Form):
    """Which tasks go to a case of their own. `tasks` are (id, need)."""

    tasks = forms.MultipleChoiceField(
        label=_("What becomes a case of its own?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one task")},
    )

    def __init__(self, *args: Any, tasks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].choices = tasks  # type: ignore[attr-defined]


WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]


class StandingForm(forms.Form):
    """When help is wanted again and again."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one day")},
    )
    every_weeks = forms.TypedChoiceField(
        label=_("How often?"),
        choices=[("1", _("Every week")), ("2", _("Every second week")), ("4", _("Every fourth week"))],
        coerce=int,
        initial="1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how often")},
    )
    starts_on = DatePartsField(label=_("First day"))
    until = DatePartsField(label=_("Last day"), required=False)
    from_time = forms.TimeField(
        label=_("From"),
        help_text=_("For example 10:00"),
        required=False,
        error_messages={"invalid": _("Enter a time, such as 10:00")},
    )
    to_time = forms.TimeField(
        label=_("To"), required=False, error_messages={"invalid": _("Enter a time, such as 12:00")}
    )


class ShareForm(forms.Form):
    """Who is on duty, and how many cases are shared out. `workers` are (user id, name)."""

    workers = forms.MultipleChoiceField(
        label=_("Who is on duty?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who is on duty")},
    )
    most = forms.IntegerField(
        label=_("How many cases?"),
        min_value=1,
        max_value=500,
        error_messages={"required": _("Enter how many cases"), "invalid": _("Enter a number")},
    )

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_duty = [(worker, gettext("%(name)s is on duty") % {"name": name}) for worker, name in workers]
        self.fields["workers"].choices = on_duty  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=_("To whom?"), error_messages={"required": _("Select a colleague")})
    note = forms.CharField(
        label=_("What do they need to know?"),
        help_text=_("It goes on each of the cases."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what they need to know")},
    )

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", gettext("Select a colleague")), *workers]  # type: ignore[attr-defined]


class ViewForm(forms.Form):
    """A name for the filter that the queue shows."""

    name = forms.CharField(
        label=_("Name of the view"), max_length=60, error_messages={"required": _("Give the view a name")}
    )
    shared = forms.BooleanField(label=_("Show it to everybody of my role"), required=False)


class WaitForm(forms.Form):
    reason = forms.CharField(
        label=_("What do we wait for?"),
        help_text=_("For example: she is away until Sunday and rings us then."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what we wait for")},
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a photograph (JPEG, PNG, WebP) or a text file, up to 10 MB."),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty")},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("One or two sentences. They stay on the case."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class ItemsForm(forms.Form):
    """The items of an instrument, each a number of its scale; empty where they would not say."""

    def __init__(self, *args: Any, instrument: Instrument | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if instrument is None:
            return
        wrong = gettext("Enter a number from %(low)s to %(high)s") % {
            "low": instrument.lowest,
            "high": instrument.highest,
        }
        for item in instrument.items:
            self.fields[f"wellbeing_{item.code}"] = forms.IntegerField(
                label=gettext(item.words),
                help_text=gettext(item.hint) if item.hint else "",
                required=not instrument.open_words,
                min_value=instrument.lowest,
                max_value=instrument.highest,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value", "required"), wrong),
            )

    @property
    def wellbeing(self) -> dict[str, int]:
        """The answers by item, of those that were given."""
        said = {name: value for name, value in self.cleaned_data.items() if name.startswith("wellbeing_")}
        return {name.removeprefix("wellbeing_"): value for name, value in said.items() if value is not None}


class WellbeingForm(ItemsForm):
    """How they are, asked by a worker."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.wellbeing:
            self.add_error(next(iter(self.fields)), gettext("Write down at least one answer"))
        return data


class AnswerForm(ItemsForm):
    """Was your need met, did it arrive, what else? And how they are, where the service asks."""

    answer = forms.ChoiceField(
        label=_("Was your need met?"),
        choices=[(code, _(label)) for code, label in ANSWERS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select yes, partly or no")},
    )
    arrived = forms.ChoiceField(
        label=_("Did the help arrive?"),
        choices=[(code, _(ANSWERS[code])) for code in ("yes", "no")],
        widget=forms.RadioSelect,
        required=False,
    )
    text = forms.CharField(
        label=_("Is there anything you want to tell us about it?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    what_else = forms.CharField(
        label=_("What else do you need?"),
        help_text=_("If you write something here, somebody reads it and gets in touch."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the verbs that keep the answer take."""
        names = ("answer", "arrived", "text", "what_else")
        return {**{name: self.cleaned_data[name] for name in names}, "wellbeing": self.wellbeing}


def _field(label: str, hint: str, question: Any) -> forms.Field:
    words: dict[str, Any] = {"label": gettext(label), "help_text": gettext(hint) if hint else ""}
    words["required"] = question.required and not question.need
    if question.kind == "choice":
        choices = [(code, gettext(text)) for code, text in question.choices.items()]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    widget = forms.Textarea(attrs={"rows": 3}) if question.kind == "textarea" else forms.TextInput()
    return forms.CharField(max_length=LONGEST_TEXT, widget=widget, **words)
