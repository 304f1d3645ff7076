"""Finds the properties of addresses that no source gave a UPRN and that are not written as the gazetteer has them."""

from dataclasses import dataclass

from django.db import connection, transaction

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.governance.door import log_write, open_door
from borough.places.actions import match_addresses
from borough.places.queries import find_uprns
from borough.residents.models import Record
from borough.residents.transfer import name_rows

VERB = "residents.match_record_addresses"


@dataclass(frozen=True)
class MatchReport:
    """How many addresses were asked about, how many the matcher knew, and how many records wait to be linked again."""

    asked: int
    found: int
    records: int


def match_record_addresses(*, by: Viewer, purpose: str) -> MatchReport:
    """Ask the authority's address matcher about every address that has no UPRN. The records of those that it knows
    are linked again next time. Raises NotAllowed without a live agreement, Problem without a matcher."""
    check_may_work_as(by, ANALYST, SYSTEM)
    open_door(viewer=by, purpose=purpose, verb=VERB)
    # Addresses go to the matcher without anybody's name.
    written = list(
        Record.objects.filter(gone_at=None, uprn="")
        .exclude(address="")
        .values_list("address", "postcode")
        .distinct()
        .order_by("address", "postcode")
    )
    unknown = [pair for pair, uprn in zip(written, find_uprns(written), strict=True) if not uprn]
    found = match_addresses(unknown, by=by)
    with transaction.atomic():
        name_rows("matched", ["address varchar(250)", "postcode varchar(8)"], sorted(found), key="address, postcode")
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Record._meta.db_table} SET pending = true WHERE gone_at IS NULL AND uprn = '' AND EXISTS "
                f"(SELECT 1 FROM matched m WHERE m.address = {Record._meta.db_table}.address "
                f"AND m.postcode = {Record._meta.db_table}.postcode)"
            )
            records = cursor.rowcount
        log_write(by=by, purpose=purpose, verb=VERB, everyone=True, people=records)
    return MatchReport(asked=len(unknown), found=len(found), records=records)
