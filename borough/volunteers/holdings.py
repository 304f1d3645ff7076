"""What volunteers' tables hold of a resident: who was asked to help them."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from borough.cases.queries import case_ids_of
from borough.governance.keeping.ending import Ending, end_as
from borough.governance.rights.holdings import Holding, give_reason, register_holding, rows_of
from borough.volunteers.models import (
    LIVE,
    Away,
    KeptApart,
    Offer,
    Proposal,
    ProposedMatch,
    Volunteer,
    VolunteerApplication,
    VolunteerReject,
)

TOLD = ("need_label", "area", "state", "offered_at", "answered_at", "finished_at", "volunteer__name")


def register() -> None:
    end_as(Offer, Ending(over=offers_over))
    register_holding(
        Holding(
            "volunteers.offers",
            _("Volunteers who were asked to help you"),
            (Offer,),
            lambda ids: rows_of(Offer.objects.filter(case_id__in=case_ids_of(ids)), *TOLD),
            others=frozenset({"volunteer__name"}),
            stays=_("No longer than the case that it belongs to"),
        )
    )
    register_holding(
        Holding(
            "volunteers.kept_apart",
            _("Volunteers who are not sent to you again"),
            (KeptApart,),
            lambda ids: rows_of(KeptApart.objects.filter(resident_id__in=ids), "volunteer__name", "at"),
            others=frozenset({"volunteer__name"}),
            stays=_("So that a no goes on being obeyed"),
        )
    )
    give_reason("A choice of volunteers before anybody is asked, by task; gone after 90 days.", Proposal, ProposedMatch)
    give_reason("Of volunteers, who are not in the residents index; they ask their coordinator.", Away, Volunteer)
    give_reason(
        "Of people who want to be volunteers; gone after 90 days. They ask their coordinator.", VolunteerApplication
    )
    give_reason("Rows of a volunteers' list that could not be read; nobody can be found by them.", VolunteerReject)


def offers_over(before: datetime) -> QuerySet[Offer]:
    """Made before then, and nobody is to answer or to go any more. So none outlives its case, which is closed later."""
    return Offer.objects.filter(offered_at__lt=before).exclude(state__in=LIVE)
