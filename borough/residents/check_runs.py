"""Asks a check of the index: through its own door, one query, a page or all of its rows."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.governance.actions import take_decisions
from borough.governance.door import Opening, open_door
from borough.governance.policies import FIELDS
from borough.governance.queries import who_is_restricted
from borough.residents.checks import check_called
from borough.residents.checks.kind import Check, CheckPage, Column, Scope, Summary
from borough.residents.checks.sql import listed
from borough.residents.models import Source

ROWS_ON_A_PAGE = 50


def ask_check(
    code: str, answers: Mapping[str, str], *, viewer: Viewer, purpose: str, page: int | None, sort: str
) -> CheckPage:
    """See queries.run_check."""
    check = check_called(code)
    opening = open_door(viewer=viewer, purpose=purpose, verb=check.verb)
    titles = dict(Source.objects.order_by("title").values_list("code", "title"))
    scope = _scope(check, opening, titles, answers)
    _check_opened(check, opening)
    columns = [column for column in check.columns if not column.opens or opening.shows(column.opens)]
    found, total = _rows(check, scope, _order(check, columns, sort), page)
    also = (each for row in found for each in (row.get("also") or "").split(",") if each)
    opening.saw([*(row["resident_id"] for row in found), *also])
    return CheckPage(
        check=check,
        columns=columns,
        rows=[
            {
                "resident_id": row["resident_id"],
                **{each.name: _value(row[each.name], each, check, titles) for each in columns},
            }
            for row in found
        ],
        total=total,
        page=page or 1,
        summary=check.summary(scope) if check.summary else Summary(),
        opening=opening,
    )


def propose_decisions(code: str, *, by: Viewer, purpose: str) -> int:
    """Let the check's rule say of every row what it would do; a person then decides each. Returns how many rows.

    A row that was decided about stays as it was decided, until the row itself is another one.
    """
    check = check_called(code)
    opening = open_door(viewer=by, purpose=purpose, verb=check.verb)
    if check.rule is None or check.told is None:
        raise Problem(_("This list has no decision rule."), _("A person looks into each row."))
    scope = _scope(check, opening, Source.objects.values_list("code", flat=True), {})
    _check_opened(check, opening)
    found, _total = _rows(check, scope, check.order, None)
    also = (each for row in found for each in (row.get("also") or "").split(",") if each)
    opening.saw([*(row["resident_id"] for row in found), *also])
    cases = [(row["resident_id"], _occasion(row["key"], told), told) for row in found for told in [check.told(row)]]
    return len(take_decisions(by=by, purpose=purpose, rule=check.rule.code, cases=cases))


def _scope(check: Check, opening: Opening, sources: Iterable[str], answers: Mapping[str, str]) -> Scope:
    without = () if check.even_restricted else tuple(sorted(who_is_restricted()))
    return Scope(clock.today(), tuple(each for each in sources if opening.shows_source(each)), answers, without)


def _occasion(key: str, told: Mapping[str, Any]) -> str:
    """The same row with the same facts is the same occasion. Hashed: a key of a source may name somebody."""
    return sha256(json.dumps([key, told], sort_keys=True).encode()).hexdigest()[:32]


def _check_opened(check: Check, opening: Opening) -> None:
    """Refuse a check whose answer would use what the agreement does not open."""
    closed = [str(_(FIELDS[field])) for field in check.needs if not opening.shows(field)]
    closed += [source for source in check.sources if not opening.shows_source(source)]
    if closed:
        raise NotAllowed(
            _("The agreement for this purpose does not open what this list is made from: %(what)s.")
            % {"what": ", ".join(closed)},
            _("Ask the information governance team."),
        )


def _order(check: Check, columns: list[Column], sort: str) -> str:
    """ORDER BY for a column's name, with "-" before it downwards; what is not known stands last either way."""
    name = sort.removeprefix("-")
    if not any(column.name == name and column.sort for column in columns):
        return check.order
    way = "DESC" if sort.startswith("-") else "ASC"
    return f"CASE WHEN {name} IS NULL THEN 1 ELSE 0 END, {name} {way}, {check.order}"


def _rows(check: Check, scope: Scope, order: str, page: int | None) -> tuple[list[dict[str, Any]], int]:
    """The rows of a page, or all of them, and how many there are in all."""
    asked = check.query(scope)
    allowed = f"WHERE q.resident_id NOT IN {listed('without')}" if scope.without else ""
    bounds = ""
    if page is not None:
        bounds = f"LIMIT {ROWS_ON_A_PAGE} OFFSET {(max(1, page) - 1) * ROWS_ON_A_PAGE}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT q.*, count(*) OVER () AS in_all FROM ({asked.sql}) q {allowed} ORDER BY {order} {bounds}",
            asked.parameters,
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return rows, int(rows[0]["in_all"]) if rows else 0


def _value(value: Any, column: Column, check: Check, titles: Mapping[str, str]) -> Any:
    """As the page shows it: SQLite gives dates as text, and lists come with commas between their codes."""
    if column.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value[:10])
    if column.kind in ("systems", "flags"):
        codes = {code for code in (value or "").split(",") if code}
        words = [titles.get(code, code) if column.kind == "systems" else str(check.words[code]) for code in codes]
        return ", ".join(sorted(words))
    if column.kind == "number" and isinstance(value, float):
        return round(value, 1)
    return "" if value is None and column.kind == "text" else value
