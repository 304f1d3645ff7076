"""The form that builds a rule: for each indicator, whether it counts and from which value."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.cases.kinds import all_kinds
from borough.insight.heat import MEASURES, HeatFilter, quarter_words
from borough.insight.indicators import INDICATORS, Indicator
from borough.insight.outcome_figures import Group
from borough.insight.rules import GROUPS, Rule

USES = (
    ("", _("Not used")),
    ("all", _("Must show it")),
    ("any", _("One of these")),
    ("none", _("Must not show it")),
)


class RuleForm(forms.Form):
    """`areas` are (code, name) of the wards. Its rule is still to be checked by `rules.check_rule`."""

    def __init__(self, data: Any = None, *, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for code, indicator in INDICATORS.items():
            self.fields[f"use_{code}"] = forms.ChoiceField(label=_(indicator.title), choices=USES, required=False)
            if indicator.unit:
                self.fields[f"from_{code}"] = forms.FloatField(
                    label=_("From"), min_value=0, max_value=1_000_000, required=False
                )
        self.fields["areas"] = forms.MultipleChoiceField(
            label=_("Only in these wards"), choices=areas, required=False, widget=forms.CheckboxSelectMultiple
        )

    def rows(self) -> list[tuple[Indicator, forms.BoundField, forms.BoundField | None]]:
        """Each indicator with its field of use and, where it has a unit, its field of value."""
        return [
            (indicator, self[f"use_{code}"], self[f"from_{code}"] if indicator.unit else None)
            for code, indicator in INDICATORS.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(f"use_{code}") in ("all", "any") for code in INDICATORS):
            first = f"use_{next(iter(INDICATORS))}"
            self.add_error(first, _("Choose at least one sign that people must show, or one of several."))
        return cleaned

    def rule(self) -> dict[str, Any]:
        """The rule that a valid form stands for. A number left empty means any value."""
        rule: dict[str, Any] = {}
        for group in GROUPS:
            conditions = [
                {"indicator": code, "at_least": self.cleaned_data.get(f"from_{code}") or SMALLEST[indicator.unit]}
                for code, indicator in INDICATORS.items()
                if self.cleaned_data[f"use_{code}"] == group
            ]
            if conditions:
                rule[group] = conditions
        if areas := self.cleaned_data["areas"]:
            rule["areas"] = areas
        return rule


# Any value: one penny, one day's rent, one of what comes whole.
SMALLEST = {"": 1.0, "£": 0.01, "£ a week": 0.01, "weeks": 0.1, "years": 1.0, "children": 1.0, "points": 1.0}


def form_data_of(rule: Rule) -> dict[str, Any]:
    """What the form holds for a rule, so that one can start from it. `below` has no field and is left out."""
    data: dict[str, Any] = {"areas": list(rule.get("areas", ()))}
    for group in GROUPS:
        for condition in rule.get(group, ()):
            code = condition["indicator"]
            data[f"use_{code}"] = group
            if INDICATORS[code].unit and condition.get("at_least", 0) > SMALLEST[INDICATORS[code].unit]:
                data[f"from_{code}"] = f"{condition['at_least']:g}"
    return data


class HeatForm(forms.Form):
    """What the map of help shows. `about` is a service's code, or that and a need's: "community_aid:food"."""

    measure = forms.ChoiceField(
        label=_("Show"), choices=[(code, _(words)) for code, words in MEASURES.items()], required=False
    )
    by = forms.ChoiceField(label=_("By"), choices=[("hexagon", _("Hexagon")), ("area", _("Area"))], required=False)
    about = forms.ChoiceField(label=_("Need"), required=False)
    quarter = forms.ChoiceField(label=_("Asked in"), required=False)

    def __init__(self, data: Any, *, quarters: list[date]) -> None:
        super().__init__(data)
        needs: list[Any] = [("", _("All"))]
        for service in all_kinds():
            whole = (service.code, _("All of %(service)s") % {"service": gettext(service.title)})
            own = [(f"{service.code}:{code}", gettext(label)) for code, label in service.needs.items()]
            needs.append((gettext(service.title), [whole, *own]))
        self.fields["about"].choices = needs  # type: ignore[attr-defined]
        times = [(quarter.isoformat(), quarter_words(quarter)) for quarter in quarters]
        self.fields["quarter"].choices = [("", _("Any time")), *times]  # type: ignore[attr-defined]

    def wanted(self) -> HeatFilter:
        """What is asked for; what the form does not offer is as if it were not asked."""
        asked = self.cleaned_data if self.is_valid() else {}
        service, _colon, need = asked.get("about", "").partition(":")
        quarter = date.fromisoformat(asked["quarter"]) if asked.get("quarter") else None
        return HeatFilter(asked.get("measure") or "requests", service, need, quarter)


class OutcomeForm(forms.Form):
    """What the page of outcomes shows, and how its rows are made."""

    by = forms.ChoiceField(
        label=_("By"),
        choices=[
            ("need", _("Need")),
            ("service", _("Service")),
            ("organisation", _("Organisation")),
            ("ward", _("Ward")),
        ],
        required=False,
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    quarter = forms.ChoiceField(label=_("Asked in"), required=False)

    def __init__(self, data: Any, *, quarters: list[date]) -> None:
        super().__init__(data)
        services = [(one.code, gettext(one.title)) for one in all_kinds()]
        self.fields["service"].choices = [("", _("All")), *services]  # type: ignore[attr-defined]
        times = [(quarter.isoformat(), quarter_words(quarter)) for quarter in quarters]
        self.fields["quarter"].choices = [("", _("Any time")), *times]  # type: ignore[attr-defined]

    def wanted(self) -> tuple[Group, str, date | None]:
        """(by, service, quarter); what the form does not offer is as if it were not asked."""
        asked = self.cleaned_data if self.is_valid() else {}
        quarter = date.fromisoformat(asked["quarter"]) if asked.get("quarter") else None
        return asked.get("by") or "need", asked.get("service", ""), quarter


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Name of the cohort"), max_length=120, help_text=_("For staff, not for residents."))


class CampaignForm(forms.Form):
    """Which service writes to the cohort. `services` are (code, title)."""

    def __init__(self, data: Any = None, *, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["service"] = forms.ChoiceField(
            label=_("Which service offers the help?"),
            choices=services,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose a service.")},
        )
        self.fields["title"] = forms.CharField(
            label=_("Name of the campaign"),
            max_length=120,
            help_text=_("For staff, not for residents."),
            error_messages={"required": _("Give the campaign a name.")},
        )
