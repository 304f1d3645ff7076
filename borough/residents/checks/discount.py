"""Homes with a single person discount where other systems find another adult.

Local Government Finance Act 1992 section 11; before it bills, the authority takes reasonable steps to ascertain
whether there is a discount (Council Tax (Administration and Enforcement) Regulations 1992, regulation 14).
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.discount_rule import RULE
from borough.residents.checks.kind import LOOK_AND_HEAR, Check, Column, Query, Scope

ACCOUNTS = "council_tax"
DISCOUNT = "single person"


def _query(scope: Scope) -> Query:
    """An adult is born 18 years ago, or is registered to vote and no attainer. Only whose newest address this is, whom
    a system found there since the account began (who was there before it has likely left), and of whom no account says
    that they have left it."""
    adult = (
        "(a.dob <= %(adult)s OR (a.dob IS NULL AND o.source_id = 'electoral_roll'"
        f" AND NOT {sql.flag('o', 'attainer')}))"
    )
    left = f"""
        SELECT 1 FROM {sql.MEMBERSHIP} z_of JOIN {sql.RECORD} z ON z.id = z_of.record_id
        JOIN {sql.COMPARABLE} z_at ON z_at.record_id = z.id
        WHERE z_of.resident_id = a.id AND z_of.ended_at IS NULL AND z_at.uprn = t_at.uprn AND z.gone_at IS NULL
          AND {sql.source_of("z")} = '{ACCOUNTS}' AND z.ended_on <= %(today)s
    """
    kept = "t.id, t.key, t_of.resident_id, t.forename, t.surname, t.address, t.postcode, t.started_on"
    return Query(
        f"""
        SELECT t_of.resident_id, t.key, {sql.name_of("t")} AS name, {sql.address_of("t")} AS address,
               t.started_on AS since, {sql.several(sql.name_of("a"))} AS others,
               count(DISTINCT a.id) AS adults, {sql.several("o.source_id")} AS systems,
               count(DISTINCT o.source_id) AS evidence, {sql.several("a.id")} AS also
        FROM {sql.records("t")}
        JOIN {sql.RESIDENT} a ON a.uprn = t_at.uprn AND a.id <> t_of.resident_id AND a.left_on IS NULL
        {sql.records_of("o", "a.id")}
        WHERE t.source_id = '{ACCOUNTS}' AND {sql.stands("t", scope)}
          AND lower({sql.fact("t", "discount")}) = '{DISCOUNT}' AND t_at.uprn IS NOT NULL
          AND o.source_id <> '{ACCOUNTS}' AND {sql.stands("o", scope)} AND o_at.uprn = t_at.uprn
          AND o.started_on >= t.started_on
          AND {adult} AND NOT EXISTS ({left})
        GROUP BY {kept}
        """,
        sql.parameters(scope, adult=sql.years_before(scope, 18)),
    )


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"adults": row["adults"], "systems": sorted(code for code in (row["systems"] or "").split(",") if code)}


CHECK = Check(
    code="discount",
    title=_("Single person discounts to review"),
    question=_("Where a home has the single person discount, does another system find a second adult there?"),
    purpose="review-discounts",
    innocent=(
        _("Students, apprentices, carers, care leavers and people with a severe mental impairment are not counted."),
        _("The other adult may have moved out or died, and the other system has not been told."),
        _("Two people with one name, such as father and son, may have been told apart wrongly."),
    ),
    sources=(ACCOUNTS,),
    columns=(
        Column("name", _("Who has the discount"), "name"),
        Column("address", _("Address"), "address"),
        Column("since", _("Liable since"), "records", "date"),
        Column("others", _("Other adults found"), "name", sort=False),
        Column("adults", _("How many"), "records", "number"),
        Column("systems", _("Found by"), "records", "systems"),
        Column("evidence", _("Systems"), "records", "number"),
        Column("key", _("Account"), "records"),
    ),
    needs=("records", "address", "date_of_birth"),
    order="evidence DESC, adults DESC, key",
    query=_query,
    act=LOOK_AND_HEAR,
    rule=RULE,
    told=_told,
)
