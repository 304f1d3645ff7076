"""An organisation's coordinator sees the volunteers whom it brought, and nobody else's: list, file, page, action."""

from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import PARTNER, Viewer, system_viewer
from borough.accounts.queries import viewer_by_id
from borough.common.errors import NotAllowed, NotFound
from borough.volunteers import actions, queries
from borough.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(service_id: str, volunteers: None, tmp_path: Path) -> None:
    """Gil of Good Neighbours, which runs the shopping club; Olu of another; Vera, Bob and Fay of none."""
    path = tmp_path / "brought.csv"
    path.write_text(
        "name,phone,postcode,skills,organisation\n"
        "Gil Good,07700 900201,NW1 2DB,shopping,good neighbours\n"
        "Olu Other,07700 900202,NW1 2DB,shopping,Other Neighbours\n"
    )
    actions.import_volunteers(path, by=system_viewer("test"))


def id_of(name: str) -> str:
    return str(Volunteer.objects.get(name__startswith=name).pk)


@pytest.fixture
def pat_id(service_id: str) -> str:
    return add_user(email="pat@good.example", name="Pat", role=PARTNER, organization_id="O1")


@pytest.fixture
def pat(pat_id: str) -> Client:
    """A browser where Pat of Good Neighbours has signed in."""
    client = Client()
    client.force_login(apps.get_model("accounts", "User").objects.get(pk=pat_id))
    session = client.session
    session["second_factor_passed"] = True
    session.save()
    return client


def test_a_partner_lists_and_exports_their_own(pat: Client, brought: None) -> None:
    for address in ("/volunteers/", "/volunteers/?format=csv"):
        page = pat.get(address).content.decode()
        assert "Gil Good" in page
        for name in ("Olu", "Vera", "Bob", "Fay"):
            assert name not in page
    assert "Match all" not in pat.get("/volunteers/").content.decode()
    assert "Your volunteers" in pat.get("/referrals/").content.decode()


def test_a_partner_looks_after_their_own(pat: Client, brought: None) -> None:
    page = f"/volunteers/person/{id_of('Gil')}/"
    assert "Good" in pat.get(page).content.decode()
    after = pat.post(f"{page}duty/", {"on": "no"}, follow=True).content.decode()
    assert "asked nothing" in after
    assert not Volunteer.objects.get(name="Gil Good").on_duty
    pat.post(f"{page}duty/", {"on": "yes"})
    assert Volunteer.objects.get(name="Gil Good").on_duty


@pytest.mark.parametrize("name", ["Olu", "Vera"])
def test_somebody_else_s_is_as_one_who_is_not_there(pat: Client, brought: None, name: str) -> None:
    theirs, absent = f"/volunteers/person/{id_of(name)}/", "/volunteers/person/VNOBODY/"
    pages = [pat.get(one) for one in (theirs, absent)]
    assert [one.status_code for one in pages] == [404, 404]
    assert name not in pages[0].content.decode()
    assert pat.post(f"{theirs}duty/", {"on": "no"}).status_code == 404
    assert Volunteer.objects.get(pk=id_of(name)).on_duty


def test_a_partner_matches_nobody_and_sees_no_offers_or_applications(
    pat: Client, pat_id: str, case_id: str, brought: None
) -> None:
    for address in (f"/volunteers/cases/{case_id}/", "/volunteers/applications/"):
        assert pat.get(address).status_code == 403
    assert pat.post("/volunteers/match/").status_code == 403
    who = viewer_by_id(pat_id)
    for verb in (queries.list_capacity, queries.organisations_of_volunteers):
        with pytest.raises(NotAllowed):
            verb(viewer=who)


def test_the_borough_s_own_see_and_look_after_all(grace: Client, brought: None) -> None:
    page = grace.get("/volunteers/").content.decode()
    for name in ("Gil", "Olu", "Vera", "Bob", "Fay"):
        assert name in page
    address = f"/volunteers/person/{id_of('Olu')}/"
    assert "Other Neighbours" in grace.get(address).content.decode()
    grace.post(f"{address}duty/", {"on": "no"})
    assert not Volunteer.objects.get(name="Olu Other").on_duty


def test_a_name_that_two_organisations_share_opens_nothing(pat_id: str, brought: None) -> None:
    who = viewer_by_id(pat_id)
    assert [one.name for one in queries.list_volunteers(viewer=who)] == ["Gil Good"]
    apps.get_model("directory", "Organization").objects.create(id="O9", name="GOOD NEIGHBOURS")
    assert queries.list_volunteers(viewer=who) == []
    with pytest.raises(NotFound):
        queries.read_volunteer(id_of("Gil"), viewer=who)


def test_nobody_else_looks_after_volunteers(charlie: Viewer, analyst: Viewer, brought: None) -> None:
    for who in (charlie, analyst):
        for act in (
            lambda who=who: queries.read_volunteer(id_of("Gil"), viewer=who),
            lambda who=who: actions.change_duty(by=who, volunteer_id=id_of("Gil"), on=False),
        ):
            with pytest.raises(NotAllowed):
                act()
