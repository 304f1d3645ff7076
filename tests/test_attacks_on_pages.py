"""Attacks on the door through the site's own pages and verbs, on either database."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from borough.accounts.actions import make_rehearsal_link
from borough.accounts.policies import ANALYST, CONTACT_WORKER, IG_OFFICER, Viewer
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance import door
from borough.governance.actions import revoke_agreement
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject
from borough.residents.models import Resident
from borough.residents.queries import read_resident, search_residents
from borough.residents.search import refresh_search
from borough.web.rehearsal import add_staff

PURPOSE = "offer-help"


@pytest.fixture
def resident(open_agreements: None) -> Resident:
    return Resident.objects.create(id="R1", forename="Ada", surname="Zachmann", minted_at=clock.now())


@pytest.fixture
def staff(open_agreements: None) -> Any:
    links = {role: make_rehearsal_link(user_id) for role, user_id in add_staff().items()}

    def enter(role: str, purpose: str = PURPOSE) -> Client:
        client = Client(raise_request_exception=False)
        client.get(links[role])
        client.post(reverse("governance:purpose"), {"purpose": purpose})
        return client

    return enter


def end_agreements() -> None:
    for reference in Agreement.objects.filter(state="live").values_list("reference", flat=True):
        revoke_agreement(by=_officer(), reference=reference, reason="Ended in a test.")


def _officer() -> Viewer:
    return Viewer(kind="staff", id="UIVY", name="Ivy", roles=frozenset({IG_OFFICER}))


def test_an_agreement_that_ends_in_the_midst_of_an_export_ends_the_export(
    alice: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "LOOK_AGAIN_S", 0.0)
    rows = door.open_door(viewer=alice, purpose=PURPOSE, verb="residents.read_resident").while_open(range(10))
    assert [next(rows), next(rows)] == [0, 1]
    end_agreements()
    with pytest.raises(NotAllowed):
        next(rows)
    assert LedgerEntry.objects.latest("id").kind == "denied"


def test_an_export_looks_again_within_half_a_second() -> None:
    assert door.LOOK_AGAIN_S <= 0.5


def test_a_list_that_is_cut_off_says_so_in_its_last_line(
    staff: Any, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    from borough.residents.checks.kind import CheckPage

    def cut(self: CheckPage) -> Iterator[dict[str, Any]]:
        end_agreements()
        self.opening.check_still_open()
        yield {}

    monkeypatch.setattr(CheckPage, "rows_while_open", cut)
    client = staff(ANALYST, "confirm-electors")
    answer = client.get(reverse("residents:check", args=["electoral"]) + "?format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[-1].startswith('"STOPPED: the agreement') or lines[-1].startswith("STOPPED: the agreement")


def test_a_purpose_that_is_not_open_to_one_cannot_be_put_into_the_form(staff: Any, resident: Resident) -> None:
    client = staff(CONTACT_WORKER)
    client.post(reverse("governance:purpose"), {"purpose": "find-need"})
    assert client.session["purpose"] == PURPOSE
    # Nor into the session by whatever way: the door asks again, and says no.
    session = client.session
    session["purpose"] = "find-need"
    session.save()
    answer = client.get(reverse("residents:resident", args=["R1"]))
    assert answer.status_code == 403
    assert b"Zachmann" not in answer.content
    refused = LedgerEntry.objects.latest("id")
    assert (refused.kind, refused.purpose) == ("denied", "find-need")


def test_a_page_that_was_open_is_gone_after_a_revocation_and_in_no_cache(staff: Any, resident: Resident) -> None:
    client = staff(CONTACT_WORKER)
    page = client.get(reverse("residents:resident", args=["R1"]))
    assert b"Zachmann" in page.content
    assert page["Cache-Control"] == "private, no-store"
    for condition in ("ETag", "Last-Modified"):
        assert condition not in page.headers
    end_agreements()
    again = client.get(reverse("residents:resident", args=["R1"]))
    assert again.status_code == 403
    assert b"Zachmann" not in again.content


@pytest.mark.parametrize("address", ["web:home", "cases:ask", "web:health", "api:openapi-json", "accounts:sign_in"])
def test_what_does_not_say_it_is_public_is_in_no_cache(address: str, db: None) -> None:
    assert "no-store" in Client().get(reverse(address))["Cache-Control"]


def test_who_is_there_and_who_is_not_read_alike_to_whom_nothing_is_open(staff: Any, resident: Resident) -> None:
    """Neither the page, nor its status, nor a count, nor a file tells whether somebody is in the index."""
    client = staff(CONTACT_WORKER)
    end_agreements()

    def heard(page: str) -> tuple[int, str]:
        answer = client.get(page)
        # What was asked for stands in the page for both, and so does when.
        same = 'R1|R2|Zachmann|Xxxxxx|value="\\w{64}"|data-since="[^"]+"'
        return answer.status_code, re.sub(same, "", answer.content.decode())

    assert heard(reverse("residents:resident", args=["R1"])) == heard(reverse("residents:resident", args=["R2"]))
    search = reverse("residents:search")
    for form in ("", "&format=csv", "&page=2"):
        assert heard(f"{search}?q=Zachmann{form}") == heard(f"{search}?q=Xxxxxx{form}")


def test_what_is_not_open_is_neither_searched_nor_sorted_by(resident: Resident, alice: Viewer) -> None:
    refresh_search(["R1"])
    assert search_residents("Zachmann", viewer=alice, purpose=PURPOSE).rows
    Agreement.objects.filter(purpose=PURPOSE).update(fields=["contact"])
    found = search_residents("Zachmann", viewer=alice, purpose=PURPOSE)
    assert (found.rows, found.has_next) == ([], False)


def test_where_the_ledger_cannot_be_written_nothing_is_shown(
    resident: Resident, alice: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the disk is full. On PostgreSQL test_attacks has the server itself refuse."""

    def full(*args: object, **kwargs: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(LedgerEntry.objects, "create", full)
    monkeypatch.setattr(door.passes, "log", full)
    with pytest.raises(DatabaseError):
        read_resident("R1", viewer=alice, purpose=PURPOSE)


@pytest.mark.django_db(transaction=True)
def test_revoking_on_one_connection_closes_the_door_of_another_at_once(resident: Resident, alice: Viewer) -> None:
    """Nothing is remembered between two looks: no cache that a revocation could miss."""
    assert read_resident("R1", viewer=alice, purpose=PURPOSE).name
    revoking = threading.Thread(target=lambda: (end_agreements(), connection.close()))
    revoking.start()
    revoking.join()
    with pytest.raises(NotAllowed):
        read_resident("R1", viewer=alice, purpose=PURPOSE)
    assert LedgerSubject.objects.filter(resident_id="R1").count() == 1
