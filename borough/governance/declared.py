"""What rooms above declare of their data, so that agreements and documents speak of sources that exist."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class SourceFacts:
    """A council system. `special`: its facts that tell of health or the like (UK GDPR Article 9).

    `owner` is the team that answers for it; `children`: it is kept about children; `records`: how many it holds.
    """

    code: str
    title: str
    owner: str
    special: tuple[str, ...] = ()
    children: bool = False
    records: int = 0


Reader = Callable[[], Iterable[SourceFacts]]

_readers: list[Reader] = []


def declare_sources(reader: Reader) -> None:
    """A room that takes sources in calls this once, when Django is ready."""
    if reader not in _readers:
        _readers.append(reader)


def all_sources() -> dict[str, SourceFacts]:
    """Every source that the house takes in, by code, in the order of their titles."""
    found = {facts.code: facts for reader in _readers for facts in reader()}
    return dict(sorted(found.items(), key=lambda item: item[1].title))
