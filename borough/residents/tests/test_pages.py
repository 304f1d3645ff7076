"""The pages of residents, as staff see them, and as those without an agreement do not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import ANALYST, CONTACT_WORKER
from borough.residents.models import Resident
from borough.residents.tests.conftest import Take, Town, row

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(open_agreements: None) -> SignIn:
    def client_of(role: str, purpose: str) -> Client:
        client = Client()
        client.force_login(
            get_user_model().objects.get(pk=add_user(email=f"{role}@council.example", name="Grace", role=role))
        )
        session = client.session
        session["second_factor_passed"], session["purpose"] = True, purpose
        session.save()
        return client

    return client_of


@pytest.fixture
def ada(town: Town) -> Resident:
    return town.resident("Ada", "Okafor", address="14 High Street", postcode="NW1 2DB", phone="+447700900123")


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_public_is_sent_to_sign_in(client: Client, ada: Resident) -> None:
    for address in ("/residents/", f"/residents/{ada.id}/", "/residents/sources/", "/residents/loads/1/"):
        response = client.get(address)
        assert (response.status_code, "sign-in" in response["Location"]) == (302, True), address


def test_search_asks_then_finds(sign_in: SignIn, ada: Resident) -> None:
    client = sign_in(CONTACT_WORKER, "offer-help")
    empty = client.get("/residents/")
    assert "Results" not in text_of(empty)
    assert "There is a problem" not in text_of(empty)
    assert "Enter what you know" in text_of(client.post("/residents/", {"q": ""}))
    sent = client.post("/residents/", {"q": "okafor"})
    # What was asked is in no address, so in no log and no history.
    assert sent["Location"] == "/residents/"
    response = client.get("/residents/")
    assert "Ada Okafor" in text_of(response)
    assert "Born 14 March 1952" in text_of(response)
    assert f"/residents/{ada.id}/" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert "Nobody was found" in text_of(client.post("/residents/", {"q": "zzz"}, follow=True))


def test_search_is_a_bounded_number_of_queries(
    sign_in: SignIn, ada: Resident, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(CONTACT_WORKER, "offer-help")
    client.post("/residents/", {"q": "okafor"})
    with django_assert_max_num_queries(16):
        client.get("/residents/")


def test_a_resident_page(sign_in: SignIn, ada: Resident, town: Town, django_assert_max_num_queries: Any) -> None:
    other = town.resident("Ben", "Okafor")
    town.household(ada, other)
    client = sign_in(CONTACT_WORKER, "offer-help")
    with django_assert_max_num_queries(20):
        response = client.get(f"/residents/{ada.id}/")
    page = text_of(response)
    for said in ("Ada Okafor", "14 High Street, NW1 2DB", "+447700900123", "Council tax", "Ben Okafor", "Timeline"):
        assert said in page
    assert client.get("/residents/R0000000000000000/").status_code == 404


def test_a_retired_id_redirects(sign_in: SignIn, ada: Resident, town: Town) -> None:
    old = town.resident("A", "O")
    Resident.objects.filter(pk=old.id).update(retired_at="2026-01-01T00:00Z", retired_into=ada)
    response = sign_in(CONTACT_WORKER, "offer-help").get(f"/residents/{old.id}/")
    assert response["Location"] == f"/residents/{ada.id}/"


def test_no_sources_says_what_to_do(sign_in: SignIn) -> None:
    assert "borough guess FILE" in text_of(sign_in(ANALYST, "residents-index").get("/residents/sources/"))


def test_sources_loads_and_rejects(sign_in: SignIn, take: Take) -> None:
    report = take([row("T1"), row("T2", DOB="31/02/1980", Last="=cmd()"), row("T3", NI="wrong")])
    client = sign_in(ANALYST, "residents-index")
    assert "Housing rents" in text_of(client.get("/residents/sources/"))
    page = text_of(client.get("/residents/sources/housing_rents/"))
    assert "rents.csv" in page
    assert "Flat + No + Street" in page
    page = text_of(client.get(f"/residents/loads/{report.load_id}/"))
    for said in ("DOB", "31/02/1980", "Not a date of the calendar", "Cells left out"):
        assert said in page
    file = client.get(f"/residents/loads/{report.load_id}/?format=csv")
    assert file["Content-Type"].startswith("text/csv")
    assert "31/02/1980" in file.content.decode()
    assert client.get("/residents/loads/999999/").status_code == 404
    assert client.get("/residents/sources/none/").status_code == 404


def test_the_download_does_not_run_a_formula(sign_in: SignIn, take: Take) -> None:
    report = take([row("T1"), row("=cmd|'/c calc'!A1", DOB="x")])
    file = sign_in(ANALYST, "residents-index").get(f"/residents/loads/{report.load_id}/?format=csv")
    assert "'=cmd|" in file.content.decode()


def test_a_failed_load_says_why(sign_in: SignIn, take: Take, tmp_path: Path) -> None:
    from borough.common.errors import Problem

    (tmp_path / "empty.csv").touch()
    with pytest.raises(Problem):
        take(tmp_path / "empty.csv")
    client = sign_in(ANALYST, "residents-index")
    address = re.search(r"/residents/loads/\d+/", client.get("/residents/sources/housing_rents/").content.decode())
    assert address
    assert "empty.csv is empty" in text_of(client.get(address[0]))
