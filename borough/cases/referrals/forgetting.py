"""Personal data of referrals that are over leaves after the time that their agreement sets; what came of them stays."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F, QuerySet

from borough.cases.models import CLOSED, Case, CaseNote, CaseStep, Referral
from borough.cases.referrals.rules import PURPOSE
from borough.common import clock
from borough.common.clock import LONDON
from borough.governance.keeping.ending import Ending, end_as
from borough.governance.keeping.rules import names_a_time, over_before
from borough.governance.queries import retention_of


def register() -> None:
    """Tell the night's deleting that referrals are emptied, not deleted, and by the agreement's time."""
    end_as(Referral, Ending(over=referrals_over, end=forget_referrals, whose="case__resident_id"))


def referrals_over(before: datetime) -> QuerySet[Referral]:
    """Those that ended longer ago than the agreement for referrals keeps them; where it names no time, before then."""
    said = retention_of(PURPOSE)
    if names_a_time(said):
        before = datetime.combine(over_before(said, clock.today()), time.min, LONDON)
    return Referral.objects.filter(forgotten_at__isnull=True, finished_at__lt=before)


def forget_referrals(rows: QuerySet[Referral]) -> int:
    """Empty what is personal in these referrals, and in the closed cases that were opened for nothing else.

    State, dates, service, need and area stay: how often a service helped is counted from them.
    """
    now = clock.now()
    with transaction.atomic():
        ids = list(rows.values_list("pk", flat=True))
        going = Referral.objects.filter(pk__in=ids)
        # A case of a known resident is kept as their agreement says; one that somebody else is still asked about, too.
        others = Referral.objects.filter(forgotten_at__isnull=True).exclude(pk__in=ids)
        alone = Case.objects.filter(referrals__in=ids, resident_id="", state__in=CLOSED)
        cases = list(alone.exclude(referrals__in=others).distinct().values_list("pk", flat=True))
        empty = dict.fromkeys(("consent", "consent_by", "message", "words", "age_band", "answered_by", "by"), "")
        going.update(**empty, forgotten_at=now)
        asker = dict.fromkeys(("text", "asker_name", "asker_phone", "asker_email", "asker_postcode", "outcome"), "")
        Case.objects.filter(pk__in=cases).update(**asker, answers={}, forgotten_at=now, version=F("version") + 1)
        CaseNote.objects.filter(case__in=cases).delete()
        CaseStep.objects.filter(case__in=cases).update(reason="")
    return len(ids)
