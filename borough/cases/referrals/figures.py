"""How services answer: counts, and nobody in them."""

from collections.abc import Collection

from django.db.models import Count, Q

from borough.cases.models import Referral


def answers_of(service_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """(accepted, asked) for each service that has answered or let its time pass; one query."""
    asked = ("accepted", "done", "could_not", "declined", "no_answer")
    rows = Referral.objects.filter(service_id__in=list(service_ids), state__in=asked).values("service_id")
    counted = rows.annotate(
        accepted=Count("id", filter=Q(state__in=("accepted", "done", "could_not"))), asked=Count("id")
    )
    return {row["service_id"]: (row["accepted"], row["asked"]) for row in counted.order_by()}
