"""What a check declares of itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from borough.common.errors import Problem
from borough.governance.decisions.rule import Rule
from borough.governance.door import Opening
from borough.places.queries import Shape

Text = str | Promise

CAUTION = _("This list is for review, never proof.")
LOOK = _("A person must look into each row before anything is decided.")
LOOK_AND_HEAR = _("An officer must look into each row, and hear the resident, before anything is decided.")


class BadAnswer(Problem):
    """What a check was told cannot be used; `ask` is the name of what it asked."""

    def __init__(self, ask: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.ask = ask


@dataclass(frozen=True)
class Column:
    """`opens`: the field that an agreement must open to show or sort it; empty for what tells of nobody.

    `kind`: "systems" is a comma list of source codes, "flags" one of codes in the check's `words`.
    """

    name: str
    title: Text
    opens: str = ""
    kind: Literal["text", "date", "number", "systems", "flags"] = "text"
    sort: bool = True


@dataclass(frozen=True)
class Ask:
    """What the check must be told first. `kind` "source" offers the sources that are open; "area" takes GeoJSON."""

    name: str
    label: Text
    hint: Text = ""
    required: bool = True
    kind: Literal["text", "number", "source", "area"] = "text"


@dataclass(frozen=True)
class Scope:
    """What a check may read: today, the sources that the agreement opens, what it was told; and whose data it may not.

    `without` are the ids of residents whose data is not to be used (UK GDPR Article 18).
    """

    today: date
    sources: tuple[str, ...]
    answers: Mapping[str, str]
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A SELECT with named parameters, for both databases.

    It gives `resident_id`, the check's columns, and may give `also`: ids, with commas, of others whom the row shows.
    """

    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """Figures above the list: (number, what it counts); and a table of them, by area."""

    figures: Sequence[tuple[int | str, str]] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Check:
    """One list for review. `needs` are the fields and `sources` the systems without which it cannot be asked.

    `innocent` says what could explain a row, `act` what a person must do with it; `order` is the SQL order of rows,
    likeliest or most urgent first. `ground` is the piece of ground that the answers mean, for a map.
    """

    code: str
    title: Text
    question: Text
    purpose: str
    innocent: tuple[Text, ...]
    columns: tuple[Column, ...]
    order: str
    query: Callable[[Scope], Query]
    needs: tuple[str, ...] = ("records", "address")
    sources: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)
    act: Text = LOOK
    summary: Callable[[Scope], Summary] | None = None
    ground: Callable[[Mapping[str, str]], Shape] | None = None
    # Lists those too whose data is otherwise not to be used: Article 18(2), to protect somebody.
    even_restricted: bool = False
    # A decision rule (governance) that proposes what to do with each row, and what it is told of a row.
    rule: Rule | None = None
    told: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None

    @property
    def must_answer(self) -> bool:
        """Whether it cannot be asked without an answer. Which of several it takes, its query says."""
        return bool(self.asks) and all(ask.kind != "source" for ask in self.asks)

    @property
    def verb(self) -> str:
        return f"residents.run_check.{self.code}"


@dataclass(frozen=True)
class CheckPage:
    """A page of a check's rows: a mapping for each, by the names of `columns`, and `resident_id`. Whoever hands over
    many takes them from `rows_while_open`, which raises NotAllowed once the agreement has ended."""

    check: Check
    columns: list[Column]
    rows: list[dict[str, Any]]
    total: int
    page: int
    summary: Summary
    opening: Opening

    def rows_while_open(self) -> Iterator[dict[str, Any]]:
        return self.opening.while_open(self.rows)
