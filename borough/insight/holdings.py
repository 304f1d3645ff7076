"""What insight holds of a resident."""

from django.utils.translation import gettext_lazy as _

from borough.governance.rights.holdings import Holding, register_holding, rows_of
from borough.insight.models import CohortMember, ResidentIndicator, ScoredResident


def register() -> None:
    register_holding(
        Holding(
            "insight.signs",
            _("What was worked out about you"),
            (ScoredResident, ResidentIndicator),
            lambda ids: rows_of(ResidentIndicator.objects.filter(resident_id__in=ids), "indicator", "value"),
            erase=lambda ids: ScoredResident.objects.filter(pk__in=ids).delete()[0],
        )
    )
    register_holding(
        Holding(
            "insight.cohorts",
            _("Groups of residents that you were put in, to offer help"),
            (CohortMember,),
            lambda ids: rows_of(CohortMember.objects.filter(resident_id__in=ids), "cohort__title", "cohort__frozen_at"),
            erase=lambda ids: CohortMember.objects.filter(resident_id__in=ids).delete()[0],
        )
    )
