import pytest

from borough.accounts.policies import PUBLIC, STAFF_ROLES, Viewer
from borough.web.navigation import STAFF_LINKS, navigation_for


def staff(role: str) -> Viewer:
    return Viewer(kind="staff", id="U1", name="Somebody", roles=frozenset({role}))


def texts(viewer: Viewer) -> list[object]:
    return [item["text"] for item in navigation_for(viewer, "/")]


def test_the_public_sees_no_staff_page() -> None:
    assert texts(PUBLIC) == ["Ask for help", "Find local help", "Who looked at my record", "How we use your data"]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_every_role_has_its_own_pages(role: str) -> None:
    assert texts(staff(role))[0] == "Today"
    assert 2 <= len(texts(staff(role))) < len(STAFF_LINKS)


def test_only_the_page_that_the_reader_is_in_is_marked() -> None:
    items = navigation_for(staff("analyst"), "/residents/sources/housing_rents/")
    assert [item["text"] for item in items if item["active"]] == ["Sources"]
    assert not any(item["current"] for item in items)
