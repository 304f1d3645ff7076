"""Records of schools and of adult social care that lack the NHS number which another record of the person has.

Health and Social Care Act 2012 sections 251A (the NHS number as consistent identifier) and 251B (sharing for a
person's care); for children, the Children Act 2004 section 10 (co-operation to improve well-being).
"""

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.kind import Check, Column, Query, Scope

WANTS = ("adult_social_care", "children_schools")


def _query(scope: Scope) -> Query:
    """Only where the person's other records agree on one number: two of them are for the review of links."""
    wants = ", ".join(f"'{source}'" for source in WANTS)
    kept = "c.id, c.source_id, c.key, c_of.resident_id, c.forename, c.surname, c.dob"
    return Query(
        f"""
        SELECT c_of.resident_id, c.source_id AS system, c.key, {sql.name_of("c")} AS name, c.dob,
               min(o.nhs_number) AS proposed, {sql.several("o.source_id")} AS held_by,
               CASE WHEN c.dob IS NULL OR min(o.dob) IS NULL THEN 'unknown'
                    WHEN min(o.dob) = c.dob AND max(o.dob) = c.dob THEN 'same' ELSE 'different' END AS born,
               max(p.weight) AS weight
        FROM {sql.records("c")} {sql.records_of("o", "c_of.resident_id")}
        LEFT JOIN {sql.PAIR} p ON p.low = CASE WHEN c.id < o.id THEN c.id ELSE o.id END
                              AND p.high = CASE WHEN c.id < o.id THEN o.id ELSE c.id END
        WHERE c.source_id IN ({wants}) AND {sql.stands("c", scope)} AND c.nhs_number IS NULL
          AND o.nhs_number IS NOT NULL AND o.gone_at IS NULL AND {sql.is_open("o", scope)}
        GROUP BY {kept} HAVING count(DISTINCT o.nhs_number) = 1
        """,
        sql.parameters(scope),
    )


CHECK = Check(
    code="nhs-number",
    title=_("NHS numbers to add"),
    question=_("Which pupils and people in social care lack an NHS number that another of their records has?"),
    purpose="match-nhs-numbers",
    innocent=(
        _("Two people of one name and date of birth, such as twins, may have been taken for one."),
        _("The other system may hold a number that belongs to somebody else. Check it against the NHS's own service."),
    ),
    columns=(
        Column("system", _("System that lacks it"), "records", "systems"),
        Column("key", _("Its reference"), "records"),
        Column("name", _("Name"), "name"),
        Column("dob", _("Date of birth"), "date_of_birth", "date"),
        Column("proposed", _("Proposed NHS number"), "identifiers"),
        Column("held_by", _("Held by"), "records", "systems"),
        Column("born", _("Dates of birth"), "date_of_birth", "flags"),
        Column("weight", _("Evidence of the link (bits)"), "records", "number"),
    ),
    words={"same": _("Agree"), "different": _("Differ"), "unknown": _("Not known")},
    needs=("records", "identifiers"),
    order="system, weight DESC, key",
    query=_query,
)
