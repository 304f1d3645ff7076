"""Records that a system still holds open of somebody who another system says has died.

UK GDPR Article 5(1)(d): what is kept is kept accurate; a letter to the dead hurts those who open it.
"""

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.kind import Ask, Check, Column, Query, Scope


def _query(scope: Scope) -> Query:
    """`left_on` is the day of death of whoever has one, so only they and those who left need be looked at."""
    one = "AND x.source_id = %(told)s" if scope.answers.get("source") else ""
    says = f"y.gone_at IS NULL AND y.deceased_on IS NOT NULL AND {sql.is_open('y', scope)}"
    dead = f"""
        SELECT y_of.resident_id AS id, min(y.deceased_on) AS died, {sql.several("y.source_id")} AS said_by
        FROM {sql.MEMBERSHIP} y_of JOIN {sql.RECORD} y ON y.id = y_of.record_id
        WHERE y_of.ended_at IS NULL AND {says} AND y_of.resident_id IN
              (SELECT id FROM {sql.RESIDENT} WHERE left_on IS NOT NULL AND retired_at IS NULL)
        GROUP BY y_of.resident_id
    """
    return Query(
        f"""
        SELECT d.id AS resident_id, x.source_id AS system, x.key, {sql.name_of("x")} AS name,
               {sql.address_of("x")} AS address, d.died, d.said_by
        FROM ({dead}) d {sql.records_of("x", "d.id")}
        WHERE {sql.stands("x", scope)} AND x.deceased_on IS NULL {one}
        """,
        sql.parameters(scope, told=scope.answers.get("source", "")),
    )


CHECK = Check(
    code="died",
    title=_("Tell systems of a death"),
    question=_("Which systems still hold somebody as living who another system says has died?"),
    purpose="keep-records-right",
    innocent=(
        _("One system may have marked the wrong person, such as a widow in place of her husband."),
        _("Two people of one name and date of birth may have been taken for one."),
        _("A tenancy or account may stay open on purpose until an estate is settled."),
    ),
    asks=(Ask("source", _("System to tell"), required=False, kind="source"),),
    columns=(
        Column("system", _("Tell"), "records", "systems"),
        Column("key", _("Its reference"), "records"),
        Column("name", _("Name in that system"), "name"),
        Column("address", _("Address in that system"), "address"),
        Column("died", _("Died"), "records", "date"),
        Column("said_by", _("Said by"), "records", "systems"),
    ),
    needs=("records",),
    order="system, died DESC, key",
    query=_query,
)
