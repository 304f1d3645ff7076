"""What is known before the door is opened: of an offer whose it is, for which purpose and how it stands, by ids; of
volunteers on which days checks end.

Who comes by a link is a volunteer whom the offer names, and regular work opens no door where there is nothing to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer
from borough.governance.door import read_without_the_door
from borough.volunteers.models import LIVE, Offer, Volunteer

_LIVE = ", ".join(f"'{state}'" for state in LIVE)


@dataclass(frozen=True)
class KnownOffer:
    id: str
    volunteer_id: str
    task_id: str
    purpose: str
    answer_minutes: int | None


def known_offer(offer_id: str) -> KnownOffer | None:
    """The offer of this id, whatever its state."""
    return next(iter(_known("o.id = %s", [offer_id])), None)


def live_offers_of(task_id: str) -> list[KnownOffer]:
    """Those that wait for an answer, or are accepted."""
    return _known(f"o.task_id = %s AND o.state IN ({_LIVE})", [task_id])


def late_offers(now: datetime) -> list[KnownOffer]:
    """Those whose time to answer is over."""
    return _known("o.state = 'offered' AND o.expires_at <= %s", [connection.ops.adapt_datetimefield_value(now)])


def offers_to_pass_on() -> list[KnownOffer]:
    """Those that came to nothing, or left another who was to go with them: the next may be asked for the task."""
    left_another = (
        f"o.state = 'could_not' AND EXISTS (SELECT 1 FROM {_source()} s WHERE s.task_id = o.task_id "
        f"AND s.state IN ({_LIVE}))"
    )
    return _known(f"NOT o.passed_on AND o.task_id <> '' AND (o.state IN ('declined', 'expired') OR {left_another})", [])


def does_a_check_end(first: date, last: date) -> bool:
    """Whether any volunteer's DBS check or right to drive ends on one of these days; of whom is not asked."""
    days = [connection.ops.adapt_datefield_value(day) for day in (first, last)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {read_without_the_door(Volunteer._meta.db_table)} "
            "WHERE active AND (dbs_expires_on BETWEEN %s AND %s OR drives_expires_on BETWEEN %s AND %s))",
            days * 2,
        )
        return bool(cursor.fetchone()[0])


def viewer_of_offer(offer: Offer | KnownOffer) -> Viewer:
    """The volunteer as the ledger names them; the resident reads that a volunteer of ours looked."""
    return Viewer(kind="volunteer", id=offer.volunteer_id, name=_("A volunteer"), roles=frozenset({VOLUNTEER}))


def _known(condition: str, values: Sequence[Any]) -> list[KnownOffer]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.id, o.volunteer_id, o.task_id, o.purpose, o.answer_minutes FROM {_source()} o "
            f"WHERE {condition} ORDER BY o.id",
            values,
        )
        return [KnownOffer(*row) for row in cursor.fetchall()]


def _source() -> str:
    return read_without_the_door(Offer._meta.db_table)
