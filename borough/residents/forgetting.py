"""Records and residents that are kept no longer: set-wise, with all that leans on them, in the caller's transaction."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from borough.common import clock
from borough.residents.models import (
    Comparable,
    Decision,
    HomeTie,
    Household,
    Membership,
    Pair,
    Record,
    Resident,
    SearchTerm,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

_CHUNK = 5_000
# What is emptied of a resident: their id alone goes on standing for whom other rooms name.
_EMPTY: dict[str, object] = dict.fromkeys(Resident.personal_data.fields, "") | dict.fromkeys(
    ("dob", "home_since", "left_on")
)


def residents_over(before: datetime) -> "QuerySet[Resident]":
    """Who left before then, of whom no record is kept any more, and who is not emptied yet."""
    kept = Membership.objects.filter(ended_at=None).values("resident_id")
    return Resident.objects.filter(left_on__lt=before.date(), retired_at=None).exclude(id__in=kept)


def end_records(rows: "QuerySet[Record]") -> int:
    """Delete records with what was worked out from them. Returns how many."""
    return forget_records(rows.values_list("id", flat=True))


def forget_records(record_ids: Iterable[int]) -> int:
    gone = 0
    for ids in _chunks(list(record_ids)):
        of_pairs = Q(low__in=ids) | Q(high__in=ids)
        _delete(Pair.objects.filter(of_pairs))
        _delete(Decision.objects.filter(of_pairs))
        values = Comparable.objects.filter(record_id__in=ids)
        homes = list(values.exclude(home=None).order_by().values_list("home", flat=True).distinct())
        _delete(values)
        if homes:
            _loosen(homes)
        _delete(Membership.objects.filter(record_id__in=ids))
        gone += _delete(Record.objects.filter(id__in=ids))
    return gone


def _loosen(homes: Collection[str | None]) -> None:
    """What tied these homes to others may tell of who is gone: it is worked out anew from who is left, as if they had
    just come, when records are next linked."""
    _delete(HomeTie.objects.filter(home__in=homes))
    left = Comparable.objects.filter(home__in=homes)
    Record.objects.filter(id__in=left.values("record_id")).update(pending=True)
    left.update(home=None)


def end_residents(rows: "QuerySet[Resident]") -> int:
    """Empty residents: nothing tells any more who they were. Returns how many."""
    return empty_residents(list(rows.values_list("id", flat=True)))


def empty_residents(resident_ids: Collection[str]) -> int:
    emptied = 0
    now = clock.now()
    for ids in _chunks(list(resident_ids)):
        rows = Resident.objects.filter(id__in=ids)
        homes = set(rows.exclude(household=None).values_list("household_id", flat=True))
        _delete(SearchTerm.objects.filter(resident_id__in=ids))
        emptied += rows.update(**_EMPTY, household=None, retired_at=Coalesce("retired_at", now))
        _count_homes(homes)
    return emptied


def _count_homes(homes: Collection[str | None]) -> None:
    here = Resident.objects.filter(household=OuterRef("pk"), retired_at=None).order_by()
    size = here.values("household").annotate(n=Count("id")).values("n")
    rows = Household.objects.filter(id__in=homes)
    rows.update(size=Coalesce(Subquery(size), 0))
    rows.filter(size=0, ended_on=None).update(ended_on=clock.today())


def _delete(rows: "QuerySet[Any]") -> int:
    # One statement: Django's own delete would bring every row here first.
    return int(rows._raw_delete(connection.alias))


def _chunks(ids: list[Any]) -> Iterator[list[Any]]:
    rest = iter(ids)
    while part := list(islice(rest, _CHUNK)):
        yield part
