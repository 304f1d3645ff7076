"""Runs the house as the role that the site has in a live borough, while the tests themselves stay the owner.

A test writes and looks at tables as it likes; what the house does of its own accord gets no row without the door. So
a read that forgets the door fails here, with the line that made it. Each page, command, job and call of a verb comes
with the door closed, as each has a connection of its own in a live borough: none leans on what another opened.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import unwrap
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from borough.governance.enforcing import passes
from borough.governance.enforcing.installing import install_door
from tests.doors import published_verbs

ROLE = "borough_test_site"
# Tests, and what the owner of the tables does when it migrates.
_NOT_THE_SITE = ("/tests/", "conftest.py", "/migrations/", "append_only.py")
_DOORS = ("queries.py", "actions.py", "views.py", "middleware.py", "jobs.py", "tasks.py", "api.py", "wiring.py")
# Where rounds stand that a test asks for by itself, beside what is published.
_DOORS += tuple(
    f"/volunteers/{name}.py"
    for name in (
        "applications",
        "capacity",
        "importing",
        "joining",
        "offering",
        "own",
        "proposals",
        "proposing",
        "reminding",
    )
)
# Published for those who have opened the door: they take no viewer to open it for.
_WITHIN = {"volunteers.free_helpers", "messaging.duty_alerts", "messaging.keys_sent"}
# Where each job begins.
_JOBS = ("common/jobs.py", "run_task")
PROJECT = str(Path(__file__).resolve().parent.parent)


def make_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN")


@contextmanager
def as_the_site() -> Iterator[None]:
    """Install the door for tests that take back all they do, and have the house's own statements run as the role."""
    make_role()
    # A test's transaction never commits, and its clock is set.
    install_door(ROLE, rehearsed=True)
    made: Callable[..., Any] = DatabaseWrapper.init_connection_state

    def watched(self: Any) -> None:
        made(self)
        if _switch not in self.execute_wrappers:
            self.execute_wrappers.append(_switch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "init_connection_state", watched)
        # What a test takes back, its passes among it, is not there for the next.
        patch.setattr(passes, "_USE_AGAIN_S", 0.0)
        patch.setattr(passes, "connection_that_stands", lambda: connections[connection.alias])
        connection.close()
        yield


class _Asked(threading.local):
    """The call of the house that asked last, in each thread. It is held, so that no later one is taken for it."""

    last: FrameType | None = None


_asked = _Asked()


def _switch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    raw = context["connection"].connection
    if raw.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
        call = _call_of_the_house()
        # Each time: a rollback takes the role back with everything else.
        raw.execute(f"SET ROLE {ROLE}" if call else "RESET ROLE")
        if call and call is not _asked.last:
            _asked.last = call
            raw.execute("SELECT set_config('door.pass', '', false), set_config('door.letterbox', '', false)")
    return execute(sql, params, many, context)


def _call_of_the_house() -> FrameType | None:
    """The page, command, job or verb that asks; None for a test, and for what a test takes from within a room."""
    frame: FrameType | None = sys._getframe(2)
    outermost = job = None
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(PROJECT) and "/.venv/" not in name and name != __file__:
            if any(part in name for part in _NOT_THE_SITE):
                break
            outermost = frame
            if job is None and name.endswith(_JOBS[0]) and frame.f_code.co_name == _JOBS[1]:
                job = frame
        frame = frame.f_back
    if outermost is None:
        return None
    name = outermost.f_code.co_filename
    is_door = name.endswith(_DOORS) or "/management/" in name or outermost.f_code in _verbs()
    return (job or outermost) if is_door else None


@cache
def _verbs() -> frozenset[CodeType]:
    """What rooms publish, wherever in the room it stands."""
    return frozenset(unwrap(verb).__code__ for name, verb in published_verbs() if name not in _WITHIN)
