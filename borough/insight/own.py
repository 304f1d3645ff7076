"""What was worked out about a resident, for that resident to read on their own page."""

from django.utils.translation import gettext as _

from borough.governance.rights.ports import Inference
from borough.insight.indicators import explain
from borough.insight.models import ResidentIndicator
from borough.residents.queries import current_id


def inferences_of(resident_id: str) -> list[Inference]:
    """The signs of need that the newest run found, those that weigh most first."""
    rows = ResidentIndicator.objects.filter(resident_id=current_id(resident_id))
    signs = explain(dict(rows.values_list("indicator", "value")))
    what_for = _("To see who may need help, so that we can offer it. A person decides; the computer does not.")
    return [Inference(sign, what_for) for sign in signs]
