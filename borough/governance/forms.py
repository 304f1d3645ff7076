"""What staff fill in about purposes and agreements."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from borough.accounts.policies import STAFF_ROLES
from borough.common.fields import DatePartsField
from borough.governance.models import Agreement, LedgerEntry, Purpose
from borough.governance.policies import FIELDS


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("What are you doing now?"),
        help_text=_("It is recorded with every record that you open. You can change it at any time."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you are doing now")},
    )

    def __init__(self, *args: Any, purposes: Sequence[Purpose], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        field.choices = [(one.code, _now(one.name)) for one in purposes]  # type: ignore[attr-defined]
        field.choice_hints = {one.code: _now(one.explanation) for one in purposes}  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is this right?"),
        help_text=_("A sentence or two. Anybody can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Enter why this is right")},
    )


class DraftForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Enter a title")})
    reference = forms.SlugField(
        label=_("Reference"),
        help_text=_("Letters, numbers and hyphens, such as help-2027"),
        max_length=60,
        error_messages={
            "required": _("Enter a reference"),
            "invalid": _("A reference has only letters, numbers and hyphens"),
        },
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), widget=forms.RadioSelect, error_messages={"required": _("Choose a purpose")}
    )
    lawful_basis = forms.CharField(
        label=_("Lawful basis"),
        help_text=_("The article of the UK GDPR and the Act that allow it"),
        max_length=200,
        error_messages={"required": _("Enter the lawful basis")},
    )
    roles = forms.MultipleChoiceField(
        label=_("Who may look"),
        choices=list(STAFF_ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who may look")},
    )
    fields_open = forms.MultipleChoiceField(
        label=_("What they see"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what they see")},
    )
    sources = forms.CharField(
        label=_("From which sources"),
        help_text=_("Codes of sources, one a line, or * for all"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    starts_on = DatePartsField(label=_("Starts on"))
    review_on = DatePartsField(label=_("Review on"), help_text=_("From this date it opens nothing until it is renewed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.order_by("name")
        self.fields["purpose"].choices = [(one.code, _now(one.name)) for one in purposes]  # type: ignore[attr-defined]
        self.fields["fields_open"].choices = [(code, _now(name)) for code, name in FIELDS.items()]  # type: ignore[attr-defined]

    def clean_reference(self) -> str:
        reference = str(self.cleaned_data["reference"])
        if Agreement.objects.filter(pk=reference).exists():
            raise forms.ValidationError(_("Another agreement has this reference"))
        return reference

    def clean_sources(self) -> list[str]:
        return str(self.cleaned_data["sources"]).split()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, review_on = cleaned.get("starts_on"), cleaned.get("review_on")
        if starts_on and review_on and review_on <= starts_on:
            self.add_error("review_on", _("The review date must be after the start date"))
        return cleaned


class LedgerForm(forms.Form):
    kind = forms.ChoiceField(label=_("Show"), choices=[("", _("Everything")), *LedgerEntry.KINDS], required=False)
