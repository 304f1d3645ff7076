from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _


def rooms() -> list[tuple[str, str]]:
    """The rooms whose tables say how long they are kept, for a choice."""
    named = {m._meta.app_label for m in apps.get_models() if getattr(getattr(m, "personal_data", None), "since", "")}
    return [("", str(_("All of them"))), *((room, room.capitalize()) for room in sorted(named))]


class HoldForm(forms.Form):
    why = forms.CharField(
        label=_("Which claim or inquiry needs it?"),
        help_text=_("Such as: claim 2026/114, letter of 3 March 2026"),
        max_length=500,
        error_messages={"required": _("Enter which claim or inquiry needs it")},
    )
    resident_id = forms.CharField(
        label=_("Resident id"),
        help_text=_("Leave it empty to hold what is of everybody."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    room = forms.ChoiceField(label=_("Of which part of the service?"), choices=rooms, required=False)
