"""Council tenancies whose tenant newer records find elsewhere, and where others are found.

Prevention of Social Housing Fraud Act 2013 sections 1 and 2 (subletting a secure tenancy is an offence where it is
done knowingly); Housing Act 1985 sections 81 and 93 (the tenant lives there as their only or principal home).
"""

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.kind import LOOK_AND_HEAR, Check, Column, Query, Scope

RENTS = "housing_rents"


def _query(scope: Scope) -> Query:
    """Tenants, then where newer records of other systems find them, then who else is found at the tenancy."""
    tenants = f"""
        SELECT t.id, t.key, t_of.resident_id, t_at.uprn, t.forename, t.surname, t.address, t.postcode, t.started_on
        FROM {sql.records("t")}
        WHERE t.source_id = '{RENTS}' AND {sql.stands("t", scope)} AND t_at.uprn IS NOT NULL
          AND lower(coalesce({sql.fact("t", "relationship")}, 'tenant')) IN ('tenant', 'joint tenant')
    """
    away = f"""
        SELECT t.id, t.key, t.resident_id, t.uprn, t.forename, t.surname, t.address, t.postcode, t.started_on,
               {sql.several("CASE WHEN o_at.uprn <> t.uprn THEN o.source_id END")} AS elsewhere,
               count(DISTINCT CASE WHEN o_at.uprn <> t.uprn THEN o.source_id END) AS times_elsewhere,
               max(CASE WHEN o_at.uprn <> t.uprn THEN o.started_on END) AS newest,
               {sql.several("CASE WHEN o_at.uprn = t.uprn THEN o.source_id END")} AS still,
               count(DISTINCT CASE WHEN o_at.uprn = t.uprn THEN o.source_id END) AS times_still
        FROM ({tenants}) t {sql.records_of("o", "t.resident_id")}
        WHERE o.source_id <> '{RENTS}' AND {sql.stands("o", scope)} AND o.started_on > t.started_on
          AND o_at.uprn IS NOT NULL
        GROUP BY t.id, t.key, t.resident_id, t.uprn, t.forename, t.surname, t.address, t.postcode, t.started_on
    """
    # Whoever the landlord has on any tenancy, wherever they stand in the other systems, is no stranger there.
    known = f"""
        SELECT 1 FROM {sql.MEMBERSHIP} k_of JOIN {sql.RECORD} k ON k.id = k_of.record_id
        WHERE k_of.resident_id = p_of.resident_id AND k_of.ended_at IS NULL AND k.gone_at IS NULL
          AND {sql.source_of("k")} = '{RENTS}'
    """
    kept = (
        "q.id, q.key, q.resident_id, q.forename, q.surname, q.address, q.postcode, q.started_on, q.elsewhere, "
        "q.times_elsewhere, q.newest, q.still, q.times_still"
    )
    return Query(
        f"""
        SELECT q.resident_id, q.key, {sql.name_of("q")} AS name, {sql.address_of("q")} AS address,
               q.started_on AS since, q.elsewhere, q.newest, q.still,
               count(DISTINCT p_of.resident_id) AS others, {sql.several("p.source_id")} AS others_by,
               q.times_elsewhere + count(DISTINCT p.source_id) - q.times_still AS evidence,
               {sql.several("p_of.resident_id")} AS also
        FROM ({away}) q {sql.records_at("p", "q.uprn")}
        WHERE q.times_elsewhere > 0 AND p.source_id <> '{RENTS}' AND {sql.stands("p", scope)}
          AND p.started_on > q.started_on AND NOT EXISTS ({known})
        GROUP BY {kept}
        """,
        sql.parameters(scope),
    )


CHECK = Check(
    code="sublets",
    title=_("Suspected sublets"),
    question=_("Which council tenants do newer records find elsewhere, while other people are found at the property?"),
    purpose="find-sublets",
    innocent=(
        _("A secure tenant may take in lodgers, and family may have moved in."),
        _("The tenant may be away for a while: in hospital, caring for somebody, or in prison."),
        _("Somebody who fled violence may be registered elsewhere for their safety. Do not tell where they are."),
        _("Two people of one name may have been taken for one."),
    ),
    sources=(RENTS,),
    # What matters most stands first: on a narrow page the rest is a scroll away.
    columns=(
        Column("name", _("Tenant"), "name"),
        Column("evidence", _("Weight of evidence"), "records", "number"),
        Column("address", _("Council property"), "address"),
        Column("elsewhere", _("Tenant found elsewhere by"), "records", "systems"),
        Column("newest", _("Newest record elsewhere"), "records", "date"),
        Column("still", _("Tenant still found here by"), "records", "systems"),
        Column("others", _("Others found here"), "records", "number"),
        Column("others_by", _("Others found by"), "records", "systems"),
        Column("since", _("Tenancy since"), "records", "date"),
        Column("key", _("Tenancy"), "records"),
    ),
    order="evidence DESC, newest DESC, key",
    query=_query,
    act=LOOK_AND_HEAR,
)
