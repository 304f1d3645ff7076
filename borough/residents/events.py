"""What the residents index announces. Ids that others hold go on by `queries.current_ids`; these say when to look."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class ResidentMerged(Event):
    """Two residents proved to be one person: `old_id` is retired and leads to `new_id`."""

    old_id: str
    new_id: str


@dataclass(frozen=True)
class ResidentSplit(Event):
    """Some records of `old_id` proved to be of another person, who is `new_id` from now on."""

    old_id: str
    new_id: str
