"""What this room announces."""

from dataclasses import dataclass

from borough.common.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    case_id: str
    service: str


@dataclass(frozen=True)
class CaseClosed(Event):
    """`state` is met, could_not_help or cancelled."""

    case_id: str
    service: str
    state: str


@dataclass(frozen=True)
class NeedAnswered(Event):
    """The person said whether their need was met: `answer` is yes, partly or no."""

    case_id: str
    service: str
    answer: str
