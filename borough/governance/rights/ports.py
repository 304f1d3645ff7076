"""What governance needs of the rooms above it, which it cannot import. They fill it in from their own apps.ready."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.functional import Promise

from borough.accounts.policies import Viewer
from borough.governance.watching.rules import Home


class People(Protocol):
    """Who is who. A call that reads a person passes the door."""

    def ids_of(self, resident_id: str) -> Collection[str]:
        """Every id that stands for this resident today."""

    def ids_of_all(self, resident_ids: Collection[str]) -> Collection[str]:
        """The same of many, all together."""

    def born_on(self, resident_id: str, *, viewer: Viewer, purpose: str) -> date | None:
        """Their date of birth; None where we do not know it."""

    def homes_of(self, resident_ids: Collection[str]) -> Mapping[str, Home]:
        """The surname and postcode of each, for the night's look at who looked at whom. Shown to nobody."""

    def correct(self, ids: Collection[str], field: str, should_be: str) -> tuple[str, list[tuple[str, str]]]:
        """Put a value into every record they have: (its standard form, (source, key) of each). Raises Problem."""

    def let_go(self, source: str, key: str, field: str) -> None:
        """What the source itself says of this field holds again."""

    def keep_away(self, ids: Collection[str]) -> list[tuple[str, str]]:
        """No extract brings their records back. Returns (source, hash of its key) of each."""

    def keep_away_hashes(self, hashes: Iterable[tuple[str, str]]) -> None:
        """The same, by the hashes."""


@dataclass(frozen=True)
class Inference:
    """Something that was worked out about a resident, in plain words, and what for."""

    says: str
    what_for: str


Infers = Callable[[str], Sequence[Inference]]

_people: list[People] = []
_infers: dict[str, Infers] = {}
_verb_words: dict[str, str | Promise] = {}
_field_words: dict[str, str | Promise] = {}


def plug_people(people: People) -> None:
    """Say who is who from now on."""
    _people[:] = [people]


def people() -> People:
    return _people[0]


def register_inferences(room: str, infers: Infers) -> None:
    """`infers(resident_id)` gives what the room worked out about a resident, for that resident to read."""
    _infers[room] = infers


def inferences_about(resident_id: str) -> list[Inference]:
    return [one for room in sorted(_infers) for one in _infers[room](resident_id)]


def tell_verbs(words: Mapping[str, str | Promise]) -> None:
    """Say in a resident's words what verbs of the ledger do: {"residents.read_resident": "Opened your record"}."""
    _verb_words.update(words)


def tell_fields(words: Mapping[str, str | Promise]) -> None:
    """Say in a resident's words what fields of their copy are: {"dob": "Date of birth"}."""
    _field_words.update(words)


def words_of_field(name: str) -> str:
    """What a field is; its own name, a little tidied, when nobody said."""
    return str(_field_words.get(name, name.replace("__", " ").replace("_", " ").capitalize()))


def words_of_verb(verb: str) -> str:
    """What a verb does, by its own name or by that of which it is a kind; empty when nobody said."""
    name = verb
    while name not in _verb_words and "." in name:
        name = name.rpartition(".")[0]
    return str(_verb_words.get(name, ""))
