"""What the residents index announces. Ids that others hold go on by `queries.current_ids`; these say when to look."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class ResidentMerged(Event):
    """Two residents proved to be one person: `old_id` is retired and leads to `new_id`."""

    old_id: str
    new_id: str


@dataclass(frozen=True)
class ResidentsSplit(Event):
    """Some records of residents proved to be of others. `apart`: id of each who is another from now on → the id that
    the records had. One event for each linking: a night tells hundreds apart."""

    apart: dict[str, str]
