"""Call down, announce up: a room announces what happened; `web/wiring.py` says who acts on it.

An event is a frozen dataclass of identifiers. Announcing it stores a job in the same transaction as the write, so
the news can neither be lost nor go out for a write that was rolled back. Handlers run later in a worker and may run
twice: each must be safe to repeat.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django_tasks import task


@dataclass(frozen=True)
class Event:
    """Base of all events. Fields are identifiers and codes only, so that a job holds nothing personal."""


E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]

_handlers: dict[type[Event], list[Handler]] = {}


def subscribe(kind: type[E], handler: Callable[[E], None]) -> None:
    """Run `handler` for each event of this kind. Asking twice for the same pair is the same as asking once."""
    handlers = _handlers.setdefault(kind, [])
    if handler not in handlers:
        handlers.append(handler)


def announce(event: Event) -> None:
    """Tell the rooms that listen, one job for each handler, once the current transaction is committed."""
    for handler in _handlers.get(type(event), []):
        deliver_event.enqueue(_name(type(event)), _name(handler), asdict(event))


@task()
def deliver_event(kind_name: str, handler_name: str, payload: dict[str, Any]) -> None:
    for kind, handlers in _handlers.items():
        if _name(kind) == kind_name:
            for handler in handlers:
                if _name(handler) == handler_name:
                    handler(kind(**payload))
                    return
    raise LookupError(f"no handler {handler_name} for {kind_name}: is it still in web/wiring.py?")


def _name(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def wired() -> list[tuple[str, str]]:
    """(event, handler) for every subscription, for the documentation."""
    return sorted((_name(kind), _name(handler)) for kind, handlers in _handlers.items() for handler in handlers)
