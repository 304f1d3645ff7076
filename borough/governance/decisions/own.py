"""What was decided about a resident, for their own page."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from borough.governance.decisions.models import Decision
from borough.governance.rights.ports import Inference, people


def decided_about(resident_id: str) -> Sequence[Inference]:
    """Every decision that a rule took or proposed and that was decided, newest first."""
    rows = (
        Decision.objects.filter(resident_id__in=people().ids_of(resident_id))
        .exclude(state="proposed")
        .select_related("rule")
        .order_by("-taken_at")
    )
    return [
        Inference(f"{_(row.rule.says['outcomes'][row.outcome])}. {row.explanation}", _(row.rule.title)) for row in rows
    ]
