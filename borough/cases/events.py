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


@dataclass(frozen=True)
class ConcernRaised(Event):
    """Somebody who wrote a note is worried about the person of the case."""

    case_id: str
    reference: str
    note_id: int


@dataclass(frozen=True)
class CompanionMissing(Event):
    """A volunteer was to go, and is not to go alone: one more is looked for."""

    task_id: str


@dataclass(frozen=True)
class MayGoAlone(Event):
    """No second volunteer is needed any more for a task that waited for one."""

    task_id: str


@dataclass(frozen=True)
class TaskEnded(Event):
    """A task that a volunteer or an organisation had, or was asked of, is completed, failed or cancelled."""

    task_id: str
    case_id: str
    state: str
