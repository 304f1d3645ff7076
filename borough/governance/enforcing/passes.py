"""Asks PostgreSQL's own door, where it is installed: a pass for a connection, and the entries of reads and writes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from borough.accounts.policies import Viewer
from borough.common import clock

# How long a pass for writes is used again before a new one is asked for: well within the time that it is good for.
_USE_AGAIN_S = 60.0


@dataclass(frozen=True)
class Pass:
    """What the door said yes to. `token` is for this connection alone."""

    token: str
    agreement: str
    fields: frozenset[str]
    sources: frozenset[str]


def is_installed() -> bool:
    """Whether this database holds the door itself."""
    if connection.vendor != "postgresql":
        return False
    notes = _notes()
    if "installed" not in notes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'door')")
            notes["installed"] = bool(cursor.fetchone()[0])
    return bool(notes["installed"])


def forget() -> None:
    """Look again whether the door is installed, and let go of every pass."""
    beside = _notes().pop("beside", None)
    if beside:
        beside.close()
    _notes().clear()


def ask(viewer: Viewer, purpose: str, verb: str) -> Pass | None:
    """A pass for this connection; None where no agreement gives one, and then the refusal is in the ledger.

    Within a transaction another connection asks for it: what is rolled back here leaves the entry where it is.
    """
    own = connections[connection.alias]
    inside = own.in_atomic_block
    backend = connection_number()
    key = (backend, viewer, purpose, verb)
    kept: dict[Any, tuple[Pass, float]] = _notes().setdefault("passes", {})
    granted, since = kept.get(key, (None, 0.0))
    asks: BaseDatabaseWrapper | None = None
    if not (inside and granted and monotonic() - since < _USE_AGAIN_S):
        asks = connection_that_stands()
        with asks.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM door.open(%s, %s, %s, %s, %s, %s, %s, %s)",
                [viewer.kind, viewer.id, viewer.name, sorted(viewer.roles), purpose, verb, clock.now(), backend],
            )
            token, agreement, fields, sources = cursor.fetchone()
        granted = Pass(token, agreement, _names(fields), _names(sources)) if token else None
        if inside and granted:
            if len(kept) > 100:
                kept.clear()
            kept[key] = (granted, monotonic())
    # Where this connection asked, the door has put the pass into its hands.
    if inside and granted and asks is not own:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('door.pass', %s, false)", [granted.token])
    return granted


def ask_letterbox(viewer: Viewer, verb: str) -> None:
    """Open messages, and nothing else, to this connection, whether or not an agreement is live."""
    own = connections[connection.alias]
    asks = connection_that_stands()
    backend = connection_number()
    with asks.cursor() as cursor:
        cursor.execute(
            "SELECT door.open_letterbox(%s, %s, %s, %s, %s, %s)",
            [viewer.kind, viewer.id, viewer.name, verb, clock.now(), backend],
        )
        (token,) = cursor.fetchone()
    if asks is not own:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('door.letterbox', %s, false)", [token])


def log(granted: str, kind: str, resident_ids: Sequence[str], *, everyone: bool, people: int) -> None:
    """Write a read or a write to the ledger. Raises DatabaseError where the pass is no longer good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.log(%s, %s, %s, %s, %s, %s)",
            [granted, kind, list(resident_ids), everyone, people, clock.now()],
        )


def is_closed(error: Exception) -> bool:
    """Whether the database refused because no pass is good here and now."""
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", "") == "42501"


def connection_number() -> int:
    """The server's number for this connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def connection_that_stands() -> BaseDatabaseWrapper:
    """A connection whose statements commit by themselves: this one, or within a transaction one beside it."""
    if not connection.in_atomic_block:
        return connection
    notes = _notes()
    if "beside" not in notes:
        notes["beside"] = connection.copy()
    beside: BaseDatabaseWrapper = notes["beside"]
    beside.close_if_unusable_or_obsolete()
    return beside


def _notes() -> dict[str, Any]:
    """What is known of this thread's connection, kept with it."""
    own = connections[connection.alias]
    notes: dict[str, Any] = own.__dict__.setdefault("borough_door", {})
    return notes


def _names(said: Any) -> frozenset[str]:
    return frozenset(json.loads(said) if isinstance(said, str) else said)
