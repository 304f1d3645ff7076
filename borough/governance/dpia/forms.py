"""The pages on which an impact assessment is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from borough.common.fields import DatePartsField
from borough.governance.dpia.models import Dpia
from borough.governance.dpia.writing import TEXTS, text_titles

MOST_RISKS = 6
LIKELY = [("", ""), ("remote", _("Remote")), ("possible", _("Possible")), ("probable", _("Probable"))]
SEVERE = [("", ""), ("minimal", _("Minimal")), ("significant", _("Significant")), ("severe", _("Severe"))]
EFFECT = [("", ""), ("eliminated", _("Eliminated")), ("reduced", _("Reduced")), ("accepted", _("Accepted"))]
RESIDUAL = [("", ""), ("low", _("Low")), ("medium", _("Medium")), ("high", _("High"))]
PARTS = ("risk", "likelihood", "severity", "measure", "effect", "residual")


class StartForm(forms.Form):
    due_on = DatePartsField(label=_("When must it be done?"))


class TextsForm(forms.Form):
    """The texts of one of the steps 1 to 4."""

    def __init__(self, *args: Any, step: str, dpia: Dpia, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": dpia.says})
        titles = text_titles()
        for name in TEXTS[step]:
            rows = forms.Textarea(attrs={"rows": 6})
            self.fields[name] = forms.CharField(label=titles[name], widget=rows, max_length=8000, required=False)

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RisksForm(forms.Form):
    """Steps 5 and 6: each risk, how likely and severe, what is done about it, and what remains."""

    def __init__(self, *args: Any, step: str, dpia: Dpia, **kwargs: Any) -> None:
        initial = {
            f"{part}_{number}": risk.get(part, "") for number, risk in enumerate(dpia.risks, start=1) for part in PARTS
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        choices = {"likelihood": LIKELY, "severity": SEVERE, "effect": EFFECT, "residual": RESIDUAL}
        titles = {
            "risk": _("Risk %(number)s"),
            "likelihood": _("Risk %(number)s: how likely is harm?"),
            "severity": _("Risk %(number)s: how severe would it be?"),
            "measure": _("Risk %(number)s: what is done about it?"),
            "effect": _("Risk %(number)s: what does that do to the risk?"),
            "residual": _("Risk %(number)s: what risk remains?"),
        }
        for number in range(1, min(MOST_RISKS, len(dpia.risks) + 1) + 1):
            for part in PARTS:
                label = titles[part] % {"number": number}
                self.fields[f"{part}_{number}"] = (
                    forms.ChoiceField(label=label, choices=choices[part], required=False)
                    if part in choices
                    else forms.CharField(
                        label=label, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
                    )
                )

    def changes(self) -> dict[str, Any]:
        numbers = range(1, MOST_RISKS + 1)
        rows = [{part: self.cleaned_data.get(f"{part}_{number}", "") for part in PARTS} for number in numbers]
        return {"risks": [row for row in rows if row["risk"].strip()]}


class SignOffForm(forms.Form):
    measures_approved_by = forms.CharField(label=_("Who approved the measures?"), max_length=160, required=False)
    residual_approved_by = forms.CharField(
        label=_("Who approved the risk that remains?"), max_length=160, required=False
    )
    dpo_advice = forms.CharField(
        label=_("What did the data protection officer advise?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    advice_accepted = forms.ChoiceField(
        label=_("Was the advice followed?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    overruled_because = forms.CharField(
        label=_("If not, why?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    ico_consulted = forms.CharField(
        label=_("If a high risk remains: what did the ICO say?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    due_on = DatePartsField(label=_("When must it be done?"))

    def __init__(self, *args: Any, step: str, dpia: Dpia, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "advice_accepted"]
        said = {True: "yes", False: "no", None: ""}[dpia.advice_accepted]
        initial = {name: getattr(dpia, name) for name in names} | {"advice_accepted": said}
        super().__init__(*args, **kwargs | {"initial": initial})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("advice_accepted") == "no" and not cleaned.get("overruled_because", "").strip():
            self.add_error("overruled_because", _now("Write why the advice was not followed"))
        return cleaned

    def changes(self) -> dict[str, Any]:
        accepted = {"yes": True, "no": False}.get(self.cleaned_data["advice_accepted"])
        return {**self.cleaned_data, "advice_accepted": accepted}


STEP_FORMS: dict[str, type[TextsForm | RisksForm | SignOffForm]] = {
    **dict.fromkeys(TEXTS, TextsForm),
    "risks": RisksForm,
    "sign-off": SignOffForm,
}
