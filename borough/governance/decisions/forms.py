"""What reviewers, officers and the person a decision is about fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from borough.governance.decisions.reading import DecisionView
from borough.governance.register import grounds


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The person reads this. Say what you looked at, and what you make of what they said."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Enter why you decide so")},
    )
    minutes = forms.IntegerField(
        label=_("How many minutes did you spend on it?"),
        min_value=0,
        max_value=600,
        error_messages={"required": _("Enter how many minutes you spent, such as 5")},
    )

    def __init__(self, *args: Any, decision: DecisionView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = decision.outcomes  # type: ignore[attr-defined]


class SwitchForm(forms.Form):
    article_9 = forms.ChoiceField(
        label=_("Condition for special-category data"),
        choices=[("", _("Not needed")), *grounds.choices(grounds.ARTICLE_9)],
        required=False,
    )
    schedule_1 = forms.ChoiceField(
        label=_("Paragraph of Schedule 1"),
        choices=[("", _("Not needed")), *grounds.choices(grounds.SCHEDULE_1)],
        required=False,
    )
    reason = forms.CharField(
        label=_("Why is this right?"),
        help_text=_("A sentence or two. Anybody can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Enter why this is right")},
    )

    def __init__(self, *args: Any, special: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not special:
            del self.fields["article_9"], self.fields["schedule_1"]


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=[
            ("says", _("Tell us something that we should know")),
            ("person", _("Ask for a person to look at it")),
            ("contests", _("Say that it is wrong")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to do")},
    )
    text = forms.CharField(
        label=_("What should we know?"),
        help_text=_("You do not have to write anything. Do not send documents: we will ask if we need any."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == "says" and not str(cleaned.get("text", "")).strip():
            self.add_error("text", _("Write what we should know"))
        return cleaned
