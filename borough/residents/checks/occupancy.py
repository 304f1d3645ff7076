"""Who is at one property, by which system, since when and until when.

Housing Act 1985 section 21: the council manages its homes; section 81: a secure tenant lives in theirs.
"""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common.identifiers import clean_postcode, clean_uprn
from borough.places.queries import find_uprn
from borough.residents.checks import sql
from borough.residents.checks.kind import Ask, BadAnswer, Check, Column, Query, Scope

_POSTCODE_AT_END = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}$")


def uprn_of(text: str) -> str:
    """The UPRN of a UPRN, or of an address that ends in its postcode. Raises BadAnswer."""
    text = text.strip()
    if text.isdigit() and (uprn := clean_uprn(text)):
        return uprn
    found = _POSTCODE_AT_END.search(text)
    postcode = clean_postcode(found[0]) if found else None
    if not found or postcode is None:
        raise BadAnswer(
            "property",
            gettext("This is no UPRN and ends in no postcode."),
            gettext("Enter a UPRN, or an address with its postcode."),
        )
    uprn = find_uprn(text[: found.start()].strip(" ,"), postcode)
    if uprn is None:
        raise BadAnswer(
            "property",
            gettext("No single property has this address."),
            gettext("Check it against the gazetteer, or enter its UPRN."),
        )
    return uprn


def _query(scope: Scope) -> Query:
    """A record that its source dropped or ended tells until when; one that stands, that somebody is there still."""
    standing = sql.stands("c", scope)
    until = (
        "coalesce(c.ended_on, CAST(c.gone_at AS date))"
        if sql.on_postgresql()
        else "coalesce(c.ended_on, date(c.gone_at))"
    )
    return Query(
        f"""
        SELECT r.id AS resident_id, {sql.name_of("r")} AS name, r.dob,
               {sql.several(f"CASE WHEN {standing} THEN c.source_id END")} AS systems,
               {sql.several(f"CASE WHEN NOT ({standing}) THEN c.source_id END")} AS earlier,
               count(DISTINCT CASE WHEN {standing} THEN c.source_id END) AS evidence,
               min(c.started_on) AS since,
               CASE WHEN count(CASE WHEN {standing} THEN 1 END) = 0 THEN max({until}) END AS until,
               CASE WHEN r.left_on IS NOT NULL THEN 'left' WHEN r.uprn <> %(home)s THEN 'elsewhere' ELSE 'here' END
                 AS found
        FROM {sql.RESIDENT} r {sql.records_of("c", "r.id")}
        WHERE c_at.uprn = %(home)s AND {sql.is_open("c", scope)}
        GROUP BY r.id, r.forename, r.surname, r.dob, r.left_on, r.uprn
        """,
        sql.parameters(scope, home=uprn_of(scope.answers["property"])),
    )


CHECK = Check(
    code="occupancy",
    title=_("Who is at a property"),
    question=_("Which people does each council system find at one property, since when and until when?"),
    purpose="check-occupancy",
    innocent=(
        _("People who moved away stay on file until somebody tells the system."),
        _("An address may be for letters only: a parent's, a carer's, a friend's."),
    ),
    asks=(
        Ask("property", _("UPRN, or address with postcode"), _("For example, 100023336956 or 14 High Street, NW1 2DB")),
    ),
    columns=(
        Column("name", _("Name"), "name"),
        Column("dob", _("Date of birth"), "date_of_birth", "date"),
        Column("systems", _("Found here by"), "records", "systems"),
        Column("earlier", _("Before, by"), "records", "systems"),
        Column("since", _("Since"), "records", "date"),
        Column("until", _("Until"), "records", "date"),
        Column("found", _("Newest address"), "address", "flags"),
    ),
    words={"here": _("Here"), "elsewhere": _("Elsewhere in the borough"), "left": _("Left or died")},
    order="evidence DESC, since, name, resident_id",
    query=_query,
)
