"""What governance itself holds of a resident."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from borough.governance.changing.models import Correction, Erasure, Restriction
from borough.governance.decisions.models import Decision, DecisionAnswer, DecisionReview
from borough.governance.glass.models import GlassBreak
from borough.governance.keeping.ending import Ending, end_as
from borough.governance.keeping.models import LegalHold
from borough.governance.ledger.letting_go import entries_over, let_go
from borough.governance.models import LedgerEntry, LedgerSubject
from borough.governance.rights.holdings import Holding, give_reason, register_holding, rows_of
from borough.governance.rights.looking import LOOKS_AT_ONCE, list_looks_of
from borough.governance.rights.models import Exemption, Objection, OwnLink, RightsRequest, SubjectCopy
from borough.governance.watching.models import OddLook, ProtectedPerson

if TYPE_CHECKING:
    from django.db.models import QuerySet

PROOF = _("To show that the law was kept, for as long as a claim can be made (UK GDPR Article 17(3)(e))")


def register() -> None:
    register_holding(
        Holding(
            "governance.looks",
            _("Who looked at your record"),
            (LedgerEntry, LedgerSubject),
            _looks,
            stays=_("So that nobody can hide that they looked (UK GDPR Article 5(2))"),
        )
    )
    register_holding(
        Holding(
            "governance.requests",
            _("What you asked about your data"),
            (RightsRequest, OwnLink),
            _requests,
            stays=PROOF,
        )
    )
    register_holding(
        Holding(
            "governance.decisions",
            _("Decisions about you"),
            (Decision, DecisionReview, DecisionAnswer),
            _decisions,
            check=frozenset({"reviews__reason"}),
            stays=PROOF,
        )
    )
    register_holding(
        Holding(
            "governance.emergencies",
            _("Emergency access to your record"),
            (GlassBreak,),
            lambda ids: rows_of(
                GlassBreak.objects.filter(resident_id__in=ids), "opened_at", "viewer_name", "reason", "review"
            ),
            check=frozenset({"reason", "review"}),
            stays=PROOF,
        )
    )
    register_holding(
        Holding(
            "governance.objections",
            _("Your objection to being looked for"),
            (Objection,),
            lambda ids: rows_of(Objection.objects.filter(resident_id__in=ids), "since", "ended_at", "ended_because"),
            stays=_("So that a no goes on being obeyed"),
        )
    )
    register_holding(
        Holding(
            "governance.corrections",
            _("What was corrected for you"),
            (Correction,),
            lambda ids: rows_of(
                Correction.objects.filter(resident_id__in=ids),
                *("source", "field", "should_be", "state", "sent_at", "ended_at", "why_refused"),
            ),
            erase=lambda ids: Correction.objects.filter(resident_id__in=ids).delete()[0],
        )
    )
    register_holding(
        Holding(
            "governance.restrictions",
            _("When your data was not to be used"),
            (Restriction,),
            lambda ids: rows_of(
                Restriction.objects.filter(resident_id__in=ids), "since", "because", "ended_at", "ended_because"
            ),
            stays=PROOF,
        )
    )
    give_reason("That somebody was erased: ids and hashes alone.", Erasure)
    give_reason("A copy that is being made is not part of itself.", SubjectCopy)
    give_reason(
        "A rule of law that is in force must not be given away; when it is over, the looks and its ledger rows show.",
        Exemption,
    )
    give_reason(
        "An enquiry into a member of staff; the resident sees each look itself. Asked for, an officer decides by hand.",
        OddLook,
        ProtectedPerson,
    )
    give_reason("What a claim or an inquiry needs; whoever asks is told by an officer.", LegalHold)
    end_as(RightsRequest, Ending(over=_requests_over))
    end_as(LedgerEntry, Ending(over=entries_over, end=let_go, whose="subjects__resident_id"))


def _requests_over(before: datetime) -> "QuerySet[RightsRequest]":
    return RightsRequest.objects.filter(
        Q(answered_at__lt=before) | Q(state="withdrawn", answered_at=None, received_at__lt=before)
    )


def _looks(ids: Collection[str]) -> list[dict[str, Any]]:
    return [
        {
            "when": look.at,
            "who": look.who,
            "what": look.what,
            "purpose": look.purpose,
            "allowed_by": look.agreement_title,
            "whose_record": look.how_many,
        }
        for look in list_looks_of(ids, most=LOOKS_AT_ONCE)
    ]


def _requests(ids: Collection[str]) -> list[dict[str, Any]]:
    rows = RightsRequest.objects.filter(resident_id__in=ids)
    links = OwnLink.objects.filter(resident_id__in=ids)
    return [
        *rows_of(rows, "reference", "kind", "words", "received_at", "state", "answer", "answered_at"),
        *rows_of(links, "asked_at", "offered_by", "opened_at", "wrong_dates"),
    ]


def _decisions(ids: Collection[str]) -> list[dict[str, Any]]:
    rows = Decision.objects.filter(resident_id__in=ids)
    told = ("rule__title", "proposed", "outcome", "inputs", "explanation", "state", "taken_at")
    return rows_of(rows, *told, "reviews__outcome", "reviews__reason", "answers__text")
