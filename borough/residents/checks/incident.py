"""Who lives where something happened: how to reach them, and who needs help first.

Civil Contingencies Act 2004 section 2, and the Contingency Planning Regulations 2005, part 8 (sharing of information
between responders); UK GDPR Articles 6(1)(d) and 9(2)(c), vital interests.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from borough.common.errors import Problem
from borough.common.words import number_words
from borough.places.queries import Circle, Point, Shape, list_places_in, locate_postcode, read_geojson
from borough.places.shapes import FARTHEST_METRES
from borough.residents.checks import sql
from borough.residents.checks.kind import Ask, BadAnswer, Check, Column, Query, Scope, Summary

_DEGREES = re.compile(r"^\s*(-?\d{1,2}\.\d+)\s*,\s*(-?\d{1,3}\.\d+)\s*$")


def shape_of(answers: Mapping[str, str]) -> Shape:
    """The area drawn, or the circle about a postcode or a point. Raises BadAnswer."""
    if answers.get("area"):
        try:
            return read_geojson(answers["area"])
        except Problem as problem:
            raise BadAnswer("area", problem.message, problem.remedy) from problem
    middle, metres = answers.get("middle", ""), answers.get("metres", "")
    found = _DEGREES.match(middle)
    point = Point(float(found[1]), float(found[2])) if found else locate_postcode(middle)
    if point is None:
        raise BadAnswer(
            "middle",
            gettext("No address here has this postcode.") if middle else gettext("Say where it is."),
            gettext("Enter a postcode of the borough, or latitude and longitude, or choose a file of the area."),
        )
    if not metres.isdigit() or not 0 < int(metres) <= FARTHEST_METRES:
        most = number_words(FARTHEST_METRES)
        raise BadAnswer(
            "metres",
            gettext("This is not a distance that can be used."),
            gettext("Enter a whole number of metres, from 1 to %(most)s.") % {"most": most},
        )
    return Circle(point, int(metres))


def _people(scope: Scope) -> tuple[str, dict[str, Any]]:
    """A SELECT of everybody whose newest address is inside, and its parameters."""
    uprns = [place.uprn for place in list_places_in(shape_of(scope.answers))]
    people = f"""
        SELECT r.id AS resident_id, {sql.name_of("r")} AS name, r.dob, r.phone, r.email, r.language,
               {sql.address_of("r")} AS address, r.uprn,
               max(CASE WHEN c.source_id = 'adult_social_care' THEN 1 ELSE 0 END) AS care,
               max(CASE WHEN {sql.fact("c", "package")} IS NOT NULL THEN {sql.fact("c", "package")} END) AS package,
               max(CASE WHEN {sql.flag("c", "blue_badge")} OR {sql.flag("c", "send")}
                          OR {sql.fact("c", "reason")} = 'disability' THEN 1 ELSE 0 END) AS disabled,
               max(CASE WHEN {sql.flag("c", "lives_alone")} THEN 1 ELSE 0 END) AS alone,
               CASE WHEN r.dob <= %(old)s THEN 1 ELSE 0 END AS old,
               CASE WHEN r.dob > %(young)s THEN 1 ELSE 0 END AS young
        FROM {sql.RESIDENT} r {sql.any_records_of("c", "r.id", sql.stands("c", scope))}
        WHERE r.uprn IN {sql.listed("uprns")} AND r.left_on IS NULL AND r.retired_at IS NULL
        GROUP BY r.id, r.forename, r.surname, r.dob, r.phone, r.email, r.language, r.address, r.postcode, r.uprn
    """
    return people, sql.parameters(
        scope, uprns=json.dumps(uprns), old=sql.years_before(scope, 75), young=sql.years_before(scope, 5)
    )


def _query(scope: Scope) -> Query:
    """A household stands where its most vulnerable person would."""
    people, parameters = _people(scope)
    flags = " || ".join(
        f"CASE WHEN w.{flag} = 1 THEN ',{flag}' ELSE '' END" for flag in ("care", "disabled", "old", "young", "alone")
    )
    return Query(
        f"""
        SELECT w.resident_id, w.name, w.dob, w.phone, w.email, w.language, w.address, w.uprn, w.package,
               {flags} AS needs, w.score,
               max(w.score) OVER (PARTITION BY w.uprn) AS household
        FROM (SELECT v.*, 4 * v.care + 3 * v.disabled + 2 * v.old + 2 * v.young + v.alone AS score
              FROM ({people}) v) w
        """,
        parameters,
    )


def _summary(scope: Scope) -> Summary:
    people, parameters = _people(scope)
    helped = "v.care + v.disabled + v.old + v.young > 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(DISTINCT v.uprn), sum(CASE WHEN {helped} THEN 1 ELSE 0 END) FROM ({people}) v",
            parameters,
        )
        everybody, homes, to_help = (int(number or 0) for number in cursor.fetchone())
    return Summary(
        figures=(
            (everybody, gettext("people")),
            (homes, gettext("homes")),
            (to_help, gettext("may need help")),
        )
    )


CHECK = Check(
    code="incident",
    title=_("People in an emergency"),
    question=_("Who lives inside the area, how can they be reached, and who may need help to leave?"),
    purpose="respond-to-emergency",
    innocent=(
        _("People are listed where they were last known to live: knock on every door all the same."),
        _("Visitors, workers and people whom no council system knows are not listed."),
        _("Who is listed without a need may have one that no system knows."),
    ),
    asks=(
        Ask("middle", _("Postcode, or latitude and longitude"), _("For example, NW1 2DB or 51.5290, -0.1255"), False),
        Ask("metres", _("How far around it, in metres"), _("For example, 250"), False, "number"),
        Ask("area", _("Or a file of the area"), _("GeoJSON polygon, as map programs export it"), False, "area"),
    ),
    columns=(
        Column("address", _("Address"), "address"),
        Column("name", _("Name"), "name"),
        Column("phone", _("Phone"), "contact", sort=False),
        Column("needs", _("May need help"), "records", "flags"),
        Column("package", _("Care"), "records"),
        Column("dob", _("Date of birth"), "date_of_birth", "date"),
        Column("language", _("Language"), "contact"),
        Column("email", _("Email"), "contact", sort=False),
    ),
    words={
        "care": _("Social care"),
        "disabled": _("Disabled"),
        "old": _("75 or over"),
        "young": _("Under 5"),
        "alone": _("Lives alone"),
    },
    needs=("address", "records", "date_of_birth"),
    order="household DESC, uprn, score DESC, resident_id",
    query=_query,
    act=_("Knock on every door: people may be there whom no system knows, and others may be away."),
    summary=_summary,
    ground=shape_of,
    even_restricted=True,
)
