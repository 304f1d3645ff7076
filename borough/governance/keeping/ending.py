"""Which rows of which tables are over, as queries: for the night that deletes them and the page that counts them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import ForeignKey, Model, QuerySet

from borough.common import clock
from borough.common.personal_data import PersonalData
from borough.governance.keeping.models import LegalHold
from borough.governance.keeping.rules import over_before

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Ending:
    """How a room ends rows of its own where deleting those with an old `since` is not all there is to it.

    `over(before)`: the rows whose time is over. `end(rows)`: delete or empty them, and return how many.
    `whose`: the path from a row to the id of its resident.
    """

    over: Callable[[datetime], Rows] | None = None
    end: Callable[[Rows], int] | None = None
    whose: str = ""


_endings: dict[type[Model], Ending] = {}


def end_as(model: type[Model], ending: Ending) -> None:
    """Called once by the room of the table, when Django is ready."""
    _endings[model] = ending


@dataclass(frozen=True)
class Over:
    """The rows of one table whose time is over: those that go, and those that a legal hold keeps."""

    model: type[Model]
    keep: str
    before: date
    going: Rows
    held: Rows

    @property
    def label(self) -> str:
        return self.model._meta.label


def all_over() -> Iterator[Over]:
    """Of every table that says how long it is kept; those that lean on others, which stand later, come first."""
    today = clock.today()
    holds = list(LegalHold.objects.filter(ended_at=None).values_list("resident_id", "room"))
    for model in reversed(apps.get_models()):
        declared: PersonalData | None = getattr(model, "personal_data", None)
        if declared and declared.since:
            before = over_before(declared.keep, today)
            rows = _over(model, declared.since, before)
            held = _held(model, rows, holds)
            yield Over(model, declared.keep, before, rows.exclude(pk__in=held.values("pk")), held)


def delete(over: Over) -> int:
    """Delete what is over, in the caller's transaction. Returns how many rows of the table itself."""
    ending = _endings.get(over.model)
    if ending and ending.end:
        return ending.end(over.going)
    return delete_rows(over.going)


def delete_rows(rows: Rows) -> int:
    """Delete rows and what goes with them, in as many statements as there are tables, whatever their number.

    A row that another row leans on, and that does not go with it, stays as long as the other.
    """
    for relation in _leaning_on(rows.model):
        child, column = relation.related_model, relation.field.attname
        of_rows = {f"{column}__in": rows.values("pk")}
        if relation.on_delete is models.CASCADE:
            delete_rows(child._base_manager.filter(**of_rows))
        elif relation.on_delete is models.PROTECT:
            others = child._base_manager.filter(**{f"{column}__isnull": False})
            if child is rows.model:
                others = others.exclude(pk__in=rows.values("pk"))
            rows = rows.exclude(pk__in=others.values(column))
    # One statement: Django's own delete would bring every row here first.
    return rows.order_by()._raw_delete(connection.alias)


def _leaning_on(model: type[Model]) -> list[Any]:
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and isinstance(getattr(field, "field", None), ForeignKey)
    ]


def _over(model: type[Model], since: str, before: date) -> Rows:
    moment = datetime.combine(before, time.min, clock.LONDON)
    ending = _endings.get(model)
    if ending and ending.over:
        return ending.over(moment)
    is_day = not isinstance(_column(model, since), models.DateTimeField)
    return model._base_manager.filter(**{f"{since}__lt": before if is_day else moment})


def _column(model: type[Model], path: str) -> Any:
    *way, last = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model._meta.get_field(last)


def _held(model: type[Model], rows: Rows, holds: Collection[tuple[str, str]]) -> Rows:
    here = [(resident, room) for resident, room in holds if room in ("", model._meta.app_label)]
    if any(not resident for resident, _ in here):
        return rows
    whose = whose_is(model)
    if not here or not whose:
        return rows.none()
    return rows.filter(pk__in=rows.filter(**{f"{whose}__in": [resident for resident, _ in here]}).values("pk"))


def whose_is(model: type[Model]) -> str:
    """The path from a row to its resident's id; empty where it is of nobody."""
    ending = _endings.get(model)
    if ending and ending.whose:
        return ending.whose
    return "resident_id" if any(field.attname == "resident_id" for field in model._meta.concrete_fields) else ""
