"""Electors whom no other system finds at their address: those to write to in the annual canvass.

Representation of the People Act 1983 sections 9A and 9D; the officer may inspect the council's own records by
regulation 35 of the Representation of the People (England and Wales) Regulations 2001.
"""

from collections import Counter

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.places.queries import area_names, area_parents, locate_uprn
from borough.residents.checks import sql
from borough.residents.checks.kind import Check, Column, Query, Scope, Summary

REGISTER = "electoral_roll"


def _electors(scope: Scope) -> str:
    """Each elector's record with the systems that find the same person at the same property, and elsewhere."""
    others = sql.any_records_of("o", "e_of.resident_id", f"o.source_id <> '{REGISTER}' AND {sql.stands('o', scope)}")
    kept = "e.id, e.key, e_of.resident_id, e.address, e.postcode, e.started_on, e.forename, e.surname, e_at.uprn"
    return f"""
        SELECT {kept}, count(DISTINCT CASE WHEN o_at.uprn = e_at.uprn THEN o.source_id END) AS confirmed,
               {sql.several("CASE WHEN o_at.uprn <> e_at.uprn THEN o.source_id END")} AS elsewhere
        FROM {sql.records("e")} {others}
        WHERE e.source_id = '{REGISTER}' AND {sql.stands("e", scope)}
        GROUP BY {kept}
    """


def _query(scope: Scope) -> Query:
    return Query(
        f"""
        SELECT q.resident_id, q.key, {sql.name_of("q")} AS name, {sql.address_of("q")} AS address,
               q.started_on AS since, q.elsewhere
        FROM ({_electors(scope)}) q WHERE q.confirmed = 0
        """,
        sql.parameters(scope),
    )


def _summary(scope: Scope) -> Summary:
    """How many are confirmed without a letter, in all and by ward."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.uprn, count(*), sum(CASE WHEN q.confirmed > 0 THEN 1 ELSE 0 END) "
            f"FROM ({_electors(scope)}) q GROUP BY q.uprn",
            sql.parameters(scope),
        )
        counted = [(uprn or "", int(electors), int(confirmed)) for uprn, electors, confirmed in cursor.fetchall()]
    places = locate_uprn(uprn for uprn, _electors, _confirmed in counted if uprn)
    wards, names = area_parents(), area_names("ward")
    by_ward: Counter[str] = Counter()
    confirmed_in: Counter[str] = Counter()
    for uprn, electors, confirmed in counted:
        place = places.get(uprn)
        ward = names.get(wards.get(place.small_area) or "", "") if place else ""
        by_ward[ward] += electors
        confirmed_in[ward] += confirmed
    every, sure = by_ward.total(), confirmed_in.total()
    return Summary(
        figures=(
            (every, gettext("electors")),
            (f"{100 * sure / every:.1f}%" if every else "–", gettext("confirmed without a letter")),
            (every - sure, gettext("to write to")),
        ),
        columns=(
            Column("ward", _("Ward")),
            Column("electors", _("Electors"), kind="number"),
            Column("confirmed", _("Confirmed"), kind="number"),
            Column("share", _("Share (%)"), kind="number"),
        ),
        rows=[
            {
                "ward": ward or gettext("Not known"),
                "electors": electors,
                "confirmed": confirmed_in[ward],
                "share": f"{100 * confirmed_in[ward] / electors:.1f}",
            }
            for ward, electors in sorted(by_ward.items(), key=lambda pair: (not pair[0], pair[0]))
        ],
    )


CHECK = Check(
    code="electoral",
    title=_("Electors to write to"),
    question=_("Which electors does no other council system find at the address they are registered at?"),
    purpose="confirm-electors",
    innocent=(
        _("Many people use no council service: nobody else has had a reason to know them."),
        _("A name may be written differently elsewhere, so that the records were not matched."),
        _("Somebody found at another address may have moved lately, or be a student with two homes."),
    ),
    sources=(REGISTER,),
    columns=(
        Column("name", _("Elector"), "name"),
        Column("address", _("Registered address"), "address"),
        Column("since", _("Registered since"), "records", "date"),
        Column("elsewhere", _("Found elsewhere by"), "records", "systems"),
        Column("key", _("Elector number"), "records"),
    ),
    # Somebody found at another address has likely moved: write to them first.
    order="CASE WHEN elsewhere IS NULL THEN 1 ELSE 0 END, since DESC, key",
    query=_query,
    summary=_summary,
)
