"""The standard fields of a record in words, and which field of an agreement opens each."""

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borough.common.words import date_words

OPENS = {
    "title": "name",
    "forename": "name",
    "middle_names": "name",
    "surname": "name",
    "previous_surname": "name",
    "dob": "date_of_birth",
    "sex": "name",
    "nino": "identifiers",
    "nhs_number": "identifiers",
    "phone": "contact",
    "email": "contact",
    "language": "contact",
    "address": "address",
    "postcode": "address",
    "uprn": "address",
    "started_on": "records",
    "ended_on": "records",
    "deceased_on": "records",
}
LABELS = {
    "title": gettext_lazy("Title"),
    "forename": gettext_lazy("First name"),
    "middle_names": gettext_lazy("Middle names"),
    "surname": gettext_lazy("Last name"),
    "previous_surname": gettext_lazy("Previous last name"),
    "dob": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "nino": gettext_lazy("National Insurance number"),
    "nhs_number": gettext_lazy("NHS number"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("Email"),
    "language": gettext_lazy("Language"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "uprn": gettext_lazy("UPRN"),
    "started_on": gettext_lazy("Started"),
    "ended_on": gettext_lazy("Ended"),
    "deceased_on": gettext_lazy("Died"),
}


def value_words(value: object) -> str:
    """A field's value as a person reads it; empty for none."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, float):
        return f"{value:,.2f}"
    # Facts are JSON: their dates are text.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date_words(date.fromisoformat(value))
    return "" if value is None else str(value)
