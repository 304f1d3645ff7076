"""Finds who somebody is among all residents, while they are on the phone: by index, scored as linking would score them.

The details asked with are made comparable, the blocking rules of the model find the records that could be theirs, and
each is weighed by the same bits as in linking (the compiled scorer). A fixed number of queries.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from borough.common.errors import Problem
from borough.common.identifiers import (
    clean_email,
    clean_nhs_number,
    clean_nino,
    clean_phone,
    clean_postcode,
    clean_uprn,
)
from borough.governance.door import Opening
from borough.residents import keeping
from borough.residents.blocking import conditions
from borough.residents.explaining import only_opened, scorer_of
from borough.residents.linkage.scorer import Reason as LinkReason
from borough.residents.linkage.scorer import Scorer
from borough.residents.linkage.single import standard_values, statistic_keys, with_statistics
from borough.residents.models import Comparable, Membership, Resident, Statistic
from borough.residents.shapes import LookedUp, Reason

# Evidence against being this person by eight to one or more is not worth showing.
LEAST_WEIGHT = -3.0
MOST_FOUND = 10
# A key that so many records share is of little help, and scoring them all would keep somebody waiting.
MOST_CANDIDATES = 400

_COMPARABLE, _STATISTIC = Comparable._meta.db_table, Statistic._meta.db_table
_MEMBERSHIP = Membership._meta.db_table
# The agreement field that opens each detail: what it does not open is not searched by either.
ASKED_BY = {
    "forename": "name",
    "middle_names": "name",
    "surname": "name",
    "previous_surname": "name",
    "sex": "name",
    "dob": "date_of_birth",
    "nino": "identifiers",
    "nhs_number": "identifiers",
    "phone": "contact",
    "email": "contact",
    "address": "address",
    "postcode": "address",
    "uprn": "address",
}
CLEAN = {
    "nino": ("National Insurance number", clean_nino),
    "nhs_number": ("NHS number", clean_nhs_number),
    "phone": ("phone number", clean_phone),
    "email": ("email address", clean_email),
    "postcode": ("postcode", clean_postcode),
    "uprn": ("UPRN", clean_uprn),
}


def find_people(details: Mapping[str, str | None], opening: Opening) -> list[LookedUp]:
    """Who these details may be of, the likeliest first; nobody where nothing has been linked yet.

    Raises Problem for a number or a postcode that is none.
    """
    asked = {name: _cleaned(name, details.get(name)) for name, field in ASKED_BY.items() if opening.shows(field)}
    number = keeping.newest_number()
    if number is None:
        return []
    scorer = scorer_of(number)
    values = _with_statistics(standard_values(asked), number)
    probe = scorer.row(values)
    best: dict[str, tuple[float, tuple[Any, ...]]] = {}
    for resident, source, *others in _candidates(scorer, values):
        row = tuple(others)
        weight = scorer.score(probe, row)
        if weight >= LEAST_WEIGHT and opening.shows_source(source):
            best[resident] = max(best.get(resident, (weight, row)), (weight, row), key=lambda one: one[0])
    likeliest = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))[:MOST_FOUND]
    residents = Resident.objects.in_bulk([resident for resident, _ in likeliest])
    return [
        _looked_up(residents[resident], weight, only_opened(scorer.explain(probe, row), opening), opening)
        for resident, (weight, row) in likeliest
    ]


def _cleaned(name: str, text: str | None) -> str | None:
    if not text or name not in CLEAN:
        return text or None
    title, clean = CLEAN[name]
    cleaned = clean(text)
    if not cleaned:
        raise Problem(f"What stands in {name} is no {title}.", "Correct it or leave it out, and ask again.")
    return cleaned


def _with_statistics(values: dict[str, Any], number: int) -> dict[str, Any]:
    """The standard values with what the model says of how common they are."""
    keys = statistic_keys(values)
    where = " OR ".join("(model_id = %s AND kind = %s AND value = %s)" for _ in keys)
    with connection.cursor() as cursor:
        params = [part for kind, value in keys for part in (number, kind, value)]
        cursor.execute(f"SELECT kind, value, number FROM {_STATISTIC} WHERE {where}", params)
        return with_statistics(values, {(kind, value): share for kind, value, share in cursor.fetchall()})


def _candidates(scorer: Scorer, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """(resident, source, the scorer's columns) of each record that a blocking rule brings together with the values."""
    rules = [rule for rule in scorer.model.rules if all(values[column] is not None for column in rule)]
    if not rules:
        return []
    asked: list[Any] = []

    def value(column: str) -> str:
        asked.append(values[column])
        return "%s"

    found = " UNION ".join(
        f"SELECT record_id FROM (SELECT c.record_id FROM {_COMPARABLE} c WHERE {condition} "
        f"LIMIT {MOST_CANDIDATES}) AS by_{place}"
        for place, condition in enumerate(conditions(rules, value))
    )
    columns = ", ".join(f"p.{name}" for name in scorer.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.resident_id, p.source, {columns} FROM ({found}) AS found "
            f"JOIN {_COMPARABLE} p ON p.record_id = found.record_id "
            f"JOIN {_MEMBERSHIP} m ON m.record_id = found.record_id AND m.ended_at IS NULL",
            asked,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _looked_up(resident: Resident, weight: float, reasons: list[LinkReason], opening: Opening) -> LookedUp:
    name, dob, address = opening.shows("name"), opening.shows("date_of_birth"), opening.shows("address")
    return LookedUp(
        resident_id=resident.id,
        weight=weight,
        probability=1 / (1 + 2**-weight),
        name=f"{resident.forename} {resident.surname}".strip() if name else "",
        dob=resident.dob if dob else None,
        address=resident.address if address else "",
        postcode=resident.postcode if address else "",
        reasons=[Reason(words=reason.says, weight=reason.bits) for reason in reasons],
    )
