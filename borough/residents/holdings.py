"""What the residents index holds of a resident."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from borough.governance.keeping.ending import Ending, end_as
from borough.governance.rights.holdings import Holding, give_reason, register_holding, rows_of
from borough.residents.erasure import erase_records
from borough.residents.forgetting import empty_residents, end_records, end_residents, residents_over
from borough.residents.models import (
    Comparable,
    CorrectedField,
    Decision,
    Fields,
    HomeTie,
    Household,
    Record,
    Reject,
    Resident,
    SearchTerm,
    StagedRecord,
    Statistic,
)

RECORD = tuple(field.name for field in Fields._meta.get_fields())
RESIDENT = tuple(Resident.personal_data.fields)


def register() -> None:
    register_holding(
        Holding("residents.index", _("What we know you by"), (Resident, Household), _index, erase=empty_residents)
    )
    register_holding(
        Holding(
            "residents.records",
            _("What council systems hold of you"),
            (Record, Comparable, SearchTerm, CorrectedField),
            _records,
            check=frozenset({"facts"}),
            erase=erase_records,
        )
    )
    end_as(Record, Ending(end=end_records, whose="memberships__resident_id"))
    end_as(Resident, Ending(over=residents_over, end=end_residents, whose="id"))
    give_reason("Emptied when the load ends; the record that it becomes is in the copy.", StagedRecord)
    give_reason("Rows that could not be read, which nobody can be found by; they go with the next load.", Reject)
    give_reason("How common a name is: of nobody in particular.", Statistic)
    give_reason("What a home could share with another, as numbers: of nobody in particular.", HomeTie)
    give_reason("Whether two records are of one person; the reason is a member of staff's, of records.", Decision)


def _index(ids: Collection[str]) -> list[dict[str, Any]]:
    rows = Resident.objects.filter(id__in=ids, retired_at=None)
    return rows_of(rows, "id", *RESIDENT, "household__began_on")


def _records(ids: Collection[str]) -> list[dict[str, Any]]:
    rows = Record.objects.filter(memberships__resident__in=ids, memberships__ended_at=None).order_by("source", "key")
    return rows_of(rows, "source__title", "key", *RECORD, "gone_at")
