"""Counts for the public, of one whole month. Exact: a page shows them through common.disclosure alone."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import Count
from django.utils.translation import gettext as _

from borough.common.clock import LONDON
from borough.common.disclosure import count_words, protect
from borough.governance.models import LedgerEntry
from borough.governance.rights.models import RightsRequest


def count_looks(month: date) -> dict[str, int]:
    """How often people who work for the council looked, by purpose. The house's own nightly jobs are left out."""
    rows = LedgerEntry.objects.filter(at__gte=_start(month), at__lt=_end(month), kind="read").exclude(
        viewer_kind__in=["system", "resident"]
    )
    return dict(rows.values("purpose").annotate(looks=Count("id")).values_list("purpose", "looks"))


def count_answered(month: date) -> Sequence[tuple[str, str | int]]:
    """(what, how many) of what residents asked and of looks refused, as it may be published; empty while there is
    nothing to tell."""
    during = {"received_at__gte": _start(month), "received_at__lt": _end(month)}
    asked = dict(
        RightsRequest.objects.filter(**during).values("kind").annotate(count=Count("pk")).values_list("kind", "count")
    )
    denied = LedgerEntry.objects.filter(at__gte=_start(month), at__lt=_end(month), kind="denied").count()
    counts = {
        _("Complaints about data"): asked.get("complaint", 0),
        _("Questions why somebody looked"): asked.get("why", 0),
        _("Looks that were refused"): denied,
    }
    return [(words, count_words(protect(count))) for words, count in counts.items()] if any(counts.values()) else []


def _start(month: date) -> datetime:
    return datetime.combine(month, time(), LONDON)


def _end(month: date) -> datetime:
    year, following = (month.year, month.month + 1) if month.month < 12 else (month.year + 1, 1)
    return datetime.combine(date(year, following, 1), time(), LONDON)
