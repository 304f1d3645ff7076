"""Records that a system still holds at an address which another system says the person has left.

UK GDPR Article 5(1)(d): what is kept is kept accurate.
"""

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.kind import Ask, Check, Column, Query, Scope

# Where an ended account means that somebody left the property; a permit or a care package ends for other reasons.
TELLS_OF_LEAVING = ("council_tax", "housing_rents")


def _query(scope: Scope) -> Query:
    """Nothing may speak for their being at the property after the day they left it."""
    telling = ", ".join(f"'{source}'" for source in TELLS_OF_LEAVING)
    one = "AND x.source_id = %(told)s" if scope.answers.get("source") else ""
    left = f"""
        SELECT y_of.resident_id, y_at.uprn, max(y.ended_on) AS left_on, {sql.several("y.source_id")} AS said_by
        FROM {sql.records("y")}
        WHERE y.source_id IN ({telling}) AND {sql.is_open("y", scope)} AND y.gone_at IS NULL
          AND y.ended_on <= %(today)s AND y_at.uprn IS NOT NULL
        GROUP BY y_of.resident_id, y_at.uprn
    """
    later = f"""
        SELECT 1 FROM {sql.MEMBERSHIP} z_of JOIN {sql.RECORD} z ON z.id = z_of.record_id
        JOIN {sql.COMPARABLE} z_at ON z_at.record_id = z.id
        WHERE z_of.resident_id = w.resident_id AND z_of.ended_at IS NULL AND z_at.uprn = w.uprn
          AND z.gone_at IS NULL AND (z.started_on >= w.left_on
               OR (z.source_id IN ({telling}) AND (z.ended_on IS NULL OR z.ended_on > %(today)s)))
    """
    return Query(
        f"""
        SELECT w.resident_id, x.source_id AS system, x.key, {sql.name_of("x")} AS name,
               {sql.address_of("x")} AS address, w.left_on AS moved_on, w.said_by,
               CASE WHEN r.left_on IS NULL AND r.uprn <> '' AND r.uprn <> w.uprn THEN {sql.address_of("r")} ELSE '' END
                 AS now_at
        FROM ({left}) w JOIN {sql.RESIDENT} r ON r.id = w.resident_id {sql.records_of("x", "w.resident_id")}
        WHERE x_at.uprn = w.uprn AND {sql.stands("x", scope)} {one} AND NOT EXISTS ({later})
        """,
        sql.parameters(scope, told=scope.answers.get("source", "")),
    )


CHECK = Check(
    code="moved",
    title=_("Tell systems of a move"),
    question=_("Which systems still hold somebody at an address that another system says they have left?"),
    purpose="keep-records-right",
    innocent=(
        _("An account may pass to another member of the household while everybody stays."),
        _("Somebody may keep an address for letters, or be away for a time."),
        _("Two people of one name may have been taken for one."),
    ),
    asks=(Ask("source", _("System to tell"), required=False, kind="source"),),
    columns=(
        Column("system", _("Tell"), "records", "systems"),
        Column("key", _("Its reference"), "records"),
        Column("name", _("Name in that system"), "name"),
        Column("address", _("Address in that system"), "address"),
        Column("moved_on", _("Left on"), "records", "date"),
        Column("said_by", _("Said by"), "records", "systems"),
        Column("now_at", _("Newest address, if in the borough"), "address"),
    ),
    order="system, moved_on DESC, key",
    query=_query,
)
