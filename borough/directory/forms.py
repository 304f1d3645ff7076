"""Forms of the directory."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common import clock
from borough.common.identifiers import clean_postcode
from borough.directory.opening_times import SPANS, Slot, read_time, read_times, write_times
from borough.directory.queries import Wish, facet_names
from borough.places.queries import Point

WEEKEND = frozenset({5, 6})
DAYS = {
    "0": _("Monday"),
    "1": _("Tuesday"),
    "2": _("Wednesday"),
    "3": _("Thursday"),
    "4": _("Friday"),
    "5": _("Saturday"),
    "6": _("Sunday"),
    "weekend": _("Weekend"),
}
# What people call the parts of a day; a service need be open for some of it.
PARTS = {
    "morning": (_("Morning"), (time(6), time(12))),
    "afternoon": (_("Afternoon, 12pm to 6pm"), (time(12), time(18))),
    "evening": (_("Evening, after 6pm"), (time(18), time(23, 59))),
}
DISTANCES = {"1": _("1 km"), "2": _("2 km"), "5": _("5 km"), "10": _("10 km")}
OLDEST = 120


class SearchForm(forms.Form):
    need = forms.CharField(
        label=_("What do you need?"),
        help_text=_("In your own words, for example food, debt or somebody to talk to."),
        required=False,
        max_length=200,
    )
    near = forms.CharField(
        label=_("Your postcode"),
        help_text=_("To show the nearest first, for example NW1 2DB."),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )

    def clean_near(self) -> str:
        text = str(self.cleaned_data["near"])
        if not text:
            return ""
        postcode = clean_postcode(text)
        if postcode is None:
            raise forms.ValidationError(gettext("Enter a full postcode, like NW1 2DB"))
        return postcode


class NarrowForm(forms.Form):
    """What a search may be narrowed by. All of it stays in the address of the page."""

    within = forms.ChoiceField(label=_("How far"), required=False)
    day = forms.ChoiceField(label=_("Open on"), required=False)
    part = forms.ChoiceField(label=_("Time of day"), required=False)
    age = forms.IntegerField(
        label=_("Age of the person"),
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.NumberInput,
        error_messages={name: _("Enter an age in years, like 72") for name in ("invalid", "min_value", "max_value")},
    )
    language = forms.ChoiceField(label=_("Language spoken"), required=False)
    access = forms.ChoiceField(label=_("At the place"), required=False)
    now = forms.BooleanField(label=_("Open now"), required=False)
    free = forms.BooleanField(label=_("Free"), required=False)
    step_free = forms.BooleanField(label=_("Step-free"), required=False)
    remote = forms.BooleanField(label=_("By phone, online or at home"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of = [("", gettext("Any"))]
        for name, choices in (
            ("within", DISTANCES.items()),
            ("day", DAYS.items()),
            ("part", [(code, words) for code, (words, _hours) in PARTS.items()]),
            *((kind, [(one, one) for one in facet_names(kind)]) for kind in ("language", "access")),
        ):
            self.fields[name].choices = [*any_of, *choices]  # type: ignore[attr-defined]

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def wish(self, *, need: str, near: Point | None) -> Wish:
        asked = self.cleaned_data
        day = asked["day"]
        return Wish(
            need=need,
            near=near,
            within_km=float(asked["within"]) if asked["within"] else None,
            days=WEEKEND if day == "weekend" else frozenset({int(day)}) if day else frozenset(),
            hours=PARTS[asked["part"]][1] if asked["part"] else None,
            open_at=clock.now() if asked["now"] else None,
            age=asked["age"],
            language=asked["language"],
            access=asked["access"],
            free=asked["free"],
            step_free=asked["step_free"],
            remote=asked["remote"],
        )


class BringInForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A JSON file in Open Referral UK, or a zip of such files or of its tables in CSV."),
        error_messages={"required": _("Choose a file")},
    )
    feed = forms.CharField(
        label=_("Name of the list"),
        help_text=_(
            "Only where the file is a whole list that you take in again and again, for example charities. Services "
            "that are no longer in it are then not shown any more."
        ),
        required=False,
        max_length=60,
    )


STATUSES = {
    "active": _("Running"),
    "temporarily closed": _("Closed for now"),
    "defunct": _("Closed for good"),
    "inactive": _("Not running"),
}
LONG = forms.Textarea(attrs={"rows": 5})


class ListingForm(forms.Form):
    """What may be changed of a listing; `policies.FIELDS`."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Enter the name")})
    description = forms.CharField(
        label=_("What it does"), widget=LONG, max_length=10_000, error_messages={"required": _("Say what it does")}
    )
    eligibility = forms.CharField(label=_("Who it is for"), required=False, max_length=2000)
    fees = forms.CharField(label=_("Cost"), required=False, max_length=500)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("Email"), required=False, max_length=254)
    url = forms.URLField(label=_("Website"), required=False, max_length=400, assume_scheme="https")
    alert = forms.CharField(
        label=_("News"), help_text=_("For example, closed in the first week of May."), required=False, max_length=500
    )
    status = forms.ChoiceField(label=_("Is it running?"), choices=list(STATUSES.items()))


class TimesForm(forms.Form):
    """When a service is open: in each row a day, from and to. What does not fit into rows stays as it is."""

    MOST = 60
    MORE = 3

    def __init__(self, data: Any = None, *, told: str) -> None:
        super().__init__(data)
        rows = read_times(told)
        sent = sum(name.startswith("day_") for name in data) if data is not None else 0
        self.rows = range(1, min(self.MOST, max(sent, len(rows) + self.MORE)) + 1)
        days = [("", gettext("No day")), *((name, gettext(name)) for name in SPANS)]
        for row in self.rows:
            day, opens, closes = rows[row - 1] if row <= len(rows) else ("", "", "")
            for name, label, field, was in (
                ("day", gettext("Day %(row)s"), forms.ChoiceField(choices=days, required=False), day),
                ("from", gettext("From %(row)s"), forms.CharField(max_length=20, required=False), opens),
                ("to", gettext("To %(row)s"), forms.CharField(max_length=20, required=False), closes),
            ):
                field.label, field.initial = label % {"row": row}, was
                self.fields[f"{name}_{row}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.slots: list[Slot] = []
        for row in self.rows:
            day, *typed = (data.get(f"{name}_{row}", "") for name in ("day", "from", "to"))
            if not day and not any(typed):
                continue
            if not day:
                self.add_error(f"day_{row}", gettext("Select the day for row %(row)s") % {"row": row})
                continue
            opens, closes = map(read_time, typed)
            said = {"day": gettext(day), "row": row}
            if opens is None:
                self.add_error(f"from_{row}", gettext("%(day)s: enter when it opens, like 9am or 9:30") % said)
            if closes is None:
                self.add_error(f"to_{row}", gettext("%(day)s: enter when it closes, like 5pm or 17:30") % said)
            if opens is not None and opens == closes:
                self.add_error(f"to_{row}", gettext("%(day)s: enter another time than when it opens") % said)
            if opens is not None and closes is not None:
                self.slots.append(Slot(tuple(SPANS[day]), opens, closes))
        return data

    @property
    def changes(self) -> dict[str, str]:
        """The change of the field "hours"; none where no row was sent at all."""
        return {"hours": write_times(self.slots)} if "day_1" in self.data else {}


class SuggestForm(forms.Form):
    """A service that the directory does not have. `website` is a trap for robots."""

    name = forms.CharField(
        label=_("Name of the service"), max_length=200, error_messages={"required": _("Enter the name of the service")}
    )
    organization = forms.CharField(
        label=_("Who runs it"), max_length=200, error_messages={"required": _("Enter who runs it")}
    )
    description = forms.CharField(
        label=_("What it does"),
        widget=LONG,
        max_length=4000,
        error_messages={"required": _("Say what it does, in a sentence or two")},
    )
    phone = forms.CharField(
        label=_("Its phone number"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("Its email address"), required=False, max_length=254)
    url = forms.URLField(label=_("Its website"), required=False, max_length=400, assume_scheme="https")
    postcode = forms.CharField(label=_("Its postcode"), required=False, max_length=10)
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_postcode(self) -> str:
        text = str(self.cleaned_data["postcode"])
        postcode = clean_postcode(text) if text else ""
        if postcode is None:
            raise forms.ValidationError(gettext("Enter a full postcode, like NW1 2DB"))
        return postcode

    @property
    def fields_given(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if text and name != "website"}


class MistakeForm(forms.Form):
    """`website` is a trap for robots."""

    text = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("Say nothing about yourself or anybody else. We do not answer, but a person reads it."),
        widget=LONG,
        max_length=2000,
        error_messages={"required": _("Say what is wrong")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you decline it?"),
        help_text=_("For those who look later."),
        max_length=500,
        error_messages={"required": _("Say why you decline it")},
    )
