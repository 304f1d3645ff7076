"""Counts the cases and the volunteers of each place, for the maps and figures of help. Once a night, set-based."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.cases.queries import MeasuredCase, measure_cases
from borough.common import clock
from borough.common.bulk import fill_table
from borough.directory.queries import names_as_listed, read_services
from borough.governance.door import log_write
from borough.insight.models import HelpFigure, VolunteerFigure, WellbeingFigure
from borough.places.hexagons import cell_of
from borough.places.queries import locate_postcodes, locate_uprn, small_areas_of_postcodes
from borough.residents.queries import list_homes
from borough.volunteers.queries import list_capacity, organisations_of_volunteers

# (hexagon, small area); empty where the address is not in the gazetteer.
Place = tuple[str, str]
NOWHERE: Place = ("", "")
# Who helped, where it is no organisation with a name.
TEAM, VOLUNTEERS = "team", "volunteers"
COUNTS = ("requests", "unmet", "helped", "in_time", "days", "answered", "met", "chased", "unanswered")
SUMS = ("people", "before", "change", "squares")


def count_help(*, by: Viewer, purpose: str) -> int:
    """Make the figures of the services of this purpose anew. Returns how many cases they count."""
    check_may_work_as(by, SYSTEM)
    cases = list(measure_cases(viewer=by, purpose=purpose))
    places = _places_of_cases(cases, by, purpose)
    named = _organisations(cases, by)
    figures: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    changes: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0])
    for case, (cell, small_area) in zip(cases, places, strict=True):
        helped_by = dict.fromkeys(named[one] for one in case.helpers if named.get(one)) if case.helped_on else {}
        about = (case.service, case.need, quarter_of(case.opened_on))
        # Once for all figures, and for each further organisation that helped once more, for its own alone.
        for place, organisation in enumerate(helped_by or [""]):
            also = place > 0
            figures[*about, cell, small_area, organisation, also].update(_counts(case))
            for measure, (before, after) in case.change.items():
                sums = changes[*about, small_area, organisation, also, measure]
                change = after - before
                for at, more in enumerate((1, before, change, change * change)):
                    sums[at] += more
    helpers, capacity = _volunteers(by)
    now = clock.now()
    with transaction.atomic():
        services = [one.code for one in all_kinds() if one.purpose == purpose]
        HelpFigure.objects.filter(service__in=services).delete()
        fill_table(
            "insight_helpfigure",
            ("service", "need", "quarter", "cell", "small_area", "organisation", "also", "as_of", *COUNTS),
            ((*key, now, *(counts[name] for name in COUNTS)) for key, counts in sorted(figures.items())),
        )
        WellbeingFigure.objects.filter(service__in=services).delete()
        fill_table(
            "insight_wellbeingfigure",
            ("service", "need", "quarter", "small_area", "organisation", "also", "measure", *SUMS),
            ((*key, *sums) for key, sums in sorted(changes.items())),
        )
        VolunteerFigure.objects.all().delete()
        fill_table(
            "insight_volunteerfigure",
            ("skill", "cell", "small_area", "volunteers", "capacity"),
            ((*spot, count, capacity[spot]) for spot, count in sorted(helpers.items())),
        )
        log_write(by=by, purpose=purpose, verb="insight.count_help", everyone=True, people=len(cases))
    return len(cases)


def _counts(case: MeasuredCase) -> dict[str, int]:
    helped = case.helped_on
    return {
        "requests": 1,
        "unmet": int(case.unmet),
        "helped": int(helped is not None),
        "in_time": int(helped is not None and helped <= case.due_on),
        "days": (helped - case.opened_on).days if helped else 0,
        "answered": int(case.need_met != ""),
        "met": int(case.need_met == "yes"),
        "chased": int(case.chased),
        "unanswered": int(case.unanswered),
    }


def _organisations(cases: Collection[MeasuredCase], by: Viewer) -> dict[tuple[str, str], str]:
    """The name of whoever helped, by owner of the task: for the same organisation the same, whether its service helped
    or a volunteer whom it brought."""
    owners = {helper for case in cases if case.helped_on for helper in case.helpers}
    brought = organisations_of_volunteers(viewer=by)
    listed = names_as_listed(brought.values())
    services = read_services({owner for kind, owner in owners if kind == "organisation"})
    names = {}
    for kind, owner in owners:
        if kind == "volunteer":
            organisation = brought.get(owner, VOLUNTEERS)
            names[kind, owner] = listed.get(organisation, organisation)
        elif kind == "organisation":
            names[kind, owner] = services[owner].organization if owner in services else ""
        else:
            names[kind, owner] = TEAM
    return names


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _places_of_cases(cases: Collection[MeasuredCase], by: Viewer, purpose: str) -> Iterable[Place]:
    homes = list_homes({case.resident_id for case in cases if case.resident_id}, viewer=by, purpose=purpose)
    exact = {
        place.uprn: (cell_of(place.lat, place.lon), place.small_area)
        for place in locate_uprn(home.uprn for home in homes.values() if home.uprn).values()
    }
    written = {home.postcode for home in homes.values()} | {case.postcode for case in cases}
    about = _places_of_postcodes(written - {""})
    for case in cases:
        home = homes.get(case.resident_id)
        by_postcode = about.get(home.postcode if home else case.postcode, NOWHERE)
        yield exact.get(home.uprn, by_postcode) if home else by_postcode


def _places_of_postcodes(postcodes: Collection[str]) -> dict[str, Place]:
    areas = small_areas_of_postcodes(postcodes)
    return {
        postcode: (cell_of(point.lat, point.lon), areas.get(postcode, ""))
        for postcode, point in locate_postcodes(postcodes).items()
    }


def _volunteers(by: Viewer) -> tuple[Counter[tuple[str, str, str]], Counter[tuple[str, str, str]]]:
    """(how many, how many tasks at a time) by skill and place; the skill "" counts each volunteer once."""
    people, capacity = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    rows = list_capacity(viewer=by)
    about = _places_of_postcodes({row.postcode for row in rows})
    for row in rows:
        for skill in {"", *row.skills}:
            spot = (skill, *about.get(row.postcode, NOWHERE))
            people[spot] += 1
            capacity[spot] += row.capacity
    return people, capacity
