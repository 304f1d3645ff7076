"""What staff fill in about purposes and agreements."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from borough.governance.models import LedgerEntry, Purpose


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


class LedgerForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Show"), choices=[("", _("Looks, changes and refusals")), *LedgerEntry.KINDS], required=False
    )
