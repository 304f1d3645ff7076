"""The cast of the tests: one viewer for each kind of work, and Charlie, who may see nothing."""

from pathlib import Path

import pytest

from borough.accounts.policies import (
    ANALYST,
    CONTACT_WORKER,
    COORDINATOR,
    IG_OFFICER,
    LINK_WORKER,
    Viewer,
    system_viewer,
)
from borough.web.rehearsal import open_agreements as open_rehearsal_agreements

SHARED = Path(__file__).resolve().parent.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="open data and standards kits: put the folder shared/ beside the project")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data and standards kits beside the project."""
    return SHARED


@pytest.fixture
def open_agreements(db: None) -> None:
    """The rehearsal's purposes and agreements, live."""
    open_rehearsal_agreements()


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
