"""Children whose school has another address for them than the systems that knew them when they entered it.

School Admissions Code (2021) paragraphs 2.5, proof of address, and 2.13, places got by an intentionally misleading
application; School Standards and Framework Act 1998 section 84.
"""

from django.utils.translation import gettext_lazy as _

from borough.residents.checks import sql
from borough.residents.checks.kind import LOOK_AND_HEAR, Check, Column, Query, Scope

SCHOOLS = "children_schools"


def _query(scope: Scope) -> Query:
    """The child, or whoever has the telephone that the school was given, at another home since before the entry.

    A family that moved after it does not count, nor one of whom somebody is at the school's address.
    """
    child = "c.id, c.key, c_of.resident_id, c_at.uprn, c.forename, c.surname, c.address, c.postcode, c.started_on"
    # Of the child or of the parent.
    who = "f.id = c_of.resident_id OR (f.phone = c.phone AND c.phone <> '' AND f.dob <= %(adult)s)"
    elsewhere = "o_at.uprn <> c_at.uprn AND o.started_on <= c.started_on"
    children = f"""
        SELECT {child}, {sql.fact("c", "school")} AS school,
               {sql.several(f"CASE WHEN {elsewhere} THEN o.source_id END")} AS elsewhere,
               count(DISTINCT CASE WHEN {elsewhere} THEN o.source_id END) AS times,
               max(CASE WHEN {elsewhere} THEN f.address END) AS found_at,
               min(CASE WHEN {elsewhere} THEN o.started_on END) AS there_since,
               count(DISTINCT CASE WHEN o_at.uprn = c_at.uprn THEN o.source_id END) AS agree
        FROM {sql.records("c")} JOIN {sql.RESIDENT} f ON {who} {sql.records_of("o", "f.id")}
        WHERE c.source_id = '{SCHOOLS}' AND {sql.stands("c", scope)} AND c_at.uprn IS NOT NULL
          AND o.source_id <> '{SCHOOLS}' AND {sql.stands("o", scope)} AND o_at.uprn IS NOT NULL
          AND f.left_on IS NULL AND f.retired_at IS NULL
        GROUP BY {child}, school
    """
    # An adult of the child's name at the address given, whom another system finds there.
    family = f"""
        SELECT count(DISTINCT f.id) FROM {sql.RESIDENT} f
        WHERE f.uprn = q.uprn AND f.left_on IS NULL AND f.dob <= %(adult)s AND lower(f.surname) = lower(q.surname)
    """
    return Query(
        f"""
        SELECT w.*, w.times + CASE WHEN w.family = 0 THEN 1 ELSE 0 END AS evidence FROM (
            SELECT q.resident_id, q.key, {sql.name_of("q")} AS name, {sql.address_of("q")} AS address, q.school,
                   q.started_on AS since, q.elsewhere, q.times, q.found_at, q.there_since, ({family}) AS family
            FROM ({children}) q WHERE q.times > 0 AND q.agree = 0
        ) w
        """,
        sql.parameters(scope, adult=sql.years_before(scope, 18)),
    )


CHECK = Check(
    code="school",
    title=_("School places to review"),
    question=_("Did other systems find the child at another address when they entered the school, and still do?"),
    purpose="review-school-places",
    innocent=(
        _("Parents who live apart share the care of a child, and the child has two homes."),
        _("A child may live with grandparents or foster carers, and a family in temporary accommodation moves often."),
        _("The school may have kept the address of an earlier application."),
    ),
    sources=(SCHOOLS,),
    columns=(
        Column("name", _("Child"), "name"),
        Column("school", _("School"), "records"),
        Column("since", _("Entered"), "records", "date"),
        Column("address", _("Address the school has"), "address"),
        Column("found_at", _("Found at"), "address"),
        Column("elsewhere", _("Found there by"), "records", "systems"),
        Column("there_since", _("There since"), "records", "date"),
        Column("family", _("Adults of that name at the school's address"), "name", "number"),
        Column("evidence", _("Weight of evidence"), "records", "number"),
        Column("key", _("Pupil number"), "records"),
    ),
    needs=("records", "address", "contact", "date_of_birth", "name"),
    order="evidence DESC, since DESC, key",
    query=_query,
    act=LOOK_AND_HEAR,
)
