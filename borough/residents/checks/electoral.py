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


def _electors(scope: Scope, *, unsure: bool = False) -> str:
    """FROM and WHERE of the electors `e`; `unsure`: of those whom no other system finds at the same property."""
    found = f"""
        SELECT 1 FROM {sql.MEMBERSHIP} o_of JOIN {sql.RECORD} o ON o.id = o_of.record_id
        JOIN {sql.COMPARABLE} o_at ON o_at.record_id = o.id
        WHERE o_of.resident_id = e_of.resident_id AND o_of.ended_at IS NULL AND o_at.uprn = e_at.uprn
          AND o.source_id <> '{REGISTER}' AND {sql.stands("o", scope)}
    """
    electors = f"FROM {sql.records('e')} WHERE e.source_id = '{REGISTER}' AND {sql.stands('e', scope)}"
    return f"{electors} AND NOT EXISTS ({found})" if unsure else electors


def _query(scope: Scope) -> Query:
    elsewhere = f"""
        SELECT {sql.several("p.source_id")} FROM {sql.MEMBERSHIP} p_of JOIN {sql.RECORD} p ON p.id = p_of.record_id
        JOIN {sql.COMPARABLE} p_at ON p_at.record_id = p.id
        WHERE p_of.resident_id = e_of.resident_id AND p_of.ended_at IS NULL AND p_at.uprn <> e_at.uprn
          AND p.source_id <> '{REGISTER}' AND {sql.stands("p", scope)}
    """
    return Query(
        f"""
        SELECT e_of.resident_id, e.key, {sql.name_of("e")} AS name, {sql.address_of("e")} AS address,
               e.started_on AS since, ({elsewhere}) AS elsewhere
        {_electors(scope, unsure=True)}
        """,
        sql.parameters(scope),
    )


def _by_property(scope: Scope, *, unsure: bool) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(e_at.uprn, ''), count(*) {_electors(scope, unsure=unsure)} GROUP BY e_at.uprn",
            sql.parameters(scope),
        )
        return {uprn: int(electors) for uprn, electors in cursor.fetchall()}


def _summary(scope: Scope) -> Summary:
    """How many are confirmed without a letter, in all and by ward."""
    electors_at, unsure_at = _by_property(scope, unsure=False), _by_property(scope, unsure=True)
    places = locate_uprn(uprn for uprn in electors_at if uprn)
    wards, names = area_parents(), area_names("ward")
    by_ward: Counter[str] = Counter()
    confirmed_in: Counter[str] = Counter()
    for uprn, electors in electors_at.items():
        place = places.get(uprn)
        ward = names.get(wards.get(place.small_area) or "", "") if place else ""
        by_ward[ward] += electors
        confirmed_in[ward] += electors - unsure_at.get(uprn, 0)
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
