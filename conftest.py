"""The cast of the tests: one viewer for each kind of work, and Charlie, who may see nothing."""

import ipaddress
import math
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection, transaction
from django_tasks_db.management.commands import db_worker
from hypothesis import HealthCheck, settings

from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    Viewer,
    system_viewer,
)
from borough.governance.ledger import sealing
from borough.web.rehearsal import open_agreements as open_rehearsal_agreements
from tests.kept import begin_with
from tests.site_role import as_the_site

# How long an example takes says what else the machine does, and nothing of the rule.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SHARED = Path(__file__).resolve().parent.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--of-the-database", action="store_true", help="leave out what no database can change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # They are of the pass on the other database, which tests/run.py makes or says that it is missing.
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    of_another = {item for item in items if item.get_closest_marker(other)}
    if config.option.of_the_database:
        of_another |= {item for item in items if not may_differ_by_database(item)}
    items[:] = [item for item in items if item not in of_another]
    config.hook.pytest_deselected(items=list(of_another))
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="open data and standards kits: put the folder shared/ beside the project")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


def may_differ_by_database(item: Any) -> bool:
    """Whether the test has a database, which pytest-django refuses to all that do not ask for one; or a borough of its
    own on the same server; or stands where it may ask which kind of database there is."""
    uses = {"db", "transactional_db", "live_server", "world"} & set(item.fixturenames)
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgresql")
    return bool(uses or marked or hasattr(item.module, "connection"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where a skip is a failure, say so in the exit status; `-rs` has printed the names and reasons."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("BOROUGH_NO_SKIP") == "1" and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# What migrations fill: as they left it, a flush has nothing to make again.
FILLED_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def flush_empties_what_was_filled() -> Iterator[None]:
    """After a test that commits, the few tables with rows are emptied, the ledger in spite of its triggers.

    Django would empty all hundred, for each of which PostgreSQL makes new files, and then make each permission anew.
    """

    def empty(self: Any, statements: list[str]) -> None:
        tables = sorted({*self.connection.introspection.django_table_names(True, False)} - FILLED_BY_MIGRATIONS)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables))
            filled = [name for (name,) in cursor.fetchall()]
            triggers = []
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'governance%'")
                triggers = cursor.fetchall()
            else:
                cursor.execute("SET LOCAL session_replication_role = replica")
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            for table in filled:
                cursor.execute(f"DELETE FROM {table}")
            for _, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", empty)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args: None)
        yield


@pytest.fixture
def sealed_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing looks whether the ledger is still sealed, as it does every few seconds: for tests that count queries."""
    monkeypatch.setattr(sealing, "_looked_at", math.inf)


@pytest.fixture
def django_assert_max_num_queries(sealed_lately: None, django_assert_max_num_queries: Any) -> Any:
    return django_assert_max_num_queries


@pytest.fixture
def django_assert_num_queries(sealed_lately: None, django_assert_num_queries: Any) -> Any:
    return django_assert_num_queries


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """With BOROUGH_TEST_DOOR=1 the house meets PostgreSQL as the site's own role does, behind the installed door."""
    if os.environ.get("BOROUGH_TEST_DOOR") != "1" or connection.vendor != "postgresql":
        yield
        return
    with django_db_blocker.unblock(), as_the_site():
        yield


@pytest.fixture(scope="session", autouse=True)
def the_worker_keeps_our_connection() -> Iterator[None]:
    """Jobs run in the test's own process: a worker that closes idle connections would close the test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_worker, "close_old_connections", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A test that reaches beyond this machine fails."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data and standards kits beside the project."""
    return SHARED


@pytest.fixture
def open_agreements(db: None) -> None:
    """The rehearsal's purposes and agreements, live."""
    begin_with("agreements", open_rehearsal_agreements)


def _staff(name: str, *roles: str) -> Viewer:
    return Viewer(kind="staff", id=f"U{name.upper()}", name=name, roles=frozenset(roles))


@pytest.fixture
def alice(open_agreements: None) -> Viewer:
    """A contact-centre worker, covered for the purpose offer-help."""
    return _staff("Alice", CONTACT_WORKER)


@pytest.fixture
def analyst(open_agreements: None) -> Viewer:
    return _staff("Anna", ANALYST)


@pytest.fixture
def link_worker(open_agreements: None) -> Viewer:
    return _staff("Lin", LINK_WORKER)


@pytest.fixture
def coordinator(open_agreements: None) -> Viewer:
    return _staff("Cora", COORDINATOR)


@pytest.fixture
def ig_officer(open_agreements: None) -> Viewer:
    return _staff("Ivy", IG_OFFICER)


@pytest.fixture
def system(open_agreements: None) -> Viewer:
    return system_viewer("test")


@pytest.fixture
def charlie() -> Viewer:
    """Signed in, but with no role that any agreement names."""
    return _staff("Charlie")
